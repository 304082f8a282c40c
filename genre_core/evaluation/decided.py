"""Metrics of decisions from counts.

Equal to scikit-learn's, which make sparse matrices of the labels for each and take ten times as
long: too long for a slider, and for a million films.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from genre_core.evaluation.checks import Labels, Mask, Values
from genre_core.evaluation.counts import MEASURES, Measure, count
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


def micro(y_true: Labels, y_pred: Labels, *, measure: Measure) -> float:
    """Return a measure of all films and genres together."""
    return float(measure(count(y_true, y_pred, axis=None)))


def macro(y_true: Labels, y_pred: Labels, *, macro: Mask, measure: Measure) -> float:
    """Return the mean over the macro genres of a measure.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_pred: uint8 (n_films, n_genres).
        macro: bool (n_genres,); genres without a positive film are left out, one must remain.
        measure: of the counts of each genre; 0 where undefined.

    >>> from genre_core.evaluation.counts import recall
    >>> y_true, y_pred = np.array([[1, 1, 0], [1, 0, 0]]), np.array([[1, 1, 1], [0, 0, 1]])
    >>> macro(y_true, y_pred, macro=np.array([True] * 3), measure=recall)
    0.75
    """
    return float(measure(count(y_true, y_pred))[defined_macro(y_true, macro)].mean())


def weighted(y_true: Labels, y_pred: Labels, *, measure: Measure) -> float:
    """Return the mean over genres of a measure, weighted by support; 0 without any."""
    found = count(y_true, y_pred)
    n_labels = found.support.sum()
    return float((measure(found) * found.support).sum() / n_labels) if n_labels else 0.0


def samples(y_true: Labels, y_pred: Labels, *, measure: Measure) -> float:
    """Return the mean over films of a measure of each film's genres; 0 where undefined."""
    return float(measure(count(y_true, y_pred, axis=1)).mean())


def hamming_loss(y_true: Labels, y_pred: Labels) -> float:
    """Return the share of film-genre pairs that are predicted wrongly."""
    return float((y_true != y_pred).mean())


def subset_accuracy(y_true: Labels, y_pred: Labels) -> float:
    """Return the share of films whose genres are predicted exactly."""
    return float((y_true == y_pred).all(axis=1).mean())


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
    overall["hamming_loss"] = hamming_loss(y_true, y_pred)
    overall["subset_accuracy"] = subset_accuracy(y_true, y_pred)
    n_predicted, support = (values.astype(np.int64) for values in counts[1:])
    return DecisionMetrics(overall, genres, n_predicted, support)
