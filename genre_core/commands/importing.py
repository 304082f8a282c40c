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
from genre_core.runs.importing.write import NOTEBOOK, import_training

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
@artifacts_option
@json_option
def import_(
    source: Path,
    data: Path | None,
    split_file: Path | None,
    name: str,
    modality: str | None,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Import the trainings of SOURCE, an executed notebook or a history, as runs.

    SOURCE is a .ipynb file, of which nothing is executed, or a history: CSV of Keras' CSVLogger,
    JSON or NPZ of History.history.
    """
    if source.suffix.lower() not in (NOTEBOOK, *ENDINGS):
        raise DataError(
            f"'{source}' ends in '{source.suffix}'. Expected a notebook ({NOTEBOOK}) or a history "
            f"({', '.join(ENDINGS)})."
        )
    dataset = _films(data, split_file, artifacts)
    made = import_training(
        source, artifacts, dataset, name=name, modality=cast("Modality | None", modality)
    )
    printing.show(made, as_json, _lines)


def _films(data: Path | None, split_file: Path | None, artifacts: Artifacts) -> Dataset | None:
    if data is not None:
        return open_films(data, artifacts, split_file)
    newest = next(iter(list_datasets(artifacts)), None)
    return load_dataset(artifacts, newest["fingerprint"]) if newest else None


def _lines(made: list[dict[str, Any]]) -> list[str]:
    """Return what was imported, one line a run and one a finding."""
    lines = []
    for one in made:
        loss = "no validation loss"
        if one["val_loss"] is not None:
            loss = f"best validation loss {one['val_loss']:.4f}"
        base = f" (base rates {one['base_rates']:.4f})" if one["base_rates"] is not None else ""
        lines.append(f"{one['run']}: {one['label']}, {one['epochs']} epochs, {loss}{base}")
        lines += [f"  ? {finding['question']}" for finding in one["findings"]]
    return lines
