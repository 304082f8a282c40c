"""What was read from elsewhere becomes runs: trainings with a history alone, or scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from genre_core.artifacts import Artifacts
from genre_core.catalogue import Modality
from genre_core.data.films import Dataset
from genre_core.evaluation.base_rates import base_rate_loss
from genre_core.runs.config import DECISIONS, SCORES
from genre_core.runs.importing.findings import Finding, findings
from genre_core.runs.importing.histories import read_history
from genre_core.runs.importing.notebook import Fit, Notebook, read_notebook
from genre_core.runs.importing.progress_lines import Row
from genre_core.runs.importing.scores import aligned, is_decided, n_by_split, read_scores
from genre_core.runs.writer import RunWriter

NOTEBOOK = ".ipynb"


def import_training(
    path: Path,
    artifacts: Artifacts,
    dataset: Dataset | None,
    *,
    name: str = "",
    modality: Modality | None = None,
) -> dict[str, Any]:
    """Import the trainings of a notebook or the history of a file, and return what was made.

    Args:
        path: an executed notebook, or a history, see `histories`.
        artifacts: the folder of runs.
        dataset: the films that the trainings are about; None if they are not known.
        name: of the runs; that of the file if empty.
        modality: what the models look at; what their layers show if None.

    Returns:
        "runs": for each its id, epochs, those planned, lowest validation loss, that of the base
        rates, and findings; "left_out": sentences on what was not imported.

    Raises:
        DataError: nothing can be read.
    """
    baseline = None
    if dataset is not None:
        baseline = base_rate_loss(dataset.labels[dataset.rows("validation")], dataset.prior)
    made: list[tuple[dict[str, Any], Sequence[Row], list[Finding]]]
    left_out = []
    if path.suffix.lower() == NOTEBOOK:
        notebook = read_notebook(path)
        made = [_described(notebook, fit, baseline, name, modality) for fit in notebook.fits]
        if notebook.n_silent:
            left_out.append(f"Calls of fit that print no epochs: {notebook.n_silent}.")
    else:
        history = read_history(path)
        config: dict[str, Any] = {"label": name or path.stem, "modality": modality or "unknown"}
        made = [(config, history.rows, [])]
        if history.left_out:
            left_out.append(f"Columns without numbers: {', '.join(history.left_out)}.")
    runs = [_write(artifacts, dataset, *one, baseline) for one in made]
    return {"runs": runs, "left_out": left_out}


def import_scores(
    path: Path,
    artifacts: Artifacts,
    dataset: Dataset,
    *,
    name: str = "",
    modality: Modality | None = None,
    is_logits: bool = False,
    is_partial: bool = False,
    history: Path | None = None,
) -> dict[str, Any]:
    """Import scores of films, and return what was made.

    Args:
        path: CSV, Parquet or NPZ, see `scores`.
        artifacts: the folder of runs.
        dataset: the films that they are about.
        name: of the run; that of the file if empty.
        modality: what the model looks at.
        is_logits: whether they are log-odds instead of probabilities.
        is_partial: whether test films may be missing.
        history: of the training, see `histories`.

    Returns:
        The id of the run and how many films of each split have scores.

    Raises:
        DataError: the scores do not fit the films, or the history cannot be read.
    """
    films = aligned(read_scores(path), dataset, path, is_logits=is_logits, is_partial=is_partial)
    rows = read_history(history).rows if history else ()
    config: dict[str, Any] = {
        "label": name or path.stem,
        "modality": modality or "unknown",
        "outputs": DECISIONS if is_decided(films) and not is_logits else SCORES,
        "prior": dataset.prior.tolist(),
        "train_support": dataset.train_support.tolist(),
        "in_epochs": bool(rows),
    }
    writer = _started(artifacts, dataset, config)
    if rows:
        writer.add_history([dict(row) for row in rows])
    writer.finish(films)
    return {"run": writer.id, "label": config["label"], "films": n_by_split(films)}


def _started(artifacts: Artifacts, dataset: Dataset | None, config: dict[str, Any]) -> RunWriter:
    films: dict[str, Any] = {"genres": []}
    if dataset is not None:
        films = {"dataset": dataset.fingerprint, "dataset_name": dataset.source.name}
        films["genres"] = list(dataset.genres) if "prior" in config else []
    known = {"model": "imported", "kind": "imported"}
    return RunWriter.create(artifacts, {**known, **films, **config})


def _described(
    notebook: Notebook, fit: Fit, baseline: float | None, name: str, modality: Modality | None
) -> tuple[dict[str, Any], Sequence[Row], list[Finding]]:
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
    asked = [asdict(one) for one in found]
    writer = _started(artifacts, dataset, {**config, "in_epochs": True, "findings": asked})
    writer.add_history([dict(row) for row in rows])
    writer.finish()
    losses = [row["val_loss"] for row in rows if "val_loss" in row]
    return {
        "run": writer.id,
        "label": config["label"],
        "epochs": len(rows),
        "planned": config.get("epochs"),
        "val_loss": min(losses, default=None),
        "base_rates": baseline,
        "findings": asked,
    }
