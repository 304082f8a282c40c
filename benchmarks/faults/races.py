"""Several at once: one training wins, and a run is deleted once."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

from benchmarks.faults.ground import ROOT, Ground, random_of
from genre_core.artifacts import Artifacts
from genre_core.errors import RunError
from genre_core.jobs import process
from genre_core.runs.folder import delete_run, list_runs
from genre_core.runs.writer import RunWriter

N_COMMANDS, N_SERVERS, N_SESSIONS = 8, 2, 4  # sixteen starters: sessions of servers, and commands
WORDS = ("train", "overview_lstm", "--epochs", "500")  # nobody has ended while others still start
PATIENCE = 60.0  # seconds for all starts of a round
# Starts trainings as a server does, in a thread for each of its sessions.
SERVER = """
import pathlib, sys
from concurrent.futures import ThreadPoolExecutor
from genre_core.artifacts import Artifacts
from genre_core.errors import BusyError
from genre_core.jobs import process

def session(_):
    try:
        process.start(Artifacts(pathlib.Path(sys.argv[1])), sys.argv[3:])
    except BusyError:
        return "busy"
    return "won"

n_sessions = int(sys.argv[2])
with ThreadPoolExecutor(n_sessions) as pool:
    print(*pool.map(session, range(n_sessions)))
"""
CONFIG = {"label": "x", "modality": "unknown", "kind": "imported", "genres": []}


def start(ground: Ground, seed: int) -> str:
    """Start a training sixteen times at once, by commands and by sessions of two servers."""
    words = [*WORDS, "--data", str(ground.few)]
    with TemporaryDirectory(dir=ground.folder) as scratch:
        asked = [["-m", "genre_core", *words, "--artifacts", scratch]] * N_COMMANDS
        asked += [["-c", SERVER, scratch, str(N_SESSIONS), *words]] * N_SERVERS
        order = random_of(seed).permutation(len(asked))
        starters = [_started(asked[place]) for place in order]
        try:
            outcomes = _outcomes(starters)
        finally:
            process.cancel(Artifacts(Path(scratch)))
            for starter in starters:
                starter.kill()
                starter.communicate()
    n_starters = N_COMMANDS + N_SERVERS * N_SESSIONS
    expected = ["busy"] * (n_starters - 1) + ["won"]
    return "" if outcomes == expected else f"{outcomes}"


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


def _started(words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _outcomes(starters: list[subprocess.Popen[str]]) -> list[str]:
    """Return what became of each start; of commands, the one that has won still runs."""
    found: list[str] = []
    waiting = list(starters)
    deadline = time.monotonic() + PATIENCE
    while waiting and time.monotonic() < deadline:
        for starter in [one for one in waiting if one.poll() is not None]:
            waiting.remove(starter)
            found += _said(starter)
        if len(waiting) == 1 and "won" not in found and not _is_server(waiting[0]):
            break
        time.sleep(0.05)
    return sorted([*found, *["won"] * len(waiting)])


def _said(starter: subprocess.Popen[str]) -> list[str]:
    text = starter.stdout.read() if starter.stdout else ""
    if _is_server(starter):
        return text.split()
    return ["busy" if "already running" in text else text]


def _is_server(starter: subprocess.Popen[str]) -> bool:
    return isinstance(starter.args, list) and SERVER in starter.args
