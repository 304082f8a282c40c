"""Statistics of posters: colours, edges and similarity to patches, with NumPy alone.

Exported networks take this file along.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

CELLS = 4  # the poster is divided into 4 x 4 cells
COLOUR_LEVELS = 4  # levels per channel in the colour histogram, 64 colours in total
DIRECTIONS = 6  # of edges, over half a turn
SIDE = 6  # pixels of a patch
STEP = 2  # pixels between two patches of a poster
GRID = (4, 2)  # parts of a poster, over which similarity is averaged
FAINT = (10 / 255) ** 2  # added to the variance of a patch, so that noise is not amplified


def poster_features(posters: np.ndarray) -> np.ndarray:
    """Return colour and edge statistics of posters.

    Args:
        posters: (n_films, height, width, 3) uint8 RGB.

    Returns:
        (n_films, n_features) float64: a histogram of colours, mean and deviation of each channel
        in each cell, and a histogram of edge directions weighted by strength in each cell.
    """
    return np.concatenate([_features_of(poster) for poster in posters]).astype(np.float64)


def _features_of(poster: np.ndarray) -> np.ndarray:
    values = poster.astype(np.float32) / 255
    levels = np.minimum((values * COLOUR_LEVELS).astype(int), COLOUR_LEVELS - 1)
    codes = levels @ (COLOUR_LEVELS ** np.arange(3))
    colours = np.bincount(codes.ravel(), minlength=COLOUR_LEVELS**3) / codes.size
    cells = _cells(values)
    edges = _edges(values.mean(axis=2))
    statistics = [np.sqrt(colours), cells.mean(axis=1).ravel(), cells.std(axis=1).ravel(), edges]
    return np.concatenate(statistics)[None]


def _cells(values: np.ndarray) -> np.ndarray:
    """Return (height, width, channels) divided into (cells, pixels per cell, channels)."""
    height, width, channels = values.shape
    shape = (CELLS, height // CELLS, CELLS, width // CELLS, channels)
    return values.reshape(shape).swapaxes(1, 2).reshape(CELLS * CELLS, -1, channels)


def _edges(grey: np.ndarray) -> np.ndarray:
    """Return strength by direction in each cell, (cells * DIRECTIONS,)."""
    vertical, horizontal = np.gradient(grey)
    strength = np.hypot(vertical, horizontal)
    turn = np.mod(np.arctan2(vertical, horizontal), np.pi) / np.pi
    direction = np.minimum((turn * DIRECTIONS).astype(int), DIRECTIONS - 1)
    by_direction = strength[..., None] * (direction[..., None] == np.arange(DIRECTIONS))
    result: np.ndarray = _cells(by_direction).mean(axis=1).ravel()
    return result


class Similarity:
    """Similarity of each part of a poster to typical patches.

    Args:
        mean: mean of the normalised patches, (n_values,).
        whitening: whitening matrix, (n_values, n_values).
        centres: cluster centres of the whitened patches, (n_patches, n_values).

    Source: Coates, Ng & Lee, "An analysis of single-layer networks in unsupervised feature
    learning", AISTATS 2011 (triangle encoding).
    """

    def __init__(self, mean: np.ndarray, whitening: np.ndarray, centres: np.ndarray) -> None:
        self.mean, self.whitening, self.centres = mean, whitening, centres
        self._lengths = (centres**2).sum(axis=1)

    def encode_one(self, poster: np.ndarray) -> np.ndarray:
        """Return the similarities of one poster, (n_parts * n_patches,) float32.

        Args:
            poster: (height, width, 3) uint8 RGB.
        """
        values = poster.astype(np.float32) / np.float32(255)
        windows = sliding_window_view(values, (SIDE, SIDE), axis=(0, 1))[::STEP, ::STEP]
        height, width = windows.shape[:2]
        patches = windows.transpose(0, 1, 3, 4, 2).reshape(height * width, -1)
        white = (normalised(patches) - self.mean) @ self.whitening
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


def normalised(patches: np.ndarray) -> np.ndarray:
    """Return patches normalised for brightness and contrast."""
    centred = patches - patches.mean(axis=1, keepdims=True)
    result: np.ndarray = centred / np.sqrt(centred.var(axis=1, keepdims=True) + FAINT)
    return result
