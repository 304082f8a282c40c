"""Word vectors from the training overviews, to initialise an embedding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

WINDOW = 5  # words on either side that count as near
SMOOTHING = 0.75  # exponent of the frequencies of near words, so that rare ones do not stand out
DEVIATION = 0.1  # of the vectors' values


def word_vectors(sequences: Sequence[np.ndarray], n_words: int, size: int) -> np.ndarray:
    """Return a vector for each word, computed from the words near it.

    Args:
        sequences: token ids of each overview, int arrays of any length.
        n_words: number of token ids.
        size: dimension of the vectors.

    Returns:
        (n_words, size) float32: the first singular vectors of the matrix of positive pointwise
        mutual information; zeros beyond its rank.

    Source: Levy, Goldberg & Dagan, "Improving distributional similarity with lessons learned from
    word embeddings", TACL 2015.
    """
    information = _positive_information(_near_counts(sequences, n_words))
    rank = min(size, n_words - 1)
    with threadpool_limits(1):  # threads would change the last bits
        left, strength, _ = randomized_svd(information, rank, random_state=0)
    vectors = left * np.sqrt(strength)
    vectors *= DEVIATION / max(float(vectors.std()), 1e-9)
    return np.pad(vectors, ((0, 0), (0, size - rank))).astype(np.float32)


def _near_counts(sequences: Sequence[np.ndarray], n_words: int) -> sp.csr_array:
    """Return the co-occurrence counts of words, (n_words, n_words)."""
    pairs = [
        np.stack([sequence[:-distance], sequence[distance:]])
        for sequence in sequences
        for distance in range(1, min(WINDOW + 1, len(sequence)))
    ]
    first, second = np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0), dtype=np.int32)
    counts = sp.coo_array((np.ones(len(first)), (first, second)), shape=(n_words, n_words)).tocsr()
    return sp.csr_array(counts + counts.T)


def _positive_information(counts: sp.csr_array) -> sp.csr_array:
    of_word = np.asarray(counts.sum(axis=1)).ravel()
    near = of_word**SMOOTHING
    cells = counts.tocoo()
    expected = of_word[cells.row] * near[cells.col] / max(near.sum(), 1e-9)
    values = np.maximum(np.log(cells.data / expected), 0.0)
    return sp.csr_array((values, (cells.row, cells.col)), shape=counts.shape)
