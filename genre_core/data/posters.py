"""Posters: decoded once, kept as one memory-mapped array at a network's input size."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa

from genre_core.data.decoding import PosterError, Size, decode
from genre_core.data.poster_files import PosterFile
from genre_core.errors import DataError

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
    files: Sequence[PosterFile], size: Size, target: Path, progress: Progress | None = None
) -> list[str]:
    """Decode the readable ones of some posters into an array file, in order.

    Args:
        files: where they lie.
        size: height and width in pixels.
        target: .npy file to write: (number of readable posters, height, width, 3) uint8.
        progress: called with (done, total).

    Returns:
        For each the SHA-256 of its content, or "!" and the reason why it was left out.
    """
    outcomes: list[str] = []
    with target.open("wb") as file:
        _write_header(file, len(files), size)
        for done, (outcome, pixels) in enumerate(_decoded(files, size), start=1):
            outcomes.append(outcome)
            file.write(pixels)
            if progress:
                progress(done, len(files))
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


def _decoded(files: Sequence[PosterFile], size: Size) -> Iterator[tuple[str, bytes]]:
    """Yield outcome and pixels of each poster; a batch at a time, as results wait in memory."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for start in range(0, len(files), BATCH):
            yield from pool.map(partial(_decode, size=size), files[start : start + BATCH])


def _decode(file: PosterFile, size: Size) -> tuple[str, bytes]:
    try:
        content = file.content()
        return hashlib.sha256(content).hexdigest(), decode_poster(content, size).tobytes()
    except DataError as error:
        return f"!{error}", b""
    except (OSError, LookupError, StopIteration, pa.ArrowException):
        return "!poster file not readable", b""
