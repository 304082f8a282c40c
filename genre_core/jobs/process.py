"""Trainings that the dashboard starts: each is a process of its own, watched and stopped from here.

A training outlives the browser tab and the server that started it. It is the command of the
terminal, in a session of its own, holding the lock that it was started with.
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

from genre_core.artifacts import Artifacts
from genre_core.errors import RunError
from genre_core.jobs import lock

LOG = "training.log"
ROOT = Path(__file__).parents[2]
GRACE = 2.5  # seconds between asking a training to end and ending it
STEP = 0.05  # seconds between two looks
LOG_LINES = 15


@dataclass(frozen=True)
class Job:
    """The training that runs now, or the one that ran last.

    Attributes:
        state: "running", "finished", "failed" or "stopped".
        record: what it says of itself: run, model, place among `n_models`, epoch, batch and so on.
    """

    state: str
    record: lock.Record

    @property
    def is_running(self) -> bool:
        """Return whether it runs now."""
        return self.state == lock.RUNNING


def look(artifacts: Artifacts) -> Job | None:
    """Return the training that runs or ran last in an artifacts folder; None if there was none."""
    held = lock.holder(artifacts)
    if held is not None:
        return Job(lock.RUNNING, held)
    record = lock.last_record(artifacts)
    state = str(record.get("state", ""))
    if state == lock.RUNNING:  # it ended without a word: killed, or the machine went down
        problem = "It ended without saying why: it was killed, or its log says more."
        return Job(lock.FAILED, {**record, "problem": problem})
    return Job(state, record) if state else None


def start(artifacts: Artifacts, arguments: Sequence[str]) -> None:
    """Start a training command of `genre_core` that outlives this process.

    Args:
        artifacts: folder of datasets and runs.
        arguments: words of the command line, such as "train", "all", "--resume".

    Raises:
        BusyError: a training is running already.
    """
    with lock.take(artifacts) as held, (artifacts.root / LOG).open("wb") as log:
        held.describe(arguments=list(arguments), has_log=True)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "genre_core", *arguments),
                *("--artifacts", str(artifacts.root.resolve())),
                *("--lock-descriptor", str(held.descriptor)),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[held.descriptor],
        )
        held.describe(process=process.pid)
    # Somebody has to ask how it ended, or it stays in the table of processes.
    threading.Thread(target=process.wait, daemon=True).start()


def cancel(artifacts: Artifacts) -> None:
    """Stop the running training, within seconds; nothing is lost but the epoch under way.

    What a run has on disk is whole at every moment, so that it can be taken up again.

    Raises:
        RunError: the training goes on, since its process cannot be told or stopped.
    """
    record = lock.holder(artifacts)
    if record is None:
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        # Only while the lock is held: a number of a process that has ended may be another's.
        # Only of a record that is this training's: for a moment it is still that of the one before.
        if record.get("state") == lock.RUNNING and isinstance(record.get("process"), int):
            with contextlib.suppress(ProcessLookupError):
                os.kill(record["process"], sign)
        if _ends(artifacts, record):
            return
    raise RunError(
        f"The training (process {record.get('process')}) does not stop. Stop it in a terminal, "
        "then go on with --resume."
    )


def log_tail(artifacts: Artifacts, n_lines: int = LOG_LINES) -> str:
    """Return the last lines that a training started here has said."""
    try:
        with (artifacts.root / LOG).open(encoding="utf-8", errors="replace") as file:
            return "".join(deque(file, n_lines)).rstrip()
    except OSError:
        return ""


def _ends(artifacts: Artifacts, stopped: lock.Record) -> bool:
    """Wait for the lock; when it is free, record that the training was stopped."""
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline:
        held = lock.holder(artifacts)
        if held is None:
            _record_stop(artifacts, stopped)
            return True
        if held.get("started") != stopped.get("started"):
            return True  # that one has ended, and another has begun
        time.sleep(STEP)
    return False


def _record_stop(artifacts: Artifacts, stopped: lock.Record) -> None:
    with contextlib.suppress(lock.BusyError), lock.take(artifacts) as held:
        held.describe(**{**stopped, "state": lock.STOPPED})
