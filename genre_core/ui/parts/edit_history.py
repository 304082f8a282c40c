"""Versions of a film that somebody edits, and what each edit did to the scores."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.ui.parts import export
from genre_core.ui.parts.verdict import signed

KEY = "yours_versions"
MOST = 20  # versions that are kept
N_CHANGED = 2  # genres of each run that are listed
LEAST = 0.005  # change of a score that is listed


@dataclass(frozen=True)
class Version:
    """One version of a film.

    Attributes:
        poster: hash of the poster; empty without one.
        overview: as it was.
        edits: of the poster.
        scores: of each run by its id, (n_genres,).
    """

    poster: str
    overview: str
    edits: tuple[str, ...]
    scores: Mapping[str, np.ndarray]


def add(
    poster: bytes | None, overview: str, edits: Sequence[str], scores: Mapping[str, np.ndarray]
) -> list[Version]:
    """Add a version if it differs from the last one; return all of this session, oldest first."""
    digest = hashlib.sha256(poster).hexdigest() if poster is not None else ""
    new = Version(digest, overview, tuple(edits), dict(scores))
    versions: list[Version] = st.session_state.setdefault(KEY, [])
    same = versions and _about(versions[-1]) == _about(new)
    if same:
        versions[-1] = new  # other runs may be asked now
    else:
        versions.append(new)
        del versions[:-MOST]
    return versions


def forget() -> None:
    """Forget all versions."""
    st.session_state.pop(KEY, None)


def show(
    versions: Sequence[Version],
    names: Mapping[str, str],
    genres: Sequence[str],
    trace: export.Trace,
) -> None:
    """Show what each edit was and how it changed the scores; nothing for a single version."""
    if len(versions) < 2:
        return
    lines = [
        _line(number, before, version, names, genres)
        for number, (before, version) in enumerate(
            zip([None, *versions[:-1]], versions, strict=True), start=1
        )
    ]
    with st.expander(f"Versions: {len(versions)}", expanded=True):
        st.caption("What each edit changed, and the scores that it changed most.")
        export.table(
            pd.DataFrame(lines[::-1]),
            "your_film_versions",
            trace,
            "What each edit of the film did to the scores of each run",
            {
                "Version": st.column_config.TextColumn(width=60),
                "Edit": st.column_config.TextColumn(width=220),
            },
        )
        st.button("Forget versions", key="yours_forget", on_click=forget)


def difference(before: str, after: str) -> str:
    """Return which words were removed and added between two overviews.

    >>> difference("A ghost in town", "A man in town")
    '−ghost +man'
    """
    old, new = before.split(), after.split()
    parts = []
    for kind, start, end, first, last in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            parts += [f"−{' '.join(old[start:end])}"] if end > start else []
            parts += [f"+{' '.join(new[first:last])}"] if last > first else []
    return " ".join(parts)


def _about(version: Version) -> tuple[Any, ...]:
    return version.poster, version.overview, version.edits


def _line(
    number: int,
    before: Version | None,
    version: Version,
    names: Mapping[str, str],
    genres: Sequence[str],
) -> dict[str, str]:
    line = {"Version": f"v{number}", "Edit": _edit(before, version)}
    for run, name in names.items():
        if run not in version.scores:
            line[name] = ""
        elif before is None or run not in before.scores:
            best = int(version.scores[run].argmax())
            line[name] = f"{genres[best]} {version.scores[run][best]:.2f}"
        else:
            line[name] = _changes(version.scores[run] - before.scores[run], genres)
    return line


def _edit(before: Version | None, version: Version) -> str:
    if before is None:
        return "start"
    parts = []
    if before.overview != version.overview:
        parts.append(difference(before.overview, version.overview)[:200] or "spacing")
    if before.edits != version.edits:
        parts.append(f"poster: {', '.join(version.edits) or 'as it is'}")
    elif before.poster != version.poster:
        parts.append("no poster" if not version.poster else "another poster")
    return "; ".join(parts)


def _changes(change: np.ndarray, genres: Sequence[str]) -> str:
    order = np.argsort(-np.abs(change), kind="stable")[:N_CHANGED]
    shown = [
        f"{genres[place]} {signed(float(change[place]))}"
        for place in order
        if abs(change[place]) >= LEAST
    ]
    return ", ".join(shown) or "no change"
