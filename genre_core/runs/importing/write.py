"""Imported trainings become runs with a history alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from genre_core.artifacts import Artifacts
from genre_core.catalogue import Modality
from genre_core.data.films import Dataset
from genre_core.evaluation.base_rates import base_rate_loss
from genre_core.runs.importing.findings import Finding, findings
from genre_core.runs.importing.histories import read_history
from genre_core.runs.importing.notebook import Fit, Notebook, read_notebook
from genre_core.runs.importing.progress_lines import Row
from genre_core.runs.writer import RunWriter

NOTEBOOK = ".ipynb"


def import_training(
    path: Path,
    artifacts: Artifacts,
    dataset: Dataset | None,
    *,
    name: str = "",
    modality: Modality | None = None,
) -> list[dict[str, Any]]:
    """Import the trainings of a notebook or the history of a file, and return what was made.

    Args:
        path: an executed notebook, or a history, see `histories`.
        artifacts: the folder of runs.
        dataset: the films that the trainings are about; None if they are not known.
        name: of the runs; that of the file if empty.
        modality: what the models look at; what their layers show if None.

    Returns:
        For each run its id, epochs, lowest validation loss, that of the base rates, and findings.

    Raises:
        DataError: nothing can be read.
    """
    baseline = None
    if dataset is not None:
        baseline = base_rate_loss(dataset.labels[dataset.rows("validation")], dataset.prior)
    if path.suffix.lower() == NOTEBOOK:
        notebook = read_notebook(path)
        made = [_described(notebook, fit, baseline, name, modality) for fit in notebook.fits]
    else:
        config: dict[str, Any] = {"label": name or path.stem, "modality": modality or "unknown"}
        made = [(config, read_history(path), [])]
    return [_write(artifacts, dataset, *one, baseline) for one in made]


def _described(
    notebook: Notebook, fit: Fit, baseline: float | None, name: str, modality: Modality | None
) -> tuple[dict[str, Any], list[Row], list[Finding]]:
    seen: Modality = fit.summary.modality if fit.summary else "unknown"
    label = " ".join(filter(None, [name or notebook.name, fit.model or f"cell {fit.cell}"]))
    config: dict[str, Any] = {
        "label": label,
        "modality": modality or seen,
        "epochs": fit.printed.n_planned,
        "options": {"cell": fit.cell, "notebook": notebook.name},
    }
    if fit.summary and fit.summary.n_trainable is not None:
        config["options"]["trainable parameters"] = fit.summary.n_trainable
    return config, fit.printed.rows, findings(fit, notebook, baseline)


def _write(
    artifacts: Artifacts,
    dataset: Dataset | None,
    config: dict[str, Any],
    rows: Sequence[Row],
    found: Sequence[Finding],
    baseline: float | None,
) -> dict[str, Any]:
    films = {"dataset": dataset.fingerprint, "dataset_name": dataset.source.name} if dataset else {}
    writer = RunWriter.create(
        artifacts,
        {
            **config,
            **films,
            "model": "imported",
            "kind": "imported",
            "genres": [],
            "in_epochs": True,
            "findings": [asdict(one) for one in found],
        },
    )
    writer.add_history([dict(row) for row in rows])
    writer.finish()
    losses = [row["val_loss"] for row in rows if "val_loss" in row]
    return {
        "run": writer.id,
        "label": config["label"],
        "epochs": len(rows),
        "val_loss": min(losses, default=None),
        "base_rates": baseline,
        "findings": [asdict(one) for one in found],
    }
