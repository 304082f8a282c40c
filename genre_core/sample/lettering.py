"""Draw the titles, taglines and billing blocks of the posters.

Pillow includes only one typeface, so styles differ in weight, width, slant, spacing and damage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from genre_core.sample.canvas import BILINEAR, HEIGHT, WIDTH, Canvas, Palette, rgba

TYPE_SIZE = 90
"""Pixels that letters are drawn at before they are fitted to their line."""

TILE = 190
"""Pixels of the square that one letter is drawn in, with room to turn it."""

BRIGHT = 140
"""Brightness of the ground, of 255, above which letters are dark."""

BOTTOM_MARGIN = 62
"""Pixels that the billing block takes."""


@dataclass(frozen=True)
class Lettering:
    """How a title is set.

    Attributes:
        colours: Letters take these in turn; without any, the palette's light or dark ink.
        weight: Thickness that is added to the strokes, in pixels at `TYPE_SIZE`.
        height: Largest height of a line in pixels.
        stretch: Width of the letters, 1 as the typeface has it.
        tracking: Extra pixels between letters at `TYPE_SIZE`.
        slant: Pixels a letter's top leans right for each pixel of height.
        bounce: Pixels that letters jump up and down.
        tilt: Degrees that letters turn at most.
        outline: Colour around the letters, or none.
        damage: What is done to the finished line.
        place: The end of the sheet that the title stands at.
    """

    colours: tuple[str, ...] = ()
    weight: int = 2
    height: int = 54
    stretch: float = 1.0
    tracking: int = 4
    slant: float = 0.0
    bounce: float = 0.0
    tilt: float = 0.0
    outline: str | None = None
    damage: Literal["none", "jagged", "sliced", "stencil"] = "none"
    place: Literal["top", "bottom"] = "bottom"


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def draw_title(canvas: Canvas, title: str, style: Lettering, palette: Palette) -> None:
    """Draw a title in one to three lines, on a soft shade that keeps it readable."""
    rows = (44, 150) if style.place == "top" else (420, 540)
    ink, shade = palette.light, palette.dark
    if _is_bright(canvas, *rows):
        ink, shade = shade, ink
    texts = _broken(title)
    highest = style.height if len(texts) < 3 else int(0.75 * style.height)
    lines = [_fitted(_line(text, style, ink, canvas.rng), style, highest) for text in texts]
    total = sum(line.height + 8 for line in lines)
    y = 44 if style.place == "top" else HEIGHT - BOTTOM_MARGIN - total
    for line in lines:
        x = (WIDTH - line.width) // 2
        _shade(canvas, line, (x, y), shade)
        canvas.image.paste(line, (x, y), line)
        y += line.height + 8


def draw_small_print(canvas: Canvas, tagline: str, billing: list[str]) -> None:
    """Draw the tagline at the top and the lines of the billing block at the bottom."""
    _print_line(canvas, tagline, 22, size=15)
    for row, text in enumerate(billing):
        _print_line(canvas, text.upper(), HEIGHT - 46 + 13 * row, size=9)


def _print_line(canvas: Canvas, text: str, y: int, *, size: int) -> None:
    """Draw a small line of text about the middle of the sheet."""
    ink = "#1a1a1a" if _is_bright(canvas, y - 10, y + 10) else "#f5f1e8"
    canvas.draw.text((WIDTH / 2, y), text, fill=rgba(ink, 220), font=_font(size), anchor="mm")


def _is_bright(canvas: Canvas, top: int, bottom: int) -> bool:
    """Return whether dark letters are easier to read than light ones on rows of the sheet."""
    ground = np.asarray(canvas.image.crop((0, top, WIDTH, bottom)).convert("L"))
    return bool(ground.mean() > BRIGHT)


def _broken(title: str) -> list[str]:
    """Return the title in lines of at most ten letters, as far as its words allow."""
    lines = [""]
    for word in title.upper().split():
        if lines[-1] and len(lines[-1]) + len(word) > 10:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _line(text: str, style: Lettering, ink: str, rng: Random) -> Image.Image:
    """Return one line of letters as RGBA, cut to its ink."""
    colours = style.colours or (ink,)
    shift = rng.randrange(len(colours))
    sheet = Image.new("RGBA", (TILE * (len(text) + 2), TILE + 60))
    x = 20.0
    for position, letter in enumerate(text):
        tile = _letter(letter, style, colours[(position + shift) % len(colours)])
        tile = tile.rotate(rng.uniform(-style.tilt, style.tilt)) if style.tilt else tile
        half = (_font(TYPE_SIZE).getlength(letter) + style.tracking + 2 * style.weight) / 2
        x += half
        drop = 30 + int(rng.uniform(-style.bounce, style.bounce))
        sheet.alpha_composite(tile, (int(x), drop))
        x += half
    return DAMAGES[style.damage](sheet.crop(sheet.getbbox()), rng)


def _letter(letter: str, style: Lettering, colour: str) -> Image.Image:
    """Return one letter in the middle of a square tile, RGBA."""
    tile = Image.new("RGBA", (TILE, TILE))
    draw, font, spot = ImageDraw.Draw(tile), _font(TYPE_SIZE), (TILE // 2, 130)
    if style.outline:
        wide = style.weight + 7
        draw.text(spot, letter, style.outline, font, "ms", stroke_width=wide)
    draw.text(spot, letter, colour, font, "ms", stroke_width=style.weight)
    return tile


def _fitted(line: Image.Image, style: Lettering, highest: int) -> Image.Image:
    """Return the line slanted and scaled to the sheet's width and `highest` pixels."""
    lean = style.slant * line.height
    if lean:
        wide = line.width + int(lean), line.height
        line = line.transform(wide, Image.Transform.AFFINE, (1, style.slant, -lean, 0, 1, 0))
    height = min(highest, 0.86 * WIDTH * line.height / (line.width * style.stretch))
    width = line.width * style.stretch * height / line.height
    return line.resize((max(1, int(width)), max(1, int(height))), BILINEAR)


def _shade(canvas: Canvas, line: Image.Image, corner: tuple[int, int], colour: str) -> None:
    """Lay a soft shade under a line of letters."""
    margin = 16
    around = Image.new("L", (line.width + 2 * margin, line.height + 2 * margin))
    around.paste(line.getchannel("A"), (margin, margin))
    soft = around.reduce(2).filter(ImageFilter.GaussianBlur(4)).resize(around.size, BILINEAR)
    soft = soft.point(lambda value: min(235, 2 * value))
    x, y = corner[0] - margin, corner[1] - margin
    canvas.image.paste(rgba(colour), (x, y, x + around.width, y + around.height), soft)


def _with_margin(line: Image.Image) -> np.ndarray:
    """Return the pixels (height, width, 4) with room to be pushed to either side."""
    return np.pad(np.asarray(line), ((0, 0), (10, 10), (0, 0)))


def _jagged(line: Image.Image, rng: Random) -> Image.Image:
    """Return the line with its rows pushed left and right, as if scratched."""
    pixels = _with_margin(line)
    for top in range(0, line.height, 5):
        pixels[top : top + 5] = np.roll(pixels[top : top + 5], rng.randint(-4, 4), axis=1)
    return Image.fromarray(pixels)


def _sliced(line: Image.Image, rng: Random) -> Image.Image:
    """Return the line cut through, its lower half moved aside."""
    pixels = _with_margin(line)
    cut = int(line.height * rng.uniform(0.45, 0.6))
    pixels[cut:] = np.roll(pixels[cut:], 9, axis=1)
    pixels[cut : cut + 4] = 0
    return Image.fromarray(pixels)


def _stencil(line: Image.Image, rng: Random) -> Image.Image:
    """Return the line with the bridges of stencilled letters."""
    pixels = np.array(line)
    cut = int(line.height * rng.uniform(0.47, 0.53))
    pixels[cut : cut + 6] = 0
    return Image.fromarray(pixels)


DAMAGES: dict[str, Callable[[Image.Image, Random], Image.Image]] = {
    "none": lambda line, rng: line,
    "jagged": _jagged,
    "sliced": _sliced,
    "stencil": _stencil,
}
