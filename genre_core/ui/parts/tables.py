"""The table of finished runs with their test figures, and what its columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from genre_core.catalogue import Kind
from genre_core.evaluation.metrics import METRICS, Metric
from genre_core.runs.folder import Run
from genre_core.runs.notes import read_note
from genre_core.ui.parts import loaders, run_names
from genre_core.ui.parts.text import count

SHOWN = ("bce", "bce_to_prior", "map", "lrap", "f1_micro", "f1_macro", "top1_hit", "top3_hit")
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


def runs_table(runs: Sequence[Run]) -> pd.DataFrame:
    """Return one row per finished run: base rates, linear models, then networks."""
    ranked = sorted(runs, key=lambda run: list(KINDS).index(run.kind))
    rows = [_run_row(run, read_note(run.artifacts, run.id).name) for run in ranked]
    return pd.DataFrame(rows)


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


def runs_caption(run: Run) -> str:
    """Return what the figures of the table are about: split, films, genres and threshold."""
    saved = loaders.metrics(run)
    return (
        f"{count(saved['splits']['test']['n_films'], 'test film')}. Macro averages and mAP go over "
        f"{count(len(saved['macro_genres']), 'genre')} with at least 10 training films, BCE over "
        f"all {len(run.genres)} columns; a genre is predicted from a score of "
        f"{saved['threshold']:g}. ↑ higher is better, ↓ lower is better."
    )


def _run_row(run: Run, name: str) -> dict[str, Any]:
    figures = loaders.figures(run)
    done = loaders.marker(run)
    kept = f"{done['kept_epoch']} of {done['epochs_done']}" if done.get("kept_epoch") else "-"
    return {
        "Model": name or run.label,
        "Kind": KINDS[run.kind],
        "Recipe": run_names.recipe(run),
        "Seed": run.seed,
        **{metric_header(metric): figures.get(metric.name) for metric in shown_metrics()},
        "Kept epoch": kept,
        "Run": run.id,
    }
