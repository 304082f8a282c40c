"""Whether one of two runs predicts the films of a genre correctly more often than the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from genre_core.errors import DataError
from genre_core.evaluation.checks import Values
from genre_core.evaluation.verdicts import holm

LEAST_DISCORDANT = 10  # films; with fewer a corrected test can hardly be significant


class McNemar(NamedTuple):
    """McNemar's exact test for each genre; NaN for genres that are not tested.

    Attributes:
        p_values: two-sided, float64 (n_genres,).
        p_holm: corrected by Holm over all tested genres, float64 (n_genres,).
    """

    p_values: Values
    p_holm: Values


def mcnemar(
    only_first: npt.ArrayLike, only_second: npt.ArrayLike, *, least: int = LEAST_DISCORDANT
) -> McNemar:
    """Return McNemar's exact test of whether one of two runs predicts more of a genre's films.

    Films that both runs predict correctly, or neither, are not informative. If both runs are
    equally good, each predicts half of the others, the discordant films, on average, which is
    tested with an exact binomial test.

    Args:
        only_first: films of each genre that only the first run predicts correctly, (n_genres,).
        only_second: the same of the second run.
        least: discordant films below which a genre is not tested.

    Raises:
        DataError: the counts have different shapes, or one is negative.

    Source: McNemar, "Note on the sampling error of the difference between correlated proportions
    or percentages", 1947; Holm, "A simple sequentially rejective multiple test procedure", 1979.

    >>> mcnemar([1, 9, 20], [8, 3, 4]).p_values.round(3)  # 9 discordant films are too few
    array([  nan, 0.146, 0.002])
    """
    first, second = _checked_counts(only_first, only_second)
    p_values = np.full(first.shape, np.nan)
    is_tested = first + second >= max(least, 1)
    p_values[is_tested] = [
        binomtest(int(k), int(n)).pvalue
        for k, n in zip(first[is_tested], (first + second)[is_tested], strict=True)
    ]
    p_holm = np.full(first.shape, np.nan)
    p_holm[is_tested] = holm(p_values[is_tested])
    return McNemar(p_values, p_holm)


def _checked_counts(
    only_first: npt.ArrayLike, only_second: npt.ArrayLike
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    first, second = np.asarray(only_first), np.asarray(only_second)
    if first.shape != second.shape or first.ndim != 1:
        raise DataError(
            f"The counts have shapes {first.shape} and {second.shape}. Expected (n_genres,) for "
            "both. Pass two columns of oracle.agreement_counts."
        )
    if (first < 0).any() or (second < 0).any():
        raise DataError(
            f"The lowest count is {min(first.min(), second.min())}. Expected numbers of films, 0 "
            "or more. Pass two columns of oracle.agreement_counts."
        )
    return first.astype(np.int64), second.astype(np.int64)
