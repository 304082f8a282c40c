"""Overviews that are nearly the same: cosine of TF-IDF vectors of character n-grams."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from genre_core.data.films import Dataset
from genre_core.data.leakage_groups import (
    NOTHING,
    Contents,
    Group,
    Links,
    Places,
    contents_of,
    films_of_links,
    groups_of,
)

NGRAM = 4  # characters, within words; 3 to 5 find the same pairs of the real films
LEAST_COSINE = 0.85  # on the real films only stubs ("A spoof on", "A spoof of") are above it
ROWS = 256  # texts compared at once with all others
ROUNDING = 1e-5  # of the sum of squares of a float32 vector


def near_overviews(dataset: Dataset) -> tuple[Group, ...]:
    """Return groups of films of different splits whose overviews are nearly or fully the same.

    Case and spaces are ignored; empty overviews are left out.

    Args:
        dataset: the films.
    """
    texts, of_film = _texts_of(dataset.films.overviews)
    contents = contents_of(of_film, dataset.split)
    return groups_of(dataset, contents, _links(texts, contents))


def near_texts(overviews: Sequence[str]) -> Places:
    """Return pairs of films whose overviews are nearly or fully the same, int (n_pairs, 2).

    Args:
        overviews: n_films of them; empty ones are left out.
    """
    texts, of_film = _texts_of(overviews)
    links = _links(texts, Contents.anywhere(of_film))
    return films_of_links(of_film, links)


def _links(texts: list[str], contents: Contents) -> Links:
    if not texts:
        return _no_links()
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(NGRAM, NGRAM), lowercase=False, dtype=np.float32
    )
    try:
        vectors = vectorizer.fit_transform(texts)
    except ValueError:  # no text has a character that is no space
        return _no_links()
    return similar_rows(csr_array(vectors), contents)


def similar_rows(vectors: csr_array, contents: Contents) -> Links:
    """Return the pairs of texts with a cosine of `LEAST_COSINE` or more in different splits.

    Only pairs that share one of their rarest n-grams are compared, which leaves none out. So
    neither time nor memory grow with all pairs of texts.

    Args:
        vectors: one row a text, each of length 1, float32 (n_texts, n_ngrams).
        contents: the splits of each text.

    Source: Bayardo, Ma & Srikant, "Scaling up all pairs similarity search", WWW 2007.
    """
    rarest = _rarest(vectors)
    columns = rarest.T.tocsr()
    found = [_no_links()]
    for start in range(0, rarest.shape[0], ROWS):
        shared = (rarest[start : start + ROWS] @ columns).tocoo()
        first, second = shared.row.astype(np.intp) + start, shared.col.astype(np.intp)
        is_new = (first < second) & contents.are_in_two_splits(first, second)
        first, second = first[is_new], second[is_new]
        cosine = np.asarray((vectors[first] * vectors[second]).sum(axis=1)).ravel()
        is_near = cosine >= LEAST_COSINE
        found.append(Links(first[is_near], second[is_near], cosine[is_near]))
    return Links(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _rarest(vectors: csr_array) -> csr_array:
    """Return where each row has its rarest n-grams, as many as a near-duplicate shares one of.

    The frequent n-grams that are left out have together a length below `LEAST_COSINE`, so two rows
    that share only such n-grams have a cosine below it.
    """
    n_rows, n_columns = vectors.shape
    rows = np.repeat(np.arange(n_rows), np.diff(vectors.indptr))
    rank = np.empty(n_columns, dtype=np.intp)
    rank[np.argsort(-np.bincount(vectors.indices, minlength=n_columns), kind="stable")] = np.arange(
        n_columns
    )
    order = np.lexsort((rank[vectors.indices], rows))  # by row, frequent n-grams first
    squares = vectors.data[order].astype(np.float64) ** 2
    totals = np.concatenate([[0.0], np.cumsum(squares)])
    length = totals[1:] - totals[vectors.indptr[rows]]  # of the row up to and with this n-gram
    kept = order[length >= LEAST_COSINE**2 - ROUNDING]
    ones = np.ones(len(kept), dtype=np.float32)
    return csr_array((ones, (rows[kept], vectors.indices[kept])), shape=vectors.shape)


def _texts_of(overviews: Sequence[str]) -> tuple[list[str], Places]:
    """Return the different overviews, case and spaces folded, and which of them each film has."""
    folded = [" ".join(overview.casefold().split()) for overview in overviews]
    texts = list(dict.fromkeys(text for text in folded if text))
    places = {text: place for place, text in enumerate(texts)}
    return texts, np.array([places.get(text, NOTHING) for text in folded], dtype=np.intp)


def _no_links() -> Links:
    nowhere: npt.NDArray[np.intp] = np.zeros(0, dtype=np.intp)
    return Links(nowhere, nowhere, np.zeros(0, dtype=np.float32))
