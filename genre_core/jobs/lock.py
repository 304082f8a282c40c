"""One training at a time for an artifacts folder, and what is known of it.

The training process itself holds a lock of the kernel for its whole life, so that it is free the
moment the process ends, however it ends. Whoever holds it writes `training.json`: what is being
trained and how far it is, and in the end how it ended. Whether a training runs is told by the lock
alone, never by that file.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from genre_core.artifacts import Artifacts
from genre_core.errors import BusyError
from genre_core.files import read_json, write_json

NAME, RECORD = "training.lock", "training.json"
PATIENCE = 1.0  # seconds; a look at the lock holds it for an instant, and that is no training
RUNNING, FINISHED, FAILED, STOPPED = "running", "finished", "failed", "stopped"

Record = dict[str, Any]


class TrainingLock:
    """The lock, while it is held; keeps the record of the training.

    Attributes:
        descriptor: of the lock's file; a process that inherits it holds the lock too.
    """

    def __init__(self, artifacts: Artifacts, descriptor: int, record: Record) -> None:
        self.descriptor = descriptor
        self._path, self._record = artifacts.root / RECORD, record

    def describe(self, **what: Any) -> None:
        """Add to the record, for whoever finds the lock taken or looks later."""
        self._record |= what
        write_json(self._path, self._record)


@contextlib.contextmanager
def take(artifacts: Artifacts) -> Iterator[TrainingLock]:
    """Hold the lock for the length of the block, with a new record; for handing it on.

    Raises:
        BusyError: another process holds it.
    """
    artifacts.root.mkdir(parents=True, exist_ok=True)
    with (artifacts.root / NAME).open("a+", encoding="utf-8") as file:
        deadline = time.monotonic() + PATIENCE
        while not _locked(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise BusyError(_busy(artifacts))
            time.sleep(0.01)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        held = TrainingLock(artifacts, file.fileno(), {"state": RUNNING, "started": started})
        held.describe()
        yield held


@contextlib.contextmanager
def training_lock(artifacts: Artifacts, inherited: int | None = None) -> Iterator[TrainingLock]:
    """Hold the lock for the length of a training, and record how that ended.

    Args:
        artifacts: folder that the lock is for.
        inherited: descriptor of the lock's file, if the process that started this one took it.

    Raises:
        BusyError: another process holds it.
    """
    with take(artifacts) if inherited is None else _taken_over(artifacts, inherited) as held:
        # Whoever takes the lock to hand it on is no training, and must not be stopped like one.
        held.describe(process=os.getpid())
        try:
            yield held
        except KeyboardInterrupt:
            held.describe(state=STOPPED)
            raise
        except Exception as error:
            held.describe(state=FAILED, problem=str(error) or type(error).__name__)
            raise
        held.describe(state=FINISHED)


def holder(artifacts: Artifacts) -> Record | None:
    """Return what the training that holds the lock says of itself; None if none does."""
    try:
        with (artifacts.root / NAME).open(encoding="utf-8", errors="replace") as file:
            if _locked(file, fcntl.LOCK_SH):
                return None
    except FileNotFoundError:
        return None
    return last_record(artifacts)


def last_record(artifacts: Artifacts) -> Record:
    """Return the record of the training that runs or ran last; empty if there was none."""
    try:
        record = read_json(artifacts.root / RECORD)
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


@contextlib.contextmanager
def _taken_over(artifacts: Artifacts, inherited: int) -> Iterator[TrainingLock]:
    with os.fdopen(inherited, "a+", encoding="utf-8") as file:
        if not _locked(file, fcntl.LOCK_EX):
            raise BusyError(_busy(artifacts))
        yield TrainingLock(artifacts, inherited, last_record(artifacts))


def _locked(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy(artifacts: Artifacts) -> str:
    record = holder(artifacts) or {}
    what = f" (run {record['run']}, process {record.get('process')})" if "run" in record else ""
    return (
        f"A training is already running in '{artifacts}'{what}. "
        "Wait for it, stop it, or use another folder with --artifacts."
    )
