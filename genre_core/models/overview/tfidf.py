"""TF-IDF of the overview with one logistic regression a genre: the bar for a text network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from genre_core.data.films import Films
from genre_core.errors import TrainingError
from genre_core.files import Arrays
from genre_core.models.base import Model, Monitor
from genre_core.models.linear import STRENGTHS, LinearFit, fit_linear
from genre_core.runs.history import HistoryRow


@dataclass(frozen=True)
class OverviewTfidfConfig:
    """Settings of the strongest simple text predictor on these films."""

    longest_phrase: int = 2  # words and word pairs
    fewest_films: int = 2  # a phrase of a single film cannot be told from its film
    strengths: tuple[float, ...] = STRENGTHS


class OverviewTfidf(Model):
    """Words and word pairs of the overview, one logistic regression a genre."""

    Config = OverviewTfidfConfig

    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Count phrases and document frequencies in `train`, choose C on `validation`."""
        if train.y_true is None or validation.y_true is None:
            raise ValueError("training and validation films have labels")
        self.vectorizer = self._vectorizer()
        try:
            features = self.vectorizer.fit_transform(train.overviews)
        except ValueError as error:
            raise TrainingError(
                "The training overviews have no word that stands in two of them, so there is "
                "nothing to learn from. Expected overviews in sentences."
            ) from error
        held_out = self.vectorizer.transform(validation.overviews), validation.y_true
        self.linear = fit_linear(features, train.y_true, held_out, self.config.strengths)
        return []

    def predict_scores(self, films: Films) -> np.ndarray:
        """Return scores (n_films, n_genres) float32."""
        return self.linear.scores(self.vectorizer.transform(films.overviews))

    def arrays(self) -> Arrays:
        """Return document weights and the linear fit."""
        return {
            "idf": self.vectorizer.idf_,
            "coefficients": self.linear.coefficients,
            "intercepts": self.linear.intercepts,
        }

    def set_arrays(self, arrays: Arrays) -> None:
        """Take over saved document weights and linear fit."""
        self.vectorizer.idf_ = arrays["idf"]
        self.linear = LinearFit(arrays["coefficients"], arrays["intercepts"], self._strength)

    def preprocessing(self) -> dict[str, Any]:
        """Return the phrases in column order and the strength that was chosen."""
        phrases = self.vectorizer.get_feature_names_out().tolist()
        return {"phrases": phrases, "strength": self.linear.strength}

    def set_preprocessing(self, values: dict[str, Any]) -> None:
        """Take over saved phrases."""
        self.vectorizer = self._vectorizer(vocabulary=values["phrases"])
        self._strength = float(values["strength"])

    def _vectorizer(self, vocabulary: list[str] | None = None) -> TfidfVectorizer:
        return TfidfVectorizer(
            sublinear_tf=True,
            ngram_range=(1, self.config.longest_phrase),
            min_df=self.config.fewest_films,
            vocabulary=vocabulary,
        )
