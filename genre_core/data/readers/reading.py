"""What a reader returns, whatever the layout."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError

CUT_SHORT_WORDS = 4  # an overview of fewer words was cut where a link was removed
ROW_LEFT_OUT = "its row was left out"  # why a poster was, when nothing is wrong with it


@dataclass(frozen=True)
class Choices:
    """What somebody decides about a table instead of the reader.

    Attributes:
        genres: names of the columns that are genres; the reader decides if empty.
        encoding: name of the table's encoding; detected if None.
    """

    genres: tuple[str, ...] = ()
    encoding: str | None = None


@dataclass(frozen=True)
class Column:
    """The labels of one genre.

    Attributes:
        name: of the genre.
        labels: 1, 0, or None where the table does not say it, one for each row.
    """

    name: str
    labels: tuple[int | None, ...]


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
    read: Callable[[Path, Choices], Reading]


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
