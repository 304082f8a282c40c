"""Draw the posters of the sample."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image

from genre_core.sample.canvas import Canvas
from genre_core.sample.lettering import draw_small_print, draw_title
from genre_core.sample.looks import LOOKS, PLAIN_LETTERING, PLAIN_PALETTES, PLAIN_SCENES
from genre_core.sample.titles import make_billing, make_tagline, make_title

SQUEEZED = (150, 300)
"""Width and height in pixels; the real posters are resized to this from 2:3."""

GRAIN = 4
"""Largest change of a pixel's brightness by the grain, of 255."""


def draw_poster(genres: tuple[str, ...], rng: Random) -> Image.Image:
    """Return a poster with the given genres, RGB, 150 x 300 pixels.

    Args:
        genres: The leading genre, which sets scene and colours, then those that add an accent. If
            empty, the poster is neutral.
        rng: Random generator.
    """
    canvas = Canvas(rng)
    look = LOOKS[genres[0]] if genres else None
    palette = rng.choice(look.palettes if look else PLAIN_PALETTES)
    rng.choice(look.scenes if look else PLAIN_SCENES)(canvas, palette)
    for genre in genres[1:]:
        LOOKS[genre].accent(canvas)
    lettering = look.lettering if look else rng.choice(PLAIN_LETTERING)
    draw_title(canvas, make_title(rng), lettering, palette)
    draw_small_print(canvas, make_tagline(rng), make_billing(rng))
    return _printed(canvas.image, rng)


def _printed(image: Image.Image, rng: Random) -> Image.Image:
    """Return the drawing resized, with added grain."""
    squeezed = image.resize(SQUEEZED, Image.Resampling.HAMMING)
    noise = np.random.default_rng(rng.getrandbits(32)).integers(
        -GRAIN, GRAIN + 1, size=(SQUEEZED[1], SQUEEZED[0], 1), dtype=np.int16
    )
    return Image.fromarray(np.clip(np.asarray(squeezed) + noise, 0, 255).astype(np.uint8))
