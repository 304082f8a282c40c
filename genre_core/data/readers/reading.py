"""What readers take and return, whatever the layout."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from genre_core.data.films import INPUTS
from genre_core.data.poster_files import PosterFile
from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError

UNSAID = 2  # a label that the table does not say
CUT_SHORT_WORDS = 4  # an overview of fewer words was cut where a link was removed
ROW_LEFT_OUT = "its row was left out"  # why a poster was, when nothing is wrong with it
COLUMN_OPTIONS = {"id": "--id", "overview": "--overview", "title": "--title"}


@dataclass(frozen=True)
class Choices:
    """What somebody decides about films instead of the reader.

    Attributes:
        genres: names of the columns that are genres or of the genres that a column lists, or the
            name of the column that lists them; the reader decides if empty.
        encoding: name of the table's encoding; detected if None.
        id: name of the column of ids; found by its name if empty, as are the next two.
        overview: name of the column of overviews.
        title: name of the column of titles.
        posters: folder of the posters, absolute; looked for beside the table if empty.
        inputs: "poster" or "overview" to use only these; whatever there is if empty.
    """

    genres: tuple[str, ...] = ()
    encoding: str | None = None
    id: str = ""
    overview: str = ""
    title: str = ""
    posters: str = ""
    inputs: str = ""

    def words(self) -> list[str]:
        """Return the options of a command that say the same.

        >>> Choices(genres=("Drama", "War"), id="imdbId").words()
        ['--genres', 'Drama,War', '--id', 'imdbId']
        """
        said = {**vars(self), "genres": ",".join(self.genres)}
        return [word for name, value in said.items() if value for word in (f"--{name}", str(value))]


@dataclass(frozen=True)
class Column:
    """The labels of one genre.

    Attributes:
        name: of the genre.
        labels: 1, 0, or `UNSAID` where the table does not say it, one byte for each row.
    """

    name: str
    labels: bytes


@dataclass
class Table:
    """A table as text: its rows of the right form.

    Attributes:
        name: of the file, for messages.
        header: names of the columns, each once.
        lines: the rows' cells.
        rejected: the cells of rows that are of another form, which are counted already.
    """

    name: str
    header: list[str]
    lines: list[list[str]]
    rejected: list[list[str]] = field(default_factory=list)

    def cells(self, name: str) -> list[str]:
        """Return the cells of a column, without spaces around them; none for an empty name."""
        if not name:
            return []
        place = self.header.index(name)
        return [line[place].strip() for line in self.lines]


@dataclass(slots=True)
class Row:
    """One film as its row in the table says.

    Attributes:
        id: of the film.
        overview: empty where overviews are not used.
        labels: 0 or 1 for each genre.
        poster: where it is; None where posters are not used.
        title: empty for none.
        year: None for none.
        split: the part that the source puts it into; empty if it does not say.
    """

    id: str
    overview: str
    labels: bytes
    poster: PosterFile | None = None
    title: str = ""
    year: int | None = None
    split: str = ""


@dataclass
class Reading:
    """What a reader found.

    Attributes:
        rows: the films left after all checks that need no decoding.
        genres: genre names in column order; empty for a table without labels.
        other_columns: names of the columns that hold no labels.
        report: counts so far; decoding the posters adds to it.
        generated: whether the folder is labelled as generated films.
        inputs: what every film has, some of `INPUTS`.
    """

    rows: list[Row]
    genres: tuple[str, ...]
    other_columns: tuple[str, ...]
    report: ReadReport
    generated: bool = False
    inputs: tuple[str, ...] = INPUTS

    @property
    def labels(self) -> np.ndarray:
        """Return the labels of the rows, (n_rows, n_genres) uint8."""
        joined = b"".join(row.labels for row in self.rows)
        return np.frombuffer(joined, np.uint8).reshape(len(self.rows), len(self.genres))

    @property
    def has_split(self) -> bool:
        """Return whether the source says which films train, validate and test."""
        return any(row.split for row in self.rows)

    def leave_out(self, reasons: Mapping[str, str], poster_reason: str | None = None) -> None:
        """Leave films and their posters out, and count them.

        Args:
            reasons: why, by film id.
            poster_reason: why the posters are left out; the same reason if None.
        """
        posters: dict[PosterFile, str] = {}
        for row in self.rows:
            if reason := reasons.get(row.id):
                self.report.rows.leave_out(reason, row.id)
                if row.poster:
                    posters[row.poster] = poster_reason or reason
        self.rows = [row for row in self.rows if row.id not in reasons]
        used = {row.poster for row in self.rows}  # a poster can be that of several films
        for poster, reason in posters.items():
            if poster not in used:
                self.report.posters.leave_out(reason, poster.name)

    def count_notes(self) -> None:
        """Count what is odd but used: whoever reads the report should know."""
        notes = self.report.notes
        if "overview" in self.inputs:
            n_short = sum(len(row.overview.split()) < CUT_SHORT_WORDS for row in self.rows)
            notes[f"overviews cut short (fewer than {CUT_SHORT_WORDS} words), used"] = n_short
            texts = Counter(row.overview.casefold() for row in self.rows)
            n_shared = sum(count for count in texts.values() if count > 1)
            notes["films that share their overview with another, used"] = n_shared
        if self.other_columns:
            names = printable(", ".join(self.other_columns))
            notes[f"columns that hold no labels ({names})"] = len(self.other_columns)
        if self.genres and self.rows:
            labels = self.labels
            notes["films without a genre, used"] = int((labels.sum(axis=1) == 0).sum())
            notes["genres without a film, kept as columns"] = int((labels.sum(axis=0) == 0).sum())


@dataclass(frozen=True)
class Found:
    """Films of one layout, before they are read.

    Attributes:
        files: every file that the reading depends on, so that a change can be noticed.
        read: reads them.
    """

    files: tuple[Path, ...]
    read: Callable[[], Reading]


@dataclass(frozen=True)
class Missed:
    """Why a reader does not know a folder.

    Attributes:
        reason: for people.
    """

    reason: str


@dataclass(frozen=True)
class Reader:
    """One layout.

    Attributes:
        name: of the layout, for people.
        find: looks whether films in a folder, or beside a file, have this layout.
    """

    name: str
    find: Callable[[Path, Choices], Found | Missed]


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
