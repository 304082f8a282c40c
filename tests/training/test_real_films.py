"""The real films and the figures that are known of them (../shared/data, ../shared/results.md)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from genre_core.artifacts import Artifacts
from genre_core.data.films import SPLITS
from genre_core.data.opening import open_dataset
from genre_core.data.store import posters
from genre_core.jobs.lock import training_lock
from genre_core.training import train

pytestmark = [pytest.mark.real_films, pytest.mark.training]


@pytest.fixture(scope="module")
def real(real_films: Path, tmp_path_factory: pytest.TempPathFactory):
    artifacts = Artifacts(tmp_path_factory.mktemp("real"))
    split_file = real_films.parent / "split.csv"
    return open_dataset(real_films, artifacts, split_file=split_file), artifacts


def test_every_row_and_poster_is_accounted_for(real):
    dataset, _ = real
    rows, files = dataset.report["rows"], dataset.report["posters"]
    assert (rows["read"], rows["used"]) == (5688, 5688)
    assert (files["read"], files["used"]) == (5745, 5688)
    assert sum(files["left_out"].values()) == 57
    assert [len(dataset.rows(split)) for split in SPLITS] == [3975, 860, 853]


def test_the_baselines_reach_the_known_figures(real):
    dataset, artifacts = real
    with training_lock(artifacts) as lock:
        context = train.TrainingContext(artifacts, Console(quiet=True), lock)
        figures = {
            name: train.start(train.TrainingRequest(name, "default", 0), dataset, context).metrics()
            for name in ("prior", "overview_tfidf")
        }
    prior, tfidf = (figures[name]["splits"]["test"]["metrics"] for name in figures)
    assert len(figures["prior"]["macro_genres"]) == 20
    assert prior["bce"] == pytest.approx(0.2337, abs=5e-5)
    assert prior["map"] == pytest.approx(0.119, abs=5e-4)
    assert prior["lrap"] == pytest.approx(0.578, abs=5e-4)
    assert tfidf["bce_to_prior"] == pytest.approx(0.818, abs=2e-3)
    assert tfidf["map"] == pytest.approx(0.396, abs=2e-3)
    assert tfidf["lrap"] == pytest.approx(0.690, abs=2e-3)


def test_posters_are_mapped_at_the_networks_input_size(real):
    dataset, artifacts = real
    mapped = posters(dataset, artifacts)
    films = replace(dataset.films, posters=mapped)
    assert films.posters.shape == (5688, 64, 64, 3)
    assert mapped.base is not None
