"""Metrics of a run for each single film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.evaluation.checks import Labels, Mask, Scores, Values
from genre_core.evaluation.formulas import film_bce

CHUNK = 8192  # films at once, so that the float64 copies of a large dataset stay small


@dataclass(frozen=True)
class FilmFigures:
    """The metrics of each film.

    Attributes:
        first: column of the highest score, the first column if tied, int (n_films,).
        is_right: whether that genre is true, bool (n_films,).
        is_wrong: whether it is not, bool (n_films,); neither for a film without scores.
        confidence: the highest score, float32 (n_films,).
        loss: binary cross-entropy averaged over the genres, in nats, float64 (n_films,).
    """

    first: npt.NDArray[np.intp]
    is_right: Mask
    is_wrong: Mask
    confidence: Values
    loss: Values


def film_figures_of(y_true: Labels, y_score: Scores) -> FilmFigures:
    """Return the metrics of each film.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores in [0, 1], float (n_films, n_genres); NaN for films without scores.

    >>> figures = film_figures_of(np.array([[1, 0], [1, 0]]), np.array([[0.9, 0.1], [0.5, 0.5]]))
    >>> figures.is_right.tolist(), figures.loss.round(3).tolist()
    ([True, True], [0.105, 0.693])
    """
    first = y_score.argmax(axis=1)
    films = np.arange(len(first))
    has_scores = ~np.isnan(y_score[:, 0])
    is_true = y_true[films, first] == 1
    return FilmFigures(
        first=first,
        is_right=is_true & has_scores,
        is_wrong=~is_true & has_scores,
        confidence=np.asarray(y_score[films, first]),
        loss=np.concatenate(
            [
                film_bce(y_true[start : start + CHUNK], y_score[start : start + CHUNK])
                for start in range(0, len(first), CHUNK)
            ]
        ),
    )
