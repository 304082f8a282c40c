"""Every run in one table, and the settings in which some of them differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from genre_core.evaluation.metrics import METRICS, Metric
from genre_core.runs.folder import Run
from genre_core.runs.notes import read_note
from genre_core.ui.parts import loaders, run_names

STATES = {
    "finished": "✓ finished",
    "running": "▶ running",
    "unfinished": "⏸ unfinished",
    "damaged": "✗ damaged",
}
SHOWN = ("map", "bce_to_prior", "f1_micro")
NONE = "-"
DELETED = "deleted"  # a dataset that is not there


def runs_table(runs: Sequence[Run], datasets: Mapping[str, str]) -> pd.DataFrame:
    """Return one row a run, newest first.

    Args:
        runs: runs of any dataset and state.
        datasets: name of each dataset by its fingerprint.
    """
    names = [read_note(run.artifacts, run.id).name or run.label for run in runs]
    return pd.DataFrame([_row(run, name, datasets) for run, name in zip(runs, names, strict=True)])


def columns() -> dict[str, Any]:
    """Return the column configuration of `runs_table`."""
    return {
        "Run": st.column_config.TextColumn(pinned=True, width=200),
        "Minutes": st.column_config.NumberColumn(format="%.1f", help="Time of the training."),
        "Epochs": st.column_config.TextColumn(help="Done of those planned."),
        **{
            metric.label: st.column_config.NumberColumn(format="%.3f", help=metric.sentence)
            for metric in shown_metrics()
        },
    }


def shown_metrics() -> list[Metric]:
    """Return the metrics of the table, the one that matters most first."""
    return [metric for name in SHOWN for metric in METRICS if metric.name == name]


def differences(runs: Sequence[Run], names: Mapping[str, str]) -> tuple[pd.DataFrame, int]:
    """Return the settings in which some runs differ, one column a run, and how many are the same.

    Args:
        runs: two runs or more, none damaged.
        names: name of each run by its id.
    """
    settings = {names[run.id]: settings_of(run) for run in runs}
    table = pd.DataFrame(settings).fillna(NONE).rename_axis("Setting")
    differ = table.nunique(axis=1) > 1
    return table[differ].reset_index(), int((~differ).sum())


def settings_of(run: Run) -> dict[str, str]:
    """Return what a run was trained with: config, options, versions, threads."""
    config = {key: run.config.get(key) for key in ("model", "recipe", "seed", "dataset")}
    settings = {**config, **run.config.get("options", {})}
    if run.parents:
        settings["parents"] = ", ".join(run.parents)
    if run.state == "finished":
        done = loaders.marker(run)
        settings |= {f"version of {name}": value for name, value in done["versions"].items()}
        settings["threads"] = done.get("n_threads")
    return {name: str(value) for name, value in settings.items()}


def _row(run: Run, name: str, datasets: Mapping[str, str]) -> dict[str, Any]:
    is_finished = run.state == "finished"
    done = loaders.marker(run) if is_finished else {}
    test = loaders.metrics(run)["splits"].get("test", {}) if is_finished else {}
    metrics = test.get("metrics", {})
    seconds = done.get("seconds", {}).get("training")
    return {
        "Run": name,
        "State": STATES[run.state],
        **{metric.label: metrics.get(metric.name) for metric in shown_metrics()},
        "Test films": test.get("n_films"),
        "Started": str(run.config.get("created", ""))[:16].replace("T", " "),
        "Recipe": run_names.recipe(run),
        "Seed": run.seed,
        "Epochs": _epochs(run),
        "Kept epoch": done.get("kept_epoch"),
        "Minutes": None if seconds is None else seconds / 60,
        "Dataset": datasets.get(run.dataset, DELETED if run.dataset else NONE),
        "Id": run.id,
    }


def _epochs(run: Run) -> str:
    planned = run.config.get("epochs")
    return f"{len(run.history())} of {planned}" if planned else NONE
