"""Posters that are nearly the same: difference hashes first, then correlation of thumbnails."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from genre_core.data.films import Dataset
from genre_core.data.leakage_groups import (
    Contents,
    Group,
    Links,
    Places,
    contents_of,
    films_of_links,
    groups_of,
)

HASH_ROWS, HASH_COLUMNS = 8, 16  # blocks of a poster; each is compared with the one to its left
MOST_BITS = 24  # of 120 that may differ; the placeholders of the real films differ in 18 at most
LEAST_STEP = 2.0  # grey levels of 255; less is noise, as in the background of a placeholder
THUMBNAIL = 32  # pixels of both sides
LEAST_CORRELATION = 0.92  # real films: placeholders from 0.934, different posters up to 0.896
POSTERS = 512  # posters read at once
CELLS = 2**18  # pairs of hashes compared at once: 2 MB, which stay in the cache
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601

Hashes = npt.NDArray[np.uint64]


def near_posters(dataset: Dataset, posters: np.ndarray) -> tuple[Group, ...]:
    """Return groups of films of different splits whose posters are nearly or fully the same.

    Args:
        dataset: the films.
        posters: their posters, (n_films, height, width, 3) uint8, both sides multiples of
            `THUMBNAIL`; may be memory-mapped.
    """
    of_film, rows = _different(posters)
    contents = contents_of(of_film, dataset.split)
    return groups_of(dataset, contents, _links(posters, rows, contents))


def near_images(posters: np.ndarray) -> Places:
    """Return pairs of films whose posters are nearly or fully the same, int (n_pairs, 2).

    Args:
        posters: (n_films, height, width, 3) uint8, both sides multiples of `THUMBNAIL`.
    """
    of_film, rows = _different(posters)
    return films_of_links(of_film, _links(posters, rows, Contents.anywhere(of_film)))


def _links(posters: np.ndarray, rows: Places, contents: Contents) -> Links:
    hashes = difference_hashes(posters, rows)
    found = [Links(rows[:0], rows[:0], np.zeros(0, dtype=np.float32))]
    for first, second in _candidates(hashes):
        crosses = contents.are_in_two_splits(first, second)
        first, second = first[crosses], second[crosses]
        similarity = correlations(posters, rows[first], rows[second])
        is_near = similarity >= LEAST_CORRELATION
        found.append(Links(first[is_near], second[is_near], similarity[is_near]))
    return Links(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def difference_hashes(posters: np.ndarray, rows: Places) -> Hashes:
    """Return a hash of each poster: which blocks are brighter than the one to their left.

    Args:
        posters: (n_films, height, width, 3) uint8.
        rows: positions of the posters to hash.

    Returns:
        120 bits in two numbers, uint64 (n_rows, 2).

    Source: the difference hash (dHash) of Krawetz, "Kind of Like That", 2013, here 15 x 8 bits.
    """
    hashes = np.zeros((len(rows), 2), dtype=np.uint64)
    for start in range(0, len(rows), POSTERS):
        blocks = _blocks(posters[rows[start : start + POSTERS]], HASH_ROWS, HASH_COLUMNS) @ LUMA
        is_brighter = (np.diff(blocks, axis=2) > LEAST_STEP).reshape(len(blocks), -1)
        packed = np.packbits(is_brighter, axis=1)
        padded = np.pad(packed, ((0, 0), (0, 16 - packed.shape[1])))
        hashes[start : start + POSTERS] = padded.view(np.uint64)
    return hashes


def correlations(posters: np.ndarray, first: Places, second: Places) -> np.ndarray:
    """Return the correlation of the colour thumbnails of pairs of posters, float32 (n_pairs,).

    Args:
        posters: (n_films, height, width, 3) uint8.
        first: positions of posters, int (n_pairs,).
        second: positions of the posters to compare them with, int (n_pairs,).
    """
    result = np.zeros(len(first), dtype=np.float32)
    for start in range(0, len(first), POSTERS):
        part = slice(start, start + POSTERS)
        pair = (thumbnails(posters[rows[part]]) for rows in (first, second))
        result[part] = np.einsum("ij,ij->i", *pair)
    return result


def _different(posters: np.ndarray) -> tuple[Places, Places]:
    """Return which of the different posters each film has, and a film that has each of them."""
    digests = [hashlib.blake2b(poster.tobytes(), digest_size=16).digest() for poster in posters]
    places: dict[bytes, int] = {}
    of_film = np.array(
        [places.setdefault(digest, len(places)) for digest in digests], dtype=np.intp
    )
    return of_film, np.unique(of_film, return_index=True)[1]


def _candidates(hashes: Hashes) -> Iterator[tuple[Places, Places]]:
    """Yield positions of pairs of hashes that differ in at most `MOST_BITS` bits, some at once."""
    n_rows = max(1, CELLS // max(len(hashes), 1))
    for start in range(0, len(hashes), n_rows):
        block, rest = hashes[start : start + n_rows], hashes[start + 1 :]
        n_bits = np.zeros((len(block), len(rest)), dtype=np.uint8)
        for word in range(hashes.shape[1]):
            n_bits += np.bitwise_count(block[:, None, word] ^ rest[None, :, word])
        first, second = np.nonzero(n_bits <= MOST_BITS)
        is_later = second >= first  # `rest` begins one behind `block`
        yield first[is_later] + start, second[is_later] + start + 1


def thumbnails(posters: np.ndarray) -> np.ndarray:
    """Return colour thumbnails with mean 0 and length 1; those of one grey are 0.

    The product of two is their correlation.

    Args:
        posters: (n_posters, height, width, 3) uint8, both sides multiples of `THUMBNAIL`.

    Returns:
        (n_posters, n_values) float32.
    """
    values = _blocks(posters, THUMBNAIL, THUMBNAIL).reshape(len(posters), -1)
    centred = values - values.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    result: np.ndarray = np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > 0)
    return result


def _blocks(posters: np.ndarray, n_rows: int, n_columns: int) -> np.ndarray:
    """Return the mean colour of equal blocks, float32 (n_posters, n_rows, n_columns, 3)."""
    n_posters, height, width, _ = posters.shape
    shape = (n_posters, n_rows, height // n_rows, n_columns, width // n_columns, 3)
    result: np.ndarray = posters.reshape(shape).mean(axis=(2, 4), dtype=np.float32)
    return result
