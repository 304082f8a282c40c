"""The training lock, which allows one training at a time per artifacts folder.

The training process holds a kernel lock (`flock`) for its whole lifetime, so the lock is released
the moment the process ends, however it ends. The holder writes `training.json`, a record of what is
being trained, its progress and finally its outcome. Only the lock, never this file, determines
whether a training is running.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

try:
    import fcntl
except ImportError:  # Windows; said at once, as nothing works without the lock
    raise SystemExit(
        "Marquee needs Linux or macOS: it uses POSIX file locks. On Windows, use WSL."
    ) from None

from genre_core.artifacts import Artifacts
from genre_core.errors import BusyError
from genre_core.files import Stamp, read_json, stamp, write_json
from genre_core.schemas import COUNT, TEXT, list_of, object_of, optional, valid

NAME, RECORD = "training.lock", "training.json"
PATIENCE = 1.0  # seconds; checking the lock holds it for an instant, without any training
RUNNING, FINISHED, FAILED, STOPPED = "running", "finished", "failed", "stopped"

Record = dict[str, Any]
NATURAL = {**COUNT, "minimum": 1}
RECORD_SCHEMA = {
    **object_of(
        {"state": {"enum": [RUNNING, FINISHED, FAILED, STOPPED]}},
        started=optional(TEXT),
        process=NATURAL,
        arguments=list_of(TEXT),
        has_log={"type": "boolean"},
        run=TEXT,
        phase=TEXT,
        place=NATURAL,
        n_models=NATURAL,
        done=list_of(TEXT),
        problem=TEXT,
        progress=optional(
            object_of(
                {
                    "epoch": NATURAL,
                    "n_epochs": NATURAL,
                    "batch": COUNT,
                    "n_batches": NATURAL,
                    "left": TEXT,
                }
            )
        ),
    ),
    "dependentRequired": {"n_models": ["place"]},
}


class TrainingLock:
    """The lock while it is held, and the record of the training.

    Attributes:
        descriptor: file descriptor of the lock; a process that inherits it also holds the lock.
    """

    def __init__(self, artifacts: Artifacts, descriptor: int, record: Record) -> None:
        self.descriptor = descriptor
        self._path, self._record = artifacts.root / RECORD, dict(record)

    def describe(self, **what: Any) -> None:
        """Add values to the record."""
        self._record |= what
        write_json(self._path, self._record)

    def end(self, state: str, **what: Any) -> None:
        """Record the outcome, also where there is no room left for a new file."""
        try:
            self.describe(state=state, **what)
        except OSError:
            self._overwrite({"state": state, "started": self._record.get("started"), **what})

    def _overwrite(self, record: Record) -> None:
        """Write a shorter record over the old one; without one there is none that is untrue."""
        try:
            room = self._path.stat().st_size
            text = json.dumps(record)
            if len(text) > room:
                text = json.dumps({"state": record["state"]})
            with self._path.open("r+b") as file:
                file.write(text.encode().ljust(room))
        except OSError:
            with contextlib.suppress(OSError):
                self._path.unlink()


@contextlib.contextmanager
def take(artifacts: Artifacts) -> Iterator[TrainingLock]:
    """Hold the lock during the block, with a new record, to pass it on to a child process.

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
    """Hold the lock during a training, and record its outcome.

    Args:
        artifacts: the artifacts folder.
        inherited: file descriptor of the lock, if the parent process took it.

    Raises:
        BusyError: another process holds it.
    """
    with take(artifacts) if inherited is None else _taken_over(artifacts, inherited) as held:
        try:
            # A process that takes the lock only to pass it on is no training, and is not stopped.
            held.describe(process=os.getpid())
            yield held
        except KeyboardInterrupt:
            held.end(STOPPED)
            raise
        except (Exception, SystemExit) as error:
            held.end(FAILED, problem=str(error) or type(error).__name__)
            raise
        held.end(FINISHED)


def holder(artifacts: Artifacts) -> Record | None:
    """Return the record of the training that holds the lock; None if the lock is free."""
    try:
        with (artifacts.root / NAME).open(encoding="utf-8", errors="replace") as file:
            if _locked(file, fcntl.LOCK_SH):
                return None
    except (FileNotFoundError, IsADirectoryError):  # a folder of that name locks nothing
        return None
    return last_record(artifacts)


def last_record(artifacts: Artifacts) -> Record:
    """Return the record of the current or last training; empty if there is none that is valid."""
    try:
        path = artifacts.root / RECORD
        return _record_at(path, stamp(path))
    except (OSError, ValueError):
        return {}


@functools.lru_cache(maxsize=16)
def _record_at(path: Path, _stamp: Stamp) -> Record:
    record: Record = valid(read_json(path), RECORD_SCHEMA)
    return record


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
        "Wait until it ends, stop it, or use another folder with --artifacts."
    )
