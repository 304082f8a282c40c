"""How sure a figure is: intervals, p-values and films needed, from resampled values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from genre_core.evaluation.checks import Values


class Interval(NamedTuple):
    """A 95 % interval, both ends included."""

    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """A run's value minus that of the reference, on the same films.

    Attributes:
        value: The difference.
        interval: Where 95 % of the resampled differences lie.
        p_value: Two-sided, in (0, 1]; below 0.05 exactly when `interval` excludes 0.
        standard_error: Standard deviation of the resampled differences.
    """

    value: float
    interval: Interval
    p_value: float
    standard_error: float

    @property
    def is_told(self) -> bool:
        """Return whether the interval excludes 0."""
        return self.interval.low > 0 or self.interval.high < 0

    def n_films_needed(self, n_films: int, *, power: float = 0.8) -> int | None:
        """Return how many films it takes to tell a difference as large as this one.

        So many that in a share `power` of samples of that size a 95 % interval excludes 0; None
        where the difference is 0. The standard error is taken to fall with the root of the number
        of films.

        Args:
            n_films: Films that the difference is about.
            power: Share of samples in which it is to be told.

        >>> Difference(0.02, Interval(-0.01, 0.05), 0.2, 0.015).n_films_needed(853)
        3766
        """
        if self.value == 0:
            return None
        wanted = norm.ppf(0.975) + norm.ppf(power)
        return max(1, math.ceil(n_films * (wanted * self.standard_error / self.value) ** 2))


@dataclass(frozen=True)
class Compared:
    """One metric of all runs, each by its name.

    Attributes:
        values: The value of each run, as `evaluate` gives it.
        intervals: The interval of each run's value.
        differences: Of each run but the reference to the reference.
    """

    values: dict[str, float]
    intervals: dict[str, Interval]
    differences: dict[str, Difference]


def percentile_interval(resampled: Values) -> Interval:
    """Return the 95 % percentile interval of resampled values.

    Its ends are the k-th smallest and the k-th largest value with k = n_resamples // 40, which
    makes it exclude 0 exactly when `p_value` is below 0.05.

    Args:
        resampled: float64 (n_resamples,), 40 or more.

    >>> percentile_interval(np.arange(1.0, 101.0))
    Interval(low=2.0, high=99.0)
    """
    rank = resampled.size // 40
    ordered = np.sort(resampled)
    return Interval(float(ordered[rank - 1]), float(ordered[-rank]))


def p_value(resampled: Values) -> float:
    """Return the two-sided p-value of no difference, in (0, 1].

    2 (m + 1) / (n_resamples + 1), at most 1, where m is how many resampled differences are at or
    beyond 0 on the rarer side.

    Args:
        resampled: Differences, float64 (n_resamples,).

    >>> p_value(np.array([-1.0] + 98 * [1.0]))
    0.04
    """
    rarer = int(min(np.count_nonzero(resampled <= 0), np.count_nonzero(resampled >= 0)))
    return min(1.0, 2 * (rarer + 1) / (resampled.size + 1))


def compare(
    values: Mapping[str, float], resampled: Mapping[str, Values], *, highest: float = np.inf
) -> Compared:
    """Return one metric with its intervals, and its differences to the first run.

    Args:
        values: The value of each run.
        resampled: The resampled values of each run, float64 (n_resamples,), same resamples.
        highest: The highest value that the metric can have; the lowest is 0.
    """
    reference, *others = values
    return Compared(
        values=dict(values),
        intervals={
            name: _within(percentile_interval(centred(resampled[name], values[name])), highest)
            for name in values
        },
        differences={
            name: _difference(
                values[name] - values[reference], resampled[name] - resampled[reference]
            )
            for name in others
        },
    )


def centred(resampled: Values, value: float) -> Values:
    """Return resampled values moved so that their mean is the value that was resampled.

    A film drawn twice is two hits in a row, and a genre predicted for two films is often predicted
    for none: figures of resamples lie higher or lower on average than the figure of the films.
    `make coverage` shows that the intervals hold with this and do not without.

    Args:
        resampled: float64 (n_resamples,).
        value: The figure of the films themselves.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 10 (bias).
    """
    return resampled - (resampled.mean() - value)


def _within(interval: Interval, highest: float) -> Interval:
    return Interval(max(0.0, interval.low), min(highest, interval.high))


def _difference(value: float, resampled: Values) -> Difference:
    # Runs that are equally good on a resample must differ by 0, not by the rounding of their sums.
    # Adding 0 turns -0.0, which would be shown with its sign, into 0.
    value = round(value, 12) + 0.0
    moved = np.round(centred(np.round(resampled, 12), value), 12) + 0.0
    return Difference(value, percentile_interval(moved), p_value(moved), float(moved.std(ddof=1)))


def holm(p_values: npt.ArrayLike) -> Values:
    """Return p-values corrected for looking at all of them, so that one false alarm stays rare.

    Args:
        p_values: In (0, 1], (n_tests,).

    Returns:
        Corrected p-values in the same order, float64 (n_tests,).

    Source: Holm, "A simple sequentially rejective multiple test procedure", 1979.

    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    factors = np.arange(p.size, 0, -1)
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return corrected
