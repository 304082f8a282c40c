"""Figures of charts, drawn once for all sessions."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from genre_core.charts.colours import DARK, LIGHT, Theme
from genre_core.charts.titles import add_title

N_KEPT = 512


@dataclass(frozen=True)
class Drawing:
    """A figure that is drawn when it is shown.

    Attributes:
        key: of what is drawn; equal keys are equal figures.
        make: draws it.
    """

    key: str
    make: Callable[[], go.Figure]


def figure_of(make: Callable[..., go.Figure], *values: Any, **options: Any) -> Drawing:
    """Return a figure for `export.chart`, drawn if no session has asked for it.

    Args:
        make: a function of `charts`.
        values: its arguments, which alone decide what is drawn.
        options: its arguments by name.
    """
    content = hashlib.sha256(pickle.dumps((values, options))).hexdigest()
    name = f"{make.__module__}.{make.__qualname__}"
    return Drawing(f"{name} {content}", lambda: make(*values, **options))


def drawn(drawing: Drawing, title: str, source: tuple[str, ...]) -> go.Figure:
    """Return a figure with title and source line; it must not be changed."""
    return _drawn(drawing.key, title, source, page_theme(), drawing.make)


def page_theme() -> Theme:
    """Return the colours of the page as it is seen."""
    return DARK if st.context.theme.type == "dark" else LIGHT


@st.cache_resource(max_entries=N_KEPT, show_spinner=False)
def _drawn(
    key: str, title: str, source: tuple[str, ...], _theme: Theme, _make: Callable[[], go.Figure]
) -> go.Figure:
    del key  # what it is kept by, and has the colours of the theme in it
    figure = _make()
    add_title(figure, title, source, _theme)
    return figure
