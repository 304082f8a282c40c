"""Fusion: a weighted sum of the log-odds of other runs relative to the base rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from genre_core.data.films import Films
from genre_core.evaluation.calibration import log_odds
from genre_core.evaluation.folds import folds
from genre_core.files import Arrays
from genre_core.models.base import Model, Monitor
from genre_core.runs.history import HistoryRow

LEAST_SHARE = 1e-4  # smallest base rate, for genres without training films


@dataclass(frozen=True)
class FusionConfig:
    """Settings, chosen on cross-fitted scores of the validation films of the real dataset.

    Attributes:
        pull: strength of the penalty that pulls the weights of a genre towards the shared weights;
            without it, genres with few validation films overfit.
    """

    pull: float = 100.0


class Fusion(Model):
    """Weighted sum of the parents' log-odds relative to the base rates, fitted on validation films.

    The weights are fitted on the validation films alone, because the parents were trained on the
    training films. Scores of the validation films are cross-fitted.
    """

    Config = FusionConfig

    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Fit the weights on `validation`; `train` only provides the base rates."""
        if train.y_true is None or validation.y_true is None:
            raise ValueError("training and validation films have labels")
        share = np.clip(train.y_true.mean(axis=0), LEAST_SHARE, 1 - LEAST_SHARE)
        self.start = log_odds(share)
        self.weights = self._fitted(self._beyond(validation), validation.y_true)
        return []

    def predict_scores(self, films: Films) -> np.ndarray:
        """Return scores (n_films, n_genres) float32."""
        return self._scores(self._beyond(films), self.weights)

    def held_out_scores(self, validation: Films) -> np.ndarray:
        """Return cross-fitted scores of the validation films."""
        if validation.y_true is None:
            raise ValueError("validation films have labels")
        beyond, scores = self._beyond(validation), np.empty(validation.y_true.shape, np.float32)
        for others, held_out in folds(len(validation)):
            weights = self._fitted(beyond[:, others], validation.y_true[others])
            scores[held_out] = self._scores(beyond[:, held_out], weights)
        return scores

    def arrays(self) -> Arrays:
        """Return the weights and the log-odds of the base rates."""
        return {"weights": self.weights, "start": self.start}

    def set_arrays(self, arrays: Arrays) -> None:
        """Restore saved weights."""
        self.weights, self.start = arrays["weights"], arrays["start"]

    def _beyond(self, films: Films) -> np.ndarray:
        """Return the parents' log-odds minus the base rates', (n_parents, n_films, n_genres)."""
        if not films.parent_scores:
            raise ValueError("fusion needs the scores of its parents")
        return log_odds(np.stack(films.parent_scores)) - self.start

    def _scores(self, beyond: np.ndarray, weights: np.ndarray) -> np.ndarray:
        logits = self.start + (weights[:, None] * beyond).sum(axis=0)
        result: np.ndarray = expit(logits).astype(np.float32)
        return result

    def _fitted(self, beyond: np.ndarray, y_true: np.ndarray) -> np.ndarray:
        """Return the weights with the lowest penalised BCE, (n_parents, n_genres).

        Each is the sum of a weight shared by all genres and a deviation with an L2 penalty.
        """
        n_parents, _, n_genres = beyond.shape

        def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
            shared, deviation = values[:n_parents], values[n_parents:].reshape(n_parents, n_genres)
            weights = shared[:, None] + deviation
            logits = self.start + (weights[:, None] * beyond).sum(axis=0)
            penalty = self.config.pull * (deviation**2).sum() / 2
            value = float((np.logaddexp(0, logits) - y_true * logits).sum() + penalty)
            slope = (beyond * (expit(logits) - y_true)).sum(axis=1)  # n_parents, n_genres
            own = slope + self.config.pull * deviation
            return value, np.concatenate([slope.sum(axis=1), own.ravel()])

        start = np.concatenate([np.full(n_parents, 1 / n_parents), np.zeros(n_parents * n_genres)])
        found = minimize(loss, start, jac=True, method="L-BFGS-B").x
        weights: np.ndarray = found[:n_parents, None] + found[n_parents:].reshape(n_parents, -1)
        return weights
