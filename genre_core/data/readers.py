"""Readers: from the files of one folder layout to rows of films that can be trusted.

Another layout is one more function that returns a `Reading`, and its entry in `READERS`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre_core.data.report import ReadReport
from genre_core.errors import DataError

SAFE_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
CUT_SHORT_WORDS = 4  # an overview of fewer words was cut where a link was removed
NOT_INDICATORS = ("Id", "Genre", "Overview")
POSTER_FOLDER = "Images"
GENERATED_LABEL = "GENERATED.json"


@dataclass
class Row:
    """One film as its row in the table says, with the file of its poster."""

    id: str
    overview: str
    labels: tuple[int, ...]
    poster: Path


@dataclass
class Reading:
    """What a reader found.

    Attributes:
        rows: the films left after all checks that need no decoding.
        genres: genre names in column order; empty for a table without labels.
        report: counts so far; decoding the posters adds to it.
        generated: whether the folder is labelled as generated films.
    """

    rows: list[Row]
    genres: tuple[str, ...]
    report: ReadReport
    generated: bool


@dataclass(frozen=True)
class Reader:
    """One folder layout.

    Attributes:
        recognises: tells whether a folder has this layout.
        files: names every file that a reading depends on, so that a change can be noticed.
        read: reads the folder.
    """

    recognises: Callable[[Path], bool]
    files: Callable[[Path], list[Path]]
    read: Callable[[Path], Reading]


def reader_for(folder: Path) -> Reader:
    """Return the first reader whose layout `folder` has.

    Raises:
        DataError: there is no such folder, or no reader knows its layout.
    """
    if not folder.is_dir():
        raise DataError(
            f"There is no folder '{folder}'. Expected a folder of films: a CSV file with the "
            f"columns Id and Overview, and {POSTER_FOLDER}/<Id>.jpg. "
            "Make one with: python -m genre_core sample DIR"
        )
    for reader in READERS:
        if reader.recognises(folder):
            return reader
    found = sorted(entry.name for entry in folder.iterdir())[:5]
    raise DataError(
        f"The folder '{folder}' has no layout that is known here. Expected one CSV file and a "
        f"folder {POSTER_FOLDER}/ beside it; found: {', '.join(found) or 'nothing'}."
    )


def _tables(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.csv") if path.is_file())


def _is_table_with_posters(folder: Path) -> bool:
    return bool(_tables(folder)) and (folder / POSTER_FOLDER).is_dir()


def _files_of_table_with_posters(folder: Path) -> list[Path]:
    label = folder / GENERATED_LABEL
    labels = [label] if label.is_file() else []
    return [*_tables(folder), *labels, *(folder / POSTER_FOLDER).iterdir()]


def read_table_with_posters(folder: Path) -> Reading:
    """Return the films of a CSV file with `Images/<Id>.jpg` beside it.

    Source: the layout of the teaching dataset "Multimodal IMDB": columns `Id`, `Genre` (a list
    as text), one indicator column a genre, `Overview`.
    """
    tables = _tables(folder)
    if len(tables) > 1:
        names = ", ".join(path.name for path in tables)
        raise DataError(f"The folder '{folder}' has {len(tables)} CSV files ({names}); expected 1.")
    report = ReadReport()
    header, lines = _read_csv(tables[0], report)
    genres = _genre_columns(tables[0], header, lines, report)
    posters = {path.name: path for path in (folder / POSTER_FOLDER).iterdir() if path.is_file()}
    rows = _checked_rows(header, lines, genres, posters, report)
    _count_posters(rows, posters, header, lines, report)
    _count_notes(rows, genres, report)
    generated = (folder / GENERATED_LABEL).is_file()
    return Reading(rows, genres, report, generated=generated)


READERS = (Reader(_is_table_with_posters, _files_of_table_with_posters, read_table_with_posters),)


def _read_csv(path: Path, report: ReadReport) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the right length; others are counted as left out."""
    text = _decoded(path, report)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    except csv.Error as error:
        raise DataError(f"'{path.name}' is not a readable CSV file: {error}.") from error
    header = [name.strip() for name in lines[0]] if lines else []
    missing = [name for name in ("Id", "Overview") if name not in header]
    if missing:
        raise DataError(
            f"'{path.name}' has no column {' and no column '.join(missing)}. "
            f"Its columns are: {', '.join(header[:30]) or 'none'}."
        )
    if len(set(header)) < len(header):
        twice = sorted({name for name in header if header.count(name) > 1})
        raise DataError(f"'{path.name}' has more than one column named {', '.join(twice)}.")
    report.rows.read = len(lines) - 1
    whole = []
    for line in lines[1:]:
        if len(line) == len(header):
            whole.append(line)
        else:
            report.rows.leave_out(f"row without {len(header)} fields", line[0])
    return header, whole


def _decoded(path: Path, report: ReadReport) -> str:
    """Return the text of a file in UTF-8 or UTF-16 with a mark, else read as Windows-1252."""
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        report.notes["table not in UTF-8, read as Windows-1252"] = 1
        return content.decode("cp1252", errors="replace")


def _genre_columns(
    path: Path, header: list[str], lines: list[list[str]], report: ReadReport
) -> tuple[str, ...]:
    """Return the columns that hold mostly 0 and 1; other unknown columns are counted."""
    genres = []
    for column, name in enumerate(header):
        if name in NOT_INDICATORS:
            continue
        n_binary = sum(line[column].strip() in ("0", "1") for line in lines)
        if name and 2 * n_binary >= len(lines):
            genres.append(name)
        else:
            report.notes["columns that hold no labels"] = (
                report.notes.get("columns that hold no labels", 0) + 1
            )
    return tuple(genres)


def _checked_rows(
    header: list[str],
    lines: list[list[str]],
    genres: tuple[str, ...],
    posters: dict[str, Path],
    report: ReadReport,
) -> list[Row]:
    """Return the rows that pass every check; each other row is counted under one reason."""
    id_column, overview_column = header.index("Id"), header.index("Overview")
    label_columns = [header.index(genre) for genre in genres]
    rows: dict[str, Row] = {}
    for line in lines:
        film_id, overview = line[id_column].strip(), line[overview_column].strip()
        labels = [line[column].strip() for column in label_columns]
        poster = posters.get(f"{film_id}.jpg")
        reason = _rejection(film_id, overview, labels, poster)
        if film_id in rows:
            reason = "duplicate id"
        if reason or poster is None:
            report.rows.leave_out(reason or "no poster", film_id)
        else:
            rows[film_id] = Row(film_id, overview, tuple(map(int, labels)), poster)
    return list(rows.values())


def _rejection(film_id: str, overview: str, labels: list[str], poster: Path | None) -> str | None:
    if not SAFE_ID.fullmatch(film_id):
        return "unusable id"
    if any(label not in ("0", "1") for label in labels):
        return "label other than 0 or 1"
    if not overview:
        return "empty overview"
    if poster is None:
        return "no poster"
    if poster.is_symlink() and not poster.resolve().is_relative_to(poster.parent.resolve()):
        return "poster lies outside the folder"
    return None


def _count_posters(
    rows: list[Row],
    posters: dict[str, Path],
    header: list[str],
    lines: list[list[str]],
    report: ReadReport,
) -> None:
    report.posters.read = len(posters)
    used = {row.poster.name for row in rows}
    with_row = {f"{line[header.index('Id')].strip()}.jpg" for line in lines}
    for name in sorted(posters.keys() - used):
        reason = "its row was left out" if name in with_row else "no row in the table"
        report.posters.leave_out(reason, name)


def _count_notes(rows: list[Row], genres: tuple[str, ...], report: ReadReport) -> None:
    """Count what is odd but kept: it is used, and whoever reads the report should know."""
    notes = report.notes
    n_short = sum(len(row.overview.split()) < CUT_SHORT_WORDS for row in rows)
    notes[f"overviews cut short (fewer than {CUT_SHORT_WORDS} words), used"] = n_short
    texts = [row.overview.casefold() for row in rows]
    notes["films that share their overview with another, used"] = sum(
        count for count in _counts(texts).values() if count > 1
    )
    if genres and rows:
        labels = np.array([row.labels for row in rows])
        notes["films without a genre, used"] = int((labels.sum(axis=1) == 0).sum())
        notes["genres without a film, kept as columns"] = int((labels.sum(axis=0) == 0).sum())


def _counts(values: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
