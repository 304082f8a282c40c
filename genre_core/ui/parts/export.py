"""Where figures are from, and how they leave the page: tables as CSV, charts as PNG or SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from genre_core.data import cells
from genre_core.ui.parts import rules
from genre_core.ui.parts.text import count, literal

FORMATS = {"png": "PNG", "svg": "SVG"}
FIRST_FORMAT = "png"
FORMAT_KEY = "chart_format"
LARGER = 2  # pixels of a saved PNG for one on the page


@dataclass(frozen=True)
class Trace:
    """What figures are about, so that they can be made again.

    Attributes:
        runs: ids of the runs.
        dataset: fingerprint of the films.
        split: "train", "validation", "test" or several in words.
        n_films: films that the figures are about.
        rule: the decision rule, a key of `rules` or of the origin of thresholds; an empty string
            where nothing is decided.
        command: words of the command that prints the same; empty if there is none.
    """

    runs: Sequence[str]
    dataset: str
    split: str
    n_films: int
    rule: str = ""
    command: str = ""

    def columns(self) -> dict[str, Any]:
        """Return it as columns that every line of a table has."""
        columns: dict[str, Any] = {f"run {place}": run for place, run in enumerate(self.runs, 1)}
        columns |= {"dataset": self.dataset, "split": self.split, "films": self.n_films}
        return columns | ({"decision rule": self.rule} if self.rule else {})


def table(
    frame: pd.DataFrame,
    name: str,
    trace: Trace,
    alt: str,
    columns: Mapping[str, Any] | None = None,
    *,
    height: int | Literal["content"] = "content",
    **options: Any,
) -> Any:
    """Show a table, and offer it as CSV with what it is about in every line.

    Args:
        frame: the table.
        name: of the file, without ending.
        trace: what it is about.
        alt: what it is, for those who do not see it.
        columns: its column configuration.
        height: in pixels, or that of all its lines.
        options: of `st.dataframe`; with `on_select` what is selected is returned.
    """
    selected = st.dataframe(
        frame,
        column_config=columns,
        hide_index=True,
        height=height,
        placeholder="",
        alt=alt,
        **options,
    )
    st.download_button(
        "CSV",
        lambda: csv_of(frame, trace),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        on_click="ignore",
        icon=":material/download:",
        help=f"{alt}, with {'runs, films and decision rule' if trace.rule else 'runs and films'} "
        "in every line.",
    )
    return selected


def csv_of(frame: pd.DataFrame, trace: Trace) -> str:
    """Return a table as CSV, with what it is about in every line."""
    return cells.csv_of(frame.assign(**trace.columns()))


def chart(figure: go.Figure, name: str, alt: str, **options: Any) -> Any:
    """Show a chart with a button that saves it; return what is selected in it, if that is asked.

    Args:
        figure: the chart.
        name: of the file, without ending, and key of the element.
        alt: what it shows, for those who do not see it.
        options: of `st.plotly_chart`.
    """
    saved_as = st.session_state.get(FORMAT_KEY, FIRST_FORMAT)
    config = {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": saved_as, "filename": name, "scale": LARGER},
    }
    return st.plotly_chart(figure, key=name, config=config, alt=alt, **options)


def sources(trace: Trace) -> None:
    """Say at the end of a page what its figures are about, and how charts are saved."""
    with st.expander("Sources of these figures", icon=":material/link:"):
        rule = f", decision rule: {literal(rules.label(trace.rule))}" if trace.rule else ""
        runs = f" Runs: {', '.join(map(literal, trace.runs))}." if trace.runs else ""
        st.markdown(
            f"{count(trace.n_films, 'film')} ({literal(trace.split)}) of dataset "
            f"{literal(trace.dataset)}{rule}.{runs}"
        )
        if trace.command:
            st.markdown("The same numbers on the command line:")
            st.code(trace.command, language="shell", wrap_lines=True)
        st.radio(
            "Chart download format",
            list(FORMATS),
            format_func=FORMATS.get,
            horizontal=True,
            key=FORMAT_KEY,
            persist_state="session",
        )
