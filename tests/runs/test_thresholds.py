"""Thresholds, calibration and folds: what is fitted on validation films."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import f1_score

from genre_core.evaluation.calibration import (
    Calibration,
    expected_calibration_error,
    fit_calibration,
)
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.fitting import best_common_threshold, best_genre_thresholds
from genre_core.evaluation.folds import folds
from genre_core.evaluation.formulas import bce
from genre_core.runs import thresholds

RANDOM = np.random.default_rng(0)
ODDS = RANDOM.normal(-1, 2, (400, 3))
Y_TRUE = (RANDOM.random(ODDS.shape) < expit(ODDS)).astype(np.uint8)
Y_TRUE[:, 2] = 0
Y_TRUE[:5, 2] = 1  # too few for a threshold of its own
SCORES = expit(ODDS).astype(np.float32)
MACRO = np.array([True, True, False])


def test_every_film_is_held_out_once():
    parts = list(folds(23))
    assert sorted(np.concatenate([held_out for _, held_out in parts])) == list(range(23))
    for others, held_out in parts:
        assert not set(others) & set(held_out)
        assert len(others) + len(held_out) == 23
    assert len(list(folds(3))) == 3


@pytest.mark.thorough
def test_a_genres_threshold_has_the_highest_f1_there_is():
    limits = best_genre_thresholds(Y_TRUE, SCORES)
    for genre in (0, 1):
        y_true, score = Y_TRUE[:, genre], SCORES[:, genre]
        best = max(f1_score(y_true, score >= limit) for limit in score)
        assert f1_score(y_true, decide(SCORES, limits)[:, genre]) == pytest.approx(best)


def test_a_genre_with_few_films_takes_the_common_threshold():
    assert best_genre_thresholds(Y_TRUE, SCORES)[2] == best_common_threshold(Y_TRUE, SCORES)


def test_calibration_finds_temperature_and_bias_again():
    odds, y_true = ODDS[:, :2], Y_TRUE[:, :2]
    blurred = expit(3 * odds + 1)  # too sure of itself, and shifted
    found = fit_calibration(y_true, blurred)
    assert found.temperature == pytest.approx(3, rel=0.25)
    assert bce(y_true, found.apply(blurred)) < bce(y_true, blurred)
    assert expected_calibration_error(y_true, found.apply(blurred)) < 0.05


def test_a_temperature_of_1_changes_nothing():
    np.testing.assert_allclose(Calibration(1.0, 0.0).apply(SCORES), SCORES, atol=1e-5)


def test_scores_that_are_shares_have_no_calibration_error():
    y_true = np.array([[1], [0], [0], [0]], dtype=np.uint8)
    assert expected_calibration_error(y_true, np.full((4, 1), 0.25)) == pytest.approx(0)


def test_what_is_fitted_is_plain_and_names_the_genres_with_few_films():
    fitted = thresholds.fit(Y_TRUE, SCORES, ("A", "B", "C"), MACRO)
    assert fitted["common_for"] == ["C"]
    assert thresholds.thresholds_of(fitted, "tuned", ("A", "B", "C")) == best_common_threshold(
        Y_TRUE, SCORES
    )
    limits = thresholds.thresholds_of(fitted, "tuned_per_genre", ("A", "B", "C"))
    np.testing.assert_array_equal(limits, best_genre_thresholds(Y_TRUE, SCORES))
    calibrated = thresholds.calibration_of(fitted).apply(SCORES)
    assert bce(Y_TRUE, calibrated) < bce(Y_TRUE, SCORES)


def test_cross_fitted_figures_are_below_those_of_the_films_that_were_fitted():
    """Scores by chance: thresholds fitted on the very films find something, others do not."""
    random = np.random.default_rng(3)
    y_true = (random.random((100, 4)) < 0.3).astype(np.uint8)
    scores = random.random(y_true.shape).astype(np.float32)
    fitted = f1_score(
        y_true, decide(scores, best_genre_thresholds(y_true, scores)), average="macro"
    )
    crossed = thresholds.cross_decided(y_true, scores, best_genre_thresholds)
    assert f1_score(y_true, crossed, average="macro") < fitted


def test_macro_f1_of_a_single_genre_is_that_genres_f1():
    macro = np.array([True, False, False])
    found = thresholds.fit(Y_TRUE, SCORES, ("A", "B", "C"), macro)["cross_fitted"]
    y_pred = thresholds.cross_decided(Y_TRUE, SCORES, best_genre_thresholds)
    assert found["tuned_per_genre"]["f1_macro"] == pytest.approx(
        f1_score(Y_TRUE[:, 0], y_pred[:, 0])
    )
