"""Where figures are from, and how they leave the page: in one ZIP, tables also as CSV.

`begin` opens the list of what a page shows, `chart` and `table` add to it, and `offer` shows the
button Export once the page has run. A fragment that runs by itself replaces its own entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.exports import bundle
from genre_core.runs.folder import Run
from genre_core.ui.parts import address, figures, rules, run_names
from genre_core.ui.parts.figures import Drawing
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal

FORMATS = {"png": "PNG", "svg": "SVG"}
FIRST_FORMAT = "png"
FORMAT_KEY = "chart_format"
LARGER = 2  # pixels of a saved PNG for one on the page
STATE = "_shown"
LANDING = "summary"  # the page without a path
N_NAMED = 3  # runs in a source line
AGAIN = (
    "Start the dashboard with the same artifacts folder (python -m genre_core app), and open the "
    "path of the page in it. `command`, where there is one, prints the same numbers."
)


@dataclass(frozen=True)
class Trace:
    """What figures are about, so that they can be made again.

    Attributes:
        runs: ids of the runs.
        dataset: fingerprint of the films; empty for several datasets.
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
        if self.dataset:
            columns |= {"dataset": self.dataset, "split": self.split, "films": self.n_films}
        return columns | ({"decision rule": self.rule} if self.rule else {})


@dataclass
class Shown:
    """What a page shows.

    Attributes:
        page: its name, a key.
        place: where the button Export goes.
        runs: every run by its id.
        chosen: ids of the chosen runs, by their parameter in the URL.
        datasets: name of the chosen dataset by its fingerprint.
        charts: what has been shown so far, by name.
        tables: the same.
    """

    page: str = ""
    place: DeltaGenerator | None = None
    runs: Mapping[str, Run] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    datasets: Mapping[str, str] = field(default_factory=dict)
    charts: dict[str, bundle.Figure] = field(default_factory=dict)
    tables: dict[str, bundle.Table] = field(default_factory=dict)


def begin(
    page: str,
    place: DeltaGenerator,
    runs: Sequence[Run],
    chosen: Mapping[str, Run | None],
    datasets: Mapping[str, str],
) -> None:
    """Begin a page; nothing has been shown on it.

    Args:
        page: its name.
        place: where the button Export goes.
        runs: every run that the page may be about.
        chosen: the chosen runs, by their parameter in the URL.
        datasets: name of the chosen dataset by its fingerprint.
    """
    ids = {key: run.id for key, run in chosen.items() if run}
    st.session_state[STATE] = Shown(page, place, {run.id: run for run in runs}, ids, datasets)


def offer() -> None:
    """Show the button Export if the page has shown something to export."""
    shown = _shown()
    if shown.place is None or not (shown.charts or shown.tables):
        return
    path = "" if shown.page == LANDING else shown.page
    source = {
        "page": shown.page,
        "path": f"/{path}?{address.lasting_query(shown.chosen)}",
        "datasets": dict(shown.datasets),
        "how_to_make_again": AGAIN,
    }
    theme = figures.page_theme()
    shown.place.download_button(
        "Export",
        # Only on a click, with what fragments have shown by then.
        lambda: bundle.zip_of(
            list(shown.charts.values()), list(shown.tables.values()), source, theme
        ),
        file_name=f"marquee_{shown.page}.zip",
        mime="application/zip",
        key="export",
        on_click="ignore",
        icon=":material/folder_zip:",
        help="Figures (PNG, SVG and interactive HTML) and tables (CSV) of this page with their "
        "sources, in one ZIP file.",
    )


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
        alt: what it is, for those who do not see it, and in the export.
        columns: its column configuration.
        height: in pixels, or that of all its lines.
        options: of `st.dataframe`; with `on_select` what is selected is returned.
    """
    added = add_table(frame, name, trace, alt)
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
        added.csv,
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        on_click="ignore",
        icon=":material/download:",
        help=f"{alt}, with {'runs, films and decision rule' if trace.rule else 'runs and films'} "
        "in every line.",
    )
    return selected


def add_table(frame: pd.DataFrame, name: str, trace: Trace, alt: str) -> bundle.Table:
    """Export a table with the page, also one that the page shows in another form; return it.

    Args:
        frame: the table.
        name: of the file, without ending.
        trace: what it is about.
        alt: what it is.
    """
    added = bundle.Table(name, alt, frame, _about(trace), trace.columns())
    _shown().tables[name] = added
    return added


def chart(
    drawing: Drawing, name: str, title: str, trace: Trace, *, alt: str, **options: Any
) -> Any:
    """Show a chart with title and source line; return what is selected in it, if that is asked.

    Args:
        drawing: the chart, of `figure_of`.
        name: of the file, without ending, and key of the element.
        title: what it shows, in a few words.
        trace: what it is about.
        alt: what it shows, for those who do not see it.
        options: of `st.plotly_chart`.
    """
    figure = figures.drawn(drawing, title, source_line(trace))
    about = {"alt": alt, **_about(trace)}
    _shown().charts[name] = bundle.Figure(name, title, figure, about)
    saved_as = st.session_state.get(FORMAT_KEY, FIRST_FORMAT)
    config = {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": saved_as, "filename": name, "scale": LARGER},
    }
    return st.plotly_chart(figure, key=name, config=config, alt=alt, **options)


def source_line(trace: Trace) -> tuple[str, ...]:
    """Return what a figure is about: runs, films, decision rule, dataset, and who drew it."""
    runs = list(_names(trace).values())
    more = len(runs) - N_NAMED
    named = ", ".join(runs[:N_NAMED]) + (f" and {count(more, 'more run')}" if more > 0 else "")
    splits = trace.split.split(" and ")
    films = count(
        trace.n_films, f"{' and '.join(SPLIT_NAMES.get(one, one) for one in splits)} film"
    )
    if not set(splits) <= set(SPLIT_NAMES):  # all
        films = count(trace.n_films, "film")
    rule = rules.label(trace.rule) if trace.rule else ""
    dataset = _shown().datasets.get(trace.dataset, trace.dataset)
    return tuple(filter(None, [named, films, rule, dataset, "Marquee"]))


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
            st.code(trace.command, language=None, wrap_lines=True)
        st.radio(
            "Chart download format",
            list(FORMATS),
            format_func=FORMATS.get,
            horizontal=True,
            key=FORMAT_KEY,
            persist_state="session",
        )


def _shown() -> Shown:
    shown: Shown = st.session_state.setdefault(STATE, Shown())
    return shown


def _names(trace: Trace) -> dict[str, str]:
    """Return what the runs are called, by id; a run that is not known by its id."""
    return {**{run: run for run in trace.runs}, **run_names.names(_known(trace))}


def _known(trace: Trace) -> list[Run]:
    return [run for run in map(_shown().runs.get, trace.runs) if run is not None]


def _about(trace: Trace) -> dict[str, Any]:
    """Return what source.json says of a figure or table."""
    rule = {"key": trace.rule, "label": rules.label(trace.rule)} if trace.rule else None
    titles = run_names.titles(_known(trace))
    return {
        "runs": [{"id": run, "name": titles.get(run, run)} for run in trace.runs],
        "dataset": trace.dataset or None,
        "split": trace.split,
        "n_films": trace.n_films,
        "decision_rule": rule,
        "command": trace.command or None,
    }
