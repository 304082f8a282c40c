"""What is kept out of garbage collection.

Streamlit collects garbage after each run of a page, looking through everything in memory, modules
and shared caches too: with forty sessions that took half of the time, while all of them wait.
"""

from __future__ import annotations

import gc

import streamlit as st
from streamlit import runtime


def set_aside() -> None:
    """Take everything that is in memory now out of garbage collection, but for garbage."""
    gc.collect()
    gc.freeze()


def after(page: str) -> None:
    """Do so after the first run of a page in this process, which fills caches that stay."""
    if runtime.exists():
        _once(page)


@st.cache_resource(show_spinner=False)
def _once(page: str) -> str:
    set_aside()
    return page
