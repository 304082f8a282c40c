"""Sampling of training films per epoch, to address class imbalance."""

from __future__ import annotations

import numpy as np

RARE = 0.1  # share of the films; genres below it count as rare
MOST_OFTEN = 4  # maximum number of repeats of a film in an epoch
FREQUENT = 1 / 3  # share of the films; genres above it count as frequent
KEPT = 0.5  # share of the films with frequent genres only


def epoch_rows(y_true: np.ndarray, sampling: str, random: np.random.Generator) -> np.ndarray:
    """Return the positions of the training films of an epoch, in random order, int64.

    Args:
        y_true: labels of the training films, (n_films, n_genres) uint8.
        sampling: one of `SAMPLINGS`.
        random: random generator.
    """
    return random.permutation(SAMPLINGS[sampling](y_true, random))


def every(y_true: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return each film once."""
    del random
    return np.arange(len(y_true))


def subsampled(y_true: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Leave out half of the films that have only frequent genres, drawn anew in each epoch.

    In the real films the frequent genres are Drama and Comedy, as one of the student reports
    proposes.
    """
    is_frequent_only = ~y_true[:, y_true.mean(axis=0) <= FREQUENT].any(axis=1)
    is_kept = ~is_frequent_only | (random.random(len(y_true)) < KEPT)
    return np.flatnonzero(is_kept)


def oversampled(y_true: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Repeat films of rare genres by the square root of the rarity of their rarest genre.

    Source: Gupta, Dollar & Girshick, "LVIS", CVPR 2019 (repeat factor sampling).
    """
    share = y_true.mean(axis=0)
    factors = np.sqrt(np.maximum(RARE / np.maximum(share, 1 / len(y_true)), 1.0))
    repeats = np.minimum(np.where(y_true == 1, factors, 1.0).max(axis=1), MOST_OFTEN)
    # A repeat of 1.7 is 1 film, and another one in 7 of 10 epochs.
    times = (repeats + random.random(len(y_true))).astype(np.int64)
    return np.repeat(np.arange(len(y_true)), times)


SAMPLINGS = {"all": every, "oversample_rare": oversampled, "subsample_frequent": subsampled}
