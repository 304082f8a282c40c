"""Corrections, equivalence and detectable differences, against statsmodels."""

import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower

from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.verdicts import detectable_difference, holm, is_equivalent, verdict


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(20))
def test_holm_is_that_of_statsmodels(seed):
    random = np.random.default_rng(seed)
    p_values = random.random(random.integers(1, 25)) ** random.integers(1, 4)
    if seed % 3 == 0:
        p_values = np.round(p_values, 1)  # ties, zeros and ones
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_of_nothing_is_nothing():
    assert holm([]).size == 0


@pytest.mark.parametrize("n_tests", [1, 2, 20])
def test_a_detectable_difference_has_a_power_of_80_percent(n_tests):
    found = detectable_difference(0.02, n_tests)
    # As many films as make the standard error of a difference of two means of variance 1 one.
    power = NormalIndPower().power(found / 0.02, nobs1=2, alpha=0.05 / n_tests, ratio=1)
    assert power == pytest.approx(0.8, abs=1e-3)
    assert detectable_difference(0.02, 1) == pytest.approx((norm.ppf(0.975) + norm.ppf(0.8)) * 0.02)


def test_a_verdict_needs_a_p_value_below_5_percent():
    assert verdict(0.1, 0.0499) == "ahead"
    assert verdict(-0.1, 0.0499) == "behind"
    assert verdict(-0.1, 0.0499, higher_is_better=False) == "ahead"
    assert verdict(0.1, 0.05) == "no_difference"


def test_equivalence_needs_every_interval_inside_its_margin():
    inside, outside = Interval(-0.009, 0.009), Interval(-0.001, 0.01)
    assert is_equivalent([inside, inside], [0.01, 0.01])
    assert not is_equivalent([inside, outside], [0.01, 0.01])
    assert is_equivalent([inside, outside], [0.01, 0.02])
