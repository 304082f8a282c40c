"""Tables whose rows open what they stand for: a run, a film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st


def table(
    frame: pd.DataFrame,
    opens: Sequence[str],
    *,
    key: str,
    on_open: Callable[[str], None],
    **look: Any,
) -> None:
    """Show a table; selecting a row opens what it stands for.

    Args:
        frame: the table.
        opens: what each row opens, as `on_open` takes it.
        key: of the element.
        on_open: called before the page runs again; it cannot switch pages.
        look: further arguments of `st.dataframe`.
    """

    def selected() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and rows[0] < len(opens):
            on_open(opens[rows[0]])

    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height="content",
        placeholder="",
        on_select=selected,
        selection_mode="single-row",
        **look,
    )
