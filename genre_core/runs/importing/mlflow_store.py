"""Runs of an MLflow store as histories."""

from __future__ import annotations

import importlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from genre_core.errors import DataError
from genre_core.runs.importing.histories import History, Table, history_of
from genre_core.runs.mlflow_client import client_class, store_address

STORES = ("mlflow.db", "mlruns")  # what MLflow calls a store unless it is told otherwise
ENDINGS = (".db", ".sqlite", ".sqlite3")
META = "meta.yaml"  # a file of each experiment of a store that is a folder
EPOCH = "epoch"


def store_of(path: Path) -> Path | None:
    """Return the MLflow store that a path is or holds; None if it is none."""
    if path.is_file():
        return path if path.suffix.lower() in ENDINGS else None
    for name in STORES:
        if (path / name).exists():
            return path / name
    return path if any(path.glob(f"*/{META}")) else None


def read_mlflow(store: Path) -> list[History]:
    """Return the histories of all runs in a store, by the time when they began.

    Args:
        store: see `store_of`.

    Raises:
        DataError: it cannot be read, or no run has metrics.
        PackageError: MLflow is not installed.
    """
    _check_tables(store)
    client = client_class(store)(store_address(store))
    failure = importlib.import_module("mlflow.exceptions").MlflowException
    try:
        experiments = [one.experiment_id for one in client.search_experiments()]
        found = [_history(client, run, store) for run in _runs(client, experiments)]
    except failure as error:
        raise DataError(
            f"'{store}' cannot be read by MLflow ({error!s:.200}). Expected a store of this or an "
            "older version."
        ) from error
    found = [history for history in found if history.rows]
    if not found:
        raise DataError(
            f"'{store}' has no run with metrics. Expected runs that log metrics with a step for "
            "each epoch. Name the right store."
        )
    return found[::-1]


def _runs(client: Any, experiments: Sequence[str]) -> Iterator[Any]:
    """Yield every run of some experiments, the newest first; MLflow gives a page at a time."""
    token = None
    while True:
        page = client.search_runs(experiments, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _check_tables(store: Path) -> None:
    """Raise a DataError if a file is no store: MLflow would make one of it."""
    if store.is_dir():
        return
    try:
        with sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True) as opened:
            tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error:
        tables = set()
    if not {"runs", "metrics"} <= tables:
        raise DataError(
            f"'{store}' is no MLflow store. Expected its SQLite file, such as mlflow.db, or its "
            "folder mlruns."
        )


def _history(client: Any, run: Any, store: Path) -> History:
    """Return the metrics of a run that have a value for more than one step."""
    values: dict[str, dict[int, float]] = defaultdict(dict)
    for name in run.data.metrics:
        for metric in client.get_metric_history(run.info.run_id, name):
            values[name][metric.step] = metric.value
    longest = max(map(len, values.values()), default=0)
    curves = {name: by_step for name, by_step in values.items() if len(by_step) > 1 or longest < 2}
    steps = sorted({step for by_step in curves.values() for step in by_step})
    columns: dict[str, list[float]] = {EPOCH: [float(step) for step in steps]}
    for name, by_step in curves.items():
        columns[name] = [by_step.get(step, float("nan")) for step in steps]
    single = sorted(values.keys() - curves.keys())
    left_out = [f"Metrics with one value, not by epoch: {', '.join(single)}."] if single else []
    return history_of(Table(columns, left_out, run.info.run_name or run.info.run_id), store)
