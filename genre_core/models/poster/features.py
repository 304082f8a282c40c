"""Colour and edge statistics of the poster with one logistic regression per genre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from genre_core.data.films import Films
from genre_core.data.posters import POSTER_SIZE
from genre_core.files import Arrays
from genre_core.models.base import Model, Monitor
from genre_core.models.linear import LinearFit, fit_linear
from genre_core.models.poster.poster_statistics import poster_features
from genre_core.runs.history import HistoryRow


@dataclass(frozen=True)
class PosterFeaturesConfig:
    """Settings: strong regularisation, for about 260 correlated features and few films."""

    strengths: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1)


class PosterFeatures(Model):
    """Colour and edge statistics of the poster, one logistic regression per genre."""

    Config = PosterFeaturesConfig
    poster_size = POSTER_SIZE

    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Scale and fit on `train`, and select C on `validation`."""
        if train.y_true is None or validation.y_true is None:
            raise ValueError("training and validation films have labels")
        raw = poster_features(_posters(train))
        self.mean, self.deviation = raw.mean(axis=0), raw.std(axis=0) + 1e-6
        held_out = self._features(validation), validation.y_true
        self.linear = fit_linear(
            self._features(train), train.y_true, held_out, self.config.strengths
        )
        return []

    def predict_scores(self, films: Films) -> np.ndarray:
        """Return scores (n_films, n_genres) float32."""
        return self.linear.scores(self._features(films))

    def arrays(self) -> Arrays:
        """Return scaling, coefficients and intercepts."""
        return {
            "mean": self.mean,
            "deviation": self.deviation,
            "coefficients": self.linear.coefficients,
            "intercepts": self.linear.intercepts,
        }

    def set_arrays(self, arrays: Arrays) -> None:
        """Restore scaling, coefficients and intercepts."""
        self.mean, self.deviation = arrays["mean"], arrays["deviation"]
        self.linear = LinearFit(arrays["coefficients"], arrays["intercepts"], self._strength)

    def preprocessing(self) -> dict[str, Any]:
        """Return the selected C."""
        return {"strength": self.linear.strength}

    def set_preprocessing(self, values: dict[str, Any]) -> None:
        """Restore the selected C."""
        self._strength = float(values["strength"])

    def _features(self, films: Films) -> np.ndarray:
        result: np.ndarray = (poster_features(_posters(films)) - self.mean) / self.deviation
        return result


def _posters(films: Films) -> np.ndarray:
    if films.posters is None:
        raise ValueError("this model needs posters")
    return films.posters
