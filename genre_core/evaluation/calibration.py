"""Scores made probabilities: a temperature and a bias, fitted on films not trained on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from genre_core.evaluation.checks import Labels, Scores, checked_labels, checked_scores

EPSILON = 1e-6  # scores are taken to lie this far from 0 and 1
N_BINS = 15


class Calibration(NamedTuple):
    """What turns log-odds into those of a calibrated score: log-odds / temperature + bias."""

    temperature: float
    bias: float

    def apply(self, y_score: Scores) -> Scores:
        """Return calibrated scores of the same shape and type; the ranking within a film stays."""
        calibrated: Scores = expit(log_odds(y_score) / self.temperature + self.bias)
        return calibrated.astype(y_score.dtype)


def log_odds(y_score: Scores) -> Scores:
    """Return the log-odds of scores, float64 of the same shape.

    >>> log_odds(np.array([0.5]))
    array([0.])
    """
    score = np.clip(np.asarray(y_score, dtype=np.float64), EPSILON, 1 - EPSILON)
    odds: Scores = np.log(score / (1 - score))
    return odds


def fit_calibration(y_true: Labels, y_score: Scores) -> Calibration:
    """Return the temperature and bias, common to all genres, of the lowest BCE.

    Args:
        y_true: 0 or 1, (n_films, n_genres), of films that training did not see.
        y_score: scores in [0, 1], (n_films, n_genres).

    Source: Platt, "Probabilistic outputs for support vector machines", 1999; Guo et al., "On
    calibration of modern neural networks", ICML 2017.
    """
    labels = checked_labels(y_true)
    odds = log_odds(checked_scores(y_score, labels))

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        logits = values[0] * odds + values[1]
        rest = expit(logits) - labels
        value = float((np.logaddexp(0, logits) - labels * logits).sum())
        return value, np.array([(rest * odds).sum(), rest.sum()])

    limits = [(0.05, 20.0), (-10.0, 10.0)]
    slope, bias = minimize(loss, [1.0, 0.0], jac=True, method="L-BFGS-B", bounds=limits).x
    return Calibration(1 / float(slope), float(bias))


def expected_calibration_error(y_true: Labels, y_score: Scores) -> float:
    """Return how far scores lie from the shares that they stand for, over all cells, in [0, 1].

    Cells (one film and genre each) are put into bins of equal width by their score; each bin
    counts by its cells.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: scores in [0, 1], (n_films, n_genres).

    Source: Naeini, Cooper & Hauskrecht, AAAI 2015.

    >>> round(expected_calibration_error(np.array([[1, 0]]), np.array([[0.9, 0.1]])), 3)
    0.1
    """
    labels, scores = np.ravel(y_true).astype(np.float64), np.ravel(y_score).astype(np.float64)
    bins = np.minimum((scores * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(bins, scores - labels, minlength=N_BINS)
    return float(np.abs(gaps).sum() / len(labels))
