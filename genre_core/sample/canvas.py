"""The sheet that a poster is drawn on: gradients, glows, smoke, flat shapes and grain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageEnhance, ImageFilter

WIDTH, HEIGHT = 400, 600
"""Pixels of a poster while it is drawn, in the true shape of 2:3."""

SOFTNESS = 4
"""Soft things are drawn this many times smaller: a blur costs little there and looks the same."""

BILINEAR = Image.Resampling.BILINEAR

Point = tuple[float, float]


@dataclass(frozen=True)
class Palette:
    """The colours of a poster as "#rrggbb": its background from top to bottom, and four inks."""

    top: str
    bottom: str
    main: str
    second: str
    dark: str
    light: str


def rgba(colour: str, alpha: int = 255) -> tuple[int, int, int, int]:
    """Return red, green, blue and opacity, each from 0 to 255."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue, alpha


@lru_cache(maxsize=16)
def _ramp(angle: int) -> Image.Image:
    """Return a mask from 0 to 255 that grows downwards, turned by `angle` degrees."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    way = y * np.cos(np.radians(angle)) + x * np.sin(np.radians(angle))
    return Image.fromarray((255 * (way - way.min()) / np.ptp(way)).astype(np.uint8))


@lru_cache(maxsize=4)
def _halo() -> Image.Image:
    """Return a round mask that is 255 in the middle and fades to 0 at the rim."""
    return Image.radial_gradient("L").point(lambda value: max(0, 255 - int(value * 1.42)))


class Canvas:
    """A poster in the making.

    Attributes:
        image: RGB, 400 x 600 pixels, changed in place.
        draw: Draws on `image`; fills with an opacity below 255 let the ground shine through.
        rng: The random draws that the poster is made with.
    """

    def __init__(self, rng: Random) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT))
        self.draw = ImageDraw.Draw(self.image, "RGBA")
        self.rng = rng

    def gradient(self, start: str, end: str, *, angle: int = 0) -> None:
        """Fill the sheet with colours from `start` at the top to `end` at the bottom."""
        self.image.paste(rgba(start), (0, 0, WIDTH, HEIGHT))
        self.image.paste(rgba(end), (0, 0, WIDTH, HEIGHT), _ramp(angle))

    def glow(self, centre: Point, radius: float, colour: str, *, strength: float = 0.8) -> None:
        """Lay a soft round light over the sheet."""
        size = int(2 * radius)
        mask = _halo().resize((size, size), BILINEAR).point(lambda value: int(value * strength))
        corner = int(centre[0] - radius), int(centre[1] - radius)
        self.image.paste(rgba(colour), (*corner, corner[0] + size, corner[1] + size), mask)

    def tint(
        self, colour: str, amount: float, *, box: tuple[int, int, int, int] | None = None
    ) -> None:
        """Mix `amount` (0 to 1) of a colour into the sheet, or into a box of it."""
        self.draw.rectangle(box or (0, 0, WIDTH, HEIGHT), fill=rgba(colour, int(255 * amount)))

    def wash_out(self, amount: float) -> None:
        """Take `amount` (0 to 1) of the colours away."""
        self.image.paste(ImageEnhance.Color(self.image).enhance(1 - amount))

    def smoke(self, discs: Iterable[tuple[float, float, float]], colour: str, alpha: int) -> None:
        """Draw soft clouds from discs of (x, y, radius)."""
        mask = Image.new("L", (WIDTH // SOFTNESS, HEIGHT // SOFTNESS))
        brush = ImageDraw.Draw(mask)
        for x, y, radius in discs:
            brush.circle((x / SOFTNESS, y / SOFTNESS), radius / SOFTNESS, fill=alpha)
        soft = mask.filter(ImageFilter.GaussianBlur(3)).resize((WIDTH, HEIGHT), BILINEAR)
        self.image.paste(rgba(colour), (0, 0, WIDTH, HEIGHT), soft)

    def disc(self, centre: Point, radius: float, colour: str, *, alpha: int = 255) -> None:
        """Draw a filled circle."""
        self.draw.circle(centre, radius, fill=rgba(colour, alpha))

    def ring(self, centre: Point, radius: float, colour: str, *, width: int = 4) -> None:
        """Draw a circle's outline."""
        self.draw.circle(centre, radius, outline=rgba(colour), width=width)

    def shape(
        self,
        outline: Sequence[Point],
        colour: str,
        *,
        at: Point = (0, 0),
        scale: float | Point = 1.0,
        alpha: int = 255,
    ) -> None:
        """Draw a filled polygon whose points are scaled first and then moved to `at`."""
        wide, tall = scale if isinstance(scale, tuple) else (scale, scale)
        points = [(at[0] + x * wide, at[1] + y * tall) for x, y in outline]
        self.draw.polygon(points, fill=rgba(colour, alpha))

    def line(
        self, points: Sequence[Point], colour: str, *, width: int = 3, alpha: int = 255
    ) -> None:
        """Draw straight lines from point to point."""
        self.draw.line(list(points), fill=rgba(colour, alpha), width=width, joint="curve")

    def jitter(self, value: float, spread: float) -> float:
        """Return a value within `spread` of the given one."""
        return self.rng.uniform(value - spread, value + spread)
