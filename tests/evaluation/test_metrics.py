from __future__ import annotations

import json
import re
import warnings

import numpy as np
import pytest
from sklearn import metrics as reference

from genre_core.errors import DataError
from genre_core.evaluation.figures import evaluate, evaluate_genres
from genre_core.evaluation.formulas import bce, chance_average_precision, film_lrap
from genre_core.evaluation.metrics import METRICS

NAMES = [
    *("bce", "bce_to_prior", "map", "lrap"),
    *("precision_micro", "precision_macro", "precision_weighted", "precision_samples"),
    *("recall_micro", "recall_macro", "recall_weighted", "recall_samples"),
    *("f1_micro", "f1_macro", "f1_weighted", "f1_samples"),
    *("hamming_loss", "subset_accuracy", "top1_hit", "top3_hit"),
]


def expected(y_true, y_score, macro, prior, threshold):
    """All metrics another way: scikit-learn column by column, and plain loops."""
    y_pred = (y_score >= np.asarray(threshold, dtype=y_score.dtype)).astype(np.uint8)
    columns = [g for g in np.flatnonzero(macro) if y_true[:, g].any()]
    values = {
        "bce": log_loss(y_true, y_score),
        "bce_to_prior": log_loss(y_true, y_score)
        / log_loss(y_true, np.broadcast_to(prior, y_true.shape)),
        "map": np.mean(
            [reference.average_precision_score(y_true[:, g], y_score[:, g]) for g in columns]
        ),
        "lrap": reference.label_ranking_average_precision_score(y_true, y_score),
        "hamming_loss": reference.hamming_loss(y_true, y_pred),
        "subset_accuracy": 1 - reference.zero_one_loss(y_true, y_pred),
        "top1_hit": top_hit(y_true, y_score, 1),
        "top3_hit": top_hit(y_true, y_score, 3),
    }
    for name in ("precision", "recall", "f1"):
        function = getattr(reference, f"{name}_score")
        for average in ("micro", "weighted", "samples"):
            values[f"{name}_{average}"] = function(y_true, y_pred, average=average, zero_division=0)
        values[f"{name}_macro"] = np.mean(
            [function(y_true[:, g], y_pred[:, g], zero_division=0) for g in columns]
        )
    return values


def log_loss(y_true, y_score):
    clipped = np.clip(y_score.astype(float), 1e-7, 1 - 1e-7)
    return np.mean(
        [
            reference.log_loss(y_true[:, g], clipped[:, g], labels=[0, 1])
            for g in range(y_true.shape[1])
        ]
    )


def top_hit(y_true, y_score, k):
    hits = [
        any(true[g] for g in sorted(range(len(score)), key=lambda g: (-score[g], g))[:k])
        for true, score in zip(y_true, y_score.tolist(), strict=True)
    ]
    return np.mean(hits)


AWKWARD = {
    "perfect": ([[1, 0, 0], [0, 1, 1]], [[0.9, 0.1, 0.2], [0.3, 0.8, 0.6]]),
    "extreme scores, all wrong": ([[1, 0, 0], [0, 1, 1]], [[0, 1, 1], [1, 0, 0]]),
    "no predictions": ([[1, 0, 0], [0, 1, 1]], [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1]]),
    "everything predicted": ([[1, 0, 0], [0, 1, 1]], [[0.6, 0.7, 0.8], [0.9, 0.8, 0.7]]),
    "all positive": ([[1, 1, 1], [1, 1, 1]], [[0.6, 0.1, 0.3], [0.9, 0.2, 0.7]]),
    "one film": ([[1, 0, 1]], [[0.6, 0.7, 0.3]]),
    "one film, one positive": ([[0, 0, 1]], [[0.6, 0.7, 0.7]]),
    "film without a genre": ([[0, 0, 0], [1, 1, 0]], [[0.6, 0.7, 0.3], [0.2, 0.9, 0.5]]),
    "constant": ([[1, 0, 0], [0, 1, 1], [1, 0, 0]], [[0.5] * 3] * 3),
    "ties": ([[1, 0, 0], [0, 1, 1], [1, 0, 0]], [[0.5, 0.5, 0.2], [0.2, 0.2, 0.5], [0.5] * 3]),
    "two genres": ([[1, 0], [0, 0], [1, 1]], [[0.5, 0.6], [0.6, 0.7], [0.4, 0.7]]),
}


@pytest.mark.parametrize("threshold", [0.5, 0.0, 1.0, "by genre"])
@pytest.mark.parametrize("case", AWKWARD)
def test_metrics_equal_scikit_learn_in_awkward_cases(case, threshold):
    y_true, y_score = np.array(AWKWARD[case][0]), np.array(AWKWARD[case][1], dtype=np.float32)
    n_genres = y_true.shape[1]
    threshold = np.linspace(0.3, 0.7, n_genres) if threshold == "by genre" else threshold
    facts = {"macro": np.ones(n_genres, dtype=bool), "prior": np.linspace(0.2, 0.6, n_genres)}
    with warnings.catch_warnings(action="error"):
        values = evaluate(y_true, y_score, threshold=threshold, **facts)
    assert values == pytest.approx(expected(y_true, y_score, threshold=threshold, **facts))


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
@pytest.mark.parametrize("seed", range(5))
def test_metrics_equal_scikit_learn_on_random_films(make_films, kind, seed):
    films = make_films(seed, kind=kind)
    values = evaluate(films.y_true, films.y_score, threshold=0.4, **films.facts)
    assert values == pytest.approx(expected(*films, threshold=0.4))


@pytest.mark.parametrize(
    "metric", [m for m in METRICS if "macro" not in m.context], ids=lambda metric: metric.name
)
def test_metrics_without_a_macro_average_take_films_without_positives(metric):
    y_true, y_score = np.zeros((2, 3), dtype=np.uint8), np.full((2, 3), 0.2)
    context = {"prior": np.full(3, 0.2)} if metric.context else {}
    with warnings.catch_warnings(action="error"):
        value = metric.function(y_true, y_score if metric.needs == "score" else y_true, **context)
    ones = ("bce_to_prior", "lrap", "subset_accuracy")
    assert value == pytest.approx(
        -np.log(0.8) if metric.name == "bce" else float(metric.name in ones)
    )


def test_the_table_names_every_metric_once_in_order():
    assert [metric.name for metric in METRICS] == NAMES
    assert {m.name for m in METRICS if not m.higher_is_better} == {
        "bce",
        "bce_to_prior",
        "hamming_loss",
    }
    assert all(metric.sentence.endswith(".") and metric.label for metric in METRICS)


def test_evaluate_returns_plain_numbers_in_the_order_of_the_table(make_films):
    films = make_films(0)
    values = evaluate(films.y_true, films.y_score, **films.facts)
    assert list(values) == NAMES
    assert all(type(value) is float for value in values.values())


def test_macro_averages_leave_out_other_genres_and_those_without_a_film():
    y_true = np.array([[1, 0, 1, 0], [1, 0, 0, 1]])
    y_score = np.array([[0.9, 0.9, 0.9, 0.1], [0.9, 0.9, 0.1, 0.1]])
    prior = np.full(4, 0.5)
    values = evaluate(y_true, y_score, macro=np.array([True, True, True, False]), prior=prior)
    assert values["map"] == values["f1_macro"] == values["recall_macro"] == 1.0
    values = evaluate(y_true, y_score, macro=np.ones(4, dtype=bool), prior=prior)
    assert values["recall_macro"] == pytest.approx(2 / 3)


def test_macro_averages_of_a_single_genre_are_those_of_the_genre():
    y_true, y_score = np.array([[1, 0], [0, 1], [1, 1]]), np.array([[0.9, 0], [0.9, 0], [0, 0.1]])
    values = evaluate(y_true, y_score, macro=np.array([True, False]), prior=np.full(2, 0.5))
    assert values["precision_macro"] == values["recall_macro"] == values["f1_macro"] == 0.5


def test_the_prior_itself_has_a_bce_ratio_of_one(make_films):
    films = make_films(3)
    y_score = np.tile(films.prior, (len(films.y_true), 1))
    assert evaluate(films.y_true, y_score, **films.facts)["bce_to_prior"] == pytest.approx(1)


def test_bce_clips_as_keras_does():
    assert bce(np.array([[1, 1]]), np.array([[0.0, 1.0]])) == pytest.approx(-np.log(1e-7) / 2)
    assert bce(np.array([[0, 0]]), np.array([[1.0, 1.0]])) == pytest.approx(-np.log(1e-7))


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
def test_lrap_of_each_film_is_that_of_scikit_learn(make_films, kind):
    films = make_films(1, kind=kind)
    films.y_true[:2] = [[0] * 5, [1] * 5]
    one_by_one = [
        reference.label_ranking_average_precision_score(films.y_true[[i]], films.y_score[[i]])
        for i in range(len(films.y_true))
    ]
    assert film_lrap(films.y_true, films.y_score) == pytest.approx(one_by_one)
    assert one_by_one[0] == one_by_one[1] == 1.0


Y_TRUE = np.array([[1, 0, 0], [0, 1, 1]])
Y_SCORE = np.array([[0.9, 0.2, 0.1], [0.4, 0.6, 0.7]], dtype=np.float32)
FACTS = {"macro": np.ones(3, dtype=bool), "prior": np.full(3, 0.4)}


def broken(array, value):
    array = np.array(array, dtype=float)
    array[1, 2] = value
    return array


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y_true": np.zeros((0, 3))}, "y_true has the shape (0, 3). Expected (n_films, n_genres)"),
        ({"y_true": Y_TRUE[:, :1]}, "y_true has the shape (2, 1)"),
        ({"y_true": [1, 0, 1]}, "y_true has the shape (3,)"),
        ({"y_true": broken(Y_TRUE, 2)}, "y_true contains 2.0 at index (1, 2) (1 such values)"),
        ({"y_true": broken(Y_TRUE, np.nan)}, "y_true contains nan at index (1, 2)"),
        ({"y_score": Y_SCORE[:1]}, "y_score has the shape (1, 3), y_true (2, 3)"),
        ({"y_score": broken(Y_SCORE, np.nan)}, "y_score contains nan at index (1, 2)"),
        ({"y_score": broken(Y_SCORE, 1.5)}, "y_score contains 1.5 at index (1, 2)"),
        ({"y_score": broken(Y_SCORE, -0.1)}, "y_score contains -0.1 at index (1, 2)"),
        ({"y_score": Y_SCORE.astype(str)}, "y_score is of type <U32"),
        ({"macro": np.ones(2, dtype=bool)}, "macro is bool (2,). Expected bool (3,)"),
        ({"macro": np.ones(3)}, "macro is float64 (3,). Expected bool (3,)"),
        ({"macro": np.zeros(3, dtype=bool)}, "No genre of the macro average has a positive film"),
        ({"y_true": np.zeros((2, 3))}, "No genre of the macro average has a positive film"),
        ({"prior": np.full(2, 0.4)}, "prior has the shape (2,). Expected (3,)"),
        ({"prior": np.array([0.1, 0.2, 30])}, "prior contains 30.0 at index (2,)"),
        ({"threshold": np.full(2, 0.4)}, "threshold has the shape (2,)"),
    ],
)
def test_input_that_does_not_fit_is_refused(change, message):
    with pytest.raises(DataError, match=re.escape(message)):
        evaluate(**{"y_true": Y_TRUE, "y_score": Y_SCORE, **FACTS, **change})


def test_whole_numbers_are_scores_too():
    assert evaluate(Y_TRUE, Y_TRUE, **FACTS)["map"] == 1.0
    assert evaluate(Y_TRUE.astype(bool), Y_TRUE.astype(bool), **FACTS)["map"] == 1.0


def genre_rows(y_true, y_score, macro, **options):
    genres = [f"Genre {g}" for g in range(np.shape(y_true)[1])]
    return evaluate_genres(y_true, y_score, genres=genres, macro=macro, **options)


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
def test_genre_rows_equal_scikit_learn(make_films, kind):
    films = make_films(4, kind=kind)
    y_pred = films.y_score >= np.float32(0.4)
    for g, row in enumerate(genre_rows(films.y_true, films.y_score, films.macro, threshold=0.4)):
        pair = films.y_true[:, g], y_pred[:, g]
        assert row["genre"] == f"Genre {g}"
        assert row["support"] == films.y_true[:, g].sum()
        assert row["prevalence"] == pytest.approx(films.y_true[:, g].mean())
        assert row["ap"] == pytest.approx(
            reference.average_precision_score(films.y_true[:, g], films.y_score[:, g])
        )
        assert row["precision"] == reference.precision_score(*pair, zero_division=0)
        assert row["recall"] == reference.recall_score(*pair, zero_division=0)
        assert row["f1"] == reference.f1_score(*pair, zero_division=0)
        assert row["predicted_share"] == pytest.approx(pair[1].mean())
        assert row["in_macro"] is bool(films.macro[g])


def test_genre_rows_average_to_the_macro_metrics(make_films):
    films = make_films(5)
    rows = [
        row
        for row in genre_rows(films.y_true, films.y_score, films.macro)
        if row["in_macro"] and row["ap"] is not None
    ]
    values = evaluate(films.y_true, films.y_score, **films.facts)
    for key, name in (("ap", "map"), ("f1", "f1_macro"), ("precision", "precision_macro")):
        assert np.mean([row[key] for row in rows]) == pytest.approx(values[name])


def test_every_film_ranks_one_genre_first_and_three_on_top(make_films):
    films = make_films(6, kind="ties")
    rows = genre_rows(films.y_true, films.y_score, films.macro)
    assert sum(row["ranked_first_share"] for row in rows) == pytest.approx(1)
    assert sum(row["top3_share"] for row in rows) == pytest.approx(3)


def test_genre_rows_are_ready_for_json_without_any_positive():
    rows = genre_rows(np.zeros((1, 3)), np.full((1, 3), 0.2), np.ones(3, dtype=bool))
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert [row["ap"] for row in rows] == [None] * 3
    assert [row["recall"] for row in rows] == [0.0] * 3
    assert [row["ranked_first_share"] for row in rows] == [1.0, 0.0, 0.0]


def test_genre_rows_want_a_name_for_each_column():
    with pytest.raises(DataError, match="There are 2 genre names for 3 columns"):
        evaluate_genres(Y_TRUE, Y_SCORE, genres=("Drama", "War"), macro=FACTS["macro"])


@pytest.mark.parametrize(("n_films", "support"), [(1, 1), (5, 2), (30, 3), (60, 60)])
def test_the_average_precision_of_chance_is_that_of_random_rankings(n_films, support):
    random = np.random.default_rng(0)
    ranks = random.permuted(np.tile(np.arange(1, n_films + 1), (3000, 1)), axis=1)
    of_positives = np.sort(ranks[:, :support], axis=1)
    values = (np.arange(1, support + 1) / of_positives).mean(axis=1)
    is_true = np.arange(n_films) < support
    assert values[0] == pytest.approx(reference.average_precision_score(is_true, -ranks[0]))
    assert chance_average_precision(n_films, support) == pytest.approx(np.mean(values), rel=0.03)
