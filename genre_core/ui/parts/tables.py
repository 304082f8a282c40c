"""The table of finished runs with their test figures, and what its columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from genre_core.catalogue import Kind
from genre_core.data.films import Dataset
from genre_core.evaluation.metrics import METRICS, Metric
from genre_core.runs.folder import Run
from genre_core.runs.notes import read_note
from genre_core.ui.parts import loaders, rules, run_names
from genre_core.ui.parts.text import count, literal

SHOWN = ("map", "bce_to_prior", "f1_micro", "f1_macro", "lrap", "top1_hit", "top3_hit", "bce")
# In the order of the table: what a network has to beat comes first.
KINDS: dict[Kind, str] = {
    "base_rates": "base rates",
    "linear": "linear",
    "network": "network",
    "fusion": "fusion",
    "pretrained": "pretrained",
    "imported": "imported",
}


def shown_metrics() -> list[Metric]:
    """Return the metrics of the table of runs, in the order of its columns."""
    return [metric for name in SHOWN for metric in METRICS if metric.name == name]


def metric_header(metric: Metric) -> str:
    """Return a metric's label with an arrow to its better side."""
    return f"{metric.label} {'↑' if metric.higher_is_better else '↓'}"


def ranked(runs: Sequence[Run]) -> list[Run]:
    """Return runs in the order of the table: base rates, linear models, then networks."""
    return sorted(runs, key=lambda run: list(KINDS).index(run.kind))


def runs_table(runs: Sequence[Run], dataset: Dataset, rule: str) -> pd.DataFrame:
    """Return one row per finished run, in the order given.

    Args:
        runs: finished runs of the dataset.
        dataset: their films.
        rule: the decision rule that F1 is about, see `rules`.
    """
    return pd.DataFrame([_run_row(run, dataset, rule) for run in runs])


def runs_columns() -> dict[str, Any]:
    """Return the column configuration of `runs_table`."""
    columns: dict[str, Any] = {
        metric_header(metric): st.column_config.NumberColumn(format="%.3f", help=metric.sentence)
        for metric in shown_metrics()
    }
    columns["Model"] = st.column_config.TextColumn(pinned=True, width=200)
    columns["Kept epoch"] = st.column_config.TextColumn(
        help="The epoch with the lowest validation loss, of the epochs trained; "
        "baselines are fitted at once."
    )
    return columns


def runs_caption(run: Run, dataset: Dataset, rule: str) -> str:
    """Return what the figures of the table are about: films, genres and decision rule."""
    saved = loaders.metrics(run, dataset)
    return (
        f"{count(saved['splits']['test']['n_films'], 'test film')}, "
        f"{count(len(saved['macro_genres']), 'genre')}. F1 by the decision rule: "
        f"{literal(rules.label(rule))}. Select a row to open the run."
    )


def _run_row(run: Run, dataset: Dataset, rule: str) -> dict[str, Any]:
    figures = {
        **loaders.figures(run, dataset=dataset),
        **rules.test_metrics(run, dataset, rule).overall,
    }
    done = loaders.marker(run)
    kept = f"{done['kept_epoch']} of {done['epochs_done']}" if done.get("kept_epoch") else "-"
    return {
        "Model": read_note(run.artifacts, run.id).name or run.label,
        **{metric_header(metric): figures.get(metric.name) for metric in shown_metrics()},
        "Kind": KINDS[run.kind],
        "Recipe": run_names.recipe(run),
        "Seed": run.seed,
        "Kept epoch": kept,
        "Run": run.id,
    }
