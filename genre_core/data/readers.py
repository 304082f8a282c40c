"""Readers: from the files of one folder layout to rows of films that can be trusted.

Another layout is one more function that returns a `Reading`, and its entry in `READERS`.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError, command

SAFE_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
CUT_SHORT_WORDS = 4  # an overview of fewer words was cut where a link was removed
NOT_INDICATORS = ("Id", "Genre", "Overview")
POSTER_FOLDER = "Images"
GENERATED_LABEL = "GENERATED.json"
ROW_LEFT_OUT = "its row was left out"  # why a poster was, when nothing is wrong with it


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
        other_columns: names of the columns that hold no labels.
        report: counts so far; decoding the posters adds to it.
        generated: whether the folder is labelled as generated films.
    """

    rows: list[Row]
    genres: tuple[str, ...]
    other_columns: tuple[str, ...]
    report: ReadReport
    generated: bool

    def leave_out(self, reasons: Mapping[str, str], poster_reason: str | None = None) -> None:
        """Leave films and their posters out, and count them.

        Args:
            reasons: why, by film id.
            poster_reason: why the posters are left out; the same reason if None.
        """
        for row in self.rows:
            if reason := reasons.get(row.id):
                self.report.rows.leave_out(reason, row.id)
                self.report.posters.leave_out(poster_reason or reason, row.poster.name)
        self.rows = [row for row in self.rows if row.id not in reasons]

    def count_notes(self) -> None:
        """Count what is odd but used: whoever reads the report should know."""
        notes = self.report.notes
        n_short = sum(len(row.overview.split()) < CUT_SHORT_WORDS for row in self.rows)
        notes[f"overviews cut short (fewer than {CUT_SHORT_WORDS} words), used"] = n_short
        texts = Counter(row.overview.casefold() for row in self.rows)
        n_shared = sum(count for count in texts.values() if count > 1)
        notes["films that share their overview with another, used"] = n_shared
        if self.other_columns:
            names = printable(", ".join(self.other_columns))
            notes[f"columns that hold no labels ({names})"] = len(self.other_columns)
        if self.genres and self.rows:
            labels = np.array([row.labels for row in self.rows])
            notes["films without a genre, used"] = int((labels.sum(axis=1) == 0).sum())
            notes["genres without a film, kept as columns"] = int((labels.sum(axis=0) == 0).sum())


@dataclass(frozen=True)
class Reader:
    """One folder layout.

    Attributes:
        recognises: tells whether a folder has this layout.
        files: names every file that a reading depends on, so that a change can be noticed.
        poster: names the poster file of a film in a folder, by the film's id.
        read: reads the folder.
    """

    recognises: Callable[[Path], bool]
    files: Callable[[Path], list[Path]]
    poster: Callable[[Path, str], Path]
    read: Callable[[Path], Reading]


def reader_for(folder: Path) -> Reader:
    """Return the first reader whose layout `folder` has.

    Raises:
        DataError: there is no such folder, it cannot be read, or no reader knows its layout.
    """
    with readable(folder):
        if not folder.is_dir():
            raise DataError(
                f"There is no folder '{folder}'. Expected a folder of films: a CSV file with the "
                f"columns Id and Overview, and {POSTER_FOLDER}/<Id>.jpg. "
                f"Make one with: {command('sample', 'DIR')}"
            )
        for reader in READERS:
            if reader.recognises(folder):
                return reader
        found = sorted(printable(entry.name) for entry in folder.iterdir())[:5]
    raise DataError(
        f"The folder '{folder}' has no layout that is known here. Expected one CSV file and a "
        f"folder {POSTER_FOLDER}/ beside it; found: {', '.join(found) or 'nothing'}."
    )


@contextlib.contextmanager
def readable(source: Path) -> Iterator[None]:
    """Turn an error of the system while `source` is read into one that a user can mend.

    Raises:
        DataError: the block raised an OSError.
    """
    try:
        yield
    except OSError as error:
        raise DataError(
            f"'{error.filename or source}' cannot be read: {error.strerror or error}."
        ) from error


def _tables(folder: Path) -> list[Path]:
    """Return the CSV files of a folder, but for hidden ones such as macOS leaves behind."""
    found = (path for path in folder.glob("*.csv") if not path.name.startswith("."))
    return sorted(path for path in found if path.is_file())


def _is_table_with_posters(folder: Path) -> bool:
    return bool(_tables(folder)) and (folder / POSTER_FOLDER).is_dir()


def _files_of_table_with_posters(folder: Path) -> list[Path]:
    label = folder / GENERATED_LABEL
    labels = [label] if label.is_file() else []
    return [*_tables(folder), *labels, *(folder / POSTER_FOLDER).iterdir()]


def _poster_beside_table(folder: Path, film_id: str) -> Path:
    return folder / POSTER_FOLDER / f"{film_id}.jpg"


def read_table_with_posters(folder: Path) -> Reading:
    """Return the films of a CSV file with `Images/<Id>.jpg` beside it.

    Raises:
        DataError: the table cannot be read, or is no table of films.

    Source: the layout of the teaching dataset "Multimodal IMDB": columns `Id`, `Genre` (a list
    as text), one indicator column a genre, `Overview`.
    """
    report = ReadReport()
    with readable(folder):
        table = _read_table(folder, report)
        posters = _posters(folder / POSTER_FOLDER, report)
        generated = (folder / GENERATED_LABEL).is_file()
    genres, other_columns = _genre_columns(table)
    rows = _checked_rows(table, genres, posters, report)
    used = {row.id for row in rows}
    for film_id, poster in posters.items():
        if film_id not in used:
            reason = ROW_LEFT_OUT if film_id in table.ids else "no row in the table"
            report.posters.leave_out(reason, poster.name)
    return Reading(rows, genres, other_columns, report, generated)


READERS = (
    Reader(
        recognises=_is_table_with_posters,
        files=_files_of_table_with_posters,
        poster=_poster_beside_table,
        read=read_table_with_posters,
    ),
)


@dataclass
class _Table:
    """A CSV file: its header, its rows of the right form, and the ids of all its rows."""

    header: list[str]
    lines: list[list[str]]
    ids: set[str]


def _read_table(folder: Path, report: ReadReport) -> _Table:
    """Return the table of a folder; rows that are no rows are counted as left out."""
    paths = _tables(folder)
    if len(paths) != 1:
        names = ", ".join(path.name for path in paths)
        raise DataError(
            f"The folder '{folder}' has {len(paths)} CSV files ({names}); expected 1. "
            "A split file is given with --split and lies elsewhere."
        )
    header, *lines = _parsed(paths[0].name, _text(paths[0], report)) or [[]]
    header = [name.strip() for name in header]
    _check_header(paths[0].name, header)
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


def _text(path: Path, report: ReadReport) -> str:
    """Return the text of a file in UTF-8 or UTF-16 with a mark, else read as Windows-1252."""
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        report.notes["table not in UTF-8, read as Windows-1252"] = 1
        return content.decode("cp1252", errors="replace")


def _parsed(name: str, text: str) -> list[list[str]]:
    """Return the lines of a CSV file but for blank ones, each as its fields."""
    # Not strict, a quote that is never closed would swallow the rows behind it without a word.
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


def _genre_columns(table: _Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that hold mostly 0 and 1, and the others that are not known."""
    genres: list[str] = []
    others: list[str] = []
    for column, name in enumerate(table.header):
        if name in NOT_INDICATORS:
            continue
        n_binary = sum(line[column].strip() in ("0", "1") for line in table.lines)
        is_genre = name and 2 * n_binary >= len(table.lines)
        (genres if is_genre else others).append(name)
    return tuple(genres), tuple(others)


def _posters(folder: Path, report: ReadReport) -> dict[str, Path]:
    """Return the poster files by film id; whatever else lies there is counted as left out."""
    posters = {}
    for path in sorted(folder.iterdir()):
        report.posters.read += 1
        if reason := _poster_rejection(path):
            report.posters.leave_out(reason, path.name)
        else:
            posters[path.stem] = path
    return posters


def _poster_rejection(path: Path) -> str | None:
    if path.suffix != ".jpg":
        return "not named <Id>.jpg"
    if not path.is_file():
        return "poster is no file"
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        return "poster lies outside the folder"
    return None


def _checked_rows(
    table: _Table, genres: tuple[str, ...], posters: dict[str, Path], report: ReadReport
) -> list[Row]:
    """Return the rows that pass every check; each other row is counted under one reason."""
    id_column, overview_column = table.header.index("Id"), table.header.index("Overview")
    label_columns = [table.header.index(genre) for genre in genres]
    rows: dict[str, Row] = {}
    for line in table.lines:
        film_id, overview = line[id_column].strip(), line[overview_column].strip()
        labels = [line[column].strip() for column in label_columns]
        reason = "duplicate id" if film_id in rows else _row_rejection(film_id, overview, labels)
        if reason is None and film_id not in posters:
            reason = "no poster"
        if reason:
            report.rows.leave_out(reason, film_id)
        else:
            rows[film_id] = Row(film_id, overview, tuple(map(int, labels)), posters[film_id])
    return list(rows.values())


def _row_rejection(film_id: str, overview: str, labels: list[str]) -> str | None:
    if not SAFE_ID.fullmatch(film_id):
        return "unusable id"
    if any(label not in ("0", "1") for label in labels):
        return "label other than 0 or 1"
    if not overview:
        return "empty overview"
    return None
