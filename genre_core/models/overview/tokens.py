"""Tokenisation of overviews, outside any network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

PADDING, UNKNOWN = 0, 1
FIRST_WORD = 2
_NOT_WORD = re.compile(r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation.

    Source: the standardisation of `keras.layers.TextVectorization`, which the reports used.

    >>> words("Nick's wife, a spy...")
    ['nicks', 'wife', 'a', 'spy']
    """
    return _NOT_WORD.sub("", text.lower()).split()


class Vocabulary:
    """Words and their token ids; 0 is padding, 1 an unknown word.

    Args:
        known: the words in the order of their ids, starting with id 2.
    """

    def __init__(self, known: Sequence[str]) -> None:
        self.known = list(known)
        self._ids = {word: number for number, word in enumerate(known, start=FIRST_WORD)}

    def __len__(self) -> int:
        """Return the number of token ids, including padding and the unknown word."""
        return len(self.known) + FIRST_WORD

    @classmethod
    def of(cls, overviews: Iterable[str], *, size: int) -> Vocabulary:
        """Return the vocabulary of the most frequent words, with at most `size` token ids."""
        counts = Counter(word for text in overviews for word in words(text))
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return cls(ranked[: size - FIRST_WORD])

    def encode(self, text: str, *, length: int) -> np.ndarray:
        """Return the token ids of the first `length` words of a text, (n_words,) int32."""
        ids = [self._ids.get(word, UNKNOWN) for word in words(text)[:length]]
        return np.array(ids, dtype=np.int32)


def pad(sequences: Sequence[np.ndarray]) -> np.ndarray:
    """Return sequences padded on the right to the longest of them, (n, length >= 1) int32."""
    longest = max([1, *(len(sequence) for sequence in sequences)])
    padded = np.full((len(sequences), longest), PADDING, dtype=np.int32)
    for row, sequence in enumerate(sequences):
        padded[row, : len(sequence)] = sequence
    return padded
