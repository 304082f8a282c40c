"""Where a poster lies: in a file of its own, or in a row of a Parquet file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from genre_core.data.decoding import ENDINGS, SUFFIXES
from genre_core.errors import DataError

MAX_BYTES = 100_000_000  # more than the pixels that are allowed take without any compression
BATCH = 64  # images of a Parquet file that are in memory at once
OPEN_FILES = 4
MARK = "#"  # before the row in a reference
POSTER_FOLDER = "Images"


@dataclass(frozen=True, slots=True)
class PosterFile:
    """The place of one poster.

    Attributes:
        path: of the file.
        row: of a Parquet file; None for an image file.
        column: of a Parquet file.
    """

    path: Path
    row: int | None = None
    column: str = ""

    @property
    def name(self) -> str:
        """Return what the place is called in a report."""
        return self.path.name if self.row is None else f"{self.path.name}, row {self.row + 1}"

    def reference(self, source: Path) -> str:
        """Return the place as a text, relative to the folder of the films where it lies in it."""
        inside = self.path.is_relative_to(source)
        path = (self.path.relative_to(source) if inside else self.path).as_posix()
        return path if self.row is None else f"{path}{MARK}{self.row}{MARK}{self.column}"

    @classmethod
    def at(cls, source: Path, reference: str) -> PosterFile:
        """Return the place that `reference` made a text."""
        path, mark, rest = reference.partition(f".parquet{MARK}")
        if not mark:
            return cls(source / reference)
        row, _, column = rest.partition(MARK)
        return cls(source / f"{path}.parquet", int(row), column)

    @classmethod
    def by_id(cls, source: Path, film: str) -> PosterFile:
        """Return the poster in `Images/` that has a film's id, or the file that it would be."""
        images = source / POSTER_FOLDER
        found = (images / f"{film}{suffix}" for suffix in SUFFIXES)
        return cls(next(filter(Path.is_file, found), images / f"{film}{ENDINGS[0]}"))

    def content(self) -> bytes:
        """Return the bytes of the image.

        Raises:
            DataError: it is no file, or too large; the text is the reason to count.
            OSError: it cannot be read.
        """
        if not self.path.is_file():  # to open a pipe would wait for ever
            raise DataError("poster is no file")
        if self.row is None:
            if self.path.stat().st_size > MAX_BYTES:
                raise DataError("poster too large")
            return self.path.read_bytes()
        images = _images(self.path, self.path.stat().st_mtime_ns, self.column)
        if not (content := images.at(self.row)):
            raise DataError("no image in this row")
        return content


class _Images:
    """The images of a column; those that follow each other are read once."""

    def __init__(self, path: Path, column: str) -> None:
        self.path, self.column = path, column
        self.lock = threading.Lock()
        self.start = 0
        self.batch: list[bytes] = []
        self.rest: Iterator[pa.RecordBatch] = iter(())

    def at(self, row: int) -> bytes:
        with self.lock:
            if not self.start <= row < self.start + len(self.batch):
                self._move(row)
            return self.batch[row - self.start]

    def _move(self, row: int) -> None:
        end = self.start + len(self.batch)
        if not (self.batch and end <= row < end + BATCH):
            self._begin(row)
        while not self.start <= row < self.start + len(self.batch):
            self.start += len(self.batch)
            column = next(self.rest).column(0)
            self.batch = [_bytes_of(one) for one in column.to_pylist()]

    def _begin(self, row: int) -> None:
        """Go to the beginning of the row group of a row."""
        file = pq.ParquetFile(self.path, memory_map=True)
        first = group = 0
        while first + (n_rows := file.metadata.row_group(group).num_rows) <= row:
            first, group = first + n_rows, group + 1
        groups = list(range(group, file.metadata.num_row_groups))
        self.rest = file.iter_batches(BATCH, row_groups=groups, columns=[self.column])
        self.start, self.batch = first, []


@lru_cache(OPEN_FILES)
def _images(path: Path, modified: int, column: str) -> _Images:
    return _Images(path, column)


def _bytes_of(value: Any) -> bytes:
    """Return an image of a cell: bytes, or an object with them as Hugging Face writes it."""
    content = value.get("bytes") if isinstance(value, dict) else value
    return content if isinstance(content, bytes) and len(content) <= MAX_BYTES else b""
