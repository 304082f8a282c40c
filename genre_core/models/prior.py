"""Base rates: a predictor without any input, the trivial baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genre_core.data.films import Films
from genre_core.files import Arrays
from genre_core.models.base import Model, Monitor
from genre_core.runs.history import HistoryRow


@dataclass(frozen=True)
class PriorConfig:
    """No settings."""


class Prior(Model):
    """Predicts for every film the share of training films with each genre."""

    Config = PriorConfig

    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Compute the base rates; there are no epochs."""
        if train.y_true is None:
            raise ValueError("training films have labels")
        self.frequencies = train.y_true.mean(axis=0, dtype=np.float64).astype(np.float32)
        return []

    def predict_scores(self, films: Films) -> np.ndarray:
        """Return the same scores for every film, (n_films, n_genres) float32."""
        return np.tile(self.frequencies, (len(films), 1))

    def arrays(self) -> Arrays:
        """Return the base rates, (n_genres,) float32."""
        return {"frequencies": self.frequencies}

    def set_arrays(self, arrays: Arrays) -> None:
        """Restore saved base rates."""
        self.frequencies = arrays["frequencies"]
