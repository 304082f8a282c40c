"""A trained sample: every model, both networks by recipe `improved`, made once a test session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from genre_core import catalogue
from genre_core.data.films import Dataset
from genre_core.data.sample import generate_sample
from genre_core.data.store import open_dataset
from genre_core.lock import training_lock
from genre_core.runs import Run
from genre_core.training import train


@dataclass(frozen=True)
class TrainedSample:
    folder: Path
    artifacts: Path
    dataset: Dataset
    runs: dict[str, Run]


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[train.Workshop]:
    artifacts = tmp_path_factory.mktemp("artifacts")
    with training_lock(artifacts) as lock:
        yield train.Workshop(artifacts, Console(stderr=True, quiet=True), lock)


@pytest.fixture(scope="session")
def trained(shop: train.Workshop, tmp_path_factory: pytest.TempPathFactory) -> TrainedSample:
    folder = tmp_path_factory.mktemp("sample") / "films"
    generate_sample(folder)
    dataset = open_dataset(folder, shop.artifacts)
    runs = {
        entry.name: train.start(
            train.Order(entry.name, entry.recipe_for("improved"), seed=1), dataset, shop
        )
        for entry in catalogue.MODELS
    }
    return TrainedSample(folder, shop.artifacts, dataset, runs)
