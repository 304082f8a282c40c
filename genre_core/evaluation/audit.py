"""Labels that two runs contradict with confidence, as a list to look through."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit

from genre_core.evaluation.calibration import log_odds
from genre_core.evaluation.checks import Labels, Mask, Scores, Values
from genre_core.evaluation.fitting import ENOUGH

LEAST_DIFFERENCE = 1e-6  # of the usual scores with and without a genre, above the last bits


class Suspects(NamedTuple):
    """Cells of films and genres, the strongest contradiction first.

    Attributes:
        films: row of each, int (n_suspects,).
        genres: column of each, int (n_suspects,).
        is_labelled: whether the label says that the film has the genre, bool (n_suspects,).
        doubt: how probable the other answer is by both runs together, in [0, 1].
    """

    films: np.ndarray
    genres: np.ndarray
    is_labelled: Mask
    doubt: Values


def suspects(y_true: Labels, first: Scores, second: Scores) -> Suspects:
    """Return labels that both runs contradict with confidence.

    A run is confident that a film has a genre if it scores it at least as high as it scores the
    films that have it on average, and confident that it has not in the same way: a threshold for
    each run, genre and answer. Both have to be confident. The rank is by both together: what each
    says beyond the genre's frequency is added as log-odds, as the two see different things. With
    labels turned over at random in the real films this found more of them among the first 50 than
    the less sure run alone, which is how cleanlab would rank them.

    Genres with fewer than `ENOUGH` films on either side are left out.

    Args:
        y_true: uint8 (n_films, n_genres), of films that neither run was trained on.
        first: scores in [0, 1] of a run, (n_films, n_genres).
        second: those of a run that sees something else of the films.

    Source: Northcutt, Jiang & Chuang, "Confident learning", JAIR 2021 (the thresholds); Thyagarajan
    et al., "Identifying incorrect annotations in multi-label classification data", 2022 (one genre
    against the rest).
    """
    is_in = _contradicts(y_true, first) & _contradicts(y_true, second) & audited_genres(y_true)
    films, genres = np.nonzero(is_in)
    together = _together(y_true, first, second)[films, genres]
    is_labelled = y_true[films, genres] == 1
    doubt = np.where(is_labelled, 1 - together, together)
    order = np.argsort(-doubt, kind="stable")
    return Suspects(films[order], genres[order], is_labelled[order], doubt[order])


def audited_genres(y_true: Labels) -> Mask:
    """Return which genres have enough films with and without them, bool (n_genres,)."""
    support = y_true.sum(axis=0, dtype=np.int64)
    return (support >= ENOUGH) & (len(y_true) - support >= ENOUGH)


def _contradicts(y_true: Labels, y_score: Scores) -> Mask:
    """Return where a run is confident of the other answer than the label's."""
    score, true = y_score.astype(np.float64), y_true == 1
    usual_with = (score * true).sum(axis=0) / np.maximum(true.sum(axis=0), 1)
    usual_without = (score * ~true).sum(axis=0) / np.maximum((~true).sum(axis=0), 1)
    contradicts: Mask = np.where(true, score <= usual_without, score >= usual_with)
    # A run that scores films with and without a genre alike knows nothing of it.
    return contradicts & (usual_with > usual_without + LEAST_DIFFERENCE)


def _together(y_true: Labels, first: Scores, second: Scores) -> Values:
    """Return how probable each genre is by both runs, if they are independent given the genre."""
    share = log_odds(y_true.mean(axis=0))
    probable: Values = expit(log_odds(first) + log_odds(second) - share)
    return probable
