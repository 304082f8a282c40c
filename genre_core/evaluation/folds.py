"""Folds of films, for figures of what was fitted on the very films that it is judged on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

N_FOLDS = 5
SEED = 0  # one division for everything that is cross-fitted


def folds(n_films: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the positions of the other films and of the held-out ones, for each fold.

    Every film is held out once. With fewer films than folds there are as many folds as films.

    >>> [held_out.size for _, held_out in folds(12)]
    [3, 3, 2, 2, 2]
    """
    order = np.random.default_rng(SEED).permutation(n_films)
    for held_out in np.array_split(order, min(N_FOLDS, n_films)):
        yield np.setdiff1d(order, held_out), np.sort(held_out)
