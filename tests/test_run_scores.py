"""Scores of a run: only for the films, and the split, that it was made on."""

import numpy as np
import pytest
from tiny_artifacts import make_dataset, make_run

from genre_core import run_scores
from genre_core.data import store
from genre_core.errors import RunError
from genre_core.runs import find_run


@pytest.fixture
def artifacts(tmp_path):
    return tmp_path / "artifacts"


@pytest.fixture
def dataset(tmp_path, artifacts):
    return make_dataset(tmp_path / "films", artifacts)


@pytest.fixture
def run(artifacts, dataset):
    return find_run(artifacts, make_run(artifacts, dataset, "poster_cnn").name)


def test_a_run_on_another_split_of_the_same_films_has_no_scores_here(tmp_path, artifacts, run):
    """Its training films would be among the test films."""
    other = store.open_dataset(tmp_path / "films", artifacts)
    assert other.films.ids == tuple(run.film_ids())
    with pytest.raises(RunError, match="or another split of them"):
        run_scores.film_scores(run, other)


def test_fitted_thresholds_are_not_judged_on_the_films_that_they_are_fitted_on(artifacts, run):
    for rule in ("validation", "genres"):
        with pytest.raises(RunError, match=r"would flatter\. Cross-fitted, micro F1 is 0\.\d"):
            run_scores.figures(run, artifacts, split="validation", threshold=rule)
    figures = run_scores.figures(run, artifacts, split="validation", threshold=0.4)
    assert np.isfinite(figures["metrics"]["f1_micro"])
