"""Confusions in multi-label data: what is predicted instead of a genre that is missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import Mask, Values, checked_labels

FEW = 10  # films; a share of fewer is noise

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Confusion:
    """Genres predicted for films whose true genre is missed, with reference shares.

    A genre that is predicted for most films is also predicted for most of the missed films, so each
    share is compared with the share among all films that do not have the predicted genre.

    Attributes:
        support: films that have each genre, int64 (n_genres,).
        n_missed: those of them for which the genre is not predicted, int64 (n_genres,).
        counts: films that have the row's genre, for which it is not predicted, and for which the
            column's genre is predicted although it is not true, int64 (n_genres, n_genres).
        n_lacking: films for which the row's genre is missed and that lack the column's genre,
            int64 (n_genres, n_genres); 0 on the diagonal.
        n_extra: films that lack each genre and for which it is predicted, int64 (n_genres,).
        n_without: films that lack each genre, int64 (n_genres,).
    """

    support: Counts
    n_missed: Counts
    counts: Counts
    n_lacking: Counts
    n_extra: Counts
    n_without: Counts

    @property
    def shares(self) -> Values:
        """Return `counts` as shares of `n_lacking`, NaN where no such film exists."""
        return _ratio(self.counts, self.n_lacking)

    @property
    def base_shares(self) -> Values:
        """Return the share of all films lacking a genre for which it is predicted, (n_genres,)."""
        return _ratio(self.n_extra, self.n_without)

    @property
    def lift(self) -> Values:
        """Return `shares` divided by the `base_shares` of the columns, NaN where undefined.

        1 where the column's genre is predicted as often as for any film that lacks it.
        """
        return _ratio(self.shares, self.base_shares)

    @property
    def is_few(self) -> Mask:
        """Return which shares are of fewer than `FEW` films, bool (n_genres, n_genres)."""
        few: Mask = self.n_lacking < FEW
        return few


def predicted_instead(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> Confusion:
    """Return what is predicted instead of each genre that is missed.

    A film can be counted in several columns of a row, as several wrong genres may be predicted for
    it, or in none. The diagonal is 0: a missed genre is not predicted. With the arguments exchanged
    it is what is true instead of each genre that is predicted and not true.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_pred: 0 or 1, (n_films, n_genres).

    Raises:
        DataError: an array contains another value, or the two have different shapes.

    Source: Brin, Motwani & Silverstein, "Beyond market baskets: generalizing association rules to
    correlations", SIGMOD 1997 (lift, there called interest).

    >>> y_true, y_pred = [[1, 0], [1, 0], [0, 0], [0, 0]], [[0, 1], [1, 0], [0, 1], [0, 1]]
    >>> confusion = predicted_instead(y_true, y_pred)
    >>> confusion.n_missed.tolist(), confusion.counts.tolist()
    ([1, 0], [[0, 1], [0, 0]])
    >>> confusion.shares[0, 1], confusion.base_shares[1], confusion.lift[0, 1].round(2)
    (np.float64(1.0), np.float64(0.75), np.float64(1.33))
    """
    labels, decisions = checked_labels(y_true), checked_labels(y_pred)
    if labels.shape != decisions.shape:
        raise DataError(
            f"y_pred has shape {decisions.shape}. Expected that of y_true, {labels.shape}. Pass "
            "the predictions for the same films and genres."
        )
    lacking = (1 - labels).astype(np.int64)
    missed = (labels & (1 - decisions)).astype(np.int64)
    extra = (decisions & (1 - labels)).astype(np.int64)
    return Confusion(
        support=labels.sum(axis=0, dtype=np.int64),
        n_missed=missed.sum(axis=0),
        counts=missed.T @ extra,
        n_lacking=missed.T @ lacking,
        n_extra=extra.sum(axis=0),
        n_without=lacking.sum(axis=0),
    )


def occurring_together(y_true: npt.ArrayLike) -> Values:
    """Return the share of the films with the row's genre that have the column's genre too.

    Args:
        y_true: 0 or 1, (n_films, n_genres).

    Returns:
        float64 (n_genres, n_genres); NaN on the diagonal and in rows without a film.

    Raises:
        DataError: the array contains another value.

    >>> occurring_together([[1, 1], [1, 0]]).tolist()
    [[nan, 0.5], [1.0, nan]]
    """
    labels = checked_labels(y_true).astype(np.int64)
    both = labels.T @ labels
    support = np.where(both.diagonal() > 0, both.diagonal(), np.nan)[:, np.newaxis]
    shares: Values = both / support
    np.fill_diagonal(shares, np.nan)
    return shares


def _ratio(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> Values:
    """Return `part` / `whole`, NaN where `whole` is 0."""
    ratio: Values = part / np.where(whole > 0, whole, np.nan)
    return ratio
