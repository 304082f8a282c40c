"""Scores of a run: only for the films, and the split, that it was made on."""

from types import SimpleNamespace

import numpy as np
import pytest
from tiny_artifacts import make_run

from genre_core.data import opening
from genre_core.errors import RunError
from genre_core.runs import scores as run_scores
from genre_core.runs.folder import find_run
from genre_core.runs.metrics import ScoredFilms


@pytest.fixture
def run(artifacts, dataset):
    return find_run(artifacts, make_run(artifacts, dataset, "poster_cnn").name)


def test_a_run_on_another_split_of_the_same_films_has_no_scores_here(tmp_path, artifacts, run):
    """Its training films would be among the test films."""
    other = opening.open_dataset(tmp_path / "films", artifacts)
    assert other.films.ids == tuple(run.film_ids())
    with pytest.raises(RunError, match="or another split than"):
        run_scores.film_scores(run, other)


def test_fitted_thresholds_are_not_judged_on_the_films_that_they_are_fitted_on(artifacts, run):
    for rule in ("tuned", "tuned_per_genre"):
        with pytest.raises(RunError, match=r"optimistic\. Cross-fitted, micro F1 is 0\.\d"):
            run_scores.figures(run, split="validation", threshold=rule)
    figures = run_scores.figures(run, split="validation", threshold=0.4)
    assert np.isfinite(figures["metrics"]["f1_micro"])


def fake(run_id, genres):
    return SimpleNamespace(id=run_id, genres=genres)


def scores_on(ids, y_true, y_score):
    labels, scores = np.array(y_true, np.uint8), np.array(y_score, np.float32)
    return ScoredFilms(ids, ("test",) * len(ids), labels, scores)


def test_the_same_genres_in_another_order_are_aligned_by_name():
    ids = tuple(f"tt{number}" for number in range(40))
    labels = np.random.default_rng(0).integers(0, 2, (40, 3))
    score = np.random.default_rng(1).random((40, 3))
    runs = [fake("a", ("X", "Y", "Z")), fake("b", ("Z", "X", "Y"))]
    order = [2, 0, 1]
    tests = [scores_on(ids, labels, score), scores_on(ids, labels[:, order], score[:, order])]
    found, y_true, (first, second) = run_scores.on_common_films(runs, tests)
    assert found == ids
    assert (y_true == labels).all()
    assert (first == second).all()


@pytest.mark.parametrize(("n_common", "is_enough"), [(1, False), (29, False), (30, True)])
def test_runs_of_other_splits_need_30_common_test_films(n_common, is_enough):
    labels = np.ones((60, 2))
    ids = tuple(f"tt{number}" for number in range(120))
    runs = [fake("a", ("X", "Y")), fake("b", ("X", "Y"))]
    tests = [
        scores_on(ids[:60], labels, labels / 2),
        scores_on(ids[60 - n_common : 120 - n_common], labels, labels / 2),
    ]
    if is_enough:
        assert len(run_scores.on_common_films(runs, tests)[0]) == n_common
        return
    with pytest.raises(RunError, match=f"{n_common} test films in common .60 of 'a', 60 of 'b'"):
        run_scores.on_common_films(runs, tests)


def test_a_few_films_are_enough_where_they_are_all_that_both_have():
    runs = [fake("a", ("X", "Y")), fake("b", ("X", "Y"))]
    tests = [scores_on(("tt1", "tt2"), [[1, 0], [0, 1]], [[0.5, 0.5], [0.5, 0.5]])] * 2
    assert run_scores.on_common_films(runs, tests)[0] == ("tt1", "tt2")
