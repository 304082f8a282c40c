"""What choosing the better of two runs film by film would reach, and who is right when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from genre_core.evaluation.bootstrap import draw_counts
from genre_core.evaluation.checks import Labels, Scores
from genre_core.evaluation.formulas import film_bce
from genre_core.evaluation.intervals import Interval, centred, percentile_interval


class Share(NamedTuple):
    """How much of what an oracle gains over the better run another run gains.

    Attributes:
        better: name of the better of the two runs, by its BCE.
        bce: of the better run, of the oracle and of the other run, in nats.
        share: (better - other) / (better - oracle); above 1 it gains more than the oracle, below 0
            it loses; None where the oracle gains nothing.
        interval: of the share, with the films resampled; None with the share.
    """

    better: str
    bce: tuple[float, float, float]
    share: float | None
    interval: Interval | None


def oracle_scores(y_true: Labels, first: Scores, second: Scores) -> Scores:
    """Return for each film the scores of the run with the lower BCE on it, the first if equal.

    It looks at the labels, so no choice between the two can do better by BCE; a mixture of both
    can.

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
    """Return how much of the oracle's gain another run has, such as fusion.

    Args:
        y_true: uint8 (n_films, n_genres).
        runs: scores of two runs by name, (n_films, n_genres) each.
        other: scores of the run that is judged.
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


def who_gets(y_true: Labels, first: Labels, second: Labels) -> np.ndarray:
    """Return by genre for how many of its films both, only one, or neither run predicts it.

    Args:
        y_true: uint8 (n_films, n_genres).
        first: decisions of a run, uint8 (n_films, n_genres).
        second: those of another run.

    Returns:
        int64 (n_genres, 4): both, only the first, only the second, neither.

    >>> who_gets(np.array([[1], [1]]), np.array([[1], [0]]), np.array([[1], [0]])).tolist()
    [[1, 0, 0, 1]]
    """
    true, a, b = y_true == 1, first == 1, second == 1
    outcomes = (a & b, a & ~b, ~a & b, ~a & ~b)
    return np.stack([(true & outcome).sum(axis=0) for outcome in outcomes], axis=1)
