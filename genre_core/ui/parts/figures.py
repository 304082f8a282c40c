"""Figures of charts, drawn once for all sessions."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

N_KEPT = 512


def figure_of(make: Callable[..., go.Figure], *values: Any, **options: Any) -> go.Figure:
    """Return a figure, drawn if no session has asked for it; it must not be changed.

    Args:
        make: a function of `charts`.
        values: its arguments, which alone decide what is drawn.
        options: its arguments by name.
    """
    content = hashlib.sha256(pickle.dumps((values, options))).hexdigest()
    return _figure(
        f"{make.__module__}.{make.__qualname__}", content, lambda: make(*values, **options)
    )


@st.cache_resource(max_entries=N_KEPT, show_spinner=False)
def _figure(name: str, content: str, _make: Callable[[], go.Figure]) -> go.Figure:
    del name, content  # what it is kept by
    return _make()
