"""Films enough for intervals, and runs of several seeds with made-up scores."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from compared_runs import draw_less
from tiny_artifacts import NETWORKS, start_run

from benchmarks.synthetic import make_films
from genre_core.artifacts import Artifacts
from genre_core.data import store
from genre_core.data.films import Dataset
from genre_core.runs import folder
from genre_core.runs.folder import Run, find_run
from genre_core.runs.metrics import ScoredFilms

N_FILMS = 600  # about 90 of them test films
STRENGTHS = {"poster_cnn": 0.15, "overview_lstm": 0.4, "fusion": 0.45, "poster_features": 0.1}


@pytest.fixture(scope="session")
def films_of_comparisons(tmp_path_factory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("comparison")
    made = make_films(N_FILMS, folder / "films", Artifacts(folder / "artifacts"))
    return Artifacts(folder / "artifacts"), made.fingerprint


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch):
    draw_less(monkeypatch)


@pytest.fixture
def artifacts(films_of_comparisons, tmp_path) -> Path:
    folder = Artifacts(tmp_path / "artifacts")
    shutil.copytree(films_of_comparisons[0], folder, symlinks=True)
    return folder


@pytest.fixture
def dataset(artifacts, films_of_comparisons) -> Dataset:
    return store.load_dataset(artifacts, films_of_comparisons[1])


@pytest.fixture
def add_run(artifacts, dataset, monkeypatch) -> Callable[..., Run]:
    """Write a finished run, without metrics, whose scores depend on model and seed."""
    monkeypatch.setattr(folder, "evaluate_splits", lambda *_: {"splits": {}})

    def add(
        model: str,
        seed: int = 0,
        *,
        parents: Sequence[Run] = (),
        scores: np.ndarray | None = None,
        **config,
    ) -> Run:
        """Return the run; the last arguments change its `config.json`."""
        config["parents"] = [run.id for run in parents]
        writer = start_run(artifacts, dataset, model, seed=seed, **config)
        if scores is None:
            scores = scores_of(dataset, STRENGTHS.get(model, 0.0), seed + 100 * len(model))
        n_epochs = config.get("epochs", NETWORKS.get(model, 0))
        writer.finish(ScoredFilms.of_dataset(dataset, scores), epochs_done=n_epochs)
        return find_run(artifacts, writer.folder.name)

    return add


def scores_of(dataset: Dataset, strength: float, seed: int) -> np.ndarray:
    """Scores that rank the films of a genre the better the larger `strength` is."""
    noise = np.random.default_rng(seed).uniform(0, 0.5, dataset.labels.shape)
    return (0.02 + noise + strength * dataset.labels).astype(np.float32)
