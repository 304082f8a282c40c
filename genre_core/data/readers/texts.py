"""Cells that stand for nothing, titles with years, and names of parts of a split."""

from __future__ import annotations

import re

# What programs and websites write where there is no text, in lower case.
MISSING = frozenset(
    {
        *(
            "",
            "nan",
            "none",
            "n/a",
            "na",
            "null",
            "nil",
            "\\n",
            "-",
            "--",
            "?",
            "<na>",
            "undefined",
        ),
        *("add a plot", "add a plot »", "no overview found.", "no overview", "no description"),
        *("no plot available", "no plot available.", "[no overview]", "tba", "tbd"),
    }
)
YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
YEAR_AT_THE_END = re.compile(r"(.+?)\s*\(((?:1[89]|20)\d\d)\)\s*")
SYNONYMS: dict[str, str] = {
    **dict.fromkeys(("train", "training", "trn", "tr"), "train"),
    **dict.fromkeys(("validation", "val", "valid", "dev", "development", "eval"), "validation"),
    **dict.fromkeys(("test", "testing", "tst", "te", "holdout"), "test"),
}


def is_missing(text: str) -> bool:
    """Return whether a text stands for none."""
    return text.strip().casefold() in MISSING


def present(text: str) -> str:
    """Return a text without spaces around it; empty if it stands for none."""
    return "" if is_missing(text) else text.strip()


def whole(text: str) -> str:
    r"""Return a text without halves of characters, which JSON can hold and no file can.

    >>> whole("caf\u00e9"), whole("a\ud800b")
    ('café', 'a?b')
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def title_and_year(title: str, year: str) -> tuple[str, int | None]:
    """Return a film's title and year; a year in brackets at the end of a title is no part of it.

    Args:
        title: as the table says.
        year: a year, or a date that has one; may be empty.

    >>> title_and_year("Toy Story (1995)", ""), title_and_year("1917", "2019-12-25")
    (('Toy Story', 1995), ('1917', 2019))
    """
    found = YEAR.search(year)
    number = int(found[1]) if found else None
    named = YEAR_AT_THE_END.fullmatch(title)
    if named and number in (None, int(named[2])):
        return named[1], int(named[2])
    return present(title), number


def part_of(text: str) -> str:
    """Return the part of a split that a text means, "train" and so on; empty if it means none.

    >>> part_of(" Dev "), part_of("VAL"), part_of("all")
    ('validation', 'validation', '')
    """
    return SYNONYMS.get(text.strip().casefold(), "")
