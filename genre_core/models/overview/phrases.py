"""TF-IDF of the words and character n-grams of overviews."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from genre_core.errors import TrainingError
from genre_core.models.overview.terms import TERMS, TermWeights

# Words, and 3 to 5 letters within a word: "vampire" is then near "vampires" and "vampiric".
FEWEST_FILMS = {"words": 2, "letters": 3}  # in which a term has to occur


class Phrases:
    """TF-IDF of words and character n-grams, each L2-normalised per film.

    Args:
        kinds: the weights of each kind of terms, in column order.
    """

    def __init__(self, kinds: list[TermWeights]) -> None:
        self.kinds = kinds

    def __len__(self) -> int:
        """Return the number of columns."""
        return sum(len(terms) for terms in self.kinds)

    @classmethod
    def of(cls, overviews: Iterable[str]) -> Phrases:
        """Fit on the training overviews, with terms that occur in several of them.

        Raises:
            TrainingError: no word occurs in two of them.
        """
        texts = list(overviews)
        return cls([_fitted(kind, texts) for kind in TERMS])

    def encode(self, overviews: Iterable[str]) -> sp.csr_array:
        """Return the weights, (n_films, n_columns) float32."""
        texts = list(overviews)
        parts = [_sparse(terms, texts) for terms in self.kinds]
        return sp.csr_array(sp.hstack(parts, format="csr", dtype=np.float32))

    def as_dict(self) -> dict[str, Any]:
        """Return everything learned as plain data."""
        return {
            terms.kind: {"known": terms.known, "idf": terms.idf.tolist()} for terms in self.kinds
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Phrases:
        """Return the phrases from the result of `as_dict`."""
        return cls([TermWeights(kind, **values[kind]) for kind in TERMS])


def _fitted(kind: str, texts: list[str]) -> TermWeights:
    vectorizer = TfidfVectorizer(analyzer=TERMS[kind], min_df=FEWEST_FILMS[kind])
    try:
        vectorizer.fit(texts)
    except ValueError as error:
        raise TrainingError(
            f"The training overviews have no {kind} in common, so there is nothing to learn from. "
            "Expected overviews in sentences."
        ) from error
    return TermWeights(kind, vectorizer.get_feature_names_out().tolist(), vectorizer.idf_.tolist())


def _sparse(terms: TermWeights, texts: list[str]) -> sp.csr_array:
    """Return the weights of one kind of terms, (n_films, n_columns) float64."""
    rows = [terms.encode(text) for text in texts]
    begins = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns, weights = (
        np.concatenate([row[part] for row in rows]) if rows else np.zeros(0) for part in (0, 1)
    )
    return sp.csr_array((weights, columns, begins), shape=(len(texts), len(terms)))
