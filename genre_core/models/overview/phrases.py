"""TF-IDF of the words and character n-grams of overviews."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from genre_core.errors import TrainingError

# Words, and 3 to 5 letters within a word: "vampire" is then near "vampires" and "vampiric".
KINDS: dict[str, dict[str, Any]] = {
    "words": {"min_df": 2},
    "letters": {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 3},
}


class Phrases:
    """TF-IDF of words and character n-grams, each L2-normalised per film."""

    def __init__(self, vectorizers: dict[str, TfidfVectorizer]) -> None:
        self.vectorizers = vectorizers

    def __len__(self) -> int:
        """Return the number of columns."""
        return sum(len(vectorizer.vocabulary_) for vectorizer in self.vectorizers.values())

    @classmethod
    def of(cls, overviews: Iterable[str]) -> Phrases:
        """Fit on the training overviews, with terms that occur in several of them.

        Raises:
            TrainingError: no word occurs in two of them.
        """
        texts = list(overviews)
        made = {kind: _vectorizer(kind) for kind in KINDS}
        for kind, vectorizer in made.items():
            try:
                vectorizer.fit(texts)
            except ValueError as error:
                raise TrainingError(
                    f"The training overviews have no {kind} in common, so there is nothing to "
                    "learn from. Expected overviews in sentences."
                ) from error
        return cls(made)

    def encode(self, overviews: Iterable[str]) -> sp.csr_array:
        """Return the weights, (n_films, n_columns) float32."""
        texts = list(overviews)
        parts = [vectorizer.transform(texts) for vectorizer in self.vectorizers.values()]
        return sp.csr_array(sp.hstack(parts, format="csr", dtype=np.float32))

    def as_dict(self) -> dict[str, Any]:
        """Return everything learned as plain data."""
        return {
            kind: {
                "known": vectorizer.get_feature_names_out().tolist(),
                "idf": vectorizer.idf_.tolist(),
            }
            for kind, vectorizer in self.vectorizers.items()
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Phrases:
        """Return the phrases from the result of `as_dict`."""
        made = {}
        for kind in KINDS:
            made[kind] = _vectorizer(kind, vocabulary=values[kind]["known"])
            made[kind].idf_ = np.array(values[kind]["idf"])
        return cls(made)


def _vectorizer(kind: str, **options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, **KINDS[kind], **options)
