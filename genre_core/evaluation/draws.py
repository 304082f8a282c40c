"""Random draws over films: bootstrap resamples and swaps of two runs' outputs, in chunks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

# Films x draws at once: 1 MB of float32, which stays in the cache of one core.
CHUNK_CELLS = 2**18
N_DRAWS = 10_000
DRAWS_PER_TEST = 200  # of the largest family, so that its smallest corrected p-value is not coarse

Draws = npt.NDArray[np.float32]


def draws_for(n_tests: int) -> int:
    """Return how many draws a family of tests needs.

    >>> draws_for(20), draws_for(200)
    (10000, 40000)
    """
    return max(N_DRAWS, DRAWS_PER_TEST * n_tests)


def draw_counts(n_films: int, n_resamples: int, seed: int) -> Iterator[Draws]:
    """Yield how often each resample drew each film, in chunks.

    A resample draws `n_films` films with replacement. Chunking does not change what is drawn.

    Args:
        n_films: Films to draw from.
        n_resamples: Resamples in all.
        seed: Of the draws.

    Yields:
        Whole numbers, float32 (n_films, n_resamples of the chunk).
    """
    random = np.random.default_rng(seed)
    for n_columns in _chunks(n_films, n_resamples):
        films = random.integers(n_films, size=(n_columns, n_films))
        cells = films * n_columns + np.arange(n_columns)[:, None]
        counts = np.bincount(cells.ravel(), minlength=n_films * n_columns)
        yield counts.reshape(n_films, n_columns).astype(np.float32)


def draw_swaps(n_films: int, n_swaps: int, seed: int) -> Iterator[Draws]:
    """Yield which films are swapped, in chunks; chunking does not change what is drawn.

    Args:
        n_films: Films to swap.
        n_swaps: Swaps in all.
        seed: Of the draws.

    Yields:
        1 or 0, float32 (n_films, n_swaps of the chunk).
    """
    random = np.random.default_rng(seed)
    for n_columns in _chunks(n_films, n_swaps):
        is_swapped = random.random((n_columns, n_films), dtype=np.float32) < 0.5
        yield np.ascontiguousarray(is_swapped.T, dtype=np.float32)


def _chunks(n_films: int, n_draws: int) -> Iterator[int]:
    n_chunk = max(1, CHUNK_CELLS // n_films)
    for start in range(0, n_draws, n_chunk):
        yield min(n_chunk, n_draws - start)
