"""Precision, recall and F1 from counts, of one film, one genre or all of them together."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from genre_core.evaluation.checks import Labels, Values


class Counts(NamedTuple):
    """True positives, predicted and true films (or genres); three float arrays of one shape."""

    hits: Values
    predicted: Values
    support: Values


def count(y_true: Labels, y_pred: Labels, *, axis: int | None = 0) -> Counts:
    """Return the counts of decisions.

    Args:
        y_true: uint8 (n_films, n_genres), or of any other shape.
        y_pred: uint8, of the same shape.
        axis: 0 for the counts of each genre, 1 for those of each film, None for the total.

    >>> count(np.array([[1, 0], [1, 1]]), np.array([[1, 0], [0, 1]])).hits.tolist()
    [1.0, 1.0]
    """
    return Counts(
        *(
            np.asarray(matrix.sum(axis=axis, dtype=np.float64))
            for matrix in (y_true & y_pred, y_pred, y_true)
        )
    )


def ratio(numerator: Values, denominator: Values) -> Values:
    """Return `numerator / denominator`, both of one shape, and 0 where the denominator is 0."""
    return np.divide(numerator, denominator, out=np.zeros_like(denominator), where=denominator > 0)


def precision(counts: Counts) -> Values:
    """Return precision, 0 where undefined.

    >>> precision(Counts(np.array([2.0, 0.0]), np.array([4.0, 0.0]), np.array([5.0, 1.0]))).tolist()
    [0.5, 0.0]
    """
    return ratio(counts.hits, counts.predicted)


def recall(counts: Counts) -> Values:
    """Return recall, 0 where undefined.

    >>> recall(Counts(np.array([2.0, 0.0]), np.array([4.0, 0.0]), np.array([5.0, 1.0]))).tolist()
    [0.4, 0.0]
    """
    return ratio(counts.hits, counts.support)


def f1(counts: Counts) -> Values:
    """Return F1, 0 where undefined.

    >>> f1(Counts(np.array([2.0]), np.array([4.0]), np.array([4.0]))).tolist()
    [0.5]
    """
    return ratio(2 * counts.hits, counts.predicted + counts.support)


Measure = Callable[[Counts], Values]
MEASURES: dict[str, Measure] = {"precision": precision, "recall": recall, "f1": f1}
