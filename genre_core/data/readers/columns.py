"""What the columns of a table are about, by their names or by choice."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genre_core.data.readers.lists import NAMES as GENRE_NAMES
from genre_core.data.readers.reading import COLUMN_OPTIONS, Choices
from genre_core.data.report import printable
from genre_core.errors import DataError, nearest

# Names of columns, folded; of several that a table has, the first in this order.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "imdbid", "tconst", "tmdbid", "movieid", "filmid", "movie", "film"),
    "overview": (
        *("overview", "plot", "plotsynopsis", "plotsummary", "plotoutline", "synopsis"),
        *("storyline", "summary", "description", "story", "plots", "text"),
    ),
    "genres": tuple("".join(name.split("_")) for name in GENRE_NAMES),
    "title": ("title", "primarytitle", "movietitle", "filmtitle", "name", "originaltitle"),
    "year": ("year", "releaseyear", "startyear", "titleyear", "releasedate"),
    "split": ("split", "set", "subset", "partition"),
    "poster": (
        *("filename", "imagefile", "imagepath", "imagename", "posterfile", "image", "img"),
        *("posterpath", "poster", "posterurl", "posterlink"),
    ),
}
LEAST_LIKENESS = 0.75  # of a name, to ask whether it is meant


@dataclass(frozen=True)
class Roles:
    """Names of the columns of a table by what they are about; empty for none.

    Attributes:
        ids: columns that may hold the ids, the likeliest first.
    """

    ids: tuple[str, ...] = ()
    overview: str = ""
    genres: str = ""
    title: str = ""
    year: str = ""
    split: str = ""
    poster: str = ""


def folded(name: str) -> str:
    """Return what spellings of a name have in common.

    >>> folded("Imdb_ID "), folded("imdbId")
    ('imdbid', 'imdbid')
    """
    return re.sub(r"[\W_]+", "", name).casefold()


def roles_of(name: str, header: Sequence[str], choices: Choices) -> Roles:
    """Return what the columns of a table are about.

    Args:
        name: of the table, for messages.
        header: names of the columns.
        choices: columns that somebody named.

    Raises:
        DataError: a column that was named is not in the table.
    """
    for role, option in COLUMN_OPTIONS.items():
        if (column := getattr(choices, role)) and column not in header:
            raise DataError(
                f"'{name}' has no column '{printable(column)}' for {option}."
                f"{nearest(column, header)} Its columns are: {printable(', '.join(header))}."
            )
    chosen = {role: [column] for role in COLUMN_OPTIONS if (column := getattr(choices, role))}
    taken = {column for columns in chosen.values() for column in columns}
    found = {role: chosen.get(role) or _named(role, header, taken) for role in NAMES}
    listing = [one for one in choices.genres if len(choices.genres) == 1 and one in header]
    return Roles(
        ids=tuple(found["id"]),
        genres=(listing or found["genres"] or [""])[0],
        **{
            role: (found[role] or [""])[0]
            for role in ("overview", "title", "year", "split", "poster")
        },
    )


def _named(role: str, header: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Return the columns whose names are those of a role, the likeliest first."""
    names = NAMES[role]
    found = [one for one in header if one not in taken and folded(one) in names]
    return sorted(found, key=lambda one: names.index(folded(one)))


def near_miss(role: str, header: Sequence[str], taken: Iterable[str] = ()) -> str:
    """Return the column whose name is nearly one of a role; empty for none.

    >>> near_miss("overview", ["Id", "Overveiw"])
    'Overveiw'
    """
    free = {folded(one): one for one in header if one not in taken and folded(one)}
    likeness = {
        one: max(difflib.SequenceMatcher(None, one, name).ratio() for name in NAMES[role])
        for one in free
    }
    best = max(likeness, key=lambda one: likeness[one], default="")
    return free[best] if best and likeness[best] >= LEAST_LIKENESS else ""
