"""Posters: decoded once, kept as one memory-mapped array at a network's input size."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np

from genre_core.data.decoding import PosterError, Size, decode
from genre_core.errors import DataError

MAX_BYTES = 100_000_000  # more than that many pixels without any compression
BATCH = 512  # posters that are decoded before the next are looked at
POSTER_SIZE = (64, 64)  # height, width; the size that every dataset is read at first

Progress = Callable[[int, int], None]


def decode_poster(content: bytes, size: Size) -> np.ndarray:
    """Return one poster as RGB, (height, width, 3) uint8, squeezed to `size` (height, width).

    Raises:
        DataError: the content is no image that can be used; the text is the reason to count.
    """
    try:
        return decode(content, size)
    except PosterError as error:
        raise DataError(str(error)) from error


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
