"""Tables whose rows open what they stand for: a run, a film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st


def rows(opens: Sequence[str], *, key: str, on_open: Callable[[str], None]) -> dict[str, Any]:
    """Return the options of `st.dataframe` by which selecting a row opens what it stands for.

    Args:
        opens: what each row opens, as `on_open` takes it.
        key: of the element.
        on_open: called before the page runs again; it cannot switch pages.
    """

    def selected() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        if chosen and chosen[0] < len(opens):
            on_open(opens[chosen[0]])

    return {"key": key, "on_select": selected, "selection_mode": "single-row"}
