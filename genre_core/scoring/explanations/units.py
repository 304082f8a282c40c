"""The parts of a film that can be taken away: words of the overview, regions of the poster."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

GRID = (12, 8)  # rows and columns of regions
N_REGIONS = GRID[0] * GRID[1]
_WORD = re.compile(r"\S+")

Hidden = npt.NDArray[np.bool_]
Span = tuple[int, int]


def words_of(overview: str) -> list[Span]:
    """Return where each word begins and ends, with the punctuation at it.

    >>> words_of("A spy, lost.")
    [(0, 1), (2, 6), (7, 12)]
    """
    return [found.span() for found in _WORD.finditer(overview)]


def without_words(overview: str, hidden: Hidden) -> list[str]:
    """Return versions of an overview without some of its words.

    Args:
        overview: with n_words words as of `words_of`.
        hidden: which words are left out of each version, (n_versions, n_words).

    >>> without_words("A spy, lost.", np.array([[True, False, False]]))
    ['spy, lost.']
    """
    words = np.array([overview[start:end] for start, end in words_of(overview)], dtype=object)
    return [" ".join(words[~row]) for row in hidden]


def without_regions(poster: np.ndarray, hidden: Hidden) -> np.ndarray:
    """Return versions of a poster with some of its regions in its mean colour.

    Args:
        poster: (height, width, 3) uint8.
        hidden: which regions, row by row, are covered in each version, (n_versions, N_REGIONS).

    Returns:
        (n_versions, height, width, 3) uint8.
    """
    region = region_of_pixels(poster.shape[0], poster.shape[1])
    colour = poster.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    covered = hidden[:, region][..., np.newaxis]
    return np.where(covered, colour, poster)


def region_of_pixels(height: int, width: int) -> np.ndarray:
    """Return the number of the region that each pixel lies in, (height, width) int64."""
    rows = np.arange(height) * GRID[0] // height
    columns = np.arange(width) * GRID[1] // width
    return rows[:, np.newaxis] * GRID[1] + columns


def one_at_a_time(n_units: int) -> Hidden:
    """Return versions that lack one unit each, (n_units, n_units)."""
    return np.eye(n_units, dtype=np.bool_)
