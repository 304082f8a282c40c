"""Random augmentation of decoded training posters."""

from __future__ import annotations

import numpy as np

SHIFT = (6, 4)  # pixels up or down, and left or right, at most
SATURATION, CONTRAST, BRIGHTNESS = 0.3, 0.2, 0.1  # largest changes; brightness in [0, 1]


def augmented(posters: np.ndarray, kinds: str, random: np.random.Generator) -> np.ndarray:
    """Return augmented posters of the same shape.

    Args:
        posters: (n_films, height, width, 3) float32 in [0, 1].
        kinds: augmentations joined by "_": "shift", "flip" and "colour"; or "none".
        random: random generator.
    """
    parts = kinds.split("_")
    if "shift" in parts:
        posters = _shifted(posters, random)
    if "flip" in parts:
        is_flipped = random.random(len(posters)) < 0.5
        posters = np.where(is_flipped[:, None, None, None], posters[:, :, ::-1], posters)
    if "colour" in parts:
        posters = _recoloured(posters, random)
    return posters


def _shifted(posters: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return randomly shifted posters, with repeated edges."""
    n_films, height, width = posters.shape[:3]
    down, right = (random.integers(-most, most + 1, (n_films, 1)) for most in SHIFT)
    rows = np.clip(np.arange(height) + down, 0, height - 1)
    columns = np.clip(np.arange(width) + right, 0, width - 1)
    result: np.ndarray = posters[
        np.arange(n_films)[:, None, None], rows[:, :, None], columns[:, None]
    ]
    return result


def _recoloured(posters: np.ndarray, random: np.random.Generator) -> np.ndarray:
    def around(middle: float, most: float) -> np.ndarray:
        drawn = random.uniform(middle - most, middle + most, (len(posters), 1, 1, 1))
        return drawn.astype(np.float32)

    grey = posters.mean(axis=-1, keepdims=True)
    posters = grey + around(1, SATURATION) * (posters - grey)
    mean = posters.mean(axis=(1, 2, 3), keepdims=True)
    posters = mean + around(1, CONTRAST) * (posters - mean) + around(0, BRIGHTNESS)
    result: np.ndarray = np.clip(posters, 0, 1)
    return result
