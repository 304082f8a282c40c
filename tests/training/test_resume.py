"""A training killed at any moment and resumed ends with the same bits."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from genre_core.artifacts import Artifacts
from genre_core.catalogue import entry
from genre_core.commands import training
from genre_core.data.opening import open_dataset
from genre_core.errors import RunError
from genre_core.jobs.lock import training_lock
from genre_core.runs.folder import CHECKPOINT, Run, list_runs
from genre_core.sample import generate_sample
from genre_core.training import train

pytestmark = pytest.mark.training
EPOCHS = 10  # enough that no training ends before its kill
KILLS = {"reference": 5, "improved": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "films"
    generate_sample(folder, n_films=150)
    return folder


def command(kind: tuple[str, str], folder: Path, artifacts: Artifacts, *more: str) -> list[str]:
    model, recipe = kind
    return [
        *(sys.executable, "-m", "genre_core", "train", model, "--data", str(folder)),
        *("--recipe", recipe, "--seed", "3", "--artifacts", str(artifacts), *more),
    ]


def content(run: Run) -> tuple[list[dict[str, float]], np.ndarray, dict[str, np.ndarray]]:
    history = [{k: v for k, v in row.items() if k != "seconds"} for row in run.history()]
    with np.load(run.folder / "weights.npz") as weights:
        return history, np.array(run.scores()), dict(weights)


def only_run(artifacts: Artifacts) -> Run | None:
    found = list_runs(artifacts)
    assert len(found) <= 1, "a resumed training is the same run"
    return found[0] if found else None


def kill_after(
    process: subprocess.Popen[bytes], artifacts: Artifacts, epochs: int, delay: float
) -> None:
    """Kill a training some time after it has so many epochs, unless it ends before."""
    while process.poll() is None:
        run = only_run(artifacts)
        if run and len(run.history()) >= epochs:
            break
        time.sleep(0.02)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("recipe", ["reference", "improved"])
@pytest.mark.parametrize("model", ["poster_cnn", "overview_lstm"])
def test_killed_at_random_moments_it_ends_bit_equal(model, recipe, folder, tmp_path):
    kind = (model, recipe)
    subprocess.run(command(kind, folder, tmp_path / "whole", "--epochs", str(EPOCHS)), check=True)
    broken = Artifacts(tmp_path / "broken")
    moments = random.Random(model)
    arguments = command(kind, folder, broken, "--epochs", str(EPOCHS))
    for kill in range(KILLS[recipe]):
        process = subprocess.Popen(arguments)
        kill_after(process, broken, epochs=kill, delay=moments.uniform(0, 1.0))
        stopped = only_run(broken)
        assert stopped is not None
        assert stopped.state == "unfinished"
        arguments = command(kind, folder, broken, "--resume")
    subprocess.run(arguments, check=True)
    whole, resumed = only_run(Artifacts(tmp_path / "whole")), only_run(broken)
    assert resumed.state == "finished"
    (history, scores, weights), (history_2, scores_2, weights_2) = content(whole), content(resumed)
    assert history == history_2
    assert len(history) == EPOCHS
    np.testing.assert_array_equal(scores, scores_2)
    assert all(np.array_equal(weights[name], weights_2[name]) for name in weights)


@pytest.fixture
def stopped(folder: Path, tmp_path: Path) -> tuple[Run, Artifacts]:
    """A run of the poster network, interrupted in its third epoch."""
    with training_lock(Artifacts(tmp_path)) as lock:
        context = train.TrainingContext(Artifacts(tmp_path), Console(quiet=True), lock)
        dataset = open_dataset(folder, Artifacts(tmp_path))
        monitor = train.RunMonitor.step_done

        def interrupt(self, epoch, step, n_steps):
            monitor(self, epoch, step, n_steps)
            if epoch == 3:
                raise KeyboardInterrupt

        train.RunMonitor.step_done = interrupt
        try:
            with pytest.raises(KeyboardInterrupt):
                train.start(
                    train.TrainingRequest("poster_cnn", "reference", seed=1), dataset, context
                )
        finally:
            train.RunMonitor.step_done = monitor
    run = only_run(Artifacts(tmp_path))
    assert run is not None
    return run, Artifacts(tmp_path)


def in_shop(artifacts: Artifacts, work, run: Run) -> Run:
    with training_lock(artifacts) as lock:
        return work(run, train.TrainingContext(artifacts, Console(quiet=True), lock))


def test_an_interrupted_run_is_unfinished_and_finish_closes_it_as_it_stands(stopped):
    run, artifacts = stopped
    assert run.state == "unfinished"
    assert len(run.history()) == 2
    with pytest.raises(RunError, match="has no scores"):
        run.scores()
    closed = in_shop(artifacts, train.finish, run)
    assert closed.state == "finished"
    assert closed.marker()["epochs_done"] == 2
    best = min(run.history(), key=lambda row: row["val_loss"])
    validation = closed.metrics()["splits"]["validation"]["metrics"]
    assert validation["bce"] == pytest.approx(best["val_loss"], rel=1e-5)
    assert not (closed.folder / CHECKPOINT).exists()
    with pytest.raises(RunError, match="is finished, not unfinished"):
        in_shop(artifacts, train.finish, closed)


def test_a_run_without_a_whole_epoch_cannot_be_closed(stopped):
    run, artifacts = stopped
    (run.folder / CHECKPOINT).unlink()
    with pytest.raises(RunError, match="has not completed an epoch"):
        in_shop(artifacts, train.finish, run)


def test_a_damaged_checkpoint_is_named(stopped):
    run, artifacts = stopped
    path = run.folder / CHECKPOINT
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(RunError, match=r"checkpoint of run .* is damaged"):
        in_shop(artifacts, train.resume, run)


def test_a_full_disk_leaves_the_last_checkpoint_and_the_run_can_go_on(stopped, monkeypatch):
    run, artifacts = stopped
    before = (run.folder / CHECKPOINT).read_bytes()

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            in_shop(artifacts, train.resume, run)
    assert (run.folder / CHECKPOINT).read_bytes() == before
    assert only_run(artifacts).state == "unfinished"


def test_kept_weights_are_those_of_the_lowest_validation_loss(trained):
    for name in ("poster_cnn", "overview_lstm"):
        run = trained.runs[name]
        losses = [row["val_loss"] for row in run.history()]
        assert run.marker()["kept_epoch"] == int(np.argmin(losses)) + 1
        validation = run.metrics()["splits"]["validation"]["metrics"]
        assert validation["bce"] == pytest.approx(min(losses), rel=1e-5)


def test_a_history_row_holds_what_the_curves_need(trained):
    row = trained.runs["poster_cnn"].history()[0]
    assert set(row) == {
        *("epoch", "loss", "precision", "recall", "val_loss", "val_precision", "val_recall"),
        *("learning_rate", "seconds"),
    }
    assert json.loads(json.dumps(row)) == row


def test_a_finished_run_names_what_it_was_made_with(trained):
    run = trained.runs["overview_lstm"]
    marker = run.marker()
    assert set(marker["files"]) == {
        *(
            "config.json",
            "film_ids.json",
            "labels.npy",
            "splits.json",
            "history.jsonl",
            "log.txt",
            "metrics.json",
        ),
        *("labels.npy", "preprocessing.json", "scores.npy", "splits.json", "weights.npz"),
    }
    assert {"python", "keras", "tensorflow", "numpy", "scikit-learn"} <= set(marker["versions"])
    assert run.config["options"] == {
        **run.config["options"],
        **entry("overview_lstm").recipe("improved").options,
    }
    assert not any(path.suffix in (".pkl", ".keras", ".h5") for path in run.folder.iterdir())


def test_a_shorter_training_is_not_taken_for_the_whole_recipe(folder, tmp_path, monkeypatch):
    with training_lock(Artifacts(tmp_path)) as lock:
        context = train.TrainingContext(Artifacts(tmp_path), Console(quiet=True), lock)
        dataset = open_dataset(folder, Artifacts(tmp_path))
        short = train.TrainingRequest("poster_cnn", "reference", seed=9, epochs=1)
        made = train.start(short, dataset, context)
        assert train.resume_or_start(short, dataset, context) == made
        monkeypatch.setattr(train, "start", lambda *_: "trained anew")
        for request in (replace(short, epochs=None), replace(short, changed={"loss": "focal"})):
            assert train.resume_or_start(request, dataset, context) == "trained anew"


def test_a_model_is_trained_after_those_that_it_builds_on():
    found = training._entries(("fusion", "overview_lstm", "prior", "poster_cnn", "fusion"))
    assert [entry.name for entry in found] == ["prior", "poster_cnn", "overview_lstm", "fusion"]
