"""What was read from elsewhere becomes runs: trainings with a history alone, or scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.artifacts import Artifacts
from genre_core.catalogue import Modality
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.evaluation.base_rates import BaseRateLoss, base_rate_loss_of_samples
from genre_core.runs.config import DECISIONS, SCORES
from genre_core.runs.folder import Run, open_run
from genre_core.runs.importing.alignment import Reading, aligned, is_decided, n_by_split, without
from genre_core.runs.importing.film_ids import read_ids
from genre_core.runs.importing.findings import Finding, findings
from genre_core.runs.importing.histories import History, read_history
from genre_core.runs.importing.metric_names import Row
from genre_core.runs.importing.notebook import Fit, Notebook, read_notebook
from genre_core.runs.importing.scores import Scores, read_scores, some
from genre_core.runs.metrics import ScoredFilms
from genre_core.runs.writer import RunWriter


@dataclass(frozen=True)
class About:
    """What is said of a source beside its content.

    Attributes:
        name: of the runs; that of the source if empty.
        modality: what the models look at; None if it is not known.
        reading: how scores are to be read.
        history: file of the training that scores belong to.
        ids: file with the film of each row of scores that have no ids.
        trained_on: file with the ids of the films that the model was trained on.
    """

    name: str = ""
    modality: Modality | None = None
    reading: Reading = field(default_factory=Reading)
    history: Path | None = None
    ids: Path | None = None
    trained_on: Path | None = None


def import_notebook(
    path: Path, artifacts: Artifacts, dataset: Dataset | None, about: About
) -> dict[str, Any]:
    """Import each training of an executed notebook, see `sources.import_source`."""
    notebook = read_notebook(path)
    baseline = base_rates_of(dataset)
    made = []
    for fit in notebook.fits:
        config = _of_fit(notebook, fit, about)
        found = findings(fit, notebook, baseline)
        made.append(_write(artifacts, dataset, config, fit.printed.rows, found))
    silent = f"Calls of fit that print no epochs: {notebook.n_silent}."
    return {"runs": made, "left_out": [silent] if notebook.n_silent else []}


def import_histories(
    found: Sequence[History],
    path: Path,
    artifacts: Artifacts,
    dataset: Dataset | None,
    about: About,
) -> dict[str, Any]:
    """Import histories as a run each, see `sources.import_source`."""
    made, left_out = [], []
    for history in found:
        called = [about.name or (path.stem if not history.name else ""), history.name]
        label = " ".join(filter(None, called))
        config = {"label": label, "modality": about.modality or "unknown"}
        made.append(_write(artifacts, dataset, config, history.rows, []))
        left_out += [f"{label}: {words}" for words in history.left_out]
    return {"runs": made, "left_out": left_out}


def import_scores(
    path: Path, artifacts: Artifacts, dataset: Dataset | None, about: About
) -> dict[str, Any]:
    """Import scores of films as a run, see `sources.import_source`.

    Raises:
        DataError: the films are not known or do not fit, or the history cannot be read.
    """
    if dataset is None:
        raise DataError("Scores need the films that they are about. Name them with --data.")
    films = aligned(_with_ids(read_scores(path), path, about), dataset, path, about.reading)
    config: dict[str, Any] = {
        "label": about.name or path.stem,
        "modality": about.modality or "unknown",
        "genres": list(dataset.genres),
        "outputs": DECISIONS if is_decided(films) and not about.reading.is_logits else SCORES,
        "prior": dataset.prior.tolist(),
        "train_support": dataset.train_support.tolist(),
        "in_epochs": about.history is not None,
    }
    left_out = []
    if about.trained_on is not None:
        trained_on, leaked = _trained_on(about.trained_on, films, dataset)
        config["trained_on"] = trained_on
        films = without(films, leaked)
        if leaked:
            left_out.append(f"Test films that the model was trained on: {some(leaked)}.")
    if not films.ids:
        raise DataError(
            f"'{path}' has only test films that the model was trained on. Expected others. Score "
            "films that it has not seen."
        )
    rows: Sequence[Row] = ()
    if about.history is not None:
        history = read_history(about.history)
        rows, left_out = history.rows, [*left_out, *history.left_out]
    return {"runs": [_write(artifacts, dataset, config, rows, [], films)], "left_out": left_out}


def made_of(run: Run) -> dict[str, Any]:
    """Return what was imported as plain data.

    Returns:
        Id, label, epochs, those planned (None if unknown), lowest validation loss, that of the base
        rates (None without films), films with scores by split, and findings of a run.
    """
    rows, films = run.history(), run.films() if run.has_scores else None
    return {
        "run": run.id,
        "label": run.label,
        "epochs": len(rows),
        "planned": run.config["epochs"],
        "val_loss": min((row["val_loss"] for row in rows if "val_loss" in row), default=None),
        "base_rates": None,
        "films": n_by_split(films) if films else {},
        "findings": run.config["findings"],
    }


def base_rates_of(dataset: Dataset | None) -> BaseRateLoss | None:
    """Return the validation loss of predicting base rates; None without two validation films."""
    if dataset is None or len(rows := dataset.rows("validation")) < 2:
        return None
    return base_rate_loss_of_samples(dataset.labels[rows], dataset.prior)


def _of_fit(notebook: Notebook, fit: Fit, about: About) -> dict[str, Any]:
    """Return the config of a training in a notebook."""
    seen: Modality = fit.summary.modality if fit.summary else "unknown"
    options: dict[str, Any] = {"cell": fit.cell, "notebook": notebook.name}
    if fit.summary and fit.summary.n_trainable is not None:
        options["trainable parameters"] = fit.summary.n_trainable
    return {
        "label": " ".join([about.name or notebook.name, fit.model or f"cell {fit.cell}"]),
        "modality": about.modality or seen,
        "epochs": fit.printed.n_planned,
        "options": options,
    }


def _with_ids(found: Scores, path: Path, about: About) -> Scores:
    """Return scores with the ids that a file beside them has."""
    if about.ids is None:
        return found
    ids = np.array(read_ids(about.ids), dtype=object)
    if found.ids is not None or len(ids) != len(found.values):
        has = "ids of its own" if found.ids is not None else f"{len(found.values):,} rows"
        raise DataError(
            f"'{path}' has {has}, and '{about.ids}' {len(ids):,} ids. Expected one id for each row "
            "that has none. Leave --ids out, or name the file that belongs to these rows."
        )
    return replace(found, ids=ids)


def _trained_on(
    path: Path, films: ScoredFilms, dataset: Dataset
) -> tuple[dict[str, Any], list[str]]:
    """Return what is known of the training films, and the scored test films among them."""
    trained = set(read_ids(path))
    unknown = trained.difference(dataset.films.ids)
    if len(unknown) == len(trained):
        raise DataError(
            f"'{path}' names no film of '{dataset.source.name}' but {some(sorted(unknown))}. "
            f"Expected ids such as {some(dataset.films.ids)}."
        )
    leaked = [film for film in films.of("test").ids if film in trained]
    counts = {"films": len(trained), "unknown": len(unknown), "test_films": len(leaked)}
    return counts, leaked


def _write(
    artifacts: Artifacts,
    dataset: Dataset | None,
    config: dict[str, Any],
    rows: Sequence[Row],
    found: Sequence[Finding],
    films: ScoredFilms | None = None,
) -> dict[str, Any]:
    """Write a run and return what was made."""
    of_films: dict[str, Any] = {"genres": []}
    if dataset is not None:
        of_films |= {"dataset": dataset.fingerprint, "dataset_name": dataset.source.name}
    known = {"model": "imported", "kind": "imported", "in_epochs": True}
    asked = {"findings": [asdict(one) for one in found]}
    writer = RunWriter.create(artifacts, {**known, **of_films, **asked, **config})
    if rows:
        writer.add_history([dict(row) for row in rows])
    writer.finish(films)
    baseline = base_rates_of(dataset)
    loss = baseline.value if baseline else None
    return {**made_of(open_run(artifacts, writer.id)), "base_rates": loss}
