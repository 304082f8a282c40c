"""The poster network: seven convolutions and two dense layers on a small poster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers

from genre_core.data.films import Films
from genre_core.data.posters import POSTER_SIZE
from genre_core.models.network import SCORES, Encoded
from genre_core.models.poster.prepare import as_pixels
from genre_core.models.reports import ReportsConfig, ReportsNetwork


@dataclass(frozen=True)
class PosterCNNConfig(ReportsConfig):
    """Settings of the source reports."""

    epochs: int = 40


class PosterCNN(ReportsNetwork):
    """CNN on posters, with the layers of the source reports.

    Source: the reports' table of layers; 3,464,601 parameters with 25 genres.
    """

    Config = PosterCNNConfig
    poster_size = POSTER_SIZE

    def build(self) -> keras.Model:
        """Return the untrained network: (batch, 64, 64, 3) in [0, 1] to (batch, n_genres)."""
        poster = keras.Input((*POSTER_SIZE, 3), name="poster")
        x = _convolution(poster, 16, strides=2)
        x = layers.Dropout(0.2)(x)
        for filters in (32, 64, 128):
            x = _convolution(x, filters)
            x = _convolution(x, filters)
            x = layers.Dropout(0.2)(x)
            x = layers.MaxPooling2D(2)(x)
        x = layers.Flatten()(x)
        for _ in range(2):
            x = layers.Dense(1024, activation="relu")(x)
            x = layers.Dropout(0.5)(x)
        scores = layers.Dense(len(self.genres), activation="sigmoid", name="genres")(x)
        return keras.Model(poster, {SCORES: scores}, name="poster_cnn")

    def encode(self, films: Films) -> Encoded:
        """Return the posters unchanged, (n_films, 64, 64, 3) uint8."""
        if films.posters is None:
            raise ValueError("the poster network needs posters")
        return films.posters

    def batch(self, encoded: Any, rows: np.ndarray) -> np.ndarray:
        """Return posters (batch, 64, 64, 3) float32 in [0, 1]."""
        return as_pixels(encoded[rows])

    def example(self, size: int) -> np.ndarray:
        """Return black posters, (size, 64, 64, 3) float32."""
        return np.zeros((size, *POSTER_SIZE, 3), dtype=np.float32)


def _convolution(x: keras.KerasTensor, filters: int, strides: int = 1) -> keras.KerasTensor:
    return layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(x)
