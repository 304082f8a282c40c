"""Tuning of thresholds for F1, precision or recall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import Labels, Scores, Values, checked_labels, checked_scores
from genre_core.evaluation.counts import MEASURES, Counts, f1

ObjectiveName = Literal["f1", "precision", "recall"]
ENOUGH = 20  # positive films of a genre for a threshold of its own


@dataclass(frozen=True)
class Objective:
    """The objective of a threshold.

    Attributes:
        name: "f1" for the highest F1; "precision" for the highest recall with a minimum precision;
            "recall" for the highest precision with a minimum recall.
        at_least: the minimum precision or recall, in (0, 1]; ignored for "f1".

    Raises:
        DataError: `at_least` is out of range.
    """

    name: ObjectiveName = "f1"
    at_least: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.at_least <= 1:
            raise DataError(
                f"The minimum {self.name} is {self.at_least:g}. Expected a number above 0 and at "
                "most 1."
            )


F1 = Objective()


class Steps(NamedTuple):
    """The counts at each candidate threshold; candidates are the scores, highest first.

    Attributes:
        thresholds: the thresholds, (n_steps,).
        counts: true positives, predicted and true at each, (n_steps,).
    """

    thresholds: Values
    counts: Counts


def best_common_threshold(
    y_true: npt.ArrayLike, y_score: npt.ArrayLike, objective: Objective = F1
) -> float:
    """Return the best common threshold for all genres, with counts pooled over the genres.

    Of equally good thresholds the lowest is returned, and 1 if none meets the objective.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: Scores in [0, 1], (n_films, n_genres).
        objective: What to optimise.

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
            f"None of the {len(labels)} films has a genre, so micro-F1 is 0 for every threshold. "
            "Expected at least one positive label. Fit the threshold on the validation films."
        )
    return _best(steps(labels.ravel(), scores.ravel()), objective)


def best_genre_thresholds(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    objective: Objective = F1,
    *,
    minimum: int = ENOUGH,
) -> Scores:
    """Return the best threshold of each genre.

    Genres with fewer than `minimum` positive films have the common threshold, because their own
    would be noisy.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: Scores in [0, 1], (n_films, n_genres).
        objective: What to optimise.
        minimum: Minimum number of positive films for a genre's own threshold.

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
    thresholds = np.full(labels.shape[1], best_common_threshold(labels, scores, objective))
    for genre in np.flatnonzero(labels.sum(axis=0, dtype=np.int64) >= minimum):
        thresholds[genre] = _best(steps(labels[:, genre], scores[:, genre]), objective)
    return thresholds


def steps(is_true: Labels, score: Scores) -> Steps:
    """Return the counts at each candidate threshold; equal scores are one candidate.

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
    thresholds, counts = candidates
    if objective.name == "f1":
        value = f1(counts)
        return float(thresholds[np.flatnonzero(value == value.max())[-1]])
    is_enough = MEASURES[objective.name](counts) >= objective.at_least
    if not is_enough.any():
        return 1.0
    other = MEASURES["precision" if objective.name == "recall" else "recall"](counts)
    best = is_enough & (other == other[is_enough].max())
    return float(thresholds[np.flatnonzero(best)[-1]])
