"""Fitted thresholds against trying every one."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from genre_core.errors import DataError
from genre_core.evaluation.fitting import Objective, best_common_threshold, best_genre_thresholds

MEASURES = {  # of hits, predicted and true cells
    "precision": lambda hits, predicted, true: hits / max(1, predicted),
    "recall": lambda hits, predicted, true: hits / max(1, true),
}


def films(seed, *, has_ties):
    random = np.random.default_rng(seed)
    y_true = (random.random((40, 3)) < 0.4).astype(np.uint8)
    y_score = np.clip(0.4 * y_true + random.normal(0.3, 0.2, y_true.shape), 0, 1)
    return y_true, np.round(y_score, 1) if has_ties else y_score


def value(measure, y_true, y_score, limit):
    is_predicted = y_score >= limit
    return measure((y_true * is_predicted).sum(), is_predicted.sum(), y_true.sum())


@pytest.mark.parametrize("has_ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("at_least", [0.3, 0.6, 0.8])
@pytest.mark.parametrize("name", MEASURES)
def test_what_is_asked_for_is_reached_and_the_other_as_high_as_can_be(
    name, at_least, seed, has_ties
):
    y_true, y_score = films(seed, has_ties=has_ties)
    limit = best_common_threshold(y_true, y_score, Objective(name, at_least))
    y_true, y_score = y_true.ravel(), y_score.ravel()
    tried = [t for t in np.unique(y_score) if value(MEASURES[name], y_true, y_score, t) >= at_least]
    if not tried:
        assert limit == 1
        return
    assert value(MEASURES[name], y_true, y_score, limit) >= at_least
    other = MEASURES["recall" if name == "precision" else "precision"]
    best = max(value(other, y_true, y_score, t) for t in tried)
    assert limit == min(t for t in tried if value(other, y_true, y_score, t) == best)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(5))
def test_each_genre_has_the_threshold_of_its_best_f1(seed):
    y_true, y_score = films(seed, has_ties=seed % 2 == 0)
    limits = best_genre_thresholds(y_true, y_score, minimum=1)
    for genre in range(3):
        tried = [f1_score(y_true[:, genre], y_score[:, genre] >= t) for t in np.unique(y_score)]
        reached = f1_score(y_true[:, genre], y_score[:, genre] >= limits[genre])
        assert reached == pytest.approx(max(tried))


def test_a_genre_with_few_films_takes_the_common_threshold():
    y_true, y_score = films(0, has_ties=False)
    y_true[:, 2] = 0
    y_true[:3, 2] = 1
    objective = Objective("recall", 0.9)
    limits = best_genre_thresholds(y_true, y_score, objective, minimum=4)
    assert limits[2] == best_common_threshold(y_true, y_score, objective) != limits[0]


@pytest.mark.parametrize("at_least", [0, -0.1, 1.01, float("nan")])
def test_what_no_threshold_can_do_is_refused(at_least):
    with pytest.raises(DataError, match="Expected a number above 0 and at most 1"):
        Objective("precision", at_least)
