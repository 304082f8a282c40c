"""The command `fetch`: where public datasets are to be had, their download, and a first reading."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from rich.filesize import decimal
from rich.table import Column, Table

from genre_core.artifacts import Artifacts
from genre_core.commands import printing, tables
from genre_core.commands.films import inspection
from genre_core.commands.options import artifacts_option, json_option, stoppable
from genre_core.commands.printing import escaped, notes
from genre_core.data.public.archives import target_of, unpack
from genre_core.data.public.datasets import DATASETS, PublicDataset, find_dataset, with_sha256
from genre_core.data.public.downloads import download
from genre_core.errors import DataError, command

Found = dict[str, Any]


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--sha256",
    metavar="HEX",
    help="SHA-256 to expect instead of the published one, such as that of a newer release.",
)
@artifacts_option
@json_option
def fetch(
    name: str | None, folder: Path | None, sha256: str | None, artifacts: Artifacts, as_json: bool
) -> None:
    """Download the public dataset NAME to DIR and read it as `inspect` does.

    Without NAME, list the known datasets; without DIR, say where NAME is to be had. What is in DIR
    already is never overwritten, and an interrupted download is resumed.
    """
    if name is None:
        printing.show([_described(dataset) for dataset in DATASETS], as_json, _list)
        return
    dataset = _find(name)
    if sha256 is not None:
        dataset = replace(dataset, files=with_sha256(dataset.files, sha256))
    if folder is None or not dataset.files:
        _show(_described(dataset), as_json)
        _say_next(dataset, folder, artifacts)
        return
    _check_folder(folder, artifacts)
    if not as_json:
        _show(_described(dataset), as_json)
    again = ["--sha256", sha256] if sha256 else []
    with stoppable(command("fetch", dataset.key, str(folder), *again, artifacts=artifacts)):
        _fetch(dataset, folder, artifacts, as_json)


def _fetch(dataset: PublicDataset, folder: Path, artifacts: Artifacts, as_json: bool) -> None:
    """Download, unpack and read a dataset, and print what was found."""
    files = _downloaded(dataset, folder)
    if not as_json:
        click.echo(escaped(_file_lines(files)))
    films = _read(dataset, folder, artifacts) if dataset.modalities else None
    if as_json:
        found = {"dataset": _described(dataset), "files": files, "films": films}
        printing.show(found, as_json, list)
    elif films is not None:
        printing.show(films, as_json, tables.inspection)
        said = command("app", "--data", str(folder / dataset.folder), artifacts=artifacts)
        notes.print(f"Open the dashboard with them: {said}", markup=False, soft_wrap=True)


def _find(name: str) -> PublicDataset:
    """Return a dataset; an unknown name shows the list of the known ones first."""
    try:
        return find_dataset(name)
    except DataError:
        for table in _list([_described(dataset) for dataset in DATASETS]):
            notes.print(table, highlight=False, markup=False)
        raise


def _check_folder(folder: Path, artifacts: Artifacts) -> None:
    """Raise a DataError if nothing can be downloaded to a folder."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise DataError(f"'{folder}' exists and is not a folder. Expected a folder for the films.")
    if folder.resolve().is_relative_to(artifacts.root.resolve()):
        raise DataError(
            f"'{folder}' lies in the artifacts folder '{artifacts}', which only holds what Marquee "
            "itself makes. Choose a folder elsewhere."
        )


def _downloaded(dataset: PublicDataset, folder: Path) -> list[Found]:
    """Return what is in a folder after all files of a dataset are downloaded and unpacked."""
    found = []
    for source in dataset.files:
        _check_unpacked(folder / source.name)
        notes.print(f"downloading {source.url}", markup=False, soft_wrap=True)
        with printing.DownloadProgress(source.name) as progress:
            received = download(source, folder, progress)
        with notes.status(f"unpacking {source.name}"):
            unpacked = unpack(received.path)
        found.append(
            {
                "path": str(received.path),
                "n_bytes": received.path.stat().st_size,
                "sha256": received.sha256,
                "is_new": received.is_new,
                "is_verified": received.is_verified,
                "unpacked": None if unpacked is None else str(unpacked),
            }
        )
    return found


def _check_unpacked(path: Path) -> None:
    """Raise a DataError if a download would be unpacked over something else."""
    target = target_of(path)
    if target is None or os.path.lexists(path) or not os.path.lexists(target):
        return
    raise DataError(
        f"'{target}' exists already, but not '{path}', from which it would be unpacked. Expected "
        "both or neither. Read it with 'marquee inspect' if it is the dataset; move it away to "
        "download the dataset again."
    )


def _read(dataset: PublicDataset, folder: Path, artifacts: Artifacts) -> Found:
    """Return the report on the films of a dataset."""
    films = folder / dataset.folder
    try:
        return inspection(films, artifacts)
    except DataError as error:
        hint = f" {dataset.how}" if dataset.how else ""
        raise DataError(
            f"{dataset.title} is in '{folder}', whole, but its films cannot be read: {error}{hint} "
            f"Read them again with: {command('inspect', str(films), artifacts=artifacts)}"
        ) from error


def _say_next(dataset: PublicDataset, folder: Path | None, artifacts: Artifacts) -> None:
    """Say which command comes next."""
    target = "DIR" if folder is None else str(folder)
    said = f"Download it: {command('fetch', dataset.key, target, artifacts=artifacts)}"
    if not dataset.files:
        said = f"Then read it: {command('inspect', target, artifacts=artifacts)}"
    notes.print(said, markup=False, soft_wrap=True)


def _described(dataset: PublicDataset) -> Found:
    """Return what is known about a dataset as plain data."""
    return {
        "name": dataset.key,
        "title": dataset.title,
        "about": dataset.about,
        "films": dataset.n_films,
        "modalities": list(dataset.modalities),
        "homepage": dataset.homepage,
        "terms": dataset.terms,
        "how": dataset.how,
        "files": [
            {"url": file.url, "checksum": file.checksum or None, "n_bytes": file.n_bytes}
            for file in dataset.files
        ],
    }


def _list(described: Sequence[Found]) -> list[Any]:
    """Return a table of the known datasets."""
    table = Table(
        Column("name", no_wrap=True), Column("films", justify="right"), title="Public datasets"
    )
    for heading in ("modalities", "licence", "available from"):
        table.add_column(heading)
    for dataset in described:
        count = "" if dataset["films"] is None else f"{dataset['films']:,}"
        how = "marquee fetch" if dataset["files"] else urlsplit(dataset["homepage"]).hostname
        modalities = ", ".join(dataset["modalities"]) or "neither"
        table.add_row(dataset["name"], count, modalities, dataset["terms"], how)
    return [table]


def _show(described: Found, as_json: bool) -> None:
    """Print what is known about a dataset; not as a table, which would break long addresses."""
    if as_json:
        printing.show(described, as_json, list)
    else:
        click.echo(escaped(_lines(described)))


def _lines(described: Found) -> str:
    """Return lines on a dataset: what it is, its licence, and where it is to be had."""
    count = "" if described["films"] is None else f", {described['films']:,} films"
    lines = [
        f"{described['title']}{count}",
        described["about"],
        f"modalities: {', '.join(described['modalities']) or 'neither posters nor overviews'}",
        f"licence: {described['terms']}",
        f"page: {described['homepage']}",
    ]
    lines += [f"file: {file['url']}{_size(file)}" for file in described["files"]]
    return "\n".join([*lines, described["how"]] if described["how"] else lines)


def _size(file: Found) -> str:
    return "" if file["n_bytes"] is None else f" ({decimal(file['n_bytes'])})"


def _file_lines(files: Sequence[Found]) -> str:
    """Return lines on files that were downloaded."""
    lines = []
    for file in files:
        came = "downloaded" if file["is_new"] else "was there already"
        lines.append(f"{file['path']}: {came}, {decimal(file['n_bytes'])}")
        checked = "as expected" if file["is_verified"] else "no checksum is published to compare"
        lines.append(f"  SHA-256 {file['sha256']} ({checked})")
        if file["unpacked"]:
            lines.append(f"  unpacked to {file['unpacked']}")
    return "\n".join(lines)
