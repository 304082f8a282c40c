"""Which columns of a table are genres, and what their cells say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

from genre_core.data.readers.lists import Lists, key, listed_columns
from genre_core.data.readers.reading import UNSAID, Column
from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError, nearest

YES = frozenset({"1", "1.0", "true", "yes", "y", "x", "t"})
NO = frozenset({"0", "0.0", "false", "no", "n", "f"})
PLAIN = frozenset({"0", "1"})
# Names of columns that are rarely genres; where such a column is one, --genres says so.
METADATA = re.compile(
    r"(is|has|was)_.*|adult|video|colou?r|test|train|val(idation)?|split|seen|watched|favou?rite|"
    r"available|english|foreign|.*_flag|year.*|released|sequel|remake",
    re.IGNORECASE,
)
ADVICE = "choose the genres with --genres"


def genre_columns(
    header: Sequence[str],
    lines: Sequence[Sequence[str]],
    report: ReadReport,
    *,
    known: Sequence[str] = (),
    lists: Lists | None = None,
    wanted: Sequence[str] = (),
    is_list: bool = False,
) -> tuple[list[Column], tuple[str, ...]]:
    """Return the columns that are genres, and the names of the others.

    A column is one of labels where most of its cells that are not blank are words for yes and no.
    Where the table lists the genres of each film too, a column that no list ever names is no genre.

    Args:
        header: names of the columns.
        lines: the rows' cells.
        report: where doubts and assumptions are noted.
        known: columns that are something else.
        lists: the genres of each film as a column lists them; they are the labels where no column
            is one of labels.
        wanted: names of the genres; all if empty.
        is_list: whether the lists are the labels in any case.

    Raises:
        DataError: a wanted genre is no column of labels.
    """
    places = {name: place for place, name in enumerate(header) if name not in known}
    words = {name: _words([line[place] for line in lines]) for name, place in places.items()}
    meant = {name: _meant(found) for name, found in words.items() if _is_of_labels(name, found)}
    found = {
        name: Column(name, bytes([labels[line[places[name]]] for line in lines]))
        for name, labels in meant.items()
    }
    if lists and (is_list or not found or _are_metadata(found, lists, wanted)):
        return listed_columns(lists, report, wanted=wanted), tuple(places)
    if wanted:
        _check_wanted(wanted, found, places)
        genres = [column for name, column in found.items() if name in wanted]
    else:
        metadata = _unlisted(found, lists, report) if lists else set()
        genres = [column for name, column in found.items() if name not in metadata]
        _question(genres, report)
    _note_words(genres, words, report)
    names = {column.name for column in genres}
    return genres, tuple(name for name in places if name not in names)


@dataclass(frozen=True)
class _Words:
    """What the cells of a column say.

    Attributes:
        folded: what each different cell says, without spaces around it and in lower case.
        n_cells: how many cells say it.
    """

    folded: dict[str, str]
    n_cells: Counter[str]


def _words(cells: Sequence[str]) -> _Words:
    counts = Counter(cells)
    folded = {cell: cell.strip().casefold() for cell in counts}
    n_cells: Counter[str] = Counter()
    for cell, count in counts.items():
        n_cells[folded[cell]] += count
    return _Words(folded, n_cells)


def _is_of_labels(name: str, found: _Words) -> bool:
    n_words = sum(count for word, count in found.n_cells.items() if word in YES or word in NO)
    n_filled = found.n_cells.total() - found.n_cells[""]
    # Where rows are lacking, a column of the header can still be meant as a genre.
    return bool(name) and 2 * n_words >= n_filled and bool(n_words or not found.n_cells.total())


def _meant(found: _Words) -> dict[str, int]:
    """Return the label that each different cell means."""
    labels = {word: 1 for word in YES} | {word: 0 for word in NO}
    if not found.n_cells.keys() & NO:
        labels[""] = 0  # "x" or nothing
    return {cell: labels.get(word, UNSAID) for cell, word in found.folded.items()}


def _check_wanted(wanted: Sequence[str], found: dict[str, Column], known: Container[str]) -> None:
    for name in wanted:
        if name not in found:
            what = (
                "has cells that are not 0 or 1, yes or no"
                if name in known
                else f"is no column of the table.{nearest(name, found)}"
            )
            raise DataError(
                f"The genre '{printable(name)}' of --genres {what} Columns of labels: "
                f"{printable(', '.join(found)) or 'none'}."
            )


def _are_metadata(found: dict[str, Column], lists: Lists, wanted: Sequence[str]) -> bool:
    """Return whether no column of 0 and 1 is a genre: lists name the genres, and none of them.

    A list of tags or categories may be about something else than genres.
    """
    listed = {key(name) for names in lists.genres for name in names or ()}
    if set(wanted) & found.keys() or listed & set(map(key, found)):
        return False
    is_of_genres = key(lists.name).startswith("genre")
    is_filled = 2 * sum(bool(names) for names in lists.genres) >= len(lists.genres)
    return is_filled and (is_of_genres or all(map(METADATA.fullmatch, found)))


def _unlisted(found: dict[str, Column], lists: Lists, report: ReadReport) -> set[str]:
    """Return columns that some film has and no film's list of genres names; they are noted."""
    listed = {key(name) for names in lists.genres for name in names or ()}
    if 2 * sum(bool(names) for names in lists.genres) < len(lists.genres):
        return set()
    unlisted = {
        name for name, column in found.items() if key(name) not in listed and 1 in column.labels
    }
    if unlisted == set(found):  # the lists are about something else
        return set()
    if unlisted:
        names_text = printable(", ".join(name for name in found if name in unlisted))
        note = f"columns of 0 and 1 that are not in the {lists.name} lists, taken as metadata"
        report.notes[f"{note} ({names_text})"] = len(unlisted)
    return unlisted


def _question(genres: Sequence[Column], report: ReadReport) -> None:
    """Note columns that look like anything but a genre, before something is trained on them."""
    constant = [one.name for one in genres if one.labels and set(one.labels) == {1}]
    odd = [one.name for one in genres if METADATA.fullmatch(one.name) and one.name not in constant]
    if constant:
        names = printable(", ".join(constant))
        report.notes[f"constant columns, 1 for every film ({names}); {ADVICE}"] = len(constant)
    if odd:
        names = printable(", ".join(odd))
        report.notes[f"columns ({names}) whose names look like metadata; {ADVICE}"] = len(odd)


def _note_words(genres: Sequence[Column], words: dict[str, _Words], report: ReadReport) -> None:
    """Note columns written otherwise than in 0 and 1, and those whose blanks mean 0."""
    said = {one.name: set(words[one.name].folded.values()) for one in genres}
    worded = [one.name for one in genres if (said[one.name] & (YES | NO)) - PLAIN]
    blank = [one.name for one in genres if "" in said[one.name] and UNSAID not in one.labels]
    if worded:
        names = printable(", ".join(worded))
        report.notes[f"genre columns with other words than 0 and 1, understood ({names})"] = len(
            worded
        )
    if blank:
        names = printable(", ".join(blank))
        report.notes[f"genre columns in which a blank cell means 0 ({names})"] = len(blank)
