"""The command `import`: trainings from elsewhere become runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import click

from genre_core.artifacts import Artifacts
from genre_core.catalogue import Modality
from genre_core.commands import printing
from genre_core.commands.options import artifacts_option, json_option, open_films, split_option
from genre_core.data.films import Dataset
from genre_core.data.store import list_datasets, load_dataset
from genre_core.errors import DataError
from genre_core.runs.importing.histories import ENDINGS
from genre_core.runs.importing.scores import has_scores
from genre_core.runs.importing.write import NOTEBOOK, import_scores, import_training

MODALITIES = ("poster", "overview", "both", "unknown")


@click.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder of the films that the trainings are about; the newest dataset by default.",
)
@split_option
@click.option("--name", default="", help="Name of the runs; that of the file by default.")
@click.option(
    "--modality",
    type=click.Choice(MODALITIES),
    help="What the models look at; what the layers in a notebook show by default.",
)
@click.option(
    "--history",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="History of the training, with scores as SOURCE.",
)
@click.option("--logits", is_flag=True, help="The scores are log-odds, not probabilities.")
@click.option("--partial", is_flag=True, help="Accept scores that lack some test films.")
@artifacts_option
@json_option
def import_(
    source: Path,
    data: Path | None,
    split_file: Path | None,
    name: str,
    modality: str | None,
    history: Path | None,
    logits: bool,
    partial: bool,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Import SOURCE as runs: an executed notebook, a history, or scores.

    SOURCE is a .ipynb file, of which nothing is executed; a history: CSV of Keras' CSVLogger, JSON
    or NPZ of History.history; or scores: CSV, Parquet or NPZ with Id and one column per genre.
    """
    seen = cast("Modality | None", modality)
    if has_scores(source):
        films = _films(data, split_file, artifacts)
        if films is None:
            raise DataError("Scores need the films that they are about. Name them with --data.")
        one = import_scores(
            source,
            artifacts,
            films,
            name=name,
            modality=seen,
            is_logits=logits,
            is_partial=partial,
            history=history,
        )
        printing.show(one, as_json, _scored)
        return
    if source.suffix.lower() not in (NOTEBOOK, *ENDINGS):
        raise DataError(
            f"'{source}' ends in '{source.suffix}'. Expected a notebook ({NOTEBOOK}), a history "
            f"({', '.join(ENDINGS)}) or scores (.csv, .parquet, .npz)."
        )
    dataset = _films(data, split_file, artifacts)
    made = import_training(source, artifacts, dataset, name=name, modality=seen)
    printing.show(made, as_json, _lines)


def _films(data: Path | None, split_file: Path | None, artifacts: Artifacts) -> Dataset | None:
    if data is not None:
        return open_films(data, artifacts, split_file)
    newest = next(iter(list_datasets(artifacts)), None)
    return load_dataset(artifacts, newest["fingerprint"]) if newest else None


def _scored(one: dict[str, Any]) -> list[str]:
    """Return what was imported, in one line."""
    n_films = sum(one["films"].values())
    splits = ", ".join(f"{number:,} {split}" for split, number in one["films"].items())
    return [f"{one['run']}: {one['label']}, {n_films:,} films scored ({splits})"]


def _lines(made: dict[str, Any]) -> list[str]:
    """Return what was imported, one line per run and finding, and what was left out."""
    lines = []
    for one in made["runs"]:
        loss = "no validation loss"
        if one["val_loss"] is not None:
            loss = f"best validation loss {one['val_loss']:.4f}"
        base = f" (base rates {one['base_rates']:.4f})" if one["base_rates"] is not None else ""
        of_planned = f" of {one['planned']}" if one["planned"] else ""
        epochs = f"{one['epochs']}{of_planned} epochs"
        lines.append(f"{one['run']}: {one['label']}, {epochs}, {loss}{base}")
        lines += [f"  ? {finding['question']}" for finding in one["findings"]]
    return lines + [f"left out: {words}" for words in made["left_out"]]
