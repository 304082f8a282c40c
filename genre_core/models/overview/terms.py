"""TF-IDF weights of the terms of overviews, with NumPy and the standard library alone.

Exported networks take this file along, so that they weigh an overview as the training did.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

WORD = re.compile(r"\b\w\w+\b")
LETTERS = (3, 4, 5)  # lengths of the character n-grams


def word_terms(text: str) -> list[str]:
    """Return the words of two or more characters in lower case.

    >>> word_terms("Nick's wife, a spy")
    ['nick', 'wife', 'spy']
    """
    return WORD.findall(text.lower())


def letter_terms(text: str) -> list[str]:
    """Return the character n-grams within each word, with a space on either side of it.

    >>> letter_terms("Spy")
    [' sp', 'spy', 'py ', ' spy', 'spy ', ' spy ']
    """
    return [term for word in text.lower().split() for term in _within(f" {word} ")]


def _within(word: str) -> list[str]:
    return [word[at : at + size] for size in LETTERS for at in range(len(word) - size + 1)]


TERMS: dict[str, Callable[[str], list[str]]] = {"words": word_terms, "letters": letter_terms}


class TermWeights:
    """TF-IDF of one kind of terms, with 1 + log counts, L2-normalised per film.

    Args:
        kind: key of `TERMS`.
        known: the terms in column order.
        idf: their inverse document frequencies, (n_columns,).

    Source: `sklearn.feature_extraction.text.TfidfVectorizer`, with the same result.
    """

    def __init__(self, kind: str, known: Sequence[str], idf: Sequence[float]) -> None:
        self.kind, self.known = kind, list(known)
        self.idf = np.array(idf, dtype=np.float64)
        self._columns = {term: column for column, term in enumerate(self.known)}

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.known)

    def encode(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns of a text's known terms, ascending, and their weights, float64."""
        counts = Counter(map(self._columns.get, TERMS[self.kind](text)))
        counts.pop(None, None)  # unknown terms
        found = sorted(counts.items())
        columns = np.array([column for column, _ in found], dtype=np.int64)
        weights = np.log([float(count) for _, count in found]) + 1
        weights = weights * self.idf[columns]
        # Summed one by one as in scikit-learn, which keeps the last bit.
        length = np.sqrt((weights**2).cumsum()[-1]) if len(weights) else 1.0
        return columns, weights / length


def dense(kinds: Sequence[TermWeights], texts: Sequence[str]) -> np.ndarray:
    """Return the weights of all kinds side by side, (n_texts, n_columns) float32."""
    parts = []
    for terms in kinds:
        part = np.zeros((len(texts), len(terms)), dtype=np.float32)
        for row, text in enumerate(texts):
            columns, weights = terms.encode(text)
            part[row, columns] = weights
        parts.append(part)
    return np.concatenate(parts, axis=1)
