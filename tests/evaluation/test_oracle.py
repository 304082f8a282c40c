"""Who gets which films, and what asking the better of two runs would reach."""

import numpy as np
import pytest

from genre_core.evaluation.formulas import bce, film_bce
from genre_core.evaluation.oracle import oracle_scores, share_of_oracle, who_gets


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
    found = who_gets(y_true, a, b)
    assert found.sum(axis=1).tolist() == y_true.sum(axis=0).tolist()
    for genre in range(y_true.shape[1]):
        cells = [(a[f, genre], b[f, genre]) for f in range(len(a)) if y_true[f, genre]]
        expected = [cells.count(cell) for cell in ((1, 1), (1, 0), (0, 1), (0, 0))]
        assert found[genre].tolist() == expected
