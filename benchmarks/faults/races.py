"""Several at once: one training wins, and a run is deleted once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

from benchmarks.faults.ground import ROOT, Ground
from genre_core.artifacts import Artifacts
from genre_core.errors import RunError
from genre_core.runs.folder import RunWriter, delete_run, list_runs

N_STARTERS = 16
# Waits for a line, takes the lock if it can, says so, and holds it until the next line.
STARTER = """
import pathlib, sys
from genre_core.artifacts import Artifacts
from genre_core.errors import BusyError
from genre_core.jobs.lock import training_lock
print("ready", flush=True)
sys.stdin.readline()
try:
    with training_lock(Artifacts(pathlib.Path(sys.argv[1]))):
        print("won", flush=True)
        sys.stdin.readline()
except BusyError:
    print("busy", flush=True)
"""
CONFIG = {"label": "x", "modality": "unknown", "kind": "imported", "genres": []}


def start(ground: Ground, _seed: int) -> str:
    """Let sixteen processes take the training lock at once."""
    with TemporaryDirectory(dir=ground.folder) as scratch:
        starters = [
            subprocess.Popen(
                [sys.executable, "-c", STARTER, scratch],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(N_STARTERS)
        ]
        try:
            for starter in starters:
                _line(starter)
            for starter in starters:
                _say(starter)
            outcomes = [_line(starter) for starter in starters]
        finally:
            for starter in starters:
                starter.kill()
                starter.communicate()
    n_won = outcomes.count("won")
    return "" if n_won == 1 and outcomes.count("busy") == N_STARTERS - 1 else f"{outcomes}"


def delete(ground: Ground, _seed: int) -> str:
    """Delete one run twice at once, while runs are listed."""
    with TemporaryDirectory(dir=ground.folder) as scratch:
        artifacts = Artifacts(Path(scratch))
        run_id = RunWriter.create(artifacts, CONFIG).id
        together = Barrier(3)

        def remove() -> str:
            together.wait()
            try:
                delete_run(artifacts, run_id)
            except RunError:
                return "told"
            return "deleted"

        def look() -> str:
            together.wait()
            return ",".join(run.state for run in list_runs(artifacts))

        with ThreadPoolExecutor(3) as pool:
            first, second, seen = (pool.submit(task) for task in (remove, remove, look))
            outcomes = sorted((first.result(), second.result()))
    if outcomes != ["deleted", "told"]:
        return f"{outcomes}"
    return "" if seen.result() in ("", "unfinished") else f"listed as {seen.result()}"


def _say(starter: subprocess.Popen[str]) -> None:
    if starter.stdin:
        starter.stdin.write("go\n")
        starter.stdin.flush()


def _line(starter: subprocess.Popen[str]) -> str:
    return starter.stdout.readline().strip() if starter.stdout else ""
