"""Trainings that are killed or cancelled at a random moment."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults.ground import ROOT, Ground, command, random_of
from genre_core.artifacts import Artifacts
from genre_core.files import sha256
from genre_core.jobs import process
from genre_core.runs.content import SCORES
from genre_core.runs.folder import HISTORY, list_runs

N_EPOCHS = "3"
MODELS = ("overview_lstm", "poster_cnn", "poster_features")
KEPT = (SCORES, HISTORY, "weights.npz")
PATIENCE = 300.0  # seconds that a training may take
GONE = 5.0  # seconds until a cancelled one has to be gone


def resume(ground: Ground, seed: int) -> str:
    """Kill a training, resume it, and hold the run against one that was never killed."""
    random = random_of(seed)
    model = MODELS[seed % len(MODELS)]
    expected, seconds = _undisturbed(ground, model)
    with TemporaryDirectory(dir=ground.folder) as scratch:
        artifacts = Artifacts(Path(scratch))
        killed = _started(ground, model, artifacts)
        try:
            killed.wait(float(random.uniform(0, seconds)))
        except subprocess.TimeoutExpired:
            os.killpg(killed.pid, signal.SIGKILL)
            killed.wait()
        resumed = _started(ground, model, artifacts, "--resume")
        if resumed.wait(PATIENCE):
            return f"{model}: the resumed training ended with {resumed.returncode}"
        found = _hashes(artifacts)
    differing = [name for name in expected if found.get(name) != expected[name]]
    return f"{model}: other {', '.join(differing)}" if differing else ""


def cancel(ground: Ground, seed: int) -> str:
    """Cancel a training of the dashboard; its process group has to be gone within seconds."""
    random = random_of(seed)
    with TemporaryDirectory(dir=ground.folder) as scratch:
        artifacts = Artifacts(Path(scratch))
        words = ["train", MODELS[seed % 2], "--data", str(ground.few), "--epochs", "200"]
        process.start(artifacts, words)
        time.sleep(float(random.uniform(0, 12)))
        began = time.monotonic()
        process.cancel(artifacts)
        seconds = time.monotonic() - began
        job = process.look(artifacts)
        if job is None or job.is_running or seconds > GONE:
            return f"after {seconds:.1f} s: {job.state if job else 'no record'}"
        status, text = command("runs", artifacts=artifacts)
        return "" if status == 0 else text


@functools.lru_cache(maxsize=len(MODELS))
def _undisturbed(ground: Ground, model: str) -> tuple[dict[str, str], float]:
    """Return the hashes of a run that was not killed, and how long it took."""
    with TemporaryDirectory(dir=ground.folder) as scratch:
        began = time.monotonic()
        if _started(ground, model, Artifacts(Path(scratch))).wait(PATIENCE):
            raise AssertionError(f"{model} cannot be trained")
        return _hashes(Artifacts(Path(scratch))), time.monotonic() - began


def _started(
    ground: Ground, model: str, artifacts: Artifacts, *words: str
) -> subprocess.Popen[bytes]:
    asked = ["train", model, "--data", str(ground.few), "--seed", "1", *words]
    asked += [] if model == "poster_features" else ["--epochs", N_EPOCHS]
    return subprocess.Popen(
        [sys.executable, "-m", "genre_core", *asked, "--artifacts", str(artifacts)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _hashes(artifacts: Artifacts) -> dict[str, str]:
    finished = [run for run in list_runs(artifacts) if run.state == "finished"]
    if len(finished) != 1:
        return {}
    found = {}
    for name in KEPT:
        path = finished[0].folder / name
        if name == HISTORY and path.exists():
            found[name] = str([_without_time(row) for row in finished[0].history()])
        elif path.exists():
            found[name] = sha256(path)
    return found


def _without_time(row: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in row.items() if name != "seconds"}
