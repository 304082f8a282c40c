"""MM-IMDb: a JSON file and an image for each film, and `split.json`.

Source: Arevalo, Solorio, Montes-y-Gómez & González, "Gated multimodal units for information
fusion", 2017.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from genre_core.data.decoding import SUFFIXES
from genre_core.data.readers.film_rows import films_of
from genre_core.data.readers.poster_index import PosterFolder, usable_posters
from genre_core.data.readers.reading import Choices, Found, Missed, Reader, Reading, Table, readable
from genre_core.data.readers.table_files import cell_of
from genre_core.data.readers.texts import part_of, whole
from genre_core.data.report import ReadReport

SPLIT_FILE = "split.json"
HEADER = ["id", "title", "year", "overview", "genres", "split"]
# Where the films are, from the folder that was named, and the images from there.
FOLDERS = ("", "dataset", "labels", "meta_data", "metadata")
IMAGES = ("", "../images", "../image")
N_LOOKED_AT = 20  # JSON files that show whether they are films
MAX_BYTES = 10_000_000  # of the JSON of one film


def find(source: Path, choices: Choices) -> Found | Missed:
    """Look for a folder of JSON files that are films."""
    if not source.is_dir():
        return Missed("no folder")
    for folder in (source / name for name in FOLDERS if (source / name).is_dir()):
        films = sorted(path for path in folder.glob("*.json") if path.name != SPLIT_FILE)
        if any(_film(path) for path in films[:N_LOOKED_AT]):
            images = next(filter(None, (_images(folder / name) for name in IMAGES)), [])
            split = source / SPLIT_FILE
            splits = [split] if split.is_file() else []
            posters = PosterFolder(
                images[0].parent if images else folder, is_sure=True, files=tuple(images)
            )
            read = partial(_read, films, splits, posters, choices)
            return Found((*films, *splits, *images), read)
    return Missed("no JSON file with plot and genres for each film")


def _images(folder: Path) -> list[Path]:
    folder = Path(os.path.normpath(folder))
    return (
        sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
        if folder.is_dir()
        else []
    )


def _read(
    films: list[Path], splits: list[Path], posters: PosterFolder, choices: Choices
) -> Reading:
    report = ReadReport(layout="MM-IMDb: a JSON file for each film")
    with readable(films[0]):
        parts = _parts(splits[0]) if splits else {}
        table = Table("the JSON files", HEADER, list(_lines(films, parts, report)))
        found = usable_posters(posters, report)
    return films_of(table, found or None, choices, report)


def _lines(films: list[Path], parts: dict[str, str], report: ReadReport) -> Iterator[list[str]]:
    for path in films:
        report.rows.read += 1
        if (film := _film(path)) is None:
            report.rows.leave_out("JSON without plot and genres", path.name)
            continue
        cells = (film.get(key) for key in ("title", "year"))
        plot = film.get("plot") or film.get("plot outline") or ""
        # Of several plots the authors take the longest.
        text = max(map(str, plot), key=len, default="") if isinstance(plot, list) else str(plot)
        listed = cell_of(film.get("genres"))
        yield [path.stem, *map(cell_of, cells), whole(text), listed, parts.get(path.stem, "")]


def _film(path: Path) -> dict[str, Any] | None:
    """Return what a JSON file says of a film; None if it is about something else."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        value = json.loads(path.read_bytes())
    except (ValueError, OSError, RecursionError):
        return None
    is_film = isinstance(value, dict) and isinstance(value.get("genres"), list)
    return value if is_film and ("plot" in value or "plot outline" in value) else None


def _parts(path: Path) -> dict[str, str]:
    """Return the part of each film that `split.json` names: lists of ids by name of the part."""
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {
        str(film): part_of(str(name))
        for name, films in value.items()
        if isinstance(films, list)
        for film in films
    }


READER = Reader("MM-IMDb: a JSON file and an image for each film", find)
