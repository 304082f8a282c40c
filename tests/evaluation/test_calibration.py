"""The band covers calibrated models, and the slope is that of a logistic regression."""

import numpy as np
import pytest
from scipy.special import expit
from statsmodels.api import Logit, add_constant

from genre_core.errors import DataError
from genre_core.evaluation import calibration
from genre_core.evaluation.calibration import (
    calibration_band,
    calibration_slope,
    expected_calibration_error,
    log_odds,
)


def drawn(seed, n_films=400, sharpness=1.0):
    """Labels of one genre and scores whose log-odds are `sharpness` times the true ones."""
    random = np.random.default_rng(seed)
    odds = random.normal(-1.5, 1, n_films)
    is_true = (random.random(n_films) < expit(odds)).astype(np.uint8)
    return is_true, expit(sharpness * odds).astype(np.float32)


def test_the_band_covers_calibrated_scores():
    covered = []
    for seed in range(200):
        is_true, score = drawn(seed, n_films=100)
        low, high = calibration_band(score, n_draws=200, seed=seed)
        covered.append(low <= expected_calibration_error(is_true, score) <= high)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.05)


def test_scores_that_are_too_extreme_are_above_the_band():
    is_true, score = drawn(0, sharpness=3.0)
    assert expected_calibration_error(is_true, score) > calibration_band(score).high


def test_the_band_is_of_the_same_bins_as_the_error():
    _, score = drawn(0, n_films=50)
    random = np.random.default_rng(5)
    draws = random.random((200, 50)) < np.sort(score.astype(np.float64))
    errors = np.sort([expected_calibration_error(labels, np.sort(score)) for labels in draws])
    found = calibration_band(score, n_draws=200, seed=5)
    assert found == pytest.approx((errors[4], errors[-5]))


def test_chunks_do_not_change_the_band(monkeypatch):
    _, score = drawn(1)
    whole = calibration_band(score)
    monkeypatch.setattr(calibration, "CHUNK_CELLS", 7 * score.size)
    assert calibration_band(score) == whole


@pytest.mark.parametrize(("score", "n_draws"), [(np.zeros(0), 1000), (np.ones(3), 39)])
def test_a_band_of_nothing_is_refused(score, n_draws):
    with pytest.raises(DataError, match=r"Expected at least 40 draws and one score"):
        calibration_band(score, n_draws=n_draws)


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("n_films", [40, 400])
def test_the_slope_is_that_of_statsmodels(n_films, sharpness):
    is_true, score = drawn(2, n_films, sharpness)
    fit = Logit(is_true.astype(float), add_constant(log_odds(score))).fit(disp=False)
    found = calibration_slope(is_true, score)
    assert found.slope == pytest.approx(fit.params[1], rel=1e-5)
    assert (found.low, found.high) == pytest.approx(tuple(fit.conf_int()[1]), rel=1e-4)


def test_the_slope_says_whether_scores_are_too_extreme():
    assert calibration_slope(*drawn(3, 4000, sharpness=2.0)).high < 1
    assert calibration_slope(*drawn(3, 4000, sharpness=0.5)).low > 1
    calibrated = calibration_slope(*drawn(3, 4000))
    assert calibrated.low < 1 < calibrated.high


@pytest.mark.parametrize(
    ("is_true", "score"),
    [
        ([0, 0, 0, 0], [0.1, 0.2, 0.3, 0.4]),
        ([1, 1, 1, 1], [0.1, 0.2, 0.3, 0.4]),
        ([0, 1, 0, 1], [0.3, 0.3, 0.3, 0.3]),
        ([0, 1, 0, 1], [0.3, 0.3, 0.3, np.nextafter(np.float32(0.3), 1)]),
        ([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]),  # separated
        ([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4]),
        ([0, 0, 1, 1], [0.1, 0.2, 0.2, 0.4]),  # but for one tie
        ([0, 1], [0.0, 1.0]),
        ([1], [0.5]),
    ],
)
def test_a_slope_that_is_undefined_is_nan(is_true, score):
    found = calibration_slope(np.array(is_true, dtype=np.uint8), np.array(score, dtype=np.float32))
    assert np.isnan(found).all()


def test_extreme_scores_have_a_slope():
    is_true = np.array([0, 0, 1, 0, 1, 1], dtype=np.uint8)
    score = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0], dtype=np.float32)
    found = calibration_slope(is_true, score)
    assert found.slope == pytest.approx(np.log(2) / log_odds(np.array([1.0]))[0])
    assert np.isfinite(found).all()
