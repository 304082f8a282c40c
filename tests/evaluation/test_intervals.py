"""Intervals, p-values and films needed from resampled values."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

from genre_core.evaluation.intervals import Difference, Interval, centred, compare, holm


@pytest.mark.parametrize("seed", range(20))
def test_holm_is_that_of_statsmodels(seed):
    random = np.random.default_rng(seed)
    p_values = random.random(random.integers(1, 25)) ** random.integers(1, 4)
    if seed % 3 == 0:
        p_values = np.round(p_values, 1)  # ties, zeros and ones
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_of_nothing_is_nothing():
    assert holm([]).size == 0


@pytest.mark.parametrize("effect", [0.05, 0.1, 0.3])
def test_films_needed_are_those_of_a_power_analysis(effect):
    n_films, deviation = 853, 1.0
    told = Difference(effect, Interval(0, 0), 0.5, deviation / np.sqrt(n_films))
    wanted = TTestPower().solve_power(effect_size=effect / deviation, alpha=0.05, power=0.8)
    assert told.n_films_needed(n_films) == pytest.approx(wanted, rel=0.03)


def test_no_number_of_films_tells_a_difference_of_zero():
    assert Difference(0.0, Interval(0, 0), 1.0, 0.0).n_films_needed(100) is None


def test_centred_values_have_the_value_as_mean_and_keep_their_spread():
    values = np.random.default_rng(0).normal(0.5, 0.1, 1000)
    moved = centred(values, 0.4)
    assert moved.mean() == pytest.approx(0.4)
    assert moved.std() == pytest.approx(values.std())


def test_the_interval_of_a_mean_is_about_that_of_scipy():
    random = np.random.default_rng(1)
    sample = random.exponential(size=200)
    drawn = sample[random.integers(200, size=(5000, 200))].mean(axis=1)
    found = compare({"a": sample.mean()}, {"a": drawn}).intervals["a"]
    expected = stats.bootstrap(
        (sample,), np.mean, n_resamples=5000, method="percentile", rng=2
    ).confidence_interval
    assert found == pytest.approx((expected.low, expected.high), rel=0.03)


def test_an_interval_does_not_leave_what_the_metric_can_be():
    drawn = np.append(np.full(50, 0.2), np.full(50, 1.0))
    assert compare({"a": 0.95}, {"a": drawn}, highest=1.0).intervals["a"].high == 1.0
    assert compare({"a": 0.05}, {"a": drawn}).intervals["a"].low == 0.0
