"""The sign-flip test against all signs, and against scipy."""

import itertools

import numpy as np
import pytest
from scipy import stats

from genre_core.errors import DataError
from genre_core.evaluation.permutation import sign_flip


@pytest.mark.parametrize("seed", range(4))
def test_p_is_the_share_of_all_signs_that_reach_the_mean(seed):
    values = np.random.default_rng(seed).normal(0.4, 1, 9)
    sums = np.array([signs @ values for signs in itertools.product((-1, 1), repeat=9)])
    exact = np.mean(np.abs(sums) >= abs(values.sum()) - 1e-12)
    found = sign_flip({"m": values}, n_flips=20_000)["m"]
    assert found == pytest.approx(exact, abs=0.015)


def test_p_is_that_of_scipy_on_awkward_values():
    random = np.random.default_rng(0)
    values = np.round(random.normal(0.1, 1, 60)) * (random.random(60) < 0.3)  # mostly zeros, ties
    expected = stats.permutation_test(
        (values, np.zeros(60)),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=20_000,
        rng=1,
    ).pvalue
    assert sign_flip({"m": values}, n_flips=20_000)["m"] == pytest.approx(expected, abs=0.02)


def test_two_identical_runs_have_p_1_and_a_clear_difference_the_smallest():
    clear = np.full(40, 0.5)
    found = sign_flip({"same": np.zeros(40), "clear": clear}, n_flips=999)
    assert found == {"same": 1.0, "clear": 1 / 1000}


def test_under_no_difference_p_is_evenly_spread():
    random = np.random.default_rng(3)
    table = {str(n): random.normal(0, 1, 30) for n in range(600)}
    p_values = np.array(list(sign_flip(table, n_flips=400).values()))
    assert stats.kstest(p_values, "uniform").pvalue > 0.001


def test_same_seed_same_p():
    values = {"m": np.arange(10) - 4.0}
    assert sign_flip(values, n_flips=100, seed=5) == sign_flip(values, n_flips=100, seed=5)


def test_without_a_film_it_is_refused():
    with pytest.raises(DataError, match="no film to compare"):
        sign_flip({"m": []})
