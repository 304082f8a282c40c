"""Synthetic films and runs for benchmarks and tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.comparison.kept import prepare
from genre_core.data import store
from genre_core.data.films import Dataset, Films
from genre_core.evaluation.checks import Scores
from genre_core.runs.history import HistoryRow, kept_epoch
from genre_core.runs.metrics import ScoredFilms
from genre_core.runs.writer import RunWriter
from genre_core.sample import generate_sample

N_EPOCHS = 20
N_GENRES = 25
N_WORDS = 45  # of an overview
NETWORKS = ("poster_cnn", "overview_lstm")
UNKNOWN = {"label": "another model", "modality": "unknown", "kind": "imported"}
EVERY = ("prior", "poster_features", "overview_tfidf", *NETWORKS, *NETWORKS)


def make_runs(dataset: Dataset, artifacts: Artifacts, models: Sequence[str]) -> None:
    """Write a finished run of each model with random scores, and their comparisons."""
    for seed, name in enumerate(models):
        history = _history() if catalogue.entry(name).in_epochs else []
        epochs = N_EPOCHS if history else None
        writer = start_run(artifacts, dataset, name, history=history, seed=seed, epochs=epochs)
        finish_run(writer, dataset, _scores(dataset, seed), history)
    prepare(artifacts, dataset.fingerprint)


def start_run(
    artifacts: Artifacts,
    dataset: Dataset,
    model: str,
    /,
    *,
    history: Sequence[HistoryRow] = (),
    **config: object,
) -> RunWriter:
    """Begin a run of a model, of the catalogue or not.

    Args:
        artifacts: the artifacts folder.
        dataset: the films it is about.
        model: its name.
        history: its rows so far.
        config: facts of its `config.json` to change or to add, as `seed=1`.
    """
    entry = catalogue.find(model)
    recipe = next(iter(entry.recipes)) if entry else catalogue.ONLY_RECIPE
    known: dict[str, object] = {
        **(entry.describe() if entry else UNKNOWN),
        "model": model,
        "recipe": recipe,
        "seed": 0,
        "epochs": None,
        "options": {},
        "dataset": dataset.fingerprint,
        "dataset_name": dataset.source.name,
        "genres": list(dataset.genres),
        "prior": dataset.prior.tolist(),
        "train_support": dataset.train_support.tolist(),
    }
    writer = RunWriter.create(artifacts, {**known, **config})
    if history:
        writer.add_history(history)
    return writer


def finish_run(
    writer: RunWriter, dataset: Dataset, scores: Scores, history: Sequence[HistoryRow] = ()
) -> None:
    """Finish a run.

    Args:
        writer: of the run.
        dataset: the films it is about.
        scores: float32 (n_films, n_genres).
        history: all its rows; the one with the lowest validation loss is kept.
    """
    writer.finish(
        ScoredFilms.of_dataset(dataset, scores),
        kept_epoch=kept_epoch(history),
        epochs_done=len(history),
        seconds={"training": 1.0, "closing": 1.0},
        versions={},
    )


def make_films(n_films: int, folder: Path, artifacts: Artifacts) -> Dataset:
    """Create and save a dataset of synthetic films, which all have the same poster.

    Args:
        n_films: number of films.
        folder: folder of the films.
        artifacts: the artifacts folder.
    """
    random = np.random.default_rng(0)
    generate_sample(folder, n_films=10)
    images = folder / "Images"
    poster = next(iter(sorted(images.iterdir())))
    ids = tuple(f"tt{number:07d}" for number in range(n_films))
    for film in ids:
        if not (images / f"{film}.jpg").exists():
            (images / f"{film}.jpg").symlink_to(poster.name)
    words = np.array([f"word{number}" for number in range(20_000)])
    drawn = words[random.integers(len(words), size=(n_films, N_WORDS))]
    dataset = Dataset(
        fingerprint="0123456789abcdef",
        films=Films(
            ids=ids,
            overviews=tuple(" ".join(row) for row in drawn),
            genres=tuple(f"Genre {number}" for number in range(N_GENRES)),
            y_true=(random.random((n_films, N_GENRES)) < 0.1).astype(np.uint8),
        ),
        split=random.choice(["train", "validation", "test"], n_films, p=[0.7, 0.15, 0.15]),
        source=folder.resolve(),
        generated=True,
        report={
            name: {"read": n_films, "used": n_films, "left_out": {}, "examples": {}}
            for name in ("rows", "posters")
        },
        posters_key="0123456789abcdef",
    )
    store.save_dataset(dataset, artifacts, signature="made up")
    return dataset


def _scores(dataset: Dataset, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).random(dataset.labels.shape, dtype=np.float32)
    return np.clip(0.8 * noise + 0.2 * dataset.labels, 0, 1).astype(np.float32)


def _history() -> list[HistoryRow]:
    quantities = ("loss", "precision", "recall", "val_loss", "val_precision", "val_recall")
    return [
        {"epoch": epoch, "learning_rate": 1e-3, **dict.fromkeys(quantities, 1 / (epoch + 1))}
        for epoch in range(1, N_EPOCHS + 1)
    ]
