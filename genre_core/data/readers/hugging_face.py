"""Parquet files with a column of images, as the library `datasets` of Hugging Face writes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from genre_core.data.poster_files import PosterFile
from genre_core.data.readers.columns import roles_of
from genre_core.data.readers.film_rows import NUMBERED, films_of
from genre_core.data.readers.poster_index import Posters
from genre_core.data.readers.reading import Choices, Found, Missed, Reader, Reading, Table, readable
from genre_core.data.readers.table_files import SPLIT_COLUMN, cell_of
from genre_core.data.readers.texts import part_of
from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError

FEATURES = b"huggingface"  # key of the schema's metadata
ID = "Id"
BY_NAME = Choices()
SUFFIX = ".parquet"
PLACES = ("", "data/", "default/*/")  # the last is how Hugging Face converts other formats
BATCH = 1024  # rows that are converted at once


@dataclass(frozen=True)
class Shape:
    """What the columns of a Parquet file are.

    Attributes:
        images: name of the column of images; empty for none.
        others: names of the other columns.
        names: of classes that are numbers in a column, by column.
    """

    images: str
    others: tuple[str, ...]
    names: dict[str, list[str]]


def find(source: Path, choices: Choices) -> Found | Missed:
    """Look for Parquet files in a folder, or where Hugging Face puts them below it."""
    found = (_files_in(source, place) for place in PLACES) if source.is_dir() else [[source]]
    files = next(filter(None, found), [])
    if not files or files[0].suffix != SUFFIX:
        return Missed("no Parquet file")
    if not _is_of_films(files[0], choices):
        return Missed(f"'{printable(files[0].name)}' has neither images nor overviews")
    return Found(tuple(files), lambda: _read(files, choices))


def _is_of_films(path: Path, choices: Choices) -> bool:
    """Return whether a file has images or overviews; scores beside a table have neither."""
    try:
        shape = _shape(path)
    except (pa.ArrowException, ValueError, OSError):
        return True  # reading it names the damage
    return bool(
        shape.images or choices.overview or roles_of(path.name, shape.others, BY_NAME).overview
    )


def _files_in(folder: Path, place: str) -> list[Path]:
    return sorted(path for path in folder.glob(f"{place}*{SUFFIX}") if path.is_file())


def _read(files: list[Path], choices: Choices) -> Reading:
    report = ReadReport(layout="Hugging Face: Parquet files")
    try:
        with readable(files[0]):
            shapes = {path: _shape(path) for path in files}
            table, places = _table(shapes, choices, report)
    except (pa.ArrowException, ValueError) as error:
        raise DataError(
            f"'{files[0].name}' is no Parquet file that can be read ({error!s:.100}). Download it "
            "again."
        ) from error
    posters = _posters(places, report)
    return films_of(table, posters, choices, report)


def _shape(path: Path) -> Shape:
    schema = pq.read_schema(path)
    images = next((field.name for field in schema if _is_image(field.type)), "")
    others = tuple(field.name for field in schema if field.name != images)
    return Shape(images, others, _class_names(schema.metadata or {}))


def _is_image(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        return int(kind.get_field_index("bytes")) >= 0
    return bool(pa.types.is_binary(kind)) or bool(pa.types.is_large_binary(kind))


def _class_names(metadata: dict[bytes, bytes]) -> dict[str, list[str]]:
    """Return the names of classes that Hugging Face keeps beside numbers, by column."""
    try:
        features = json.loads(metadata.get(FEATURES, b"{}"))["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    found = {}
    for column, feature in features.items():
        inner = feature.get("feature", feature) if isinstance(feature, dict) else {}
        names = inner.get("names") if isinstance(inner, dict) else None
        if isinstance(names, list):
            found[column] = [str(name) for name in names]
    return found


def _table(
    shapes: dict[Path, Shape], choices: Choices, report: ReadReport
) -> tuple[Table, list[tuple[str, PosterFile]]]:
    """Return the rows of all files as text, and the place of each film's image by id."""
    columns = next(iter(shapes.values())).others
    odd = [path.name for path, shape in shapes.items() if set(shape.others) != set(columns)]
    if odd:
        raise DataError(
            f"'{printable(odd[0])}' has other columns than the Parquet files beside it. Expected "
            "the same in all; give the path of one file instead of the folder."
        )
    parts = {path: part_of(path.name.split("-")[0].split(".")[0]) for path in shapes}
    has_split = SPLIT_COLUMN not in columns and all(parts.values())
    lines, places = [], []
    for path, shape in shapes.items():
        for row, cells in enumerate(_cells(path, shape, columns)):
            lines.append([*cells, *([parts[path]] if has_split else [])])
            places.append(PosterFile(path, row, shape.images) if shape.images else None)
    report.rows.read += len(lines)
    header = [*columns, *([SPLIT_COLUMN] if has_split else [])]
    table = Table(next(iter(shapes)).name, header, lines)
    ids = roles_of(table.name, header, choices).ids
    named = _image_names(shapes) if not ids else []
    films = table.cells(ids[0]) if ids else named or [str(one + 1) for one in range(len(lines))]
    if not ids:
        table.header.insert(0, ID)
        table.lines = [[film, *line] for film, line in zip(films, lines, strict=True)]
        report.remarks.append(
            "no column of ids: films are called by "
            + ("the names of their images" if named else f"their {NUMBERED}")
            + "; name a column with --id"
        )
    return table, [(film, place) for film, place in zip(films, places, strict=True) if place]


def _cells(path: Path, shape: Shape, columns: tuple[str, ...]) -> list[list[str]]:
    makers = [_maker(shape.names.get(name)) for name in columns]
    file = pq.ParquetFile(path, memory_map=True)
    found: list[list[str]] = []
    for batch in file.iter_batches(BATCH, columns=list(columns)):
        values = [batch.column(name).to_pylist() for name in columns]
        found += [
            [make(value) for make, value in zip(makers, row, strict=True)]
            for row in zip(*values, strict=True)
        ]
    return found


def _maker(names: list[str] | None) -> Callable[[Any], str]:
    """Return what makes a value a cell; numbers of classes become their names."""

    def named(value: Any) -> Any:
        is_class = isinstance(value, int) and names and 0 <= value < len(names)
        return names[value] if is_class and names else value

    def made(value: Any) -> str:
        return cell_of([named(one) for one in value] if isinstance(value, list) else named(value))

    return made if names else cell_of


def _image_names(shapes: dict[Path, Shape]) -> list[str]:
    """Return the names of the images without their endings; none if not every image has one."""
    found: list[str] = []
    for path, shape in shapes.items():
        if not shape.images:
            return []
        schema = pq.read_schema(path)
        if not pa.types.is_struct(schema.field(shape.images).type):
            return []
        column = pq.read_table(path, columns=[f"{shape.images}.path"]).column(0)
        found += [PurePosixPath(one.get("path") or "").stem for one in column.to_pylist()]
    return found if all(found) and len(set(found)) == len(found) else []


def _posters(places: list[tuple[str, PosterFile]], report: ReadReport) -> Posters | None:
    if not places:
        return None
    found = Posters()
    for film, place in places:
        report.posters.read += 1
        if film in found.by_stem:
            report.posters.leave_out("another poster of the film is used", place.name)
        else:
            found.by_stem[film] = place
    return found


READER = Reader("Hugging Face: Parquet files with a column of images", find)
