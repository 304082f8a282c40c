"""MLflow's client, which is an optional package."""

from __future__ import annotations

import importlib
import logging
import os
from pathlib import Path
from typing import Any

from genre_core.extras import require

PACKAGES = ("mlflow", "sqlalchemy", "alembic")


def client_class(store: Path) -> Any:
    """Return the class of MLflow's client, imported with its telemetry off.

    Args:
        store: what it is needed for, for the message.

    Raises:
        PackageError: MLflow is not installed.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    require(PACKAGES, store, extra="mlflow")
    for name in ("mlflow", "alembic"):  # each tells of every table it makes
        logging.getLogger(name).setLevel(logging.WARNING)
    return importlib.import_module("mlflow").MlflowClient


def store_address(store: Path) -> str:
    """Return what MLflow calls a store: a SQLite file, or a folder of files such as `mlruns`."""
    return store.resolve().as_uri() if store.is_dir() else f"sqlite:///{store.resolve()}"
