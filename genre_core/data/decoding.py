"""Decoding of poster files, with NumPy and Pillow alone: exported networks take this file along."""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageOps

MAX_PIXELS = 25_000_000  # a thread takes 12 bytes a pixel; a photograph of 24 megapixels still fits
MIN_SIDE = 8  # pixels; below this there is nothing to see
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")  # whatever the file is called
# Of posters, in any of three cases; of several posters of a film the first in this order is used.
ENDINGS = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")
CASES: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.title)
SUFFIXES = tuple(case(ending) for ending in ENDINGS for case in CASES)
# What Pillow raises on damaged files, its EXIF parser included: found by feeding it such files.
DAMAGED = (OSError, ValueError, TypeError, SyntaxError, EOFError, LookupError, struct.error)

Size = tuple[int, int]

# What Pillow has to say of a file is said here as the reason to leave it out, or not at all.
warnings.filterwarnings("ignore", module=r"PIL\.")


class PosterError(Exception):
    """A file is no image that can be used; the text is the reason, in a few words."""


def decode(content: bytes, size: Size) -> np.ndarray:
    """Return one poster as RGB, (height, width, 3) uint8, squeezed to `size` (height, width).

    Raises:
        PosterError: the content is no image that can be used.
    """
    with _reasons():
        return squeezed(_opened(content), size)


def image_of(content: bytes) -> Image.Image:
    """Return one poster as an image in RGB, upright and as large as it is.

    Raises:
        PosterError: the content is no image that can be used.
    """
    with _reasons():
        return _opened(content)


def squeezed(image: Image.Image, size: Size) -> np.ndarray:
    """Return an image in RGB as (height, width, 3) uint8, squeezed to `size` (height, width)."""
    return np.asarray(image.resize((size[1], size[0]), Image.Resampling.BILINEAR, reducing_gap=2.0))


@contextlib.contextmanager
def _reasons() -> Iterator[None]:
    """Turn what Pillow raises on damaged files into a reason to leave them out."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PosterError("poster too large") from error
    except DAMAGED as error:
        raise PosterError("poster not readable as an image") from error


def _opened(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise PosterError("poster too large")
        if min(image.size) < MIN_SIDE:
            raise PosterError("poster too small")
        return _as_rgb(ImageOps.exif_transpose(image))


def _as_rgb(image: Image.Image) -> Image.Image:
    """Return the image in RGB, with 16-bit greys scaled and transparency on white."""
    if image.mode.startswith("I"):
        # convert("RGB") would cut every 16-bit grey above 255 off to white
        grey = np.asarray(image).astype(np.float64) / 257.0
        return Image.fromarray(grey.clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return image.convert("RGB")
