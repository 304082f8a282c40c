"""One logistic regression per genre, with C selected by the validation loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from genre_core.evaluation.formulas import bce

STRENGTHS = (1.0, 2.0, 4.0, 8.0)  # C of scikit-learn; larger values regularise less
MAX_ITERATIONS = 1000


@dataclass(frozen=True)
class LinearFit:
    """Weights of all genres: scores are sigmoid(features @ coefficients + intercepts)."""

    coefficients: np.ndarray  # n_features, n_genres
    intercepts: np.ndarray  # n_genres
    strength: float

    def scores(self, features: Any) -> np.ndarray:
        """Return scores for `features` (n_films, n_features), (n_films, n_genres) float32."""
        result: np.ndarray = expit(features @ self.coefficients + self.intercepts).astype(
            np.float32
        )
        return result


def fit_linear(
    features: Any,
    y_true: np.ndarray,
    validation: tuple[Any, np.ndarray],
    strengths: tuple[float, ...] = STRENGTHS,
) -> LinearFit:
    """Return the fit with the lowest BCE on `validation`.

    Args:
        features: training features (n_films, n_features), dense or sparse.
        y_true: training labels (n_films, n_genres) uint8.
        validation: features and labels of the validation films.
        strengths: values of C to try.
    """
    # Several threads would change the order of sums, and with it the last bits of the scores.
    with threadpool_limits(1):
        fits = [_fit(features, y_true, strength) for strength in strengths]
    losses = [bce(validation[1], fit.scores(validation[0])) for fit in fits]
    return fits[int(np.argmin(losses))]


def _fit(features: Any, y_true: np.ndarray, strength: float) -> LinearFit:
    columns = [_fit_genre(features, y_true[:, genre], strength) for genre in range(y_true.shape[1])]
    return LinearFit(
        coefficients=np.stack([coefficients for coefficients, _ in columns], axis=1),
        intercepts=np.array([intercept for _, intercept in columns]),
        strength=strength,
    )


def _fit_genre(features: Any, y_true: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
    """Return coefficients and intercept; only an intercept if all films have the same label."""
    share = float(y_true.mean())
    if share in (0.0, 1.0):
        return np.zeros(features.shape[1]), 16.0 if share else -16.0  # a score of 1e-7 from 0 or 1
    model = LogisticRegression(C=strength, max_iter=MAX_ITERATIONS).fit(features, y_true)
    return model.coef_[0], float(model.intercept_[0])
