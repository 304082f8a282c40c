"""Choices that the URL holds: a key in the URL, and other words on the page.

Streamlit's `bind="query-params"` writes the text shown into the URL, so it is for widgets whose
options are shown as they are: genres, ids of runs, numbers, free text. Every other choice is made
by `pick`. It reads the URL where a session or a visit to a page begins, and `keep` writes it back
once the page has run: Streamlit 1.67 loses what is sent together with the switch to another page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.ui.parts.text import literal

EVERYWHERE = ("dataset", "poster", "overview", "by")  # in the sidebar of every page
RENAMED = {"rule": "by"}  # parameters by what URLs called them before
STATE = "_address"
LETTERS = 80  # of what the URL asks for, in the warning that it is unknown

Former = Mapping[str, str]  # key by what URLs held before


@dataclass
class Address:
    """What a session knows of the choices that its URL holds.

    Attributes:
        chosen: by parameter, the key chosen last, here or on another page with that parameter.
        several: by parameter, the keys chosen last where several can be.
        first: by parameter, the key that the URL leaves out.
        shown: by parameter, the key that the widgets of this run of the script stand at.
        missing: by parameter, what the default stands in for: what the URL asked for in vain, or
            an empty text for a choice of another page that this one does not offer.
        place: where warnings are shown; None for at the widget.
    """

    chosen: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    first: dict[str, str | list[str]] = field(default_factory=dict)
    shown: dict[str, str | list[str]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    place: DeltaGenerator | None = None


def begin(*, has_arrived: bool) -> None:
    """Begin a run of the script.

    Args:
        has_arrived: whether another page was shown before; then what the URL asks for wins over
            what was chosen on other pages.
    """
    state = _state()
    state.shown, state.place = {}, None
    for before, key in RENAMED.items():
        if before in st.query_params:
            st.query_params.setdefault(key, st.query_params.pop(before))
    if has_arrived:
        for key in EVERYWHERE:
            if key in st.query_params:  # a link asks for it
                st.session_state.pop(key, None)
        for key in {*state.chosen, *state.several, *state.missing}.difference(EVERYWHERE):
            st.session_state.pop(key, None)
            state.missing.pop(key, None)


def warn_here() -> None:
    """Show the warnings of the widgets that follow at this place."""
    _state().place = st.container()


def pick(
    widget: Callable[..., Any],
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    first: str = "",
    former: Former | None = None,
    on_change: Callable[[], None] | None = None,
    **look: Any,
) -> str:
    """Return the key of the option chosen: at first the one in the URL, else the default.

    Args:
        widget: `st.selectbox`, `st.radio`, `st.segmented_control` or `st.pills`.
        label: of the widget.
        options: text shown by key, one or more; no two are shown alike.
        key: of the widget, and name of the parameter in the URL.
        first: the default, which the URL leaves out; the first option if empty.
        former: keys by what URLs held before; such links still work.
        on_change: called when another option is chosen.
        look: further arguments of the widget.
    """
    state = _state()
    state.first[key] = default = first or next(iter(options))
    st.session_state[key] = _asked(state, key, options, former or {}, default)
    chosen = widget(
        label,
        list(options),
        format_func=lambda option: options[option],
        key=key,
        on_change=_changed,
        args=(key, on_change),
        **look,
    )
    # Segmented controls and pills can be left without a choice.
    shown: str = chosen if chosen in options else default
    state.shown[key] = shown
    if key not in state.missing:
        state.chosen[key] = shown
    elif asked := state.missing[key]:
        _warn(state, asked, options[shown])
    return shown


def pick_several(
    label: str, options: Mapping[str, str], *, key: str, first: Sequence[str] = (), **look: Any
) -> list[str]:
    """Return the keys of the options chosen: at first those in the URL, else the default.

    Args:
        label: of the widget.
        options: text shown by key; no two are shown alike.
        key: of the widget, and name of the parameter in the URL.
        first: the default, which the URL leaves out.
        look: further arguments of `st.multiselect`.
    """
    state = _state()
    kept = state.several.get(key, list(first))
    # What was not chosen follows the default.
    if st.session_state.get(key, kept) == kept == state.first.get(key):
        kept = list(first)
        st.session_state.pop(key, None)
    state.first[key] = list(first)
    asked = st.session_state.get(key, st.query_params.get_all(key) or kept)
    unknown = [name for name in asked if name not in options]
    st.session_state[key] = [name for name in dict.fromkeys(asked) if name in options]
    chosen = st.multiselect(
        label, list(options), format_func=lambda option: options[option], key=key, **look
    )
    state.shown[key] = state.several[key] = list(chosen)
    for name in unknown:
        words = f"'{literal(name[:LETTERS])}' in the URL was not found."
        (state.place or st).warning(words, icon=":material/link_off:")
    return list(chosen)


def number(label: str, *, key: str, first: int, least: int, most: int, **look: Any) -> int:
    """Return the whole number chosen: at first the one in the URL, else the default.

    Streamlit's own binding of a number takes `inf` from a URL and fails.

    Args:
        label: of the widget.
        key: of the widget, and name of the parameter in the URL.
        first: the default, which the URL leaves out.
        least: the smallest number that may be chosen.
        most: the largest.
        look: further arguments of `st.number_input`.
    """
    state = _state()
    state.first[key] = str(first)
    asked = str(st.session_state.get(key, st.query_params.get(key, first)))
    is_whole = asked.isascii() and asked.isdigit() and len(asked) <= len(str(most))
    value = int(asked) if is_whole and least <= int(asked) <= most else first
    st.session_state[key] = value
    chosen = int(st.number_input(label, min_value=least, max_value=most, key=key, **look))
    state.shown[key] = str(chosen)
    if str(value) != asked:
        _warn(state, asked, str(value))
    return chosen


def text(key: str) -> str:
    """Return a text that the URL holds and that widgets of the page make; empty at first.

    Args:
        key: in the session, where widgets write it, and name of the parameter in the URL.
    """
    state = _state()
    state.first[key] = ""
    said = st.session_state.get(key, st.query_params.get(key, state.chosen.get(key, "")))
    st.session_state[key] = state.chosen[key] = state.shown[key] = str(said)
    return str(said)


def forget(key: str) -> None:
    """Drop what was chosen under a key, here or on another page."""
    _state().chosen.pop(key, None)
    _state().several.pop(key, None)
    st.session_state.pop(key, None)


def keep() -> None:
    """Write what the page's choices are into the URL, once the page has run."""
    state = _state()
    for key, value in state.shown.items():
        values = [value] if isinstance(value, str) else value
        if value == state.first[key]:
            st.query_params.pop(key, None)
        elif st.query_params.get_all(key) != values:
            st.query_params[key] = value


def parameters() -> dict[str, str]:
    """Return the parameters of the sidebar's choices, for links to other pages."""
    return {key: st.query_params[key] for key in EVERYWHERE if key in st.query_params}


def lasting_query(chosen: Mapping[str, str]) -> str:
    """Return the query of a link that shows the same when other choices have become the default.

    Args:
        chosen: by parameter, what "latest" and the like stand for.
    """
    state = _state()
    asked = {key: st.query_params.get_all(key) for key in st.query_params}
    return urlencode({**asked, **state.shown, **chosen}, doseq=True)


def _state() -> Address:
    state: Address = st.session_state.setdefault(STATE, Address())
    return state


def _asked(
    state: Address, key: str, options: Mapping[str, str], former: Former, default: str
) -> str:
    """Return what a widget stands at: what was chosen in it, in the URL, on another page, first."""
    if key in st.session_state or key in st.query_params:
        said = st.session_state.get(key, st.query_params.get(key, ""))
        asked: str = said if said in options else former.get(said, said)
        if asked in options:
            return asked
        if said is not None:
            state.missing[key] = "" if said == state.chosen.get(key) else said
        return default
    chosen = state.chosen.get(key, default)
    if chosen in options:
        return chosen
    state.missing[key] = ""
    return default


def _changed(key: str, then: Callable[[], None] | None) -> None:
    _state().missing.pop(key, None)
    if then is not None:
        then()


def _warn(state: Address, asked: str, shown: str) -> None:
    words = (
        f"'{literal(asked[:LETTERS])}' in the URL was not found. Showing {literal(shown)} instead."
    )
    (state.place or st).warning(words, icon=":material/link_off:")
