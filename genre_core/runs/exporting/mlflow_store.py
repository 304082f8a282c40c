"""Runs in a new MLflow store: SQLite for parameters and metrics, a folder for artifacts."""

from __future__ import annotations

import importlib
import logging
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from genre_core.runs.content import MARKER
from genre_core.runs.exporting.extras import require
from genre_core.runs.exporting.files import refuse_existing
from genre_core.runs.folder import Run, microseconds
from genre_core.runs.history import EPOCH

STORE, ARTIFACTS, EXPERIMENT = "mlflow.db", "mlartifacts", "Marquee"
PACKAGES = ("mlflow", "sqlalchemy", "alembic")
N_BATCH = 1000  # metrics that MLflow takes at once
LONGEST = 6000  # characters of a parameter
SPLITS_SHOWN = ("validation", "test")
PARAMS = ("label", "modality", "kind", "model", "recipe", "seed", "epochs", "dataset")


def write_mlflow(runs: Sequence[Run], folder: Path) -> list[Path]:
    """Write runs to a new MLflow store and return the paths of database and artifacts.

    Parameters are the config and the options of a run. Metrics by epoch have the epoch as their
    step; the metrics of the validation and test films have the epoch whose weights were kept.

    Args:
        runs: finished runs, each once.
        folder: the destination, created if necessary.

    Raises:
        DataError: there is a store already, or the destination is no folder.
        PackageError: MLflow is not installed.
    """
    store, artifacts = folder / STORE, folder / ARTIFACTS
    refuse_existing([store, artifacts], folder)
    client = _client(store)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        opened = client(f"sqlite:///{store.resolve()}")
        experiment = opened.create_experiment(EXPERIMENT, artifacts.resolve().as_uri())
        for run in runs:
            _add(opened, experiment, run)
    except BaseException:
        store.unlink(missing_ok=True)
        shutil.rmtree(artifacts, ignore_errors=True)
        raise
    return [store, artifacts]


def metrics_of(run: Run) -> list[tuple[str, float, int, int]]:
    """Return name, value, time in milliseconds since 1970 and step of each metric."""
    moment, found = float(_begin(run)), []
    for row in run.history():
        moment += 1000 * row.get("seconds", 0.0)
        found += [
            (_key(name), float(value), int(moment), int(row[EPOCH]))
            for name, value in row.items()
            if name != EPOCH
        ]
    kept = run.marker()["kept_epoch"] or 0
    for split, figures in run.metrics()["splits"].items():
        if split in SPLITS_SHOWN:
            found += [
                (f"{split}_{name}", float(value), int(moment), kept)
                for name, value in figures["metrics"].items()
                if value is not None
            ]
    return found


def _client(store: Path) -> Any:
    """Return the class of MLflow's client, imported with its telemetry off."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    require(PACKAGES, store, extra="mlflow")
    for name in ("mlflow", "alembic"):  # each tells of every table it makes
        logging.getLogger(name).setLevel(logging.WARNING)
    return importlib.import_module("mlflow").MlflowClient


def _add(client: Any, experiment: str, run: Run) -> None:
    entities = importlib.import_module("mlflow.entities")
    metrics = metrics_of(run)
    begin = _begin(run)
    added = client.create_run(
        experiment, start_time=begin, run_name=run.id, tags={"marquee.run": run.id}
    ).info.run_id
    for start in range(0, len(metrics), N_BATCH):
        some = [entities.Metric(*metric) for metric in metrics[start : start + N_BATCH]]
        client.log_batch(added, metrics=some)
    for name, value in _params(run).items():
        client.log_param(added, name, value)
    for name in (*run.marker()["files"], MARKER):
        client.log_artifact(added, str(run.folder / name))
    end = max((time for _, _, time, _ in metrics), default=begin)
    client.set_terminated(added, end_time=end)


def _begin(run: Run) -> int:
    """Return when a run was created, or else finished, in milliseconds since 1970."""
    created = microseconds(run.config["created"]) // 1000
    return created or int(1000 * (run.folder / MARKER).stat().st_mtime)


def _params(run: Run) -> dict[str, str]:
    said = {name: run.config[name] for name in PARAMS}
    options = {f"options/{_key(name)}": value for name, value in run.config["options"].items()}
    whole = {**said, "genres": ", ".join(run.genres), **options}
    return {name: str(value)[:LONGEST] for name, value in whole.items() if value not in (None, "")}


def _key(name: str) -> str:
    """Return a name that MLflow takes."""
    return re.sub(r"[^\w\-. :/]", "_", name, flags=re.ASCII)
