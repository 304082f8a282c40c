"""Resampled metrics are those of films really drawn; bad input is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest

from genre_core.errors import DataError
from genre_core.evaluation.bootstrap import Scored, on_the_films, resample, tables_of
from genre_core.evaluation.draws import draw_counts
from genre_core.evaluation.figures import evaluate, evaluate_genres
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.evaluation.totals import film_table, weigh

THRESHOLD = np.array([0.5, 0.4, 0.3, 0.3, 0.2])


def table_of(films):
    return film_table(films.y_true, films.y_score, threshold=THRESHOLD, **films.facts)


def resampled_values(totals):
    return {metric.name: metric.resampled(totals).tolist() for metric in METRICS}


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
@pytest.mark.parametrize("seed", range(5))
def test_every_film_once_gives_the_metrics_themselves(make_films, kind, seed):
    films = make_films(seed, kind=kind)
    totals = weigh(table_of(films), np.ones((len(films.y_true), 1), dtype=np.float32))
    values = evaluate(films.y_true, films.y_score, threshold=THRESHOLD, **films.facts)
    assert resampled_values(totals) == {
        name: [pytest.approx(value, abs=1e-12)] for name, value in values.items()
    }


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
@pytest.mark.parametrize("seed", range(4))
def test_weights_give_the_metrics_of_films_really_drawn(make_films, kind, seed):
    films = make_films(seed, n_films=30, kind=kind)
    films.y_true[:, 3] = np.arange(30) == 0  # about a third of the resamples lack this genre
    n_missing = 0
    for film_counts in draw_counts(30, 8, seed):
        by_weight = resampled_values(weigh(table_of(films), film_counts))
        for column, counts in enumerate(film_counts.T):
            drawn = np.repeat(np.arange(30), counts.astype(int))
            values = evaluate(
                films.y_true[drawn], films.y_score[drawn], threshold=THRESHOLD, **films.facts
            )
            n_missing += not films.y_true[drawn, 3].any()
            assert {name: value[column] for name, value in by_weight.items()} == pytest.approx(
                values, abs=1e-12
            )
    assert n_missing > 0


def test_figures_on_the_films_are_those_of_the_table_of_metrics(make_films):
    films = make_films(0)
    tables = tables_of(
        films.y_true, {"a": Scored(films.y_score, THRESHOLD)}, n_draws=40, **films.facts
    )
    overall, by_genre = on_the_films(tables)
    expected = evaluate(films.y_true, films.y_score, threshold=THRESHOLD, **films.facts)
    assert overall["a"] == pytest.approx(list(expected.values()))
    rows = evaluate_genres(
        films.y_true, films.y_score, genres="ABCDE", macro=films.macro, threshold=THRESHOLD
    )
    for row, metric in enumerate(GENRE_METRICS):
        values = [one[metric.name] or 0.0 for one in rows[:4]]
        assert by_genre["a"][row] == pytest.approx(values)


def test_genres_have_the_figures_of_films_really_drawn(make_films):
    films = make_films(2, n_films=150)
    runs = {"a": Scored(films.y_score, 0.4)}
    tables = tables_of(films.y_true, runs, n_draws=40, **films.facts)
    found = resample(tables, n_resamples=12, seed=3)
    drawn = [
        np.repeat(np.arange(150), counts.astype(int))
        for part in draw_counts(150, 12, 3)
        for counts in part.T
    ]
    for place, films_drawn in enumerate(drawn):
        rows = evaluate_genres(
            films.y_true[films_drawn],
            films.y_score[films_drawn],
            genres="ABCDE",
            macro=films.macro,
            threshold=0.4,
        )
        for row, metric in enumerate(GENRE_METRICS):
            values = [one[metric.name] or 0.0 for one in rows[:4]]
            assert found.genres["a"][row, :, place] == pytest.approx(values)


def test_genres_that_a_resample_lacks_are_counted():
    y_true = np.zeros((20, 4), dtype=np.uint8)
    y_true[:, 0] = 1
    y_true[0, 1] = 1
    runs = {"a": Scored(np.full((20, 4), 0.5, dtype=np.float32))}
    macro = np.array([True, True, True, False])
    tables = tables_of(y_true, runs, macro=macro, prior=np.full(4, 0.5), n_draws=2000)
    missing = resample(tables, n_resamples=2000, seed=0).missing.sum(axis=1)
    assert missing[[0, 2, 3]].tolist() == [0, 0, 0]
    assert missing[1] / 2000 == pytest.approx(0.95**20, abs=0.04)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"runs": {}}, "There is no run to compare"),
        ({"n_draws": 39}, "n_draws is 39. Expected 40 or more"),
        ({"runs": {"cnn": Scored(np.full((3, 2), 0.5))}}, "y_score of 'cnn' has the shape (3, 2)"),
        ({"runs": {"cnn": Scored(np.full((2, 2), np.nan))}}, "y_score of 'cnn' contains nan"),
        ({"runs": {"cnn": Scored(np.full((2, 2), 0.5), 50)}}, "threshold contains 50"),
        ({"macro": np.array([False, False])}, "No genre of the macro average"),
        ({"prior": np.array([0.5])}, "prior has the shape (1,)"),
        ({"y_true": np.array([[1, 0], [0, 0]])}, "resamples of the 2 films have no film of any"),
    ],
)
def test_input_that_does_not_fit_is_refused(change, message):
    sound = {
        "y_true": np.array([[1, 0], [0, 1]]),
        "runs": {"cnn": Scored(np.full((2, 2), 0.5))},
        "macro": np.array([True, True]),
        "prior": np.array([0.5, 0.5]),
        "n_draws": 50,
    }
    given = {**sound, **change}
    with pytest.raises(DataError, match=re.escape(message)):
        resample(tables_of(**given), n_resamples=given["n_draws"], seed=0)
