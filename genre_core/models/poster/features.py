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
from genre_core.runs.history import HistoryRow

CELLS = 4  # the poster is divided into 4 x 4 cells
COLOUR_LEVELS = 4  # levels per channel in the colour histogram, 64 colours in total
DIRECTIONS = 6  # of edges, over half a turn


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


def poster_features(posters: np.ndarray) -> np.ndarray:
    """Return colour and edge statistics of posters.

    Args:
        posters: (n_films, height, width, 3) uint8 RGB.

    Returns:
        (n_films, n_features) float64: a histogram of colours, mean and deviation of each channel
        in each cell, and a histogram of edge directions weighted by strength in each cell.
    """
    return np.concatenate([_features_of(poster) for poster in posters]).astype(np.float64)


def _features_of(poster: np.ndarray) -> np.ndarray:
    values = poster.astype(np.float32) / 255
    levels = np.minimum((values * COLOUR_LEVELS).astype(int), COLOUR_LEVELS - 1)
    codes = levels @ (COLOUR_LEVELS ** np.arange(3))
    colours = np.bincount(codes.ravel(), minlength=COLOUR_LEVELS**3) / codes.size
    cells = _cells(values)
    edges = _edges(values.mean(axis=2))
    statistics = [np.sqrt(colours), cells.mean(axis=1).ravel(), cells.std(axis=1).ravel(), edges]
    return np.concatenate(statistics)[None]


def _cells(values: np.ndarray) -> np.ndarray:
    """Return (height, width, channels) divided into (cells, pixels per cell, channels)."""
    height, width, channels = values.shape
    shape = (CELLS, height // CELLS, CELLS, width // CELLS, channels)
    return values.reshape(shape).swapaxes(1, 2).reshape(CELLS * CELLS, -1, channels)


def _edges(grey: np.ndarray) -> np.ndarray:
    """Return strength by direction in each cell, (cells * DIRECTIONS,)."""
    vertical, horizontal = np.gradient(grey)
    strength = np.hypot(vertical, horizontal)
    turn = np.mod(np.arctan2(vertical, horizontal), np.pi) / np.pi
    direction = np.minimum((turn * DIRECTIONS).astype(int), DIRECTIONS - 1)
    by_direction = strength[..., None] * (direction[..., None] == np.arange(DIRECTIONS))
    result: np.ndarray = _cells(by_direction).mean(axis=1).ravel()
    return result


def _posters(films: Films) -> np.ndarray:
    if films.posters is None:
        raise ValueError("this model needs posters")
    return films.posters
