"""One CSV file with a row for each film, and `Images/<Id>.jpg` beside it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from genre_core.data.decoding import ENDINGS, SUFFIXES
from genre_core.data.readers.encoding import text_of
from genre_core.data.readers.labels import genre_columns
from genre_core.data.readers.lists import lists_of, note_contradictions
from genre_core.data.readers.reading import (
    ROW_LEFT_OUT,
    Choices,
    Column,
    Reader,
    Reading,
    Row,
    readable,
)
from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError

SAFE_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
NOT_GENRES = ("Id", "Overview")
SYSTEM_FILES = ("thumbs.db", "desktop.ini")  # besides those that begin with a dot or underscore
POSTER_FOLDER = "Images"
NOT_NAMED = "not named by an id with the ending of an image, such as <Id>.jpg"
LONGEST_FIELD = 2**31 - 1  # characters; a whole script fits
GENERATED_LABEL = "GENERATED.json"


def _tables(folder: Path) -> list[Path]:
    """Return the CSV files of a folder, but for those that systems leave behind."""
    found = (path for path in folder.glob("*.csv") if not _is_of_a_system(path))
    return sorted(path for path in found if path.is_file())


def _is_table_with_posters(folder: Path) -> bool:
    return bool(_tables(folder)) and (folder / POSTER_FOLDER).is_dir()


def _files_of_table_with_posters(folder: Path) -> list[Path]:
    label = folder / GENERATED_LABEL
    labels = [label] if label.is_file() else []
    return [*_tables(folder), *labels, *(folder / POSTER_FOLDER).iterdir()]


def _poster_beside_table(folder: Path, film_id: str) -> Path:
    """Return the poster of a film, or the file that it would be."""
    images = folder / POSTER_FOLDER
    found = (images / f"{film_id}{suffix}" for suffix in SUFFIXES)
    return next(filter(Path.is_file, found), images / f"{film_id}{ENDINGS[0]}")


def read_table_with_posters(folder: Path, choices: Choices) -> Reading:
    """Return the films of a CSV file with `Images/<Id>.jpg` beside it.

    Raises:
        DataError: the table cannot be read, or is no table of films.

    Source: the layout of the teaching dataset "Multimodal IMDB": columns `Id`, `Genre` (a list
    as text), one indicator column a genre, `Overview`.
    """
    report = ReadReport()
    with readable(folder):
        table = _read_table(folder, report, choices.encoding)
        posters = _posters(folder / POSTER_FOLDER, report)
        generated = (folder / GENERATED_LABEL).is_file()
    lists = lists_of(table.header, table.lines, known=NOT_GENRES)
    columns, others = genre_columns(
        table.header,
        table.lines,
        report,
        known=(*NOT_GENRES, *([lists.name] if lists else [])),
        lists=lists,
        wanted=choices.genres,
    )
    genres = tuple(column.name for column in columns)
    if lists and set(genres) <= set(table.header):
        place = table.header.index("Id")
        note_contradictions(lists, columns, [line[place] for line in table.lines], report)
    rows = _checked_rows(table, columns, posters, report)
    used = {row.id for row in rows}
    for film_id, poster in posters.items():
        if film_id not in used:
            reason = ROW_LEFT_OUT if film_id in table.ids else "no row in the table"
            report.posters.leave_out(reason, poster.name)
    return Reading(rows, genres, others, report, generated)


@dataclass
class _Table:
    """A CSV file: its header, its rows of the right form, and the ids of all its rows."""

    header: list[str]
    lines: list[list[str]]
    ids: set[str]


def _read_table(folder: Path, report: ReadReport, encoding: str | None) -> _Table:
    """Return the table of a folder; rows that are no rows are counted as left out."""
    paths = _tables(folder)
    if len(paths) != 1:
        names = ", ".join(path.name for path in paths)
        raise DataError(
            f"The folder '{folder}' has {len(paths)} CSV files ({names}); expected 1. "
            "A split file is given with --split and lies elsewhere."
        )
    text = text_of(paths[0].name, paths[0].read_bytes(), report, encoding)
    header, *lines = _parsed(paths[0].name, text) or [[]]
    header = [name.strip() for name in header]
    _check_header(paths[0].name, header)
    header, lines = _without_empty_end(header, lines, report)
    table = _Table(header, [], set())
    report.rows.read = len(lines)
    id_column = header.index("Id")
    for line in lines:
        film_id = line[id_column].strip() if id_column < len(line) else ""
        table.ids.add(film_id)
        if len(line) != len(header):
            report.rows.leave_out(f"row without {len(header)} fields", film_id or line[0])
        elif any("\0" in cell for cell in line):
            report.rows.leave_out("row with a NUL byte", film_id)
        else:
            table.lines.append(line)
    return table


def _without_empty_end(
    header: list[str], lines: list[list[str]], report: ReadReport
) -> tuple[list[str], list[list[str]]]:
    """Return a table without the empty field that a comma at the end of every row makes."""
    if header and not header[-1] and all(len(line) < len(header) or not line[-1] for line in lines):
        header = header[:-1]
    if not lines or not all(len(line) == len(header) + 1 and not line[-1] for line in lines):
        return header, lines
    report.notes["empty field at the end of every row, ignored"] = 1
    return header, [line[:-1] for line in lines]


def _parsed(name: str, text: str) -> list[list[str]]:
    """Return the lines of a CSV file but for blank ones, each as its fields."""
    # Not strict, a quote that is never closed would swallow the rows behind it without a word.
    before = csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, begin = [], 1
    try:
        for line in reader:
            lines.append(line)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"'{name}' is not a readable CSV file: {error}, in the row that begins in line "
            f"{begin}. Expected fields with a comma in quotes, and quotes inside them doubled."
        ) from error
    finally:
        csv.field_size_limit(before)
    return [line for line in lines if line]


def _check_header(name: str, header: list[str]) -> None:
    shown = printable(", ".join(header)) or "none"
    if not all(column.isprintable() for column in header):
        raise DataError(
            f"'{name}' is no table in UTF-8, or in UTF-16 with a byte order mark: "
            f"its first line reads '{shown}'."
        )
    missing = [column for column in ("Id", "Overview") if column not in header]
    if missing:
        raise DataError(
            f"'{name}' has no column {' and no column '.join(missing)}. Its columns are: {shown}."
        )
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        names = printable(", ".join(f"'{column}'" for column in twice))
        raise DataError(f"'{name}' has more than one column named {names}; expected one of each.")


def _posters(folder: Path, report: ReadReport) -> dict[str, Path]:
    """Return the poster files by film id; whatever else lies there is counted as left out."""
    by_film: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        report.posters.read += 1
        if reason := _poster_rejection(path):
            report.posters.leave_out(reason, path.name)
        else:
            by_film.setdefault(path.stem, []).append(path)
    for paths in by_film.values():
        paths.sort(key=lambda path: SUFFIXES.index(path.suffix))
        for path in paths[1:]:
            report.posters.leave_out("another poster of the film is used", path.name)
    posters = {film: paths[0] for film, paths in by_film.items()}
    other = [path.suffix for path in posters.values() if path.suffix != ENDINGS[0]]
    if other:
        names = ", ".join(sorted(set(other)))
        report.notes[f"posters with another ending than {ENDINGS[0]}, used ({names})"] = len(other)
    return posters


def _is_of_a_system(path: Path) -> bool:
    """Return whether a file is one that macOS or Windows writes beside those of people."""
    return path.name.startswith((".", "_")) or path.name.casefold() in SYSTEM_FILES


def _poster_rejection(path: Path) -> str | None:
    if _is_of_a_system(path):
        return "system file"
    if path.suffix not in SUFFIXES:
        return NOT_NAMED
    if not path.is_file():
        return "poster is no file"
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        return "poster lies outside the folder"
    return None


def _checked_rows(
    table: _Table, columns: Sequence[Column], posters: dict[str, Path], report: ReadReport
) -> list[Row]:
    """Return the rows that pass every check; each other row is counted under one reason."""
    id_column, overview_column = table.header.index("Id"), table.header.index("Overview")
    rows: dict[str, Row] = {}
    by_row = zip(*(column.labels for column in columns), strict=True)
    for line, labels in zip(table.lines, by_row if columns else repeat(()), strict=False):
        film_id, overview = line[id_column].strip(), line[overview_column].strip()
        reason = "duplicate id" if film_id in rows else _row_rejection(film_id, overview, labels)
        if reason is None and film_id not in posters:
            reason = "no poster"
        if reason:
            report.rows.leave_out(reason, film_id)
        else:
            rows[film_id] = Row(
                film_id, overview, tuple(label or 0 for label in labels), posters[film_id]
            )
    return list(rows.values())


def _row_rejection(film_id: str, overview: str, labels: Sequence[int | None]) -> str | None:
    if not SAFE_ID.fullmatch(film_id):
        return "unusable id"
    if None in labels:
        return "no labels" if set(labels) == {None} else "label other than 0 or 1"
    if not overview:
        return "empty overview"
    return None


READER = Reader(
    recognises=_is_table_with_posters,
    files=_files_of_table_with_posters,
    poster=_poster_beside_table,
    read=read_table_with_posters,
)
