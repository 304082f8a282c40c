"""Agreement of two runs, and the references of what the better one film by film would reach."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit

from genre_core.data.films import Films
from genre_core.evaluation.calibration import log_odds
from genre_core.evaluation.formulas import bce, film_bce
from genre_core.evaluation.oracle import (
    LARGEST_WEIGHT,
    agreement_counts,
    fitted_in_hindsight,
    oracle_gain,
    oracle_scores,
    share_of_oracle,
)
from genre_core.models.fusion import Fusion


@pytest.fixture
def runs(make_films):
    films = make_films(0, n_films=120)
    noise = np.random.default_rng(1).random(films.y_score.shape).astype(np.float32)
    return films.y_true, films.y_score, 0.5 * films.y_score + 0.5 * noise


def test_the_oracle_has_the_lower_loss_of_each_film(runs):
    y_true, first, second = runs
    chosen = oracle_scores(y_true, first, second)
    lower = np.minimum(film_bce(y_true, first), film_bce(y_true, second))
    assert film_bce(y_true, chosen) == pytest.approx(lower)


def test_of_its_own_gain_the_oracle_has_all_and_the_better_run_none(runs):
    y_true, first, second = runs
    pair = {"a": first, "b": second}
    whole = share_of_oracle(y_true, pair, oracle_scores(y_true, first, second), n_resamples=200)
    assert (whole.share, whole.interval) == (1.0, (1.0, 1.0))
    none = share_of_oracle(y_true, pair, pair[whole.better], n_resamples=200)
    assert (none.share, none.interval) == (0.0, (0.0, 0.0))
    assert whole.bce[0] == pytest.approx(min(bce(y_true, first), bce(y_true, second)))


def test_the_share_lies_in_its_interval_and_follows_from_the_losses(runs):
    y_true, first, second = runs
    found = share_of_oracle(y_true, {"a": first, "b": second}, (first + second) / 2)
    better, oracle, other = found.bce
    assert found.share == pytest.approx((better - other) / (better - oracle))
    assert found.interval.low < found.share < found.interval.high


def test_two_identical_runs_leave_nothing_to_gain(runs):
    y_true, first, _ = runs
    found = share_of_oracle(y_true, {"a": first, "b": first.copy()}, first, n_resamples=100)
    assert (found.share, found.interval) == (None, None)


def test_who_gets_which_films_against_a_plain_loop(runs):
    y_true, first, second = runs
    a, b = (first > 0.5).astype(np.uint8), (second > 0.4).astype(np.uint8)
    found = agreement_counts(y_true, a, b)
    assert found.sum(axis=1).tolist() == y_true.sum(axis=0).tolist()
    for genre in range(y_true.shape[1]):
        cells = [(a[f, genre], b[f, genre]) for f in range(len(a)) if y_true[f, genre]]
        expected = [cells.count(cell) for cell in ((1, 1), (1, 0), (0, 1), (0, 0))]
        assert found[genre].tolist() == expected


def test_the_gain_is_that_of_the_oracles_scores(runs):
    y_true, first, second = runs
    found = oracle_gain(y_true, first, second)
    assert found.better == pytest.approx(min(bce(y_true, first), bce(y_true, second)))
    assert found.oracle == pytest.approx(bce(y_true, oracle_scores(y_true, first, second)))
    assert found.gain > 0
    assert oracle_gain(y_true, first, first).gain == 0


def test_seeds_that_differ_by_noise_gain_too(runs):
    y_true, first, _ = runs
    random = np.random.default_rng(3)
    seeds = [expit(log_odds(first) + random.normal(0, 0.5, first.shape)) for _ in range(2)]
    assert oracle_gain(y_true, *seeds).gain > 0.005


@pytest.fixture
def drawn():
    """Labels drawn from a weighted sum of what two runs say."""
    random = np.random.default_rng(0)
    prior = np.array([0.4, 0.2])
    first, second = random.normal(0, 1, (2, 2000, 2))
    y_true = (random.random(first.shape) < expit(log_odds(prior) + 0.8 * first + 0.4 * second)) * 1
    runs = [expit(log_odds(prior) + beyond) for beyond in (first, second)]
    return y_true.astype(np.uint8), runs, prior


def test_weights_in_hindsight_are_those_of_a_logistic_regression(drawn):
    y_true, runs, prior = drawn
    found = fitted_in_hindsight(y_true, runs, prior=prior)
    for genre in range(2):
        start = log_odds(prior)[genre]
        beyond = np.stack([log_odds(run[:, genre]) - start for run in runs], axis=1)
        fit = sm.GLM(
            y_true[:, genre].astype(float),
            beyond,
            family=sm.families.Binomial(),
            offset=np.full(len(y_true), start),
        ).fit()
        assert found.weights[:, genre] == pytest.approx(fit.params, abs=1e-3)
    assert found.weights == pytest.approx(np.array([[0.8, 0.8], [0.4, 0.4]]), abs=0.15)


def test_no_run_mean_or_fusion_passes_the_bound(runs):
    y_true, first, second = runs
    prior = y_true.mean(axis=0)
    found = fitted_in_hindsight(y_true, [first, second], prior=prior)
    mean = expit((log_odds(first) + log_odds(second)) / 2)
    fusion = Fusion(tuple("abcde"))
    films = Films(
        ids=tuple(map(str, range(len(y_true)))),
        overviews=("",) * len(y_true),
        genres=tuple("abcde"),
        y_true=y_true,
        parent_scores=(first, second),
    )
    fusion.fit(films, films, None)
    for scores in (first, second, mean, fusion.predict_scores(films)):
        assert found.bce <= bce(y_true, scores) + 1e-6
    assert np.isfinite(found.weights).all()


def test_a_genre_without_films_has_bounded_weights(runs):
    y_true, first, second = runs
    y_true = y_true.copy()
    y_true[:, 0] = 0
    found = fitted_in_hindsight(y_true, [first, second], prior=np.full(5, 0.0))
    assert (np.abs(found.weights) <= LARGEST_WEIGHT).all()
    assert np.isfinite(found.bce)
