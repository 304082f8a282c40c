"""Text on pages: film text shown as written, numbers, and chips for genres."""

from __future__ import annotations

import re

from genre_core.charts.colours import MARKS, Role, Theme

SPLIT_NAMES = {"train": "training", "validation": "validation", "test": "test"}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Where Markdown finds web and mail addresses, also escaped ones; something invisible between keeps
# them text.
_ADDRESS = re.compile(r"(https?(?=://)|ftp(?=://)|www(?=\.)|@)", re.IGNORECASE)
_JOINER = "\N{WORD JOINER}"


def literal(text: str) -> str:
    r"""Return text as Markdown that shows it as written: no emphasis, HTML, formula or link.

    >>> literal("M*A*S*H: $5 <b>")
    'M\\*A\\*S\\*H\\: \\$5 \\<b\\>'
    """
    whole = _ADDRESS.sub(rf"\1{_JOINER}", " ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\1", whole)


def count(number: int, one: str, several: str | None = None) -> str:
    """Return a number with its noun.

    >>> count(1, "film"), count(5688, "film"), count(2, "has", "have")
    ('1 film', '5,688 films', '2 have')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def percent(share: float) -> str:
    """Return a share in whole percent; only none reads as 0% and only all as 100%.

    >>> percent(0.904), percent(0.001), percent(0.0), percent(0.999)
    ('90%', '<1%', '0%', '>99%')
    """
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.0%}"


def signed(role: Role, label: str, theme: Theme) -> str:
    """Return a model's label as Markdown behind the coloured marker of its role."""
    return f":color[{MARKS[role].sign}]{{foreground={theme.colour(role)!r}}} {literal(label)}"


def hit(genre: str, score: float) -> str:
    """Return the chip of a genre that is true and among the highest-scored."""
    return f":green-badge[✓\u00a0hit: {literal(genre)} {score:.2f}]"


def extra(genre: str, score: float) -> str:
    """Return the chip of a genre that is among the highest-scored and not true."""
    return f":gray-badge[+\u00a0extra: {literal(genre)} {score:.2f}]"


def missed(genre: str, score: float) -> str:
    """Return the chip of a genre that is true and not among the highest-scored."""
    return f":red-badge[−\u00a0missed: {literal(genre)} {score:.2f}]"


def plain(genre: str) -> str:
    """Return the chip of a true genre."""
    return f":violet-badge[{literal(genre)}]"
