from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn.metrics import f1_score

from genre_core.errors import DataError
from genre_core.evaluation.decisions import decide, defined_macro, macro_genres, top_k
from genre_core.evaluation.fitting import best_common_threshold


def test_a_score_equal_to_the_threshold_is_a_decision_for_the_genre():
    y_pred = decide(np.array([[0.5, 0.49]], dtype=np.float32), 0.5)
    assert y_pred.dtype == np.uint8
    assert y_pred.tolist() == [[1, 0]]


def test_each_genre_can_have_its_own_threshold():
    y_score = np.array([[0.5, 0.5], [0.1, 0.9]], dtype=np.float32)
    assert decide(y_score, np.array([0.2, 0.6])).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize("number", [0.1, 0.3, 0.7, 0.9])
def test_float32_scores_reach_the_threshold_they_were_rounded_from(number):
    y_score = np.full((2, 3), number, dtype=np.float32)
    for threshold in (number, np.full(3, number), np.float64(number)):
        assert decide(y_score, threshold).all()


@pytest.mark.parametrize(
    ("threshold", "message"),
    [
        (50, "threshold contains 50.0 at index () (1 such values). Expected values in [0, 1]"),
        (float("nan"), "threshold contains nan"),
        (np.array([0.5, 0.5]), "threshold has the shape (2,). Expected one number, or (3,)"),
        ("high", "threshold is of type <U4"),
    ],
)
def test_a_threshold_that_does_not_fit_is_refused(threshold, message):
    with pytest.raises(DataError, match=re.escape(message)):
        decide(np.zeros((3, 3), dtype=np.float32), threshold)


def test_equal_scores_are_ranked_in_column_order():
    y_score = np.array([[0.5, 0.5, 0.5, 0.5], [0.1, 0.9, 0.1, 0.9]], dtype=np.float32)
    assert top_k(y_score, 3).tolist() == [[0, 1, 2], [1, 3, 0]]


def test_top_k_of_fewer_genres_returns_them_all():
    assert top_k(np.array([[0.1, 0.9]]), 3).tolist() == [[1, 0]]


def test_macro_genres_have_ten_training_films_and_are_genres():
    mask = macro_genres(("Drama", "War", "News", "N/A"), np.array([500, 10, 9, 100]))
    assert mask.tolist() == [True, True, False, False]
    assert macro_genres(("Drama", "News"), [500, 9], minimum=9).all()


def test_macro_genres_wants_a_support_for_each_genre():
    with pytest.raises(DataError, match=r"train_support has the shape \(1,\). Expected \(2,\)"):
        macro_genres(("Drama", "War"), [3])


def test_macro_genres_without_a_film_are_not_defined():
    y_true = np.array([[1, 0, 1], [0, 0, 1]], dtype=np.uint8)
    assert defined_macro(y_true, np.array([True, True, False])).tolist() == [True, False, False]


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
@pytest.mark.parametrize("seed", range(10))
def test_no_threshold_beats_the_best_common_one(make_films, kind, seed):
    films = make_films(seed, n_films=25, kind=kind)
    best = best_common_threshold(films.y_true, films.y_score)
    candidates = np.unique(films.y_score)
    values = [
        f1_score(films.y_true, films.y_score >= t, average="micro", zero_division=0)
        for t in candidates
    ]
    assert best == pytest.approx(float(candidates[np.flatnonzero(values == np.max(values))[0]]))
    decided = decide(films.y_score, best)
    assert f1_score(films.y_true, decided, average="micro") == np.max(values)


def test_of_equally_good_thresholds_the_lowest_is_returned():
    # From the top: F1 is 2/3, 1/2, 2/5, then 2/3 again.
    assert best_common_threshold([[1, 0], [0, 1]], [[0.9, 0.8], [0.7, 0.6]]) == 0.6


def test_without_a_true_genre_there_is_no_best_threshold():
    with pytest.raises(DataError, match="None of the 2 films has a genre"):
        best_common_threshold(np.zeros((2, 3)), np.full((2, 3), 0.5))
