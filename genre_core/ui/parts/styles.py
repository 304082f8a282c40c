"""Styles of pages, for what Streamlit has no option for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st


def use(path: Path) -> None:
    """Apply a style sheet; it stands beside the module that needs it."""
    # Styles alone would take the place of the toast of a callback.
    st.html(f"<span></span><style>{path.read_text(encoding='utf-8')}</style>")
