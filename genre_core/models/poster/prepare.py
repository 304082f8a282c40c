"""Posters as the input of a poster network, with NumPy and Pillow alone.

Exported networks take this file along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.data.decoding import SUFFIXES, PosterError, decode
from genre_core.models.poster.poster_statistics import Similarity, poster_features

FOLDER = "Images"  # of a folder of films
PATCH_ARRAYS = ("mean", "whitening", "centres")
MEAN, DEVIATION = "statistics_mean", "statistics_deviation"  # of training posters

Poster = tuple[str, Path]  # id and file


def as_pixels(posters: np.ndarray) -> np.ndarray:
    """Return posters (n_films, height, width, 3) uint8 as float32 in [0, 1]."""
    result: np.ndarray = posters.astype(np.float32) / np.float32(255)
    return result


def raw_statistics(posters: np.ndarray, similarities: np.ndarray) -> np.ndarray:
    """Return the statistics of posters before they are scaled, (n_films, n_statistics) float32.

    Args:
        posters: (n_films, height, width, 3) uint8 RGB.
        similarities: to patches, (n_films, n_parts * n_patches) float32.
    """
    parts = [poster_features(posters), similarities]
    return np.concatenate(parts, axis=1, dtype=np.float32, casting="same_kind")


def read_films(paths: Sequence[Path]) -> list[Poster]:
    """Return id and file of posters: the files, and those of folders, or of `Images` in them.

    Raises:
        ValueError: a folder has no posters.
    """
    return [(file.stem, file) for path in paths for file in _files(path)]


class Preparation:
    """Turns posters into the network's inputs.

    Args:
        settings: `poster_size`, height and width in pixels.
        arrays: patches, and mean and deviation of the statistics, if there is a linear path.
    """

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        height, width = settings["poster_size"]
        self.size = (int(height), int(width))
        self.arrays = arrays

    def inputs(self, films: Sequence[Poster]) -> dict[str, np.ndarray]:
        """Return the network's inputs by name.

        Returns:
            poster: (n_films, height, width, 3) float32 in [0, 1].
            poster_statistics: (n_films, n_statistics) float32, if the network was trained with
                them.

        Raises:
            ValueError: a file is no image that can be used.
        """
        posters = np.stack([_decoded(path, self.size) for _, path in films])
        found = {"poster": as_pixels(posters)}
        if MEAN not in self.arrays:
            return found
        similarity = Similarity(*(self.arrays[f"patch_{name}"] for name in PATCH_ARRAYS))
        raw = raw_statistics(posters, np.stack([similarity.encode_one(one) for one in posters]))
        return {**found, "poster_statistics": (raw - self.arrays[MEAN]) / self.arrays[DEVIATION]}


def _decoded(path: Path, size: tuple[int, int]) -> np.ndarray:
    try:
        return decode(path.read_bytes(), size)
    except PosterError as error:
        raise ValueError(f"'{path}': {error}. Remove or replace it, then try again.") from error


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    folder = path / FOLDER if (path / FOLDER).is_dir() else path
    found = sorted(
        file for file in folder.iterdir() if file.suffix in SUFFIXES and file.name[0] not in "._"
    )
    if not found:
        raise ValueError(
            f"'{folder}' has no files such as *{SUFFIXES[0]}. Name the poster files themselves."
        )
    return found
