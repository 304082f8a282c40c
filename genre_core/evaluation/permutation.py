"""A check of the bootstrap where a metric is a mean over films: the sign-flip permutation test."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import Values

CHUNK = 512  # flips at once
ROUNDING = 1e-12  # of the sum of absolute differences: sums that differ by less are equal


def sign_flip(
    differences: Mapping[str, npt.ArrayLike], *, n_flips: int = 10_000, seed: int = 0
) -> dict[str, float]:
    """Return two-sided p-values of "a film's difference is as likely one way as the other".

    The sign of each film's difference is drawn at random, the same for all metrics; p is
    (b + 1) / (n_flips + 1), where b is how many means lie at least as far from 0 as the real one.

    Args:
        differences: By metric, second run minus first, (n_films,).
        n_flips: Random signs drawn for each film.
        seed: Same seed, same p-values.

    Returns:
        By metric, in (0, 1]; 1 for two runs that are the same.

    Raises:
        DataError: There is no film.

    Source: Phipson & Smyth, "Permutation p-values should never be zero", 2010.

    >>> sign_flip({"same": [0.0, 0.0], "other": [1.0, -1.0]}, n_flips=99)
    {'same': 1.0, 'other': 1.0}
    """
    table = np.stack([np.asarray(values, dtype=np.float64) for values in differences.values()], 1)
    if not table.size:
        raise DataError("There is no film to compare on. Expected one or more.")
    reached = np.abs(table.sum(axis=0)) - ROUNDING * np.abs(table).sum(axis=0)
    random = np.random.default_rng(seed)
    n_extreme = np.zeros(table.shape[1], dtype=np.int64)
    for start in range(0, n_flips, CHUNK):
        n_rows = min(CHUNK, n_flips - start)
        signs = random.integers(0, 2, size=(n_rows, len(table)), dtype=np.int8) * 2.0 - 1.0
        n_extreme += (np.abs(signs @ table) >= reached).sum(axis=0)
    p_values: Values = (n_extreme + 1) / (n_flips + 1)
    return dict(zip(differences, p_values.tolist(), strict=True))
