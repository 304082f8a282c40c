"""Commands that measure: what each option does, and how fast everything is."""

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
from genre_core.evaluation.bootstrap import MINIMUM_RESAMPLES
from genre_core.files import atomic_write
from genre_core.jobs.lock import training_lock

AT_LEAST_ONE = click.IntRange(min=1)


@click.command()
@click.option("--data", required=True, type=click.Path(path_type=Path), help="Films.")
@split_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs"),
    show_default=True,
    help="Folder of results.md, with the scores of the trainings in ablation/.",
)
@click.option("--minutes", type=float, help="Begin no training that would end later than this.")
@artifacts_option
def ablate(
    data: Path, split_file: Path | None, out: Path, minutes: float | None, artifacts: Artifacts
) -> None:
    """Train what shows which options help, as far as it is missing, and write results.md."""
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
    click.echo(f"{out / 'results.md'}: {missing} trainings are still missing")


@click.command()
@click.option(
    "--worlds",
    default=2000,
    type=AT_LEAST_ONE,
    show_default=True,
    help="Simulated samples of films for each kind of false verdict.",
)
@click.option(
    "--draws",
    "--resamples",  # its name until 0.1
    default=1000,
    type=click.IntRange(min=MINIMUM_RESAMPLES),
    show_default=True,
    help="Resamples and swaps in each of them.",
)
@click.option("--study", "studies", multiple=True, help="Only this study; can be repeated.")
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
    """Measure false verdicts, power and coverage in simulated worlds with known truth.

    What was made is kept; the same command continues after an interruption.
    """
    from benchmarks.coverage import simulation as simulation

    with stoppable("the same command"), Progress(console=notes, transient=True) as progress:
        task = progress.add_task("simulating", total=None)
        told = 0

        def tick(done: int, total: int) -> None:
            nonlocal told
            progress.update(task, total=total, completed=done)
            if not notes.is_terminal and done * 50 // total > told:
                told = done * 50 // total
                left = progress.tasks[task].time_remaining or 0
                notes.print(f"{done:,} of {total:,} worlds, {left / 60:.0f} min left")

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
@click.option("--data", type=click.Path(path_type=Path), help="Films; without it, a sample.")
@click.option(
    "--part",
    type=click.Choice(("all", "dashboard", "training")),
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
    """Measure speed and memory of dashboard and networks, each beside what is to be reached."""
    folder = data or sample_folder(artifacts)
    figures: list[dict[str, Any]] = []

    def tell(found: Iterable[Figure]) -> None:
        for figure in found:
            figures.append(figure.as_dict())
            notes.print(f"{figure.name}: {tables.measured(figures[-1])}", markup=False)

    # The pages first: the networks leave their memory and their threads behind.
    for name in ("dashboard", "training"):
        if part not in ("all", name):
            continue
        module = importlib.import_module(f"benchmarks.speed.{name}")
        tell(module.run(folder, split_file))
    if part != "dashboard":
        from benchmarks.speed import finished

        tell(finished.run(artifacts, open_films(folder, artifacts, split_file).fingerprint))
    printing.show(figures, as_json, tables.measurements)
