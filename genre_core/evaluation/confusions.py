"""Confusions where a film has several genres: what is said instead of a genre that is missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import Values, checked_labels


@dataclass(frozen=True)
class Confusion:
    """What is predicted where a genre is true and missed.

    Attributes:
        support: films that have each genre, int64 (n_genres,).
        n_missed: those of them for which the genre is not predicted, int64 (n_genres,).
        counts: films that have the row's genre, for which it is not predicted, and for which the
            column's genre is predicted although it is not true, int64 (n_genres, n_genres).
    """

    support: npt.NDArray[np.int64]
    n_missed: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]

    @property
    def shares(self) -> Values:
        """Return the counts as shares of the films missed, NaN in rows without a miss."""
        missed = np.where(self.n_missed > 0, self.n_missed, np.nan)[:, np.newaxis]
        shares: Values = self.counts / missed
        return shares


def predicted_instead(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Confusion:
    """Return what is predicted instead of each genre that is missed.

    A film can be counted in several columns of a row, as several wrong genres may be predicted for
    it, or in none. The diagonal is 0: a missed genre is not predicted.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_pred: 0 or 1, (n_films, n_genres).

    Raises:
        DataError: an array holds something else, or the two have different shapes.

    >>> confusion = predicted_instead([[1, 0], [1, 0], [0, 1]], [[0, 1], [1, 0], [0, 1]])
    >>> confusion.n_missed.tolist(), confusion.counts.tolist()
    ([1, 0], [[0, 1], [0, 0]])
    """
    labels, decisions = checked_labels(y_true), checked_labels(y_pred)
    if labels.shape != decisions.shape:
        raise DataError(
            f"y_pred has shape {decisions.shape}. Expected that of y_true, {labels.shape}. Give "
            "the decisions for the same films and genres."
        )
    missed = (labels & (1 - decisions)).astype(np.int64)
    extra = (decisions & (1 - labels)).astype(np.int64)
    return Confusion(
        support=labels.sum(axis=0, dtype=np.int64),
        n_missed=missed.sum(axis=0),
        counts=missed.T @ extra,
    )


def occurring_together(y_true: npt.ArrayLike) -> Values:
    """Return of the films with the row's genre the share that has the column's genre too.

    Args:
        y_true: 0 or 1, (n_films, n_genres).

    Returns:
        float64 (n_genres, n_genres); NaN on the diagonal and in rows without a film.

    Raises:
        DataError: the array holds something else.

    >>> occurring_together([[1, 1], [1, 0]]).tolist()
    [[nan, 0.5], [1.0, nan]]
    """
    labels = checked_labels(y_true).astype(np.int64)
    both = labels.T @ labels
    support = np.where(both.diagonal() > 0, both.diagonal(), np.nan)[:, np.newaxis]
    shares: Values = both / support
    np.fill_diagonal(shares, np.nan)
    return shares
