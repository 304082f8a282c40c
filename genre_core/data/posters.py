"""Posters: decoded once, kept as one memory-mapped array at a network's input size."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from genre_core.errors import DataError
from genre_core.files import atomic_write

MAX_PIXELS = 40_000_000  # decoding more than this could take all memory; a poster is far smaller
MIN_SIDE = 16  # pixels; below this there is nothing to see
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
POSTER_SIZE = (64, 64)  # height, width; the size that every dataset is read at first

Size = tuple[int, int]
Progress = Callable[[int, int], None]

# The cap above is checked before anything is decoded, Pillow's own warning comes on top of it.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


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
    except Image.DecompressionBombError as error:
        raise DataError("poster too large") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
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
    """Decode the posters at `paths` into the array file `target`, in order.

    Args:
        paths: poster files.
        size: height and width in pixels.
        target: .npy file to write: (number of readable posters, height, width, 3) uint8.
        progress: called with (done, total).

    Returns:
        For each path the SHA-256 of its content, or "!" and the reason why it was left out.
    """
    outcomes: list[str] = []
    shape = (len(paths), *size, 3)
    with atomic_write(target) as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for done, (outcome, pixels) in enumerate(_decoded(paths, size), start=1):
            outcomes.append(outcome)
            # An unreadable poster keeps its place as black, so that places stay predictable
            # until the caller drops them with `keep_rows`.
            file.write((np.zeros(shape[1:], np.uint8) if pixels is None else pixels).tobytes())
            if progress:
                progress(done, len(paths))
    return outcomes


def keep_rows(source: Path, rows: np.ndarray, target: Path) -> None:
    """Write the rows of array file `source` as array file `target` and remove `source`."""
    array = np.load(source, mmap_mode="r")
    if len(rows) == len(array):
        source.replace(target)
        return
    with atomic_write(target) as file:
        np.save(file, array[rows])
    source.unlink()


def _decoded(paths: list[Path], size: Size) -> Iterator[tuple[str, np.ndarray | None]]:
    def work(path: Path) -> tuple[str, np.ndarray | None]:
        try:
            content = path.read_bytes()
            return hashlib.sha256(content).hexdigest(), decode_poster(content, size)
        except DataError as error:
            return f"!{error}", None
        except OSError:
            return "!poster file not readable", None

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield from pool.map(work, paths)
