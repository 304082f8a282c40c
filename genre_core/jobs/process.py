"""Start, watch and stop the training processes of the dashboard.

A training outlives the browser tab and the server that started it: it runs the same command as a
terminal, in its own session, and inherits the training lock.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from genre_core.artifacts import Artifacts
from genre_core.errors import BusyError, RunError
from genre_core.jobs import lock

LOG = "training.log"
ROOT = Path(__file__).parents[2]
GRACE = 2.5  # seconds between SIGTERM and SIGKILL
STEP = 0.05  # seconds between two checks of the lock
LOG_LINES = 15
NICENESS = 15


@dataclass(frozen=True)
class Job:
    """The current or the last training.

    Attributes:
        state: "running", "finished", "failed" or "stopped".
        record: details written by the training: run, model, place among `n_models`, epoch, batch.
    """

    state: str
    record: lock.Record

    @property
    def is_running(self) -> bool:
        """Return whether the training is running."""
        return self.state == lock.RUNNING


def look(artifacts: Artifacts) -> Job | None:
    """Return the current or last training in an artifacts folder; None if there was none."""
    held = lock.holder(artifacts)
    if held is not None:
        return Job(lock.RUNNING, held)
    record = lock.last_record(artifacts)
    state = str(record.get("state", ""))
    if state == lock.RUNNING:  # it ended without recording its outcome
        problem = "The training ended unexpectedly. It may have been killed; see its log."
        return Job(lock.FAILED, {**record, "problem": problem})
    return Job(state, record) if state else None


def start(artifacts: Artifacts, arguments: Sequence[str]) -> None:
    """Start a training command of `genre_core` that outlives this process.

    Args:
        artifacts: folder of datasets and runs.
        arguments: command-line arguments, such as "train", "all", "--resume".

    Raises:
        BusyError: a training is already running.
    """
    with lock.take(artifacts) as held, (artifacts.root / LOG).open("wb") as log:
        held.describe(arguments=list(arguments), has_log=True)
        words = [*arguments, "--lock-descriptor", str(held.descriptor)]
        # Behind the dashboard, which is looked at; the time is that of idle cores.
        process = launch(artifacts, words, log, niceness=NICENESS, pass_fds=[held.descriptor])
        held.describe(process=process.pid)


def launch(
    artifacts: Artifacts,
    arguments: Sequence[str],
    log: IO[bytes],
    *,
    niceness: int = 0,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Return a process of a command of `genre_core` that outlives this one.

    Args:
        artifacts: folder of datasets and runs.
        arguments: command-line arguments.
        log: where it writes.
        niceness: how far it stands back behind other processes, from 0.
        pass_fds: open files that it inherits.
    """
    before = ["nice", "-n", str(niceness)] if niceness else []
    folder = str(artifacts.root.resolve())
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "genre_core", *arguments, "--artifacts", folder],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=pass_fds,
    )
    # Without a wait the ended process would remain as a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def cancel(artifacts: Artifacts) -> None:
    """Stop the running training within seconds; only the current epoch is lost.

    The files of a run are consistent at every moment, so it can be resumed.

    Raises:
        RunError: the process could not be stopped.
    """
    record = _known_holder(artifacts)
    if record is None:
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        # Only while the lock is held: the id of an ended process may have been reused.
        if record.get("state") == lock.RUNNING and isinstance(record.get("process"), int):
            with contextlib.suppress(ProcessLookupError):
                os.kill(record["process"], sign)
        if _ends(artifacts, record):
            return
    raise RunError(
        f"The training (process {record.get('process')}) did not stop. Stop it in a terminal, "
        "then continue it with --resume."
    )


def log_tail(artifacts: Artifacts, n_lines: int = LOG_LINES) -> str:
    """Return the last lines of the log of the training that was started here."""
    try:
        with (artifacts.root / LOG).open(encoding="utf-8", errors="replace") as file:
            return "".join(deque(file, n_lines)).rstrip()
    except OSError:
        return ""


def _known_holder(artifacts: Artifacts) -> lock.Record | None:
    """Return the record of the running training, once it names its process; None if none runs."""
    deadline = time.monotonic() + GRACE
    while (record := lock.holder(artifacts)) is not None and time.monotonic() < deadline:
        # For a moment it is still that of the previous training, or of one that is just starting.
        if record.get("state") == lock.RUNNING and isinstance(record.get("process"), int):
            return record
        time.sleep(STEP)
    return record


def _ends(artifacts: Artifacts, stopped: lock.Record) -> bool:
    """Wait for the lock; when it is free, record that the training was stopped."""
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline:
        held = lock.holder(artifacts)
        if held is None:
            _record_stop(artifacts, stopped)
            return True
        if held.get("started") != stopped.get("started"):
            return True  # that training has ended and another one has started
        time.sleep(STEP)
    return False


def _record_stop(artifacts: Artifacts, stopped: lock.Record) -> None:
    with contextlib.suppress(BusyError), lock.take(artifacts) as held:
        held.describe(**{**stopped, "state": lock.STOPPED})
