"""Posters as the pages show them: true to shape, from the dataset's folder and nowhere else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import streamlit as st
from PIL import Image, ImageDraw

from genre_core.data.films import Dataset
from genre_core.data.poster_files import PosterFile
from genre_core.data.posters import decode_poster
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


def poster(dataset: Dataset, film: str) -> Poster:
    """Return a film's poster, or a placeholder that says why there is none.

    Args:
        dataset: the films.
        film: id of the film; checked, as it may come from an address.
    """
    place = _place(dataset, film)
    if place is None:
        return Poster(_placeholder("no poster"), "The poster file is missing.")
    try:
        modified = place.path.stat().st_mtime_ns
        return Poster(_shown(str(place.path), modified, place.row, place.column))
    except (DataError, OSError, LookupError, StopIteration, pa.ArrowException):
        return Poster(_placeholder("not readable"), "The poster file cannot be read.")


def content(dataset: Dataset, row: int) -> bytes | None:
    """Return the image file of a film's poster; None if it is not there or cannot be read."""
    place = _place(dataset, dataset.films.ids[row]) if "poster" in dataset.inputs else None
    if place is None:
        return None
    try:
        return place.content()
    except (OSError, LookupError, StopIteration, pa.ArrowException):
        return None


def _place(dataset: Dataset, film: str) -> PosterFile | None:
    """Return where the poster of a film lies; None if it is not there, or outside its folder."""
    row = _rows_by_id(dataset).get(film)
    place = dataset.poster_file(row) if row is not None else None
    if place is None or not place.path.is_file():
        return None
    # A link may have changed since the films were read.
    folders = (dataset.folder.resolve(), place.path.parent.resolve())
    target = place.path.resolve()
    return place if any(target.is_relative_to(folder) for folder in folders) else None


@st.cache_resource(max_entries=4, show_spinner=False)
def _rows_of(key: str, _dataset: Dataset) -> dict[str, int]:
    return {film: row for row, film in enumerate(_dataset.films.ids)}


def _rows_by_id(dataset: Dataset) -> dict[str, int]:
    return _rows_of(dataset.fingerprint, dataset)


@st.cache_data(max_entries=600, show_spinner=False)
def _shown(path: str, modified: int, row: int | None, column: str) -> bytes:
    content = PosterFile(Path(path), row, column).content()
    return _jpeg(decode_poster(content, (HEIGHT, WIDTH)))


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
