"""Runs held against the base rates by BCE."""

import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from genre_core.evaluation.base_rates import (
    against_base_rates,
    base_rate_loss,
    base_rate_loss_of_samples,
)
from genre_core.evaluation.formulas import bce_to_prior, film_bce


def test_a_run_that_is_the_base_rates_has_no_verdict(make_films):
    films = make_films(0, 200)
    rates = np.tile(films.prior, (200, 1)).astype(np.float32)
    found = against_base_rates(films.y_true, {"prior": rates}, films.prior, n_draws=200, seed=0)
    assert (found["prior"].verdict, found["prior"].withheld) == ("withheld", "few_different")


def test_better_and_worse_runs(make_films):
    films = make_films(0, 300)
    scores = {"good": films.y_score.clip(0.05, 0.95), "bad": 1 - films.y_score.clip(0.05, 0.95)}
    found = against_base_rates(films.y_true, scores, films.prior, n_draws=1000, seed=0)
    assert found["good"].verdict == "ahead"
    assert found["bad"].verdict == "behind"
    for run, test in found.items():
        expected = bce_to_prior(films.y_true, scores[run], prior=films.prior) - 1
        assert test.value == pytest.approx(expected, abs=1e-6)
        assert test.interval.low <= test.value <= test.interval.high
        assert test.p_corrected >= test.p_value


def test_a_run_as_good_as_the_base_rates_is_no_difference(make_films):
    films = make_films(0, 300)
    noise = np.random.default_rng(0).normal(0, 0.01, films.y_true.shape)
    near = np.clip(films.prior + noise, 0.001, 0.999)
    found = against_base_rates(films.y_true, {"near": near}, films.prior, n_draws=400, seed=0)
    assert found["near"].verdict == "no_difference"


def test_the_interval_of_the_base_rates_is_that_of_a_mean():
    random = np.random.default_rng(0)
    prior = np.array([0.1, 0.4, 0.7])
    y_true = (random.random((300, 3)) < prior).astype(np.uint8)
    found = base_rate_loss_of_samples(y_true, prior)
    assert found.value == base_rate_loss(y_true, prior)
    expected = DescrStatsW(film_bce(y_true, prior)).zconfint_mean()
    assert found.interval == pytest.approx(expected)
