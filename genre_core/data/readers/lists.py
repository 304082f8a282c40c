"""Genres as a list in one column: how the lists are written, and the labels that they mean."""

from __future__ import annotations

import ast
import json
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from genre_core.data.readers.reading import UNSAID, Column
from genre_core.data.readers.texts import is_missing, whole
from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError, nearest

# Names of columns that list genres, the likeliest first.
NAMES = ("genre", "genres", "genre_list", "genres_list", "categories", "category", "labels", "tags")
SEPARATORS = ("|", ";", ",", "/")  # the first that some cells have
MOST_GENRES = 200  # with more different names, a column is about something else
NAME = "name"  # key of a genre's name in the JSON of TMDB


@dataclass(frozen=True)
class Lists:
    """The genres of each film as one column of a table lists them.

    Attributes:
        name: of the column.
        written: how its lists are written, for people.
        genres: for each row the names, or None where the cell is blank or no list.
    """

    name: str
    written: str
    genres: tuple[tuple[str, ...] | None, ...]


def lists_of(header: Sequence[str], lines: Sequence[Sequence[str]], name: str) -> Lists | None:
    """Return the genres that a column lists; None if it lists none.

    Args:
        header: names of the columns.
        lines: the rows' cells.
        name: of the column.
    """
    place = header.index(name)
    cells = [line[place].strip() for line in lines]
    written, parse = _form_of(cells)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python has to say of a list that is none
        genres = tuple(parse(cell) for cell in cells)
    distinct = {one for names in genres for one in names or ()}
    if not distinct or len(distinct) > MOST_GENRES:
        return None
    return Lists(name, written, genres)


def listed_columns(found: Lists, report: ReadReport, *, wanted: Sequence[str] = ()) -> list[Column]:
    """Return a column of labels for each genre that lists name, in alphabetical order.

    Names that differ only in case or spaces are one genre, called as most films call it.

    Args:
        found: the lists.
        report: where it is noted that they were read.
        wanted: names of the genres; all that are listed if empty.

    Raises:
        DataError: no film has a wanted genre.
    """
    listed = [_without_missing(names) for names in found.genres]
    spelt: dict[str, Counter[str]] = {}
    for names in listed:
        for name in names or ():
            spelt.setdefault(key(name), Counter())[name] += 1
    called = {one: counts.most_common(1)[0][0] for one, counts in spelt.items()}
    _check_wanted(found, wanted, called)
    keys = sorted(map(key, wanted) if wanted else called, key=lambda one: called[one])
    rows = [None if names is None else set(map(key, names)) for names in listed]
    report.notes[f"genres read from the column {printable(found.name)}, {found.written}"] = len(
        keys
    )
    return [
        Column(called[one], bytes(UNSAID if row is None else one in row for row in rows))
        for one in keys
    ]


def _without_missing(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the genres of a list but for words such as "N/A"; None if it has nothing else."""
    kept = tuple(name for name in names or () if not is_missing(name))
    return None if names and not kept else names and kept


def note_contradictions(
    found: Lists, columns: Sequence[Column], ids: Sequence[str], report: ReadReport
) -> None:
    """Note films whose list of genres says otherwise than their columns of 0 and 1.

    Args:
        found: the lists.
        columns: the genres as columns of 0 and 1, which are what is used.
        ids: of the films.
        report: where it is noted.
    """
    named = {key(column.name): column.labels for column in columns}
    wrong = [
        ids[place]
        for place, names in enumerate(found.genres)
        if names
        and named.keys() & set(map(key, names))
        != {one for one, labels in named.items() if labels[place] == 1}
    ]
    if wrong:
        such = printable(", ".join(wrong[:3]))
        note = f"films whose {found.name} list contradicts the columns of 0 and 1, which are used"
        report.notes[f"{note} ({such})"] = len(wrong)


def key(name: str) -> str:
    """Return what names of one genre have in common."""
    return " ".join(name.split()).casefold()


Names = tuple[str, ...]


def _form_of(cells: Sequence[str]) -> tuple[str, Callable[[str], Names | None]]:
    """Return how lists are written, and what reads one."""
    filled = [cell for cell in cells if cell]
    n_brackets = sum(cell.startswith("[") and cell.endswith("]") for cell in filled)
    if filled and 2 * n_brackets >= len(filled):
        return "lists in brackets", _of_brackets
    for separator in SEPARATORS:
        if any(separator in cell for cell in filled):
            return f"separated by '{separator}'", partial(_parted, separator=separator)
    return "one per film", partial(_parted, separator="\n")


def _parted(cell: str, separator: str) -> Names | None:
    names = tuple(name for part in cell.split(separator) if (name := part.strip()))
    return names or None


def _of_brackets(cell: str) -> Names | None:
    """Return the names of a list in Python's or JSON's writing; of objects, their names."""
    value: object
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError):
        try:
            value = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    if not isinstance(value, list):
        return None
    names = [one.get(NAME) if isinstance(one, dict) else one for one in value]
    if not all(isinstance(name, str) for name in names):
        return None
    return tuple(whole(name).strip() for name in names if isinstance(name, str) and name.strip())


def _check_wanted(found: Lists, wanted: Sequence[str], called: dict[str, str]) -> None:
    for name in wanted:
        if key(name) not in called:
            raise DataError(
                f"The genre '{printable(name)}' of --genres is in no list of the column "
                f"'{printable(found.name)}'.{nearest(name, called.values())} Listed: "
                f"{printable(', '.join(sorted(called.values())))}."
            )
