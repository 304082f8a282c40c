"""Intervals and p-values of differences agree, and stay inside what there can be."""

import numpy as np
import pytest
from scipy import stats

from genre_core.evaluation.intervals import (
    Interval,
    beyond_zero,
    centred,
    clipped,
    difference,
    percentile_interval,
)


@pytest.mark.parametrize("n_resamples", [40, 41, 79, 80, 99, 199, 200, 399, 1000, 1001])
def test_p_is_below_5_percent_exactly_when_the_interval_excludes_0(n_resamples):
    random = np.random.default_rng(n_resamples)
    n_excluding = 0
    for _ in range(400):
        value = random.normal(0, 2)
        values = random.normal(value, 1, n_resamples)
        if random.random() < 0.5:
            values = np.round(values * random.integers(1, 4))
        swap = random.choice([0.001, 0.04, 0.05, 0.3])
        found = difference(value, values, swap=swap, highest=random.choice([1.0, np.inf]))
        assert (found.p_values.largest < 0.05) == found.interval.excludes_zero
        n_excluding += found.interval.excludes_zero
    assert 0 < n_excluding < 400


@pytest.mark.parametrize("sign", [1, -1])
def test_p_and_interval_agree_at_the_last_resample_that_matters(sign):
    for n_resamples in range(40, 500):
        for n_beyond in {n_resamples // 40 - 1, n_resamples // 40}:
            for beyond in (0.0, -1.0):
                values = sign * np.append(
                    np.full(n_beyond, beyond), np.ones(n_resamples - n_beyond)
                )
                significant = n_beyond < n_resamples // 40
                assert (beyond_zero(values, sign) < 0.05) == significant
                assert percentile_interval(values).excludes_zero == significant


def test_resamples_in_which_runs_are_equal_count_for_no_difference():
    """One film of 853 differs: 37% of the resamples lack it, and centring would move them all."""
    random = np.random.default_rng(0)
    drawn = random.poisson(1, 10_000) / 853
    found = difference(1 / 853, drawn, swap=0.0001, highest=1.0)
    assert found.p_values.uncentred == pytest.approx(2 * np.exp(-1), abs=0.03)
    assert not found.interval.excludes_zero


def test_no_difference_is_no_difference():
    found = difference(-0.0, np.zeros(100), swap=1.0, highest=1.0)
    assert (str(found.value), found.interval, found.p_values.largest) == ("0.0", (0, 0), 1)


def test_rounding_of_sums_is_no_difference():
    found = difference(1e-17, np.full(100, -1e-16), swap=1.0, highest=1.0)
    assert (found.value, found.interval, found.p_values.centred) == (0, (0, 0), 1)


def test_a_p_value_of_another_form_of_the_metric_is_a_floor():
    drawn = np.random.default_rng(0).normal(1, 0.1, 1000)
    assert difference(1.0, drawn, swap=0.001, highest=np.inf).interval.excludes_zero
    found = difference(1.0, drawn, swap=0.001, highest=np.inf, least_p=0.06)
    assert found.p_values.largest == 0.06
    assert not found.interval.excludes_zero


def test_centred_values_have_the_value_as_mean_and_keep_their_spread():
    values = np.random.default_rng(0).normal(0.5, 0.1, 1000)
    moved = centred(values, 0.4)
    assert moved.mean() == pytest.approx(0.4)
    assert moved.std() == pytest.approx(values.std())


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_interval_of_a_mean_is_about_that_of_scipy(level):
    random = np.random.default_rng(1)
    sample = random.exponential(size=200)
    drawn = sample[random.integers(200, size=(5000, 200))].mean(axis=1)
    found = percentile_interval(drawn, level=level)
    expected = stats.bootstrap(
        (sample,), np.mean, n_resamples=5000, method="percentile", confidence_level=level, rng=2
    ).confidence_interval
    assert found == pytest.approx((expected.low, expected.high), rel=0.03)


def test_an_interval_does_not_leave_what_there_can_be():
    drawn = np.append(np.full(50, 0.6), np.full(50, 1.4))
    assert difference(1.0, drawn, swap=0.01, highest=1.0).interval == pytest.approx((0.6, 1.0))
    assert clipped(Interval(-0.2, 0.3), 0.0, 1.0) == (0.0, 0.3)
