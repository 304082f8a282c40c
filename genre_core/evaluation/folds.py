"""Folds of films, for cross-fitting."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

N_FOLDS = 5
SEED = 0  # the same folds for everything that is cross-fitted


def folds(n_films: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield for each fold the positions of the other films and of the held-out films.

    Every film is held out once. With fewer films than folds, there is one fold per film.

    >>> [held_out.size for _, held_out in folds(12)]
    [3, 3, 2, 2, 2]
    """
    order = np.random.default_rng(SEED).permutation(n_films)
    for held_out in np.array_split(order, min(N_FOLDS, n_films)):
        yield np.setdiff1d(order, held_out), np.sort(held_out)
