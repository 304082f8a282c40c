"""The commands `ablate`, `bench`, `coverage`, `faults`, `reference-curves` and `screenshots`."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from benchmarks import printing as tables
from benchmarks.speed.figure import Figure
from genre_core.artifacts import Artifacts
from genre_core.commands import printing
from genre_core.commands.options import (
    artifacts_option,
    json_option,
    open_films,
    sample_folder,
    seed_option,
    split_option,
    stoppable,
)
from genre_core.commands.printing import notes
from genre_core.data.store import load_dataset
from genre_core.errors import DataError
from genre_core.evaluation.base_rates import base_rate_loss
from genre_core.evaluation.bootstrap import MINIMUM_RESAMPLES
from genre_core.files import atomic_write
from genre_core.jobs.lock import training_lock
from genre_core.runs.folder import find_run

AT_LEAST_ONE = click.IntRange(min=1)
pictures_option = click.option(
    "--out",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("docs"),
    show_default=True,
    help="Folder of the pictures, which are replaced.",
)


@click.command()
@click.option("--data", required=True, type=click.Path(path_type=Path), help="Folder of films.")
@split_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs"),
    show_default=True,
    help="Folder for results.md and for the scores of the trainings, in ablation/.",
)
@click.option(
    "--minutes", type=float, help="Time limit; no training is started that would exceed it."
)
@artifacts_option
def ablate(
    data: Path, split_file: Path | None, out: Path, minutes: float | None, artifacts: Artifacts
) -> None:
    """Run the missing trainings of the ablation, and write results.md."""
    with stoppable("the same command"), training_lock(artifacts) as lock:
        lock.describe(phase="loading keras")
        from benchmarks import ablation
        from genre_core.training import train as training

        ablation.refuse_foreign(out / "results.md")
        context = training.TrainingContext(artifacts, notes, lock)
        dataset = open_films(data, artifacts, split_file)
        missing = ablation.make_missing(out / "ablation", dataset, context, minutes)
        with notes.status("resampling the films"):
            page = ablation.results(out / "ablation", dataset)
        with atomic_write(out / "results.md") as file:
            file.write(page.encode())
    click.echo(f"{out / 'results.md'}: {missing} trainings are missing")


@click.command()
@click.option(
    "--worlds",
    default=2000,
    type=AT_LEAST_ONE,
    show_default=True,
    help="Number of simulated samples for each study of false verdicts.",
)
@click.option(
    "--draws",
    "--resamples",  # its name until 0.1
    default=1000,
    type=click.IntRange(min=MINIMUM_RESAMPLES),
    show_default=True,
    help="Number of resamples and of swaps in each sample.",
)
@click.option("--study", "studies", multiple=True, help="Run only this study. Can be repeated.")
@seed_option
@artifacts_option
@json_option
def coverage(
    worlds: int,
    draws: int,
    studies: tuple[str, ...],
    seed: int,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Measure false verdicts, power and coverage in simulations with known truth.

    Results are saved; after an interruption, run the same command again to continue.
    """
    from benchmarks.coverage import simulation as simulation

    with stoppable("the same command"), Progress(console=notes, transient=True) as progress:
        task = progress.add_task("simulating", total=None)
        n_reported = 0

        def tick(done: int, total: int) -> None:
            nonlocal n_reported
            progress.update(task, total=total, completed=done)
            if not notes.is_terminal and done * 50 // total > n_reported:
                n_reported = done * 50 // total
                left = progress.tasks[task].time_remaining or 0
                notes.print(f"{done:,} of {total:,} samples, {left / 60:.0f} min left")

        rates = simulation.run(
            artifacts.root / "coverage",
            n_worlds=worlds,
            n_draws=draws,
            seed=seed,
            names=studies,
            tick=tick,
        )
    printing.show([rate.as_dict() for rate in rates], as_json, tables.rates)


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder of films; a synthetic sample by default.",
)
@click.option(
    "--part",
    type=click.Choice(("all", "dashboard", "crowd", "reading", "training")),
    default="all",
    show_default=True,
    help="What to measure.",
)
@split_option
@artifacts_option
@json_option
def bench(
    data: Path | None, part: str, split_file: Path | None, artifacts: Artifacts, as_json: bool
) -> None:
    """Measure speed and memory of the dashboard and the networks against targets."""
    folder = data or sample_folder(artifacts)
    figures: list[dict[str, Any]] = []

    def tell(found: Iterable[Figure]) -> None:
        for figure in found:
            figures.append(figure.as_dict())
            notes.print(f"{figure.name}: {tables.measured(figures[-1])}", markup=False)

    # The dashboard first, because the networks keep memory and threads allocated.
    for name in ("dashboard", "crowd", "reading", "training"):
        if part not in ("all", name):
            continue
        module = importlib.import_module(f"benchmarks.speed.{name}")
        tell(module.run(folder, split_file))
    if part in ("all", "training"):
        from benchmarks.speed import finished

        tell(finished.run(artifacts, open_films(folder, artifacts, split_file).fingerprint))
    printing.show(figures, as_json, tables.measurements)


@click.command()
@click.option("--minutes", type=float, help="Time limit; without it all attempts are made.")
@click.option("--fault", "names", multiple=True, help="Only this kind. Can be repeated.")
@seed_option
@artifacts_option
@json_option
def faults(
    minutes: float | None, names: tuple[str, ...], seed: int, artifacts: Artifacts, as_json: bool
) -> None:
    """Try to break Marquee: kills, races, damaged files, full disks, hostile input.

    Results are saved; after an interruption, run the same command again to continue. The exit
    status is 1 if an attempt failed.
    """
    from benchmarks import faults as campaign

    known = [fault.name for fault in campaign.FAULTS]
    if unknown := [name for name in names if name not in known]:
        raise click.BadParameter(f"{', '.join(unknown)}; expected some of {', '.join(known)}")
    with stoppable("the same command"), Progress(console=notes, transient=True) as progress:
        task = progress.add_task("attempts", total=None)

        def tick(done: int, total: int) -> None:
            progress.update(task, total=total, completed=done)

        rows = campaign.run(
            artifacts.root / "faults.jsonl", minutes=minutes, names=names, seed=seed, tick=tick
        )
    printing.show(rows, as_json, tables.faults)
    if any(row["failures"] for row in rows):
        raise SystemExit(1)


@click.command("reference-curves")
@click.option(
    "--notebook",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Executed notebook whose training is laid over the last epochs of the run.",
)
@click.option("--run", "run_id", required=True, help="Finished run with more epochs.")
@pictures_option
@artifacts_option
@json_option
def reference_curves(
    notebook: Path, run_id: str, out: Path, artifacts: Artifacts, as_json: bool
) -> None:
    """Draw the epochs of a notebook over the last ones of a run, and print how far they differ."""
    from benchmarks import reference_curves as curves

    run = find_run(artifacts, run_id)
    dataset = load_dataset(artifacts, run.dataset)
    baseline = base_rate_loss(dataset.labels[dataset.rows("validation")], dataset.prior)
    ours = run.history()
    rows = curves.notebook_rows(notebook, run)
    last = curves.last_start(ours, rows)
    model = f"{run.label}, {run.config['recipe']}, seed {run.seed}"
    source = [model, f"notebook {notebook.stem}", dataset.source.name]
    path = curves.write(curves.figure(run, curves.laid_at(rows, last), baseline, source), out)
    notes.print(f"{path}", markup=False, soft_wrap=True)
    found = [
        {"start": start, **curves.differences(ours, curves.laid_at(rows, start))}
        for start in (last, curves.closest_start(ours, rows))
    ]
    printing.show(found, as_json, tables.epoch_differences)


@click.command()
@pictures_option
@artifacts_option
def screenshots(out: Path, artifacts: Artifacts) -> None:
    """Take the pictures of README anew, on the synthetic films; missing models are trained."""
    from benchmarks import chromium
    from benchmarks import screenshots as pictures

    if not chromium.is_installed():
        raise DataError(
            "Chromium and Playwright are needed. Install them with: apt-get install chromium; "
            "make .venv/.development"
        )
    pictures.train(artifacts)
    for path in pictures.take(artifacts, out):
        notes.print(f"{path}", markup=False, soft_wrap=True)
