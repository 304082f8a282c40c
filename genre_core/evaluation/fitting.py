"""Thresholds fitted on films that nothing else is judged on: for F1, for precision, for recall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import Labels, Scores, Values, checked_labels, checked_scores
from genre_core.evaluation.decided import MEASURES
from genre_core.evaluation.totals import Counts, f1

ObjectiveName = Literal["f1", "precision", "recall"]
ENOUGH = 20  # positive films of a genre for a threshold of its own


@dataclass(frozen=True)
class Objective:
    """What a threshold is to do.

    Attributes:
        name: "f1" for the highest F1; "precision" for at least that much precision with the
            highest recall; "recall" for at least that much recall with the highest precision.
        at_least: the least precision or recall, in (0, 1]; of no meaning for "f1".

    Raises:
        DataError: `at_least` is no such number.
    """

    name: ObjectiveName = "f1"
    at_least: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.at_least <= 1:
            raise DataError(
                f"A {self.name} of at least {self.at_least:g} was asked for. Expected a number "
                "above 0, 1 at most."
            )


F1 = Objective()


class Steps(NamedTuple):
    """What each threshold does; candidates are the scores themselves, highest first.

    Attributes:
        limits: the thresholds, (n_steps,).
        counts: true positives, predicted and true at each, (n_steps,).
    """

    limits: Values
    counts: Counts


def best_common_threshold(
    y_true: npt.ArrayLike, y_score: npt.ArrayLike, objective: Objective = F1
) -> float:
    """Return the one threshold for all genres that does best, counts pooled over the genres.

    Fit it on validation films. Of several thresholds that do equally well the lowest is returned;
    1 where none reaches the precision that is asked for.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: Scores in [0, 1], (n_films, n_genres).
        objective: What it is to do.

    Returns:
        A threshold for `decide`, in [0, 1].

    Raises:
        DataError: The arrays do not fit (see `checks`), or no film has a genre.

    Source: Lipton, Elkan & Naryanaswamy, "Optimal thresholding of classifiers to maximize F1
    measure", ECML 2014 (micro-F1 depends on the pooled decisions only).

    >>> best_common_threshold([[1, 0], [1, 0]], [[0.9, 0.4], [0.6, 0.3]])
    0.6
    """
    labels = checked_labels(y_true)
    scores = checked_scores(y_score, labels)
    if not labels.any():
        raise DataError(
            f"None of the {len(labels)} films has a genre, so every threshold has a micro-F1 of 0. "
            "Expected at least one positive. Fit the threshold on the validation films."
        )
    return _best(steps(labels.ravel(), scores.ravel()), objective)


def best_genre_thresholds(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    objective: Objective = F1,
    *,
    minimum: int = ENOUGH,
) -> Scores:
    """Return for each genre the threshold that does best for it.

    A genre with fewer than `minimum` positive films takes the common threshold, as the best one for
    a handful of films is chance.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: Scores in [0, 1], (n_films, n_genres).
        objective: What the thresholds are to do.
        minimum: The least positives of a genre that gets a threshold of its own, in films.

    Returns:
        Thresholds for `decide`, (n_genres,) float64.

    Raises:
        DataError: See `best_common_threshold`.

    >>> y_score = [[0.9, 0.1], [0.4, 0.3], [0.2, 0.2]]
    >>> best_genre_thresholds([[1, 0], [1, 1], [0, 0]], y_score, minimum=2)
    array([0.4, 0.3])
    """
    labels = checked_labels(y_true)
    scores = checked_scores(y_score, labels)
    limits = np.full(labels.shape[1], best_common_threshold(labels, scores, objective))
    for genre in np.flatnonzero(labels.sum(axis=0, dtype=np.int64) >= minimum):
        limits[genre] = _best(steps(labels[:, genre], scores[:, genre]), objective)
    return limits


def steps(is_true: Labels, score: Scores) -> Steps:
    """Return what each threshold does; equal scores are decided together.

    Args:
        is_true: uint8 (n,).
        score: float (n,).
    """
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), ranked.size - 1)
    hits = np.cumsum(is_true[order], dtype=np.int64)
    predicted = (last + 1).astype(np.float64)
    support = np.full(last.size, hits[-1], dtype=np.float64)
    return Steps(ranked[last], Counts(hits[last].astype(np.float64), predicted, support))


def _best(candidates: Steps, objective: Objective) -> float:
    limits, counts = candidates
    if objective.name == "f1":
        value = f1(counts)
        return float(limits[np.flatnonzero(value == value.max())[-1]])
    is_enough = MEASURES[objective.name](counts) >= objective.at_least
    if not is_enough.any():
        return 1.0
    other = MEASURES["precision" if objective.name == "recall" else "recall"](counts)
    best = is_enough & (other == other[is_enough].max())
    return float(limits[np.flatnonzero(best)[-1]])
