"""Patch features, learned from training posters without labels."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_limits

from genre_core.files import Arrays
from genre_core.models.poster.poster_statistics import SIDE, Similarity, normalised

N_PATCHES = 400
N_DRAWN = 100_000  # maximum number of patches for the clustering
N_EACH = 100  # maximum number of these per poster
WHITENING = 0.1  # added to the eigenvalues, so that noise is not amplified


class Patches(Similarity):
    """Typical patches, and the similarity of each part of a poster to each of them.

    Source: Coates, Ng & Lee, "An analysis of single-layer networks in unsupervised feature
    learning", AISTATS 2011 (whitening, K-means).
    """

    @classmethod
    def of(cls, posters: np.ndarray) -> Patches:
        """Learn the typical patches of posters, (n_films, height, width, 3) uint8."""
        random = np.random.default_rng(0)
        drawn = normalised(_drawn(posters, random))
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
            return np.stack([*threads.map(self.encode_one, posters)])

    def arrays(self) -> Arrays:
        """Return the learned arrays."""
        return {"mean": self.mean, "whitening": self.whitening, "centres": self.centres}


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
