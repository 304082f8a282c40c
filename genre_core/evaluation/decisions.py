"""Decisions from scores, and the genres in macro averages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import Labels, Mask, Scores, Threshold, checked_threshold

MACRO_SUPPORT = 10  # minimum number of training films of a genre in macro averages
NO_GENRE = "N/A"  # column of films without genres, which is not a genre


def decide(y_score: Scores, threshold: Threshold) -> Labels:
    """Return the decisions `y_score >= threshold`.

    The threshold is rounded to the precision of the scores, so that a score stored as float32 0.7
    reaches the threshold 0.7, be it a number or an array.

    Args:
        y_score: Scores in [0, 1], float (n_films, n_genres).
        threshold: One threshold in [0, 1] for all genres, or one for each genre, (n_genres,).

    Returns:
        y_pred, uint8 (n_films, n_genres).

    Raises:
        DataError: The threshold has another shape or leaves [0, 1].

    >>> decide(np.array([[0.5, 0.2], [0.9, 0.7]]), 0.5)
    array([[1, 0],
           [1, 1]], dtype=uint8)
    """
    limits = checked_threshold(threshold, y_score.shape[-1])
    return (y_score >= limits.astype(y_score.dtype)).astype(np.uint8)


def top_k(y_score: Scores, k: int) -> npt.NDArray[np.intp]:
    """Return the `k` genres with the highest scores of each film, best first.

    Equal scores stand in column order; with fewer than `k` genres all are returned.

    Args:
        y_score: Scores, float (n_films, n_genres).
        k: Number of genres, 1 or more.

    Returns:
        Column indices, int (n_films, min(k, n_genres)).

    >>> top_k(np.array([[0.2, 0.9, 0.2], [0.5, 0.5, 0.5]]), 2)
    array([[1, 0],
           [0, 1]])
    """
    return np.argsort(-y_score, axis=1, kind="stable")[:, :k]


def macro_genres(
    genres: Sequence[str], train_support: npt.ArrayLike, *, minimum: int = MACRO_SUPPORT
) -> Mask:
    """Return the mask of the genres in macro averages.

    Args:
        genres: Genre names in column order.
        train_support: Positives of each genre in the training split, (n_genres,), in films.
        minimum: Minimum support of an included genre, in films.

    Returns:
        bool (n_genres,): support of at least `minimum`, and never "N/A".

    Raises:
        DataError: `train_support` does not have one value per genre.

    >>> macro_genres(("Drama", "News", "N/A"), [300, 9, 40])
    array([ True, False, False])
    """
    support = np.asarray(train_support)
    if support.shape != (len(genres),):
        raise DataError(
            f"train_support has the shape {support.shape}. Expected ({len(genres)},), the training "
            "films of each genre. Pass y_true.sum(axis=0) over the training split."
        )
    result: Mask = (support >= minimum) & (np.asarray(genres) != NO_GENRE)
    return result


def defined_macro(y_true: Labels, macro: Mask) -> Mask:
    """Return the mask of the genres in `macro` that have a positive film in `y_true`.

    The others have no average precision and no recall, so they are left out of mAP and of the macro
    averages; `macro.sum() - defined_macro(y_true, macro).sum()` counts them.

    Args:
        y_true: uint8 (n_films, n_genres).
        macro: bool (n_genres,), see `macro_genres`.

    Returns:
        bool (n_genres,).

    >>> defined_macro(np.array([[1, 0, 1]], dtype=np.uint8), np.array([True, True, False]))
    array([ True, False, False])
    """
    return macro & y_true.any(axis=0)
