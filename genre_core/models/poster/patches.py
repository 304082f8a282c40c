"""Patch features, learned from training posters without labels."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

from genre_core.files import Arrays

SIDE = 6  # pixels
STEP = 2  # pixels between two patches of a poster
N_PATCHES = 400
N_DRAWN = 100_000  # maximum number of patches for the clustering
N_EACH = 100  # maximum number of these per poster
GRID = (4, 2)  # parts of a poster, over which similarity is averaged
FAINT = (10 / 255) ** 2  # added to the variance of a patch, so that noise is not amplified
WHITENING = 0.1  # added to the eigenvalues, so that noise is not amplified


class Patches:
    """Typical patches, and the similarity of each part of a poster to each of them.

    Args:
        mean: mean of the normalised patches, (n_values,).
        whitening: whitening matrix, (n_values, n_values).
        centres: cluster centres of the whitened patches, (n_patches, n_values).

    Source: Coates, Ng & Lee, "An analysis of single-layer networks in unsupervised feature
    learning", AISTATS 2011 (whitening, K-means, triangle encoding).
    """

    def __init__(self, mean: np.ndarray, whitening: np.ndarray, centres: np.ndarray) -> None:
        self.mean, self.whitening, self.centres = mean, whitening, centres
        self._lengths = (centres**2).sum(axis=1)

    @classmethod
    def of(cls, posters: np.ndarray) -> Patches:
        """Learn the typical patches of posters, (n_films, height, width, 3) uint8."""
        random = np.random.default_rng(0)
        drawn = _normalised(_drawn(posters, random))
        mean = drawn.mean(axis=0)
        strength, directions = np.linalg.eigh(np.cov((drawn - mean).T))
        whitening = (directions / np.sqrt(strength + WHITENING)) @ directions.T
        whitening = whitening.astype(np.float32)
        clusters = MiniBatchKMeans(
            min(N_PATCHES, len(drawn)), batch_size=4096, n_init=1, max_iter=30, random_state=0
        ).fit((drawn - mean) @ whitening)
        return cls(mean, whitening, clusters.cluster_centers_.astype(np.float32))

    def encode(self, posters: np.ndarray) -> np.ndarray:
        """Return similarities to the patches, (n_films, n_parts * n_patches) float32."""
        # NumPy releases the GIL, so posters are encoded in parallel. With several BLAS threads per
        # product the cores would be oversubscribed, which takes more than twice the time.
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(os.cpu_count()) as threads:
            return np.stack([*threads.map(self._encoded, posters)])

    def arrays(self) -> Arrays:
        """Return the learned arrays."""
        return {"mean": self.mean, "whitening": self.whitening, "centres": self.centres}

    def _encoded(self, poster: np.ndarray) -> np.ndarray:
        values = poster.astype(np.float32) / np.float32(255)
        windows = sliding_window_view(values, (SIDE, SIDE), axis=(0, 1))[::STEP, ::STEP]
        height, width = windows.shape[:2]
        patches = windows.transpose(0, 1, 3, 4, 2).reshape(height * width, -1)
        white = (_normalised(patches) - self.mean) @ self.whitening
        squares = (white**2).sum(axis=1, keepdims=True) + self._lengths - 2 * white @ self.centres.T
        distance = np.sqrt(np.maximum(squares, 0))
        # Triangle encoding: distances above the mean become 0.
        likeness = np.maximum(distance.mean(axis=1, keepdims=True) - distance, 0)
        likeness = likeness.reshape(height, width, -1)
        parts = [
            part.mean(axis=(0, 1))
            for band in np.array_split(likeness, GRID[0], axis=0)
            for part in np.array_split(band, GRID[1], axis=1)
        ]
        return np.concatenate(parts)


def _drawn(posters: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return patches from random positions, (n_drawn, n_values) float32 in [0, 1]."""
    n_films, height, width = posters.shape[:3]
    n_drawn = min(N_DRAWN, N_EACH * n_films)
    films = np.sort(random.integers(n_films, size=n_drawn))
    rows = random.integers(height - SIDE + 1, size=n_drawn)
    columns = random.integers(width - SIDE + 1, size=n_drawn)
    near = np.arange(SIDE)
    patches = posters[
        films[:, None, None], (rows[:, None] + near)[:, :, None], (columns[:, None] + near)[:, None]
    ]
    result: np.ndarray = patches.reshape(n_drawn, -1).astype(np.float32) / np.float32(255)
    return result


def _normalised(patches: np.ndarray) -> np.ndarray:
    """Return patches normalised for brightness and contrast."""
    centred = patches - patches.mean(axis=1, keepdims=True)
    normalised: np.ndarray = centred / np.sqrt(centred.var(axis=1, keepdims=True) + FAINT)
    return normalised
