"""The command that starts the dashboard."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

import genre_core
from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.commands.options import (
    artifacts_option,
    open_films,
    print_report,
    reading_options,
    split_option,
)
from genre_core.commands.printing import notes
from genre_core.data.readers.reading import Choices
from genre_core.data.store import list_datasets
from genre_core.errors import BusyError
from genre_core.jobs import process
from genre_core.runs.folder import list_runs

PACKAGE = Path(genre_core.__file__).parent


def home() -> Path:
    """Return the folder of `dashboard.py`: inside an installed package, else the checkout."""
    installed = PACKAGE / "app"
    return installed if (installed / "dashboard.py").exists() else PACKAGE.parent


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Films: a folder, or a table; a synthetic sample by default.",
)
@split_option
@reading_options
@click.option(
    "--recipe", default=catalogue.DEFAULT_RECIPE, show_default=True, help="Of the networks."
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Further name under which the dashboard may be opened; repeatable.",
)
@click.option(
    "--embed-in",
    "frames",
    multiple=True,
    metavar="ORIGIN",
    help="Origin whose pages may frame the dashboard, as https://example.org; repeatable.",
)
@artifacts_option
def app(
    port: int,
    data: Path | None,
    split_file: Path | None,
    choices: Choices | None,
    recipe: str,
    hosts: tuple[str, ...],
    frames: tuple[str, ...],
    artifacts: Artifacts,
) -> None:
    """Start the dashboard, and in the background train the models that are missing.

    The training goes on when the dashboard is closed. Without --data nothing is trained where there
    are runs of other films than the sample.
    """
    if data is None and has_own_runs(artifacts):
        notes.print(
            f"Showing the runs in '{artifacts}'. Nothing is trained: use Retrain in the sidebar, "
            "or name films with --data.",
            markup=False,
            soft_wrap=True,
        )
    else:
        catalogue.MODELS[0].recipe_for(recipe)  # a mistake shows at once, as with the films
        _train(artifacts, data, split_file, choices, recipe)
    notes.print(f"Dashboard: http://localhost:{port}", markup=False, soft_wrap=True)
    environment = {
        **os.environ,
        "MARQUEE_ARTIFACTS": str(artifacts.root.resolve()),
        "MARQUEE_PORT": str(port),
        "MARQUEE_ALLOWED_HOSTS": " ".join(hosts),
        "MARQUEE_FRAME_ANCESTORS": " ".join(frames),
    }
    command = [sys.executable, "-m", "genre_core.ui.server"]
    os.chdir(home())
    os.execve(sys.executable, command, environment)  # a signal to this process ends the server


def has_own_runs(artifacts: Artifacts) -> bool:
    """Return whether there are runs of somebody's own films, trained or imported."""
    samples = {meta["fingerprint"] for meta in list_datasets(artifacts) if meta["generated"]}
    return any(
        run.state == "finished" and run.dataset not in samples for run in list_runs(artifacts)
    )


def _train(
    artifacts: Artifacts,
    data: Path | None,
    split_file: Path | None,
    choices: Choices | None,
    recipe: str,
) -> None:
    """Start a training of the models that are missing, unless one is running."""
    words = ["train", "all", "--resume", "--recipe", recipe]
    if data:
        dataset = open_films(data, artifacts, split_file, choices)  # a mistake shows at once
        print_report(dataset.report)
        words += ["--data", str(data.resolve())]
        words += choices.words() or ["--detect"] if choices else []
    if split_file:
        words += ["--split", str(split_file.resolve())]
    try:
        process.start(artifacts, words)
        log = artifacts.root / process.LOG
        notes.print(f"Training in the background, see {log}", markup=False, soft_wrap=True)
    except BusyError:
        notes.print("A training is running already", markup=False)
