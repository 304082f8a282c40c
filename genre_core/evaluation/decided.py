"""Metrics of decisions, equal to those of `metrics.evaluate` but fast enough for a slider."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from genre_core.evaluation.checks import Labels, Mask, Values
from genre_core.evaluation.counts import MEASURES, count
from genre_core.evaluation.decisions import defined_macro


class DecisionMetrics(NamedTuple):
    """The metrics of decisions on some films.

    Attributes:
        overall: micro and macro precision, recall and F1, Hamming loss and subset accuracy, by the
            names of `METRICS`.
        genres: precision, recall and F1 of each genre, (n_genres,) each; 0 where undefined.
        n_predicted: films for which each genre is predicted, int64 (n_genres,).
        support: films that have each genre, int64 (n_genres,).
    """

    overall: dict[str, float]
    genres: dict[str, Values]
    n_predicted: np.ndarray
    support: np.ndarray


def decision_metrics(y_true: Labels, y_pred: Labels, macro: Mask) -> DecisionMetrics:
    """Return the metrics of decisions.

    Args:
        y_true: uint8 (n_films, n_genres), with at least one film of a macro genre.
        y_pred: uint8 (n_films, n_genres).
        macro: mask of the genres in macro averages, bool (n_genres,).

    >>> y_true, y_pred = np.array([[1, 0], [1, 1]]), np.array([[1, 0], [0, 1]])
    >>> found = decision_metrics(y_true, y_pred, np.array([True, True]))
    >>> found.overall["precision_micro"], found.genres["recall"].tolist()
    (1.0, [0.5, 1.0])
    """
    counts, pooled = count(y_true, y_pred), count(y_true, y_pred, axis=None)
    is_averaged = defined_macro(y_true, macro)
    genres = {name: measure(counts) for name, measure in MEASURES.items()}
    overall = {f"{name}_micro": float(measure(pooled)) for name, measure in MEASURES.items()}
    overall |= {f"{name}_macro": float(genres[name][is_averaged].mean()) for name in MEASURES}
    overall["hamming_loss"] = float((y_true != y_pred).mean())
    overall["subset_accuracy"] = float((y_true == y_pred).all(axis=1).mean())
    n_predicted, support = (values.astype(np.int64) for values in counts[1:])
    return DecisionMetrics(overall, genres, n_predicted, support)
