"""Agreement of two runs, and an oracle that chooses the better one for each film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from genre_core.evaluation.calibration import log_odds
from genre_core.evaluation.checks import Labels, Scores, Values
from genre_core.evaluation.draws import draw_counts
from genre_core.evaluation.formulas import film_bce
from genre_core.evaluation.intervals import Interval, centred, percentile_interval

LEAST_PRIOR = 1e-4  # smallest base rate, for genres without training films
LARGEST_WEIGHT = 10.0  # of a run's log-odds; typical weights are 0.5


class Share(NamedTuple):
    """The gain of another run, such as fusion, as a share of an oracle's gain.

    Attributes:
        better: name of the better of the two runs by BCE.
        bce: BCE of the better run, the oracle and the other run, in nats.
        share: (better - other) / (better - oracle); above 1 if the other run is better than the
            oracle, below 0 if it is worse than the better run; None if the oracle has no gain.
        interval: bootstrap interval of the share; None if the share is None.
    """

    better: str
    bce: tuple[float, float, float]
    share: float | None
    interval: Interval | None


def oracle_scores(y_true: Labels, first: Scores, second: Scores) -> Scores:
    """Return for each film the scores of the run with the lower BCE, the first if equal.

    No other choice between the two runs has a lower BCE, but a mixture of both can.

    Args:
        y_true: uint8 (n_films, n_genres).
        first: scores in [0, 1], (n_films, n_genres).
        second: the same of another run.

    >>> oracle_scores(np.array([[1, 0]]), np.array([[0.2, 0.1]]), np.array([[0.9, 0.1]])).tolist()
    [[0.9, 0.1]]
    """
    is_second = film_bce(y_true, second) < film_bce(y_true, first)
    chosen: Scores = np.where(is_second[:, None], second, first)
    return chosen


def share_of_oracle(
    y_true: Labels,
    runs: Mapping[str, Scores],
    other: Scores,
    *,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> Share:
    """Return the gain of another run, such as fusion, as a share of the oracle's gain.

    Args:
        y_true: uint8 (n_films, n_genres).
        runs: scores of two runs by name, (n_films, n_genres) each.
        other: scores of the other run.
        n_resamples: resamples of the films for the interval.
        seed: of the resamples.
    """
    losses = {name: film_bce(y_true, score) for name, score in runs.items()}
    better = min(losses, key=lambda name: losses[name].mean())
    oracle = np.minimum(*losses.values())
    gains = np.stack([losses[better] - film_bce(y_true, other), losses[better] - oracle])
    bce = (losses[better].mean(), oracle.mean(), film_bce(y_true, other).mean())
    means = gains.mean(axis=1)
    if means[1] <= 0:
        return Share(better, bce, None, None)
    totals = np.hstack([gains @ counts for counts in draw_counts(len(y_true), n_resamples, seed)])
    is_gain = totals[1] > 0
    share = float(means[0] / means[1])
    resampled = totals[0, is_gain] / totals[1, is_gain]
    return Share(better, bce, share, percentile_interval(centred(resampled, share)))


class Gain(NamedTuple):
    """The gain of an oracle over the better of two runs.

    Attributes:
        better: BCE of the better run, in nats.
        oracle: BCE of the oracle, in nats.
    """

    better: float
    oracle: float

    @property
    def gain(self) -> float:
        """Return the difference, in nats, 0 or more."""
        return self.better - self.oracle


def oracle_gain(y_true: Labels, first: Scores, second: Scores) -> Gain:
    """Return the gain of an oracle that chooses between two runs, over the better one.

    The oracle uses the labels, so its gain is positive even if the runs differ only by noise. The
    gain with two seeds of one recipe is the reference for the gain with two different models.

    Args:
        y_true: uint8 (n_films, n_genres).
        first: scores in [0, 1], (n_films, n_genres).
        second: the same of another run.

    >>> y_true = np.array([[1, 0], [0, 1]])
    >>> first, second = np.array([[0.5, 0.5], [0.1, 0.9]]), np.array([[0.9, 0.1], [0.5, 0.5]])
    >>> round(oracle_gain(y_true, first, second).gain, 3)  # half of ln(0.9 / 0.5)
    0.294
    """
    losses = np.stack([film_bce(y_true, first), film_bce(y_true, second)])
    return Gain(float(losses.mean(axis=1).min()), float(losses.min(axis=0).mean()))


class WeightedSum(NamedTuple):
    """A weighted sum of runs' log-odds relative to the base rates.

    Attributes:
        weights: weight of each run and genre, float64 (n_runs, n_genres).
        bce: BCE on the films that the weights were fitted on, in nats.
    """

    weights: Values
    bce: float


def fitted_in_hindsight(y_true: Labels, runs: Sequence[Scores], *, prior: Values) -> WeightedSum:
    """Return the weights of runs' log-odds with the lowest BCE on the evaluated films themselves.

    The scores are expit(p + sum of w (l - p)) with the log-odds l of each run and p of the base
    rates, as in the fusion model, but with separate weights per genre and no penalty. The weights
    are fitted and evaluated on the same films, so the BCE is a lower bound for any fusion of this
    form on these films, not a result.

    Args:
        y_true: uint8 (n_films, n_genres).
        runs: scores in [0, 1] of each run, (n_films, n_genres) each.
        prior: prevalence of each genre in the training split, (n_genres,) in [0, 1].

    >>> y_true, score = np.array([[1, 0], [0, 1], [1, 1]]), np.full((3, 2), 0.5)
    >>> fitted_in_hindsight(y_true, [score], prior=np.array([0.5, 0.5])).weights  # uninformative
    array([[0., 0.]])
    """
    start = log_odds(np.clip(prior, LEAST_PRIOR, 1 - LEAST_PRIOR))
    beyond = log_odds(np.stack(list(runs))) - start  # (n_runs, n_films, n_genres)
    weights = np.stack(
        [
            _best_weights(beyond[:, :, genre], start[genre], y_true[:, genre])
            for genre in range(y_true.shape[1])
        ],
        axis=1,
    )
    scores = expit(start + (weights[:, None] * beyond).sum(axis=0))
    return WeightedSum(weights, float(film_bce(y_true, scores).mean()))


def _best_weights(beyond: Values, start: float, is_true: Labels) -> Values:
    """Return the weights (n_runs,) with the lowest BCE on one genre."""

    def loss(weights: Values) -> tuple[float, Values]:
        logits = start + weights @ beyond
        value = float((np.logaddexp(0, logits) - is_true * logits).sum())
        return value, beyond @ (expit(logits) - is_true)

    # If runs separate the classes, the best weights are infinite, so they are bounded.
    limits = [(-LARGEST_WEIGHT, LARGEST_WEIGHT)] * len(beyond)
    found: Values = minimize(
        loss, np.zeros(len(beyond)), jac=True, method="L-BFGS-B", bounds=limits
    ).x
    return found


def agreement_counts(y_true: Labels, first: Labels, second: Labels) -> np.ndarray:
    """Return the number of a genre's films that both, only one, or neither run predicts.

    Args:
        y_true: uint8 (n_films, n_genres).
        first: decisions of a run, uint8 (n_films, n_genres).
        second: those of another run.

    Returns:
        int64 (n_genres, 4): both, only the first, only the second, neither.

    >>> agreement_counts(np.array([[1], [1]]), np.array([[1], [0]]), np.array([[1], [0]])).tolist()
    [[1, 0, 0, 1]]
    """
    true, a, b = y_true == 1, first == 1, second == 1
    outcomes = (a & b, a & ~b, ~a & b, ~a & ~b)
    return np.stack([(true & outcome).sum(axis=0) for outcome in outcomes], axis=1)
