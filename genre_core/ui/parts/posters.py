"""Posters as the pages show them: true to shape, from the dataset's folder and nowhere else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw

from genre_core.data.posters import decode_poster
from genre_core.data.readers import reader_for
from genre_core.data.readers.table_with_posters import SAFE_ID
from genre_core.errors import DataError

WIDTH, HEIGHT = 240, 360  # pixels; 2:3, the shape of film posters, whatever the files have
QUALITY = 85


@dataclass(frozen=True)
class Poster:
    """A poster that can be shown.

    Attributes:
        content: JPEG of WIDTH x HEIGHT pixels.
        problem: why the poster is a placeholder, else an empty string.
    """

    content: bytes
    problem: str = ""


def poster(source: Path, film: str) -> Poster:
    """Return a film's poster, or a placeholder that says why there is none.

    Args:
        source: folder of the dataset.
        film: id of the film; checked, as it may come from an address.
    """
    path = poster_path(source, film)
    if path is None:
        return Poster(_placeholder("no poster"), "The poster file is missing.")
    try:
        return Poster(_shown(str(path), path.stat().st_mtime_ns))
    except (DataError, OSError):
        return Poster(_placeholder("not readable"), "The poster file cannot be read.")


def poster_path(source: Path, film: str) -> Path | None:
    """Return the file of a film's poster; None if there is none inside the poster folder."""
    if not SAFE_ID.fullmatch(film):
        return None
    try:
        path = reader_for(source).poster(source, film)
    except DataError:  # the folder is gone, or is no longer a folder of films
        return None
    folder, path = path.parent.resolve(), path.resolve()
    return path if path.is_file() and path.is_relative_to(folder) else None


@st.cache_data(max_entries=600, show_spinner=False)
def _shown(path: str, modified: int) -> bytes:
    return _jpeg(decode_poster(Path(path).read_bytes(), (HEIGHT, WIDTH)))


@cache
def _placeholder(words: str) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), "#8b8693")
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 12, WIDTH - 13, HEIGHT - 13), outline="#ffffff", width=2)
    draw.text((WIDTH / 2, HEIGHT / 2), words, fill="#ffffff", font_size=26, anchor="mm")
    return _jpeg(np.asarray(image))


def _jpeg(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
