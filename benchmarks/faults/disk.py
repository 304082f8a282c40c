"""No room is left at some write: no half file, and everything that was there is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from benchmarks import synthetic
from benchmarks.faults.ground import Ground, command, random_of
from genre_core.artifacts import Artifacts
from genre_core.comparison.kept import prepare
from genre_core.files import sha256
from genre_core.runs.folder import list_runs
from genre_core.runs.notes import Note, write_note
from genre_core.runs.threshold_origins import Origin
from genre_core.runs.threshold_sets import ThresholdSet, save

MOST_WRITES = 12  # of the longest action, about


def _train(ground: Ground, artifacts: Artifacts) -> None:
    command("train", "prior", "--data", str(ground.films), "--seed", "7", artifacts=artifacts)


def _run(ground: Ground, artifacts: Artifacts) -> None:
    synthetic.make_runs(ground.dataset, artifacts, ("poster_features",))


def _open(ground: Ground, artifacts: Artifacts) -> None:
    command("inspect", str(ground.films), "--genres", "Drama,Comedy", artifacts=artifacts)


def _score(ground: Ground, artifacts: Artifacts) -> None:
    out = str(artifacts.root / "scores.csv")
    command("score", "prior", "--data", str(ground.films), "--out", out, artifacts=artifacts)


def _save(ground: Ground, artifacts: Artifacts) -> None:
    run = ground.runs[0]
    write_note(artifacts, run.id, Note("another name", "another note"))
    thresholds = {run.id: dict.fromkeys(run.genres, 0.3)}
    save(artifacts, ThresholdSet("another", thresholds, {run.id: Origin("by_hand")}))


def _compare(ground: Ground, artifacts: Artifacts) -> None:
    for kept in (*artifacts.comparisons.iterdir(), *artifacts.thresholds.glob("*.json")):
        kept.unlink()
    prepare(artifacts, ground.dataset.fingerprint)


ACTIONS: tuple[Callable[[Ground, Artifacts], None], ...] = (
    _train,
    _run,
    _open,
    _score,
    _save,
    _compare,
)


def attempt(ground: Ground, seed: int) -> str:
    """Let one write of an action fail; return what it broke."""
    random = random_of(seed)
    action = ACTIONS[seed % len(ACTIONS)]
    with ground.copy() as artifacts:
        before = _whole(artifacts)
        place = int(random.integers(MOST_WRITES))
        with full_from(place), contextlib.suppress(OSError):
            action(ground, artifacts)
        what = f"{action.__name__} with no room from write {place + 1} on"
        after = _whole(artifacts)
        changed = [name for name in before.keys() & after.keys() if before[name] != after[name]]
        changed += sorted(
            name for name in before.keys() - after.keys() if not name.startswith(CACHES)
        )
        if changed := [name for name in changed if Path(name).name not in REWRITTEN]:
            return f"{what}: changed {changed}"
        if leftovers := [name for name in after if name.endswith(".tmp")]:
            return f"{what}: left {leftovers}"
        damaged = [run.id for run in list_runs(artifacts) if run.state == "damaged"]
        if damaged:
            return f"{what}: damaged {damaged}"
        status, text = command("runs", artifacts=artifacts)
        return "" if status == 0 else f"{what}: {text}"


CACHES = ("comparisons", "thresholds")
REWRITTEN = ("training.json", "training.log", "training.lock", "dataset.json", "leakage.json")


def _whole(artifacts: Artifacts) -> dict[str, str]:
    return {
        str(path.relative_to(artifacts.root)): sha256(path)
        for path in artifacts.root.rglob("*")
        if path.is_file() and path.parent.name != "notes"
    }


@contextlib.contextmanager
def full_from(place: int) -> Iterator[None]:
    """Let every flush to the disk by this thread fail from one on; others make attempts beside."""
    flush, count, mine = os.fsync, 0, threading.get_ident()

    def fail(descriptor: int) -> None:
        nonlocal count
        count += threading.get_ident() == mine
        if count > place and threading.get_ident() == mine:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(descriptor)

    with mock.patch.object(os, "fsync", fail):
        yield
