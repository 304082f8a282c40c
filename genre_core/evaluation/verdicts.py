"""Verdicts from p-values: Holm's correction, equivalence and detectable differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm
from scipy.stats import t as student_t

from genre_core.evaluation.checks import Values
from genre_core.evaluation.intervals import SIGNIFICANT, Interval

Verdict = Literal["ahead", "behind", "no_difference", "equivalent", "withheld"]
POWER = 0.8
LEAST_DEGREES = 20  # degrees of freedom needed for a detectable difference
# Margins of equivalence, of mAP and of BCE relative to the BCE of the base rates.
MARGINS = {"map": 0.01, "bce_to_prior": 0.01}


def verdict(difference: float, p_value: float, *, higher_is_better: bool = True) -> Verdict:
    """Return whether the second of two runs is ahead, behind, or neither.

    Args:
        difference: Second minus first.
        p_value: Corrected for the family of the test.
        higher_is_better: Of the metric.

    >>> verdict(0.1, 0.01), verdict(0.1, 0.01, higher_is_better=False), verdict(0.1, 0.05)
    ('ahead', 'behind', 'no_difference')
    """
    if p_value >= SIGNIFICANT:
        return "no_difference"
    return "ahead" if (difference > 0) == higher_is_better else "behind"


def holm(p_values: npt.ArrayLike) -> Values:
    """Return p-values corrected for multiple testing by Holm's method.

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


def detectable_difference(
    standard_error: float, n_tests: int, degrees_of_freedom: float | None = None
) -> float | None:
    """Return the true difference that is significant in 80% of samples of films.

    None with fewer than 20 degrees of freedom, as the standard error itself is too uncertain.

    Args:
        standard_error: Of the difference.
        n_tests: In its family; the smallest p-value is compared with 0.05 / `n_tests`.
        degrees_of_freedom: Of the standard error; None for one from a bootstrap over films.

    Source: Lehr, "Sixteen S-squared over D-squared", 1992, for one test without correction.

    >>> round(detectable_difference(0.01, 1), 4)  # (1.96 + 0.84) standard errors
    0.028
    """
    if degrees_of_freedom is not None and degrees_of_freedom < LEAST_DEGREES:
        return None
    known = norm if degrees_of_freedom is None else student_t(degrees_of_freedom)
    wanted = known.ppf(1 - SIGNIFICANT / (2 * max(n_tests, 1))) + known.ppf(POWER)
    return float(wanted * standard_error)


def is_equivalent(intervals: Sequence[Interval], margins: Sequence[float]) -> bool:
    """Return whether every 90% interval lies within its margin: two one-sided tests at 5%.

    Args:
        intervals: 90% intervals of differences.
        margins: The margin of equivalence of each difference.

    Source: Schuirmann, "A comparison of the two one-sided tests procedure and the power approach
    for assessing the equivalence of average bioavailability", 1987.

    >>> is_equivalent([Interval(-0.004, 0.008)], [0.01])
    True
    """
    ends = zip(intervals, margins, strict=True)
    return all(-margin < low and high < margin for (low, high), margin in ends)
