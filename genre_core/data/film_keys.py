"""Ids of films however they are spelt: with lost zeros, without `tt`, or as a decimal number."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER = re.compile(r"(?:tt)?0*(\d+)(?:\.0)?")


def loose(film: str) -> str:
    """Return what spellings of an id have in common.

    >>> loose("tt0114709"), loose("114709.0"), loose("TT-7")
    ('114709', '114709', 'tt-7')
    """
    lowered = film.strip().casefold()
    number = NUMBER.fullmatch(lowered)
    return number[1] if number else lowered


def by_loose(films: Iterable[str]) -> dict[str, str]:
    """Return ids by what their spellings have in common, but for those that two ids have."""
    found: dict[str, str] = {}
    twice = set()
    for film in films:
        key = loose(film)
        if found.setdefault(key, film) != film:
            twice.add(key)
    return {key: film for key, film in found.items() if key not in twice}
