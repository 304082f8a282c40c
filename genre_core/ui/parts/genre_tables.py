"""Genre by genre: what is counted in films and what a run does, as data frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.data.films import SPLITS, Dataset
from genre_core.evaluation.decided import DecisionMetrics
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders

FIGURES: dict[str, str] = {"f1": "F1", "ap": "AP"}
FORMER_FIGURES = {"F1": "f1", "AP": "ap"}  # in URLs before
BASE_RATE_AP = "AP of the base rates"
PREDICTED = "Predicted"
RUN_SHARES = {
    "prevalence": "True",
    PREDICTED: PREDICTED,
    "ranked_first_share": "Ranked first",
    "top3_share": "In the top 3",
}


def genre_counts(dataset: Dataset) -> pd.DataFrame:
    """Return one row a genre, most frequent first: films with it by split, and its label share."""
    every = dataset.labels.sum(axis=0)
    columns: dict[str, Any] = {
        "Genre": list(dataset.genres),
        "all, films": every,
        "all, share": every / max(len(dataset.films), 1),
        "share of all labels": every / max(every.sum(), 1),
    }
    for split in SPLITS:
        rows = dataset.rows(split)
        columns[f"{split}, films"] = dataset.labels[rows].sum(axis=0)
        columns[f"{split}, share"] = columns[f"{split}, films"] / max(len(rows), 1)
    table = pd.DataFrame(columns)
    return table.sort_values("all, films", ascending=False, kind="stable", ignore_index=True)


def run_shares(run: Run, dataset: Dataset, found: DecisionMetrics) -> pd.DataFrame:
    """Return one row a genre, most frequent first: how often a run gives it on the test films.

    Args:
        run: a finished run.
        dataset: its films.
        found: the metrics of its predictions.
    """
    n_films = len(dataset.rows("test"))
    rows = _genre_rows(run, dataset).assign(**{PREDICTED: found.n_predicted / n_films})
    table = rows[["genre", *RUN_SHARES]].rename(columns={"genre": "Genre", **RUN_SHARES})
    return table.sort_values("True", ascending=False, kind="stable", ignore_index=True)


def genre_figures(
    runs: Sequence[Run],
    dataset: Dataset,
    names: dict[str, str],
    found: Mapping[str, DecisionMetrics],
) -> pd.DataFrame:
    """Return one row a macro genre: each run's F1 and AP on the test films, and its films.

    Args:
        runs: finished runs of one dataset, one or more.
        dataset: that dataset.
        names: name of each run by its id.
        found: the metrics of the predictions of each run by its id.
    """
    first = _genre_rows(runs[0], dataset)
    table = pd.DataFrame({"Genre": first["genre"]})
    for run in runs:
        table[figure_column("f1", names[run.id])] = found[run.id].genres["f1"]
    for run in runs:
        table[figure_column("ap", names[run.id])] = _genre_rows(run, dataset)["ap"]
    table[BASE_RATE_AP] = first["prevalence"]
    table["Training films"] = dataset.train_support
    table["Test films"] = first["support"]
    is_shown = first["in_macro"] & (first["support"] > 0)
    return table[is_shown].sort_values("Training films", ascending=False, ignore_index=True)


def figure_column(figure: str, name: str) -> str:
    """Return the header of a figure, one of `FIGURES`, of the run of a name."""
    return f"{FIGURES[figure]}: {name}"


def matrix(rows: Sequence[str], columns: Sequence[str], shares: np.ndarray) -> pd.DataFrame:
    """Return a matrix of shares as a table with the genre of the row in the first column."""
    table = pd.DataFrame(shares, columns=list(columns))
    table.insert(0, "Genre", list(rows))
    return table


def share_columns(table: pd.DataFrame) -> dict[str, Any]:
    """Return the column configuration that shows every share of a table in percent."""
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="percent")
        for name in table.columns
        if table[name].dtype.kind == "f"
    }
    columns["Genre"] = st.column_config.TextColumn(pinned=True)
    return columns


def figure_columns(table: pd.DataFrame) -> dict[str, Any]:
    """Return the column configuration that shows every figure of a table with three digits."""
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.3f")
        for name in table.columns
        if table[name].dtype.kind == "f"
    }
    columns[str(table.columns[0])] = st.column_config.TextColumn(pinned=True)
    return columns


def _genre_rows(run: Run, dataset: Dataset) -> pd.DataFrame:
    return pd.DataFrame(loaders.metrics(run, dataset)["splits"]["test"]["genres"])
