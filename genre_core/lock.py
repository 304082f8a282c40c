"""One training at a time for an artifacts folder.

The training process itself holds a lock of the kernel for its whole life, so that it is free the
moment the process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from genre_core.errors import BusyError

NAME = "training.lock"
PATIENCE = 1.0  # seconds; a look at the lock holds it for an instant, and that is no training


class TrainingLock:
    """The lock, while it is held; says what is being trained."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def describe(self, **what: Any) -> None:
        """Leave a note for whoever finds the lock taken."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"process": os.getpid(), **what}, self._file)
        self._file.flush()


@contextlib.contextmanager
def training_lock(artifacts: Path) -> Iterator[TrainingLock]:
    """Hold the lock of an artifacts folder for the length of the block.

    Raises:
        BusyError: another process holds it.
    """
    artifacts.mkdir(parents=True, exist_ok=True)
    with (artifacts / NAME).open("a+", encoding="utf-8") as file:
        deadline = time.monotonic() + PATIENCE
        while not _take(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise BusyError(_busy(artifacts))
            time.sleep(0.01)
        lock = TrainingLock(file)
        lock.describe()
        yield lock


def holder(artifacts: Path) -> dict[str, Any] | None:
    """Return what the training that holds the lock says of itself; None if none does."""
    try:
        with (artifacts / NAME).open(encoding="utf-8", errors="replace") as file:
            if _take(file, fcntl.LOCK_SH):
                return None
            return _note(file.read())
    except FileNotFoundError:
        return None


def _take(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _note(text: str) -> dict[str, Any]:
    """Return the holder's note; an empty one while it is being written."""
    try:
        note = json.loads(text)
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


def _busy(artifacts: Path) -> str:
    note = holder(artifacts) or {}
    what = f" (run {note['run']}, process {note.get('process')})" if "run" in note else ""
    return (
        f"A training is already running in '{artifacts}'{what}. "
        "Wait for it, stop it with Ctrl-C, or use another folder with --artifacts."
    )
