"""Commands about films: generate some, and look at what was read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from genre_core.artifacts import Artifacts
from genre_core.commands import printing, tables
from genre_core.commands.options import (
    artifacts_option,
    data_argument,
    json_option,
    open_films,
    reading_options,
    seed_option,
    split_option,
)
from genre_core.commands.printing import notes
from genre_core.data.films import SPLITS, Dataset
from genre_core.data.leakage import Leakage, kept_leakage, leakage_of
from genre_core.data.readers.reading import Choices
from genre_core.sample import generate_sample


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--films", default=600, show_default=True, help="How many films to generate.")
@seed_option
@artifacts_option
def sample(folder: Path | None, films: int, seed: int, artifacts: Artifacts) -> None:
    """Generate films that look like films in DIR (default: sample/ of the artifacts)."""
    folder = folder or artifacts.sample
    with notes.status("drawing posters"):
        generate_sample(folder, n_films=films, seed=seed)
    click.echo(f"{films} generated films in {folder}")


@click.command()
@data_argument
@split_option
@reading_options
@artifacts_option
@json_option
def inspect(
    data: Path,
    split_file: Path | None,
    choices: Choices | None,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Read films and report what was used, what was left out and why, and what the splits share."""
    report = inspection(data, artifacts, split_file, choices)
    printing.show(report, as_json, tables.inspection)


def inspection(
    data: Path,
    artifacts: Artifacts,
    split_file: Path | None = None,
    choices: Choices | None = None,
) -> dict[str, Any]:
    """Return the report on a folder of films as plain data, with progress while it is read."""
    dataset = open_films(data, artifacts, split_file, choices)
    return {
        "dataset": dataset.fingerprint,
        "generated": dataset.generated,
        **dataset.report,
        "inputs": list(dataset.inputs),
        "splits": {split: len(dataset.rows(split)) for split in SPLITS},
        "genres": {
            genre: {
                split: int(dataset.labels[dataset.rows(split), column].sum()) for split in SPLITS
            }
            for column, genre in enumerate(dataset.genres)
        },
        "leakage": _leakage(dataset, artifacts).to_json(),
    }


def _leakage(dataset: Dataset, artifacts: Artifacts) -> Leakage:
    """Return what the splits share, with progress while it is computed."""
    kept = kept_leakage(dataset, artifacts)
    if kept is not None:
        return kept
    with printing.PosterProgress() as progress:  # decoded before: a bar only if that copy is gone
        notes.print("comparing overviews, posters and names across splits", markup=False)
        return leakage_of(dataset, artifacts, progress)
