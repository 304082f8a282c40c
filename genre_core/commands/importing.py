"""The command `import`: trainings and scores from elsewhere become runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import click

from genre_core.artifacts import Artifacts
from genre_core.catalogue import Modality
from genre_core.commands import printing
from genre_core.commands.options import (
    artifacts_option,
    json_option,
    open_films,
    print_report,
    reading_options,
    split_option,
)
from genre_core.data.films import SPLITS, Dataset
from genre_core.data.readers.reading import Choices
from genre_core.data.store import list_datasets, load_dataset
from genre_core.errors import DataError, GenreCoreError, command
from genre_core.runs.importing.alignment import Reading
from genre_core.runs.importing.sources import Source, import_source, source_of
from genre_core.runs.importing.write import About

MODALITIES = ("poster", "overview", "both", "unknown")
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="SOURCE...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Films that the sources are about, a folder or a table; the newest dataset by default.",
)
@split_option
@reading_options
@click.option(
    "--dataset",
    "fingerprint",
    metavar="FINGERPRINT",
    help="Films that were read before, instead of --data.",
)
@click.option("--name", default="", help="Name of the runs; that of the file by default.")
@click.option(
    "--modality",
    type=click.Choice(MODALITIES),
    help="What the models look at; what the layers in a notebook show by default.",
)
@click.option("--history", type=A_FILE, help="History of the training that scores belong to.")
@click.option("--ids", type=A_FILE, help="The film of each row of scores that have no ids.")
@click.option(
    "--trained-on",
    type=A_FILE,
    help="Ids of the films that the model was trained on; test films among them are left out.",
)
@click.option("--logits", is_flag=True, help="The scores are log-odds, not probabilities.")
@click.option("--partial", is_flag=True, help="Accept scores that lack some test films.")
@click.option(
    "--in-order",
    is_flag=True,
    help="Rows without ids are all films, or the test films, in the order of the dataset.",
)
@artifacts_option
@json_option
def import_(
    paths: tuple[Path, ...],
    data: Path | None,
    split_file: Path | None,
    fingerprint: str | None,
    choices: Choices | None,
    name: str,
    modality: str | None,
    history: Path | None,
    ids: Path | None,
    trained_on: Path | None,
    logits: bool,
    partial: bool,
    in_order: bool,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Import SOURCEs as runs: notebooks, histories, scores, or runs of Marquee.

    A SOURCE is a .ipynb file that was executed, of which nothing is executed again; a history: CSV,
    JSON or NPZ by epoch, event files of TensorBoard or an MLflow store; scores: CSV, Parquet, NPZ
    or NPY with one row per film and one column per genre; or the ZIP of an exported run.
    """
    is_scores = in_order or ids is not None
    sources = [source_of(path, is_scores=is_scores) for path in paths]
    about = About(
        name,
        cast("Modality | None", modality),
        Reading(is_logits=logits, is_partial=partial, in_order=in_order),
        history,
        ids,
        trained_on,
    )
    films = _films(data, split_file, fingerprint, choices, artifacts)
    _check_one(sources, about)
    made: dict[str, list[Any]] = {"runs": [], "left_out": []}
    for source in sources:
        try:
            found = import_source(source, artifacts, films, _of(about, source, sources))
        except GenreCoreError:
            if made["runs"]:
                done = ", ".join(one["run"] for one in made["runs"])
                printing.notes.print(f"Imported before the error: {done}", markup=False)
            raise
        made = {name: [*made[name], *found[name]] for name in made}
    printing.show(made, as_json, _lines)
    if not as_json:
        _say_next(made, artifacts)


def _say_next(made: dict[str, list[Any]], artifacts: Artifacts) -> None:
    """Say how to look at what was imported."""
    judged = [one["run"] for one in made["runs"] if one["films"].get("test")]
    if len(judged) > 1:
        said = command("compare", *judged[:2], artifacts=artifacts)
        printing.notes.print(f"Compare them: {said}", markup=False, soft_wrap=True)
    said = command("app", artifacts=artifacts)
    printing.notes.print(f"Open the dashboard: {said}", markup=False, soft_wrap=True)


def _check_one(sources: Sequence[Source], about: About) -> None:
    """Raise a DataError if what one run has is said of several sources."""
    said = {"--name": about.name, "--modality": about.modality, "--history": about.history}
    given = [option for option, value in said.items() if value]
    if given and len(sources) > 1:
        raise DataError(
            f"{', '.join(given)} is about one source, and {len(sources)} are given. Expected one. "
            "Import them one by one."
        )


def _of(about: About, source: Source, sources: Sequence[Source]) -> About:
    """Return what is said of a source; what is said of scores is not about a notebook beside."""
    if source.kind != "scores" and any(one.kind == "scores" for one in sources):
        return About(about.name, about.modality)
    return about


def _films(
    data: Path | None,
    split_file: Path | None,
    fingerprint: str | None,
    choices: Choices | None,
    artifacts: Artifacts,
) -> Dataset | None:
    """Return the films that are named, or else those of the newest dataset; None without any."""
    if data is not None and fingerprint is not None:
        raise DataError("--data and --dataset both name films. Expected one of them.")
    if data is not None:
        dataset = open_films(data, artifacts, split_file, choices)
        print_report(dataset.report)
        return dataset
    if fingerprint is None:
        newest = next(iter(list_datasets(artifacts)), None)
        fingerprint = newest["fingerprint"] if newest else None
    return load_dataset(artifacts, fingerprint) if fingerprint else None


def _lines(made: dict[str, Any]) -> list[str]:
    """Return what was imported, one line per run and finding, and what was left out."""
    lines = []
    for one in made["runs"]:
        lines.append(f"{one['run']}: {one['label']}{_scored(one)}{_trained(one)}")
        lines += [f"  ? {finding['question']}" for finding in one["findings"]]
    return lines + [f"left out: {words}" for words in made["left_out"]]


def _scored(one: dict[str, Any]) -> str:
    if not one["films"]:
        return ""
    splits = ", ".join(f"{one['films'][split]:,} {split}" for split in SPLITS)
    unjudged = "" if one["films"]["test"] else "; no test film, so it gets no verdict"
    return f", {sum(one['films'].values()):,} films scored ({splits}){unjudged}"


def _trained(one: dict[str, Any]) -> str:
    if not one["epochs"]:
        return ""
    loss = "no validation loss"
    if one["val_loss"] is not None:
        loss = f"best validation loss {one['val_loss']:.4f}"
    base = f" (base rates {one['base_rates']:.4f})" if one["base_rates"] is not None else ""
    of_planned = f" of {one['planned']}" if one["planned"] else ""
    return f", {one['epochs']}{of_planned} epochs, {loss}{base}"
