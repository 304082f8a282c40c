"""Posters: decoded once, kept as one memory-mapped array at a network's input size."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageOps

from genre_core.errors import DataError

MAX_PIXELS = 25_000_000  # a thread takes 12 bytes a pixel; a photograph of 24 megapixels still fits
MAX_BYTES = 100_000_000  # more than that many pixels without any compression
MIN_SIDE = 8  # pixels; below this there is nothing to see
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # whatever the file is called
# What Pillow raises on damaged files, its EXIF parser included: found by feeding it such files.
DAMAGED = (OSError, ValueError, TypeError, SyntaxError, EOFError, LookupError, struct.error)
BATCH = 512  # posters that are decoded before the next are looked at
POSTER_SIZE = (64, 64)  # height, width; the size that every dataset is read at first

Size = tuple[int, int]
Progress = Callable[[int, int], None]

# What Pillow has to say of a file is said here as the reason to leave it out, or not at all.
warnings.filterwarnings("ignore", module=r"PIL\.")


def decode_poster(content: bytes, size: Size) -> np.ndarray:
    """Return one poster as RGB, (height, width, 3) uint8, squeezed to `size` (height, width).

    Raises:
        DataError: the content is no image that can be used; the text is the reason to count.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise DataError("poster too large")
            if min(image.size) < MIN_SIDE:
                raise DataError("poster too small")
            upright = ImageOps.exif_transpose(image)
            rgb = _as_rgb(upright)
            resized = rgb.resize((size[1], size[0]), Image.Resampling.BILINEAR, reducing_gap=2.0)
            return np.asarray(resized)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError("poster too large") from error
    except DAMAGED as error:
        raise DataError("poster not readable as an image") from error


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


def decode_all(
    paths: list[Path], size: Size, target: Path, progress: Progress | None = None
) -> list[str]:
    """Decode the readable ones of the posters at `paths` into an array file, in order.

    Args:
        paths: poster files.
        size: height and width in pixels.
        target: .npy file to write: (number of readable posters, height, width, 3) uint8.
        progress: called with (done, total).

    Returns:
        For each path the SHA-256 of its content, or "!" and the reason why it was left out.
    """
    outcomes: list[str] = []
    with target.open("wb") as file:
        _write_header(file, len(paths), size)
        for done, (outcome, pixels) in enumerate(_decoded(paths, size), start=1):
            outcomes.append(outcome)
            file.write(pixels)
            if progress:
                progress(done, len(paths))
        file.seek(0)
        _write_header(file, sum(is_readable(outcome) for outcome in outcomes), size)
    return outcomes


def is_readable(outcome: str) -> bool:
    """Tell whether an outcome of `decode_all` is a hash, not a reason."""
    return not outcome.startswith("!")


def _write_header(file: IO[bytes], n_posters: int, size: Size) -> None:
    # NumPy pads headers so that one of the same length fits any number of rows.
    shape = (n_posters, *size, 3)
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)


def _decoded(paths: list[Path], size: Size) -> Iterator[tuple[str, bytes]]:
    """Yield outcome and pixels of each poster; a batch at a time, as results wait in memory."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for start in range(0, len(paths), BATCH):
            yield from pool.map(partial(_decode, size=size), paths[start : start + BATCH])


def _decode(path: Path, size: Size) -> tuple[str, bytes]:
    try:
        if not path.is_file():  # to open a pipe would wait for ever
            return "!poster is no file", b""
        if path.stat().st_size > MAX_BYTES:
            return "!poster too large", b""
        content = path.read_bytes()
        return hashlib.sha256(content).hexdigest(), decode_poster(content, size).tobytes()
    except DataError as error:
        return f"!{error}", b""
    except OSError:
        return "!poster file not readable", b""
