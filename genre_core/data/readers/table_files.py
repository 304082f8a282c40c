"""Files that are tables: found in a folder, and read as text whatever wrote them."""

from __future__ import annotations

import gzip
import json
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from genre_core.data.readers.csv_text import SEPARATORS, Lines, rows_of
from genre_core.data.readers.encoding import text_of
from genre_core.data.readers.poster_index import is_of_a_system
from genre_core.data.readers.reading import Table
from genre_core.data.readers.texts import whole
from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError
from genre_core.extras import require

PACKED = ".gz"
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)  # of a packed table
EXCEL = ".xlsx"
JSON_LINES = ".jsonl"
TEXT = (".csv", ".tsv")
ENDINGS = (*TEXT, JSON_LINES, EXCEL)
SPLIT_COLUMN = "split"  # of tables that are one by split
HEAD = 65_536  # bytes that a header fits into
MOST_BYTES = 8 * 2**30  # of a packed table when it is unpacked
MOST_SHEET_BYTES = 2**31  # of a workbook when it is unpacked
# What a workbook that is none raises, whatever part of it is damaged.
NO_WORKBOOK = (
    *(zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError),
    *(EOFError, SyntaxError, zlib.error, NotImplementedError, RuntimeError, OSError),
)


def ending_of(path: Path) -> str:
    """Return what kind of table a file is, by its name: one of `ENDINGS`, or another ending."""
    name = path.name.casefold().removesuffix(PACKED)
    return next((one for one in ENDINGS if name.endswith(one)), Path(name).suffix)


def tables_in(folder: Path) -> list[Path]:
    """Return the tables of a folder, but for those that systems leave behind; sorted."""
    found = (path for path in folder.iterdir() if ending_of(path) in ENDINGS)
    return sorted(path for path in found if not is_of_a_system(path) and path.is_file())


def header_of(path: Path, encoding: str | None) -> list[str]:
    """Return the names of a table's columns; none if they cannot be read."""
    try:
        if ending_of(path) in (EXCEL, JSON_LINES):
            return read_table(path, ReadReport(), encoding).header
        with _opened(path) as file:
            head = file.read(HEAD)
        lines = head[: head.rfind(b"\n") + 1 or len(head)]
        return _names(rows_of(text_of(path.name, lines, ReadReport(), encoding)))
    except (DataError, OSError, *DAMAGED):
        return []


def read_table(path: Path, report: ReadReport, encoding: str | None = None) -> Table:
    """Return a table; rows that are no rows are counted as left out.

    Args:
        path: CSV with any of the separators in `SEPARATORS`, JSON lines, either packed by gzip, or
            a workbook of Excel, of which the first sheet is read.
        report: where rows are counted and assumptions are noted.
        encoding: of a text; detected if None.

    Raises:
        DataError: it is no table.
    """
    ending = ending_of(path)
    if ending == EXCEL:
        lines = Lines(_of_excel(path), ",")
    else:
        text = text_of(path.name, _content(path), report, encoding)
        lines = _of_json_lines(text) if ending == JSON_LINES else rows_of(text)
    header, rows = _names(lines), lines.rows[1:]
    _check_header(path.name, header)
    header, rows = _without_empty_end(header, rows, report)
    _check_names(path.name, header)
    _note_writing(path, lines, report)
    table = Table(path.name, header, [])
    _take_whole_rows(table, rows, lines, report)
    return table


def _take_whole_rows(table: Table, rows: list[list[str]], lines: Lines, report: ReadReport) -> None:
    """Take the rows that have a cell for each column; every other one is counted."""
    report.rows.read += len(rows) + len(lines.broken)
    n_fields = len(table.header)
    for number in lines.broken:
        report.rows.leave_out(lines.reason, f"row that begins in line {number}")
    for row in rows:
        has_nul = any("\0" in cell for cell in row)
        if len(row) == n_fields and not has_nul:
            table.lines.append(row)
            continue
        table.rejected.append(row)
        reason = "row with a NUL byte" if has_nul else f"row without {n_fields} fields"
        report.rows.leave_out(reason, row[0])


def _opened(path: Path) -> Any:
    return gzip.open(path) if path.name.casefold().endswith(PACKED) else path.open("rb")


def _content(path: Path) -> bytes:
    try:
        with _opened(path) as file:
            content: bytes = file.read(MOST_BYTES + 1)
    except DAMAGED as error:
        raise DataError(
            f"'{path.name}' cannot be unpacked ({error}). Download it again, or unpack it yourself "
            "and pass the table in it."
        ) from error
    if len(content) > MOST_BYTES:
        raise DataError(f"'{path.name}' is larger than {MOST_BYTES >> 30} GiB when unpacked.")
    return content


def _of_json_lines(text: str) -> Lines:
    """Return a row for each object of a text with one in each line; a line that is none is broken.

    Cells that are no texts are written as JSON.
    """
    films: list[dict[str, Any]] = []
    broken = []
    for number, line in enumerate(text.split("\n"), start=1):  # texts may hold other line breaks
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and value:
            films.append(value)
        else:
            broken.append(number)
    return Lines(rows_of_objects(films), ",", tuple(broken), reason="line that is no JSON object")


def rows_of_objects(films: Iterable[dict[str, Any]]) -> list[list[str]]:
    """Return a header with every key of some objects, and a row for each."""
    films = list(films)
    header = list(dict.fromkeys(key for film in films for key in film))
    rows = ([cell_of(film.get(key)) for key in header] for film in films)
    return [list(map(whole, header)), *rows]


def cell_of(value: Any) -> str:
    """Return a value as the cell of a table: a text as it is, nothing for None, else as JSON.

    >>> cell_of("a"), cell_of(None), cell_of(["a", "b"]), cell_of(True), cell_of(7.0)
    ('a', '', '["a", "b"]', '1', '7.0')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return whole(text)


def _of_excel(path: Path) -> list[list[str]]:
    require(("openpyxl",), path, extra="excel")
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_SHEET_BYTES:
                raise ValueError(f"it has more than {MOST_SHEET_BYTES >> 20} MiB when unpacked")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which are not read
            sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
            sheet.reset_dimensions()  # what it says of them pads every row
            rows = [[_excel_cell(value) for value in row] for row in sheet.values]
    except NO_WORKBOOK as error:
        raise DataError(
            f"'{path.name}' is no workbook that can be read ({error!s:.100}). Save the sheet as "
            "CSV."
        ) from error
    filled = [row for row in rows if any(row)]
    width = max((place for row in filled for place, cell in enumerate(row, 1) if cell), default=0)
    return [row[:width] + [""] * (width - len(row)) for row in filled] or [[]]


def _excel_cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # Excel knows no whole numbers
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return cell_of(value)


def _names(lines: Lines) -> list[str]:
    return [name.strip() for name in (lines.rows or [[]])[0]]


def _check_header(name: str, header: list[str]) -> None:
    if not all(column.isprintable() for column in header):
        raise DataError(
            f"'{name}' is no table in UTF-8, or in UTF-16 with a byte order mark: "
            f"its first line reads '{printable(', '.join(header)) or 'none'}'."
        )


def _check_names(name: str, header: list[str]) -> None:
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        names = printable(", ".join(f"'{column}'" for column in twice))
        raise DataError(f"'{name}' has more than one column named {names}; expected one of each.")


def _without_empty_end(
    header: list[str], rows: list[list[str]], report: ReadReport
) -> tuple[list[str], list[list[str]]]:
    """Return a table without the empty field that a comma at the end of every row makes."""
    if header and not header[-1] and all(len(row) < len(header) or not row[-1] for row in rows):
        header = header[:-1]
    if not rows or not all(len(row) == len(header) + 1 and not row[-1] for row in rows):
        return header, rows
    report.notes["empty field at the end of every row, ignored"] = 1
    return header, [row[:-1] for row in rows]


def _note_writing(path: Path, lines: Lines, report: ReadReport) -> None:
    if lines.separator != "," and ending_of(path) != ".tsv":
        word = SEPARATORS[lines.separator]
        report.remarks.append(f"'{printable(path.name)}' has {word}s between its fields")
    if lines.n_escaped:
        report.notes["rows with a backslash before quotes, understood"] = lines.n_escaped


def joined(tables: Sequence[tuple[str, Table]], column: str) -> Table:
    """Return tables with the same columns as one, with a further column of what each is.

    Args:
        tables: each with its value of the further column.
        column: name of that column.

    Raises:
        DataError: the columns are not the same.
    """
    header = tables[0][1].header
    for _, table in tables:
        if set(table.header) != set(header):
            raise DataError(
                f"'{table.name}' has other columns than '{tables[0][1].name}' "
                f"({printable(', '.join(table.header))}). Expected the same in the table of each "
                "part; give the path of one of them instead of the folder."
            )
    name = ", ".join(table.name for _, table in tables)
    lines = [[*line, value] for value, table in tables for line in _in_order(table, header)]
    rejected = [row for _, table in tables for row in table.rejected]
    return Table(name, [*header, column], lines, rejected)


def _in_order(table: Table, header: list[str]) -> list[list[str]]:
    if table.header == header:
        return table.lines
    places = [table.header.index(name) for name in header]
    return [[line[place] for place in places] for line in table.lines]
