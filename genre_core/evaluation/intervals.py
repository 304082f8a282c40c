"""Intervals and p-values of differences between two runs, from resamples and swaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from genre_core.evaluation.checks import Values

LEVEL = 0.95
SIGNIFICANT = 0.05  # p-values below it are significant
NOISE = 5e-8  # smaller differences are rounding errors


class Interval(NamedTuple):
    """A closed interval, 95% unless stated otherwise."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Return whether 0 lies outside."""
        return self.low > 0 or self.high < 0


class PValues(NamedTuple):
    """Two-sided p-values of no difference, whose weaknesses complement each other.

    Attributes:
        swap: Outputs swapped film by film. Exact if outputs are exchangeable, but too liberal if
            two equally good runs predict a genre for different numbers of films.
        centred: Bootstrap differences shifted to the observed one. Accurate if many films differ,
            but ignores resamples in which two runs are equal.
        uncentred: Bootstrap differences without the shift, which counts these resamples.
    """

    swap: float
    centred: float
    uncentred: float

    @property
    def largest(self) -> float:
        """Return the largest p-value, which is the one used."""
        return max(self)


@dataclass(frozen=True)
class Difference:
    """A run's value minus that of the reference, on the same films.

    Attributes:
        value: The difference.
        interval: 95% interval, not corrected; excludes 0 exactly when `p_values.largest` < 0.05.
        interval_90: 90% interval, for two one-sided tests at 5%.
        p_values: The components of its p-value.
        standard_error: Standard deviation of the resampled differences.
    """

    value: float
    interval: Interval
    interval_90: Interval
    p_values: PValues
    standard_error: float


def difference(
    value: float, resampled: Values, *, swap: float, highest: float, least_p: float = 0.0
) -> Difference:
    """Return a difference with a consistent interval and p-value.

    Args:
        value: Second run minus first, on the films themselves.
        resampled: The same on resamples of the films, float64 (n_resamples,), 40 or more.
        swap: p-value of exchangeable outputs.
        highest: The highest value of the metric; the lowest is 0.
        least_p: Lower bound of the p-value, from another form of the same metric.
    """
    value = 0.0 if abs(value) < NOISE else value
    raw = without_noise(resampled)
    moved = without_noise(centred(raw, value))
    parts = PValues(max(swap, least_p), beyond_zero(moved, value), beyond_zero(raw, value))
    interval = clipped(percentile_interval(moved), -highest, highest)
    interval = agreeing(interval, parts.largest)
    interval_90 = clipped(percentile_interval(moved, level=0.9), -highest, highest)
    return Difference(value, interval, interval_90, parts, float(moved.std(ddof=1)))


def without_noise(values: Values) -> Values:
    """Return values with rounding errors set to 0, never -0.0."""
    return np.where(np.abs(values) < NOISE, 0.0, values)


def agreeing(interval: Interval, p_value: float) -> Interval:
    """Return an interval extended to contain 0 if the p-value is 0.05 or more.

    >>> agreeing(Interval(0.1, 0.3), 0.2)
    Interval(low=0.0, high=0.3)
    """
    if p_value < SIGNIFICANT:
        return interval
    return Interval(min(interval.low, 0.0), max(interval.high, 0.0))


def percentile_interval(resampled: Values, *, level: float = LEVEL) -> Interval:
    """Return the percentile interval of resampled values.

    Its ends are the k-th smallest and the k-th largest value, where k is the number of values
    times half the part outside. At 95% it excludes 0 exactly when `beyond_zero` is below 0.05.

    Args:
        resampled: float64 (n_resamples,), 40 or more.
        level: Share of the values inside.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.

    >>> percentile_interval(np.arange(1.0, 101.0))
    Interval(low=2.0, high=99.0)
    """
    rank = max(1, int(resampled.size * (1 - level) / 2 + 1e-9))
    ordered = np.sort(resampled)
    return Interval(float(ordered[rank - 1]), float(ordered[-rank]))


def beyond_zero(resampled: Values, value: float) -> float:
    """Return the two-sided p-value of no difference from resampled differences, in (0, 1].

    2 (m + 1) / (n_resamples + 1), at most 1, where m is how many resampled differences are 0 or on
    the other side of it than the observed one; 1 where there is no difference.

    Args:
        resampled: Differences, float64 (n_resamples,).
        value: The observed difference.

    Source: Davison & Hinkley, "Bootstrap Methods and their Application", 1997, section 4.2.

    >>> beyond_zero(np.array([-1.0] + 98 * [1.0]), 0.5)
    0.04
    """
    n_beyond = int(np.count_nonzero(resampled * np.sign(value) <= 0))
    return min(1.0, 2 * (n_beyond + 1) / (resampled.size + 1))


def centred(resampled: Values, value: float) -> Values:
    """Return resampled values shifted so that their mean is the original value.

    Resampling biases some metrics: duplicated films increase average precision, and a genre
    predicted for few films is predicted for none in many resamples.

    Args:
        resampled: float64 (n_resamples,).
        value: The value on the original films.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 10 (bias).
    """
    result: Values = resampled - (resampled.mean() - value)
    return result


def clipped(interval: Interval, lowest: float, highest: float) -> Interval:
    """Return an interval clipped to the range of possible values.

    >>> clipped(Interval(0.4, 1.4), -1.0, 1.0)
    Interval(low=0.4, high=1.0)
    """
    return Interval(*(float(min(max(end, lowest), highest)) for end in interval))
