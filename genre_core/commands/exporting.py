"""The command `export`: finished runs as files for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from genre_core.artifacts import Artifacts
from genre_core.commands.options import artifacts_option, checked_output, json_option
from genre_core.commands.printing import escaped
from genre_core.comparison.model_card import card_files
from genre_core.data.store import list_datasets
from genre_core.errors import DataError, RunError, command
from genre_core.runs.exporting.archive import zip_files
from genre_core.runs.exporting.files import write_files
from genre_core.runs.exporting.mlflow_store import write_mlflow
from genre_core.runs.exporting.tables import csv_files, parquet_files
from genre_core.runs.exporting.tensorboard import tensorboard_files
from genre_core.runs.folder import Run, find_run
from genre_core.runs.scores import splits_of
from genre_core.scoring.networks import has_network, write_keras, write_onnx


@dataclass(frozen=True)
class Format:
    """One format that runs can be exported to.

    Attributes:
        name: value of `--to`.
        needs: what a run must have for it, at least one of "scores", "test scores", "history" and
            "trained network"; nothing if empty.
        write: writes runs below a folder and returns the paths of what was written.
    """

    name: str
    needs: tuple[str, ...]
    write: Callable[[Sequence[Run], Path], list[Path]]


FORMATS = (
    Format("csv", ("scores", "history"), partial(write_files, csv_files)),
    Format("parquet", ("scores", "history"), partial(write_files, parquet_files)),
    Format("zip", (), partial(write_files, zip_files)),
    Format("tensorboard", ("history",), partial(write_files, tensorboard_files)),
    Format("mlflow", ("scores", "history"), write_mlflow),
    Format("model-card", ("test scores",), partial(write_files, card_files)),
    Format("keras", ("trained network",), write_keras),
    Format("onnx", ("trained network",), write_onnx),
)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--to",
    "name",
    type=click.Choice([form.name for form in FORMATS]),
    required=True,
    help="Format of the files.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=".",
    show_default=True,
    help="Folder to write to, created if necessary; existing files are not overwritten.",
)
@artifacts_option
@json_option
def export(
    names: tuple[str, ...], name: str, out: Path, artifacts: Artifacts, as_json: bool
) -> None:
    """Export finished RUNs as files for other programs."""
    form = next(form for form in FORMATS if form.name == name)
    by_id = {run.id: run for run in (find_run(artifacts, run) for run in names)}
    runs = list(by_id.values())
    for run in runs:
        _check(run, form)
    _check_folder(out, artifacts)
    written = form.write(runs, out)
    files = [str(path) for path in written]
    found = {"format": name, "runs": [run.id for run in runs], "files": files}
    # Not as a table, which would break long paths.
    text = json.dumps(found, indent=2, ensure_ascii=False) if as_json else "\n".join(files)
    click.echo(escaped(text))


def exportable(run: Run) -> list[str]:
    """Return the formats that a finished run can be exported to."""
    has = {
        "scores": run.has_scores,
        "test scores": "test" in splits_of(run),
        "history": bool(run.history()),
        "trained network": has_network(run),
    }
    return [
        form.name for form in FORMATS if not form.needs or any(has[need] for need in form.needs)
    ]


def _check(run: Run, form: Format) -> None:
    """Raise a RunError if a run cannot be exported to a format."""
    if run.state in ("running", "unfinished"):
        raise RunError(
            f"Run '{run.id}' is {run.state}, and only finished runs can be exported. "
            + (
                "Wait until it is finished."
                if run.state == "running"
                else "Finish it with the best weights so far: "
                + command("finish", run.id, artifacts=run.artifacts)
            )
        )
    run.marker()  # refuses a damaged run
    possible = exportable(run)
    if form.name not in possible:
        raise RunError(
            f"Run '{run.id}' has no {' and no '.join(form.needs)}, so it cannot be exported to "
            f"{form.name}. Expected one of these formats: --to {', '.join(possible)}."
        )


def _check_folder(out: Path, artifacts: Artifacts) -> None:
    """Raise a DataError if the destination lies among runs or films."""
    if out.resolve().is_relative_to(artifacts.root.resolve()):
        raise DataError(
            f"'{out}' lies in the artifacts folder '{artifacts}', which only holds what Marquee "
            "itself writes. Choose a folder elsewhere with --out."
        )
    for dataset in list_datasets(artifacts):
        checked_output(out, Path(dataset["source"]))
