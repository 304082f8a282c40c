"""The rows of a text table: which separator it has, and what a row that is none costs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LONGEST_FIELD = 2**31 - 1  # characters; a whole script fits
MOST_LINES = 2000  # of one row; a quote that is open for longer is never closed
ESCAPE = "\\"


@dataclass(frozen=True)
class Lines:
    """The rows of a text.

    Attributes:
        rows: the fields of each row but for blank ones; the first is the header.
        separator: between fields, one of `SEPARATORS`.
        broken: numbers of the lines in which a row that cannot be read begins, from 1.
        n_escaped: number of rows in which quotes are escaped by a backslash.
        reason: why a row cannot be read.
    """

    rows: list[list[str]]
    separator: str
    broken: tuple[int, ...] = ()
    n_escaped: int = 0
    reason: str = "quotes that are not closed or not doubled"


def rows_of(text: str) -> Lines:
    """Return the rows of a text table.

    A quote that is not closed, or is followed by more text, costs its own line and no other. A
    row that is one with quotes escaped by a backslash is read as that.
    """
    text, separator = _without_directive(text)
    separator = separator or _separator_of(text)
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        return _at_once(text, separator) or _row_by_row(text, separator)
    finally:
        csv.field_size_limit(before)


def _at_once(text: str, separator: str) -> Lines | None:
    """Return the rows of a text; None if a quote is broken."""
    # A StringIO would take four bytes a character.
    content = io.BytesIO(text.encode("utf-8", "surrogatepass"))
    lines = io.TextIOWrapper(content, "utf-8", "surrogatepass", newline="")
    reader = _reader(lines, separator)
    try:
        rows = list(reader)
    except csv.Error:
        return None
    if reader.line_num > len(rows) and any(_swallows(row, separator) for row in rows):
        return None
    return Lines(list(filter(None, rows)), separator)


def _without_directive(text: str) -> tuple[str, str]:
    """Return a text without the first line "sep=;" that Excel understands, and its separator."""
    first = text[:7].splitlines()[0] if text else ""
    if first.casefold().startswith("sep=") and first[4:5] in SEPARATORS:
        return text[text.index(first) + 5 :].lstrip("\r\n"), first[4]
    return text, ""


def _separator_of(text: str) -> str:
    """Return the separator that parts the first row into the most fields; the comma for none."""
    end = next((place for place in range(len(text)) if text[place] in "\r\n"), len(text))
    head = text[:end]
    counts = {one: _n_fields(head, one) for one in SEPARATORS}
    return max(counts, key=lambda one: counts[one])


def _n_fields(head: str, separator: str) -> int:
    try:
        return max((len(row) for row in _reader([head], separator)), default=0)
    except csv.Error:
        return 0


def _reader(lines: Iterable[str], separator: str) -> Reader:
    # Not strict, a quote that is never closed would swallow the rows behind it without a word.
    return csv.reader(lines, delimiter=separator, strict=True)


def _row_by_row(text: str, separator: str) -> Lines:
    lines = _physical(text)
    rows: list[list[str]] = []
    broken: list[int] = []
    place = n_escaped = 0
    while place < len(lines):
        row, n_lines = _one_row(lines, place, separator)
        if row is None and rows:
            row = _escaped_row(lines[place], separator, len(rows[0]))
            n_escaped += row is not None
        if row is None:
            broken.append(place + 1)
        elif row:
            rows.append(row)
        place += n_lines
    return Lines(rows, separator, tuple(broken), n_escaped)


def _physical(text: str) -> list[str]:
    """Return the lines of a text as `csv` counts them, with their ends."""
    return list(io.StringIO(text, newline=""))


def _one_row(lines: list[str], place: int, separator: str) -> tuple[list[str] | None, int]:
    """Return the row that begins at a line, None if it is broken, and how many lines it takes."""
    if '"' not in lines[place]:
        return next(_reader([lines[place]], separator), []), 1
    reader = _reader(lines[place : place + MOST_LINES], separator)
    try:
        row = next(reader, [])
    except csv.Error:
        return None, 1
    n_lines = reader.line_num
    return (None, 1) if n_lines > 1 and _swallows(row, separator) else (row, n_lines)


def _swallows(row: list[str], separator: str) -> bool:
    """Return whether a field has lines that are rows of their own: its quote was never closed.

    Such a line has as many fields, and its first is written like that of the row.
    """
    inner = (line for cell in row if "\n" in cell or "\r" in cell for line in cell.splitlines()[1:])
    return len(row) > 1 and any(
        line.count(separator) >= len(row) - 1 and _is_like(row, line, separator) for line in inner
    )


def _is_like(row: list[str], line: str, separator: str) -> bool:
    try:
        fields = next(_reader([line], separator), [])
    except csv.Error:
        return False
    return len(fields) == len(row) and _shape(fields[0]) == _shape(row[0])


def _shape(text: str) -> str:
    """Return how a text is written: its words and numbers.

    >>> _shape("tt0114709"), _shape("He left")
    ('a0', 'a a')
    """
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", text))


def _escaped_row(line: str, separator: str, n_fields: int) -> list[str] | None:
    """Return the row of a line in which a backslash escapes quotes; None if it is none."""
    if ESCAPE + '"' not in line:
        return None
    reader = csv.reader(
        [line], delimiter=separator, escapechar=ESCAPE, doublequote=False, strict=True
    )
    try:
        row = next(reader, [])
    except csv.Error:
        return None
    return row if len(row) == n_fields else None
