"""Synthetic films and runs for benchmarks, of the same size as real ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.comparison.kept import prepare
from genre_core.data import store
from genre_core.data.films import Dataset, Films
from genre_core.runs.folder import RunWriter
from genre_core.runs.metrics import ScoredFilms
from genre_core.sample import generate_sample

N_EPOCHS = 20
N_GENRES = 25
N_WORDS = 45  # of an overview
NETWORKS = ("poster_cnn", "overview_lstm")
EVERY = ("prior", "poster_features", "overview_tfidf", *NETWORKS, *NETWORKS)


def make_runs(dataset: Dataset, artifacts: Artifacts, models: Sequence[str]) -> None:
    """Write a finished run of each model with random scores, and their comparisons."""
    for seed, name in enumerate(models):
        entry = catalogue.entry(name)
        writer = RunWriter.create(artifacts, _config(entry, dataset, seed))
        history = _history() if entry.in_epochs else []
        writer.add_history(history)
        scores = _scores(dataset, seed)
        writer.finish(
            ScoredFilms.of_dataset(dataset, scores),
            kept_epoch=N_EPOCHS if history else None,
            epochs_done=len(history),
            seconds={"training": 1.0, "closing": 1.0},
            versions={},
        )
    prepare(artifacts, dataset.fingerprint)


def make_films(n_films: int, folder: Path, artifacts: Artifacts) -> Dataset:
    """Create and save a dataset of synthetic films, which all have the same poster.

    Args:
        n_films: number of films.
        folder: folder of the films.
        artifacts: the artifacts folder.
    """
    random = np.random.default_rng(0)
    generate_sample(folder, n_films=60)
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


def _config(entry: catalogue.ModelEntry, dataset: Dataset, seed: int) -> dict[str, object]:
    return {
        **entry.describe(),
        "model": entry.name,
        "recipe": next(iter(entry.recipes)),
        "seed": seed,
        "epochs": N_EPOCHS if entry.in_epochs else None,
        "options": {},
        "dataset": dataset.fingerprint,
        "dataset_name": dataset.source.name,
        "genres": list(dataset.genres),
        "prior": dataset.prior.tolist(),
        "train_support": dataset.train_support.tolist(),
    }


def _scores(dataset: Dataset, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).random(dataset.labels.shape, dtype=np.float32)
    return np.clip(0.8 * noise + 0.2 * dataset.labels, 0, 1).astype(np.float32)


def _history() -> list[dict[str, float]]:
    quantities = ("loss", "precision", "recall", "val_loss", "val_precision", "val_recall")
    return [
        {"epoch": epoch, "learning_rate": 1e-3, **dict.fromkeys(quantities, 1 / (epoch + 1))}
        for epoch in range(1, N_EPOCHS + 1)
    ]
