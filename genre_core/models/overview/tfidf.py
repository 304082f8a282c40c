"""TF-IDF of the overview with one logistic regression per genre: the linear text baseline."""

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
from genre_core.models.overview.terms import WORD
from genre_core.runs.history import HistoryRow


@dataclass(frozen=True)
class OverviewTfidfConfig:
    """Settings of the strongest linear text model on these films."""

    longest_phrase: int = 2  # words and word pairs
    fewest_films: int = 2  # a phrase in a single film only identifies that film
    strengths: tuple[float, ...] = STRENGTHS


class OverviewTfidf(Model):
    """Words and word pairs of the overview, one logistic regression per genre."""

    Config = OverviewTfidfConfig

    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Fit the TF-IDF and the regressions on `train`, and select C on `validation`."""
        if train.y_true is None or validation.y_true is None:
            raise ValueError("training and validation films have labels")
        self.vectorizer = self._vectorizer()
        try:
            features = self.vectorizer.fit_transform(train.overviews)
        except ValueError as error:
            raise TrainingError(
                "No word occurs in two training overviews, so there is nothing to learn from. "
                "Expected overviews in sentences. Check the overview column of the table."
            ) from error
        held_out = self.vectorizer.transform(validation.overviews), validation.y_true
        self.linear = fit_linear(features, train.y_true, held_out, self.config.strengths)
        return []

    def predict_scores(self, films: Films) -> np.ndarray:
        """Return scores (n_films, n_genres) float32."""
        return self.linear.scores(self.vectorizer.transform(films.overviews))

    def parts(self, overview: str) -> tuple[list[tuple[int, int]], np.ndarray]:
        """Return what each word of an overview adds to the log-odds, exactly.

        Each occurrence of a phrase has the same share of its weight, each word of it as well, so
        that the parts and the intercepts sum to the log-odds.

        Returns:
            Where each word of two or more characters begins and ends, and (n_words, n_genres).
        """
        found = [(match.span(), match[0].lower()) for match in WORD.finditer(overview)]
        features = self.vectorizer.transform([overview])
        values = dict(zip(features.indices, features.data, strict=True))
        places: dict[int, list[list[int]]] = {}
        for length in range(1, self.config.longest_phrase + 1):
            for start in range(len(found) - length + 1):
                inside = range(start, start + length)
                column = self.vectorizer.vocabulary_.get(" ".join(found[at][1] for at in inside))
                if column is not None:
                    places.setdefault(column, []).append([*inside])
        parts = np.zeros((len(found), len(self.genres)))
        for column, occurrences in places.items():
            weight = values[column] * self.linear.coefficients[column] / len(occurrences)
            for places_of_words in occurrences:
                parts[places_of_words] += weight / len(places_of_words)
        return [span for span, _ in found], parts

    def arrays(self) -> Arrays:
        """Return IDF weights, coefficients and intercepts."""
        return {
            "idf": self.vectorizer.idf_,
            "coefficients": self.linear.coefficients,
            "intercepts": self.linear.intercepts,
        }

    def set_arrays(self, arrays: Arrays) -> None:
        """Restore IDF weights, coefficients and intercepts."""
        self.vectorizer.idf_ = arrays["idf"]
        self.linear = LinearFit(arrays["coefficients"], arrays["intercepts"], self._strength)

    def preprocessing(self) -> dict[str, Any]:
        """Return the phrases in column order and the selected C."""
        phrases = self.vectorizer.get_feature_names_out().tolist()
        return {"phrases": phrases, "strength": self.linear.strength}

    def set_preprocessing(self, values: dict[str, Any]) -> None:
        """Restore saved phrases."""
        self.vectorizer = self._vectorizer(vocabulary=values["phrases"])
        self._strength = float(values["strength"])

    def _vectorizer(self, vocabulary: list[str] | None = None) -> TfidfVectorizer:
        return TfidfVectorizer(
            sublinear_tf=True,
            ngram_range=(1, self.config.longest_phrase),
            min_df=self.config.fewest_films,
            vocabulary=vocabulary,
        )
