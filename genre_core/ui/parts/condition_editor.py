"""Conditions on films as a sentence to build from menus; the URL holds them as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.ui.parts import address
from genre_core.ui.parts.conditions import NONE, Condition, Conditions, parse, written

KEY = "where"
FILLED = "_where_filled"  # the text that the menus were filled from, or that they make
N_LINES = 2
NOBODY = ""
WORDS = {  # by outcome, see `conditions.OUTCOMES`
    "hit": "predicts correctly",
    "missed": "misses",
    "extra": "wrongly adds",
    "rejected": "correctly leaves out",
}


def show(names: Mapping[str, str], dataset: Dataset) -> Conditions:
    """Show the menus and return the conditions.

    Args:
        names: of the runs on the page, by slot.
        dataset: the films.

    Raises:
        DataError: the URL asks for a condition that is none.
    """
    text = address.text(KEY)
    problem = None
    try:
        found = parse(text, list(names), dataset.genres)
    except DataError as error:
        found, problem = NONE, error
    if st.session_state.get(FILLED) != text:
        _fill(found)
        st.session_state[FILLED] = text
    for place in range(max(N_LINES, len(found.parts))):
        if place == 1:
            st.radio(
                "Conditions are combined by",
                ["and", "or"],
                key="where_any",
                horizontal=True,
                label_visibility="collapsed",
                on_change=_changed,
            )
        _line(place, names, dataset.genres)
    if problem is not None:
        raise problem
    return found


def sentence(conditions: Conditions, names: Mapping[str, str]) -> str:
    """Return conditions in words.

    >>> sentence(Conditions((Condition("poster", "missed", "War"),)), {"poster": "CNN"})
    'CNN misses War'
    """
    parts = [f"{names[one.slot]} {_said(one)}" for one in conditions.parts]
    return (" or " if conditions.is_any else " and ").join(parts)


def _said(one: Condition) -> str:
    if one.outcome == "hit":
        return f"predicts {one.genre} correctly"
    return f"{WORDS[one.outcome]} {one.genre}"


def _line(place: int, names: Mapping[str, str], genres: Sequence[str]) -> None:
    if st.session_state.get(f"where_run_{place}") not in names:
        st.session_state[f"where_run_{place}"] = NOBODY
    with st.container(horizontal=True, gap="xsmall"):
        st.selectbox(
            f"Run of condition {place + 1}",
            [NOBODY, *names],
            format_func=lambda slot: names.get(slot, "No condition"),
            key=f"where_run_{place}",
            label_visibility="collapsed",
            on_change=_changed,
            width=170,
        )
        st.selectbox(
            f"Outcome of condition {place + 1}",
            list(WORDS),
            format_func=WORDS.__getitem__,
            key=f"where_outcome_{place}",
            label_visibility="collapsed",
            on_change=_changed,
            width=170,
        )
        st.selectbox(
            f"Genre of condition {place + 1}",
            list(genres),
            key=f"where_genre_{place}",
            index=None,
            placeholder="Genre",
            label_visibility="collapsed",
            on_change=_changed,
            width=130,
        )


def _fill(conditions: Conditions) -> None:
    """Set the menus to conditions."""
    state = st.session_state
    state["where_any"] = "or" if conditions.is_any else "and"
    for place in range(max(N_LINES, len(conditions.parts))):
        one = conditions.parts[place] if place < len(conditions.parts) else None
        state[f"where_run_{place}"] = one.slot if one else NOBODY
        state[f"where_outcome_{place}"] = one.outcome if one else "hit"
        state[f"where_genre_{place}"] = one.genre if one else None


def _changed() -> None:
    """Take the conditions from the menus; a line without a run or a genre is none."""
    state = st.session_state
    parts = []
    place = 0
    while f"where_run_{place}" in state:
        slot, genre = state[f"where_run_{place}"], state.get(f"where_genre_{place}")
        if slot != NOBODY and genre is not None:
            parts.append(Condition(slot, state[f"where_outcome_{place}"], genre))
        place += 1
    is_any = state.get("where_any") == "or" and len(parts) > 1
    state[KEY] = state[FILLED] = written(Conditions(tuple(parts), is_any))
    state["page"] = 1
