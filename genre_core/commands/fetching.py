"""The command `fetch`: public datasets of films, downloaded and read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from genre_core.artifacts import Artifacts
from genre_core.commands import films, printing
from genre_core.commands.options import artifacts_option, json_option, stoppable
from genre_core.commands.printing import notes
from genre_core.commands.tables import public_datasets
from genre_core.data.downloads import download, unpack
from genre_core.data.public_datasets import DATASETS, PublicDataset, public_dataset
from genre_core.errors import DataError, command


@click.command()
@click.argument("name", required=False, metavar="[NAME]")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option(
    "--sha256",
    default="",
    metavar="HEX",
    help="Checksum that the file has to have, of a new release.",
)
@artifacts_option
@json_option
@click.pass_context
def fetch(
    context: click.Context,
    name: str | None,
    folder: Path | None,
    sha256: str,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Download the public dataset NAME into DIR and read it; without NAME, list what is known.

    An interrupted download goes on where it stopped. A dataset without a plain address is not
    downloaded: it is said where and how it is to be had.
    """
    if name is None:
        printing.show([vars(one) for one in DATASETS], as_json, public_datasets)
        return
    found = public_dataset(name)
    _introduce(found)
    if not found.files:
        said = command("inspect", str(folder or "DIR"), artifacts=artifacts)
        notes.print(f"Then read it with: {said}", markup=False, soft_wrap=True)
        return
    if folder is None:
        raise DataError(f"Where to? Expected a folder: {command('fetch', name, 'DIR')}")
    with stoppable("the same command"):
        _download(found, folder, sha256)
        source = next(unpack(folder / one.name, folder) for one in found.files)
    context.invoke(films.inspect, data=source, artifacts=artifacts, as_json=as_json)


def _introduce(found: PublicDataset) -> None:
    for line in (
        f"{found.name}: {found.films}",
        found.homepage,
        f"terms: {found.terms}",
        found.how,
    ):
        if line:
            notes.print(line, markup=False, highlight=False, soft_wrap=True)


def _download(found: PublicDataset, folder: Path, sha256: str) -> None:
    if sha256 and len(found.files) > 1:
        raise DataError(f"--sha256 is about one file, and {found.name} has {len(found.files)}.")
    for remote in found.files:
        expected = replace(remote, sha256=sha256 or remote.sha256)
        size = f" ({remote.size})" if remote.size else ""
        notes.print(f"downloading {remote.url}{size}", markup=False, soft_wrap=True)
        columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal)
        with bar:
            task = bar.add_task("", total=None)

            def move(done: int, total: int, task: int = task, bar: Progress = bar) -> None:
                bar.update(task, completed=done, total=total or None)  # type: ignore[arg-type]

            path, digest = download(expected, folder, move)
        checked = "" if expected.sha256 else ", not checked, as none is published"
        notes.print(f"{path}: SHA-256 {digest}{checked}", markup=False, soft_wrap=True)
