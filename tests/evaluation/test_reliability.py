"""Reliability curves hold every film once, in bins that hold enough."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from statsmodels.stats.proportion import proportion_confint

from genre_core.evaluation.reliability import FEW, reliability


@pytest.mark.parametrize("seed", range(5))
def test_with_many_films_it_is_the_curve_of_scikit_learn(seed):
    random = np.random.default_rng(seed)
    score = random.random(3000)
    is_true = (random.random(3000) < score**2).astype(np.uint8)
    found = reliability(is_true, score)
    share, mean = calibration_curve(is_true, score, n_bins=10)
    assert found.share == pytest.approx(share)
    assert found.score == pytest.approx(mean)
    low, high = proportion_confint(found.share * found.n_films, found.n_films, method="wilson")
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)


@pytest.mark.parametrize(
    "score",
    [
        np.full(30, 0.5),
        np.zeros(30),
        np.ones(30),
        np.array([0.05] * 25 + [0.95] * 5),
        np.array([0.05] * 5 + [0.95] * 25),
        np.array([0.3]),
    ],
)
def test_every_film_is_in_one_bin_and_no_bin_is_nearly_empty(score):
    is_true = (np.arange(len(score)) % 3 == 0).astype(np.uint8)
    found = reliability(is_true, score)
    assert found.n_films.sum() == len(score)
    assert (found.n_films >= min(FEW, len(score))).all()
    assert (found.share * found.n_films).sum() == pytest.approx(is_true.sum())
    assert ((found.low <= found.share + 1e-9) & (found.share <= found.high + 1e-9)).all()
