"""The simulation that measures how often intervals hold."""

import numpy as np
import pytest

from genre_core.bench import coverage
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(coverage, "N_POPULATION", 4000)
    monkeypatch.setattr(coverage, "N_FILMS", 400)
    coverage.population.cache_clear()
    yield
    coverage.population.cache_clear()


def test_every_metric_has_a_row_and_rare_genres_have_rows_of_their_own(small):
    ticks = []
    rows = coverage.run(6, 40, 0, lambda: ticks.append(1))
    assert len(ticks) == 6
    overall = [row for row in rows if not row.films]
    assert [row.metric for row in overall] == 2 * [metric.label for metric in METRICS]
    assert all(row.n_intervals == 6 and row.is_shown for row in overall)
    by_genre = [row for row in rows if row.films]
    assert {row.metric for row in by_genre} == {metric.label for metric in GENRE_METRICS}
    assert {row.films: row.is_shown for row in by_genre}["10 to 19"] is False
    assert {row.films: row.is_shown for row in by_genre}["30 to 49"] is True
    assert all(0 <= row.share <= 1 for row in rows)


def test_the_genres_are_as_frequent_as_they_should_be(small):
    labels, scores = coverage.population(0)
    assert labels.mean(axis=0) == pytest.approx(coverage.PREVALENCES, abs=0.03)
    assert set(scores) == set(coverage.RUNS)
    assert all(((score > 0) & (score < 1)).all() for score in scores.values())


def test_a_row_out_of_bounds_is_said_only_where_intervals_are_shown():
    row = coverage.Row("value", "AP", "1 to 9", 100, 0.5, False)
    assert row.is_reached
    assert not row._replace(is_shown=True).is_reached
    assert row._replace(is_shown=True, share=0.95).as_dict()["is_reached"]


def test_what_is_true_is_the_mean_over_worlds():
    found = np.array([[[1.0, 0.0, 1.9]], [[3.0, 2.5, 3.0]], [[np.nan, np.nan, np.nan]]])
    held = coverage._holds(found)
    assert held[:2, 0].tolist() == [0.0, 0.0]  # the truth is 2
    assert np.isnan(held[2, 0])
