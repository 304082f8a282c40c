"""Decisions about labels as a table, and how they leave the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from genre_core.data.cells import csv_of
from genre_core.data.films import Dataset
from genre_core.runs.label_decisions import Decision, corrected, in_force
from genre_core.ui.parts import export
from genre_core.ui.parts.export import Trace
from genre_core.ui.parts.text import SPLIT_NAMES

ACTIONS = {"keep": "Keep", "change": "Change"}


def show(
    dataset: Dataset, decisions: Sequence[Decision], names: Mapping[str, str], trace: Trace
) -> None:
    """Show every decision, and offer them and the labels as corrected as CSV.

    Args:
        dataset: the films.
        decisions: every decision, at least one.
        names: what the runs of this page are called, by id.
        trace: what the page is about.
    """
    frame = decision_table(dataset, decisions, names)
    export.table(
        frame,
        "label_decisions",
        trace,
        "Decisions about labels, with the scores of the runs that contradicted them",
        decision_columns(frame),
    )
    st.download_button(
        "Corrected labels",
        partial(corrected_csv, dataset, decisions),
        file_name="corrected_labels.csv",
        mime="text/csv",
        key="corrected_labels",
        on_click="ignore",
        icon=":material/download:",
        help="All films with Id, genre columns as decided, and Overview: a table that Marquee "
        "reads as data, with the folder Images beside it.",
    )


def decision_table(
    dataset: Dataset, decisions: Iterable[Decision], names: Mapping[str, str]
) -> pd.DataFrame:
    """Return one line a decision in force, the newest first.

    Args:
        dataset: the films.
        decisions: every decision, at least one.
        names: what the runs of this page are called, by id; others are called by their id.
    """
    split = dict(zip(dataset.films.ids, dataset.split.tolist(), strict=True))
    made = sorted(in_force(decisions).values(), key=lambda one: one.decided_at, reverse=True)
    runs = dict.fromkeys(run for one in made for run in one.scores)
    return pd.DataFrame(
        {
            "Film": [one.film for one in made],
            "Genre": [one.genre for one in made],
            "Label": [one.label for one in made],
            "Decision": [ACTIONS[one.decision] for one in made],
            "New label": [one.new_label for one in made],
            **{
                f"Score: {names.get(run, run)}": [one.scores.get(run) for one in made]
                for run in runs
            },
            "Split": [SPLIT_NAMES[split[one.film]] for one in made],
            "Decided": [one.decided_at for one in made],
        }
    )


def decision_columns(frame: pd.DataFrame) -> dict[str, object]:
    """Return the column configuration of `decision_table`."""
    headers = map(str, frame.columns)
    scores = [name.removeprefix("Score: ") for name in headers if name.startswith("Score: ")]
    return {
        "Film": st.column_config.TextColumn(pinned=True),
        **score_columns(scores),
        "Decided": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
    }


def corrected_csv(dataset: Dataset, decisions: Iterable[Decision]) -> str:
    """Return all films with the labels as decided, as a table that Marquee reads as data."""
    labels = pd.DataFrame(corrected(dataset, decisions), columns=list(dataset.genres))
    labels.insert(0, "Id", dataset.films.ids)
    labels["Overview"] = dataset.films.overviews
    return csv_of(labels)


def score_columns(names: Iterable[str]) -> dict[str, object]:
    """Return the configuration of the columns with scores of some runs."""
    return {f"Score: {name}": st.column_config.NumberColumn(format="%.3f") for name in names}
