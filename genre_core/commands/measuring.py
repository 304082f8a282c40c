"""Commands that measure: what each option does, and how fast everything is."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from genre_core import printing
from genre_core.bench.figure import Figure
from genre_core.commands.options import (
    artifacts_option,
    json_option,
    open_films,
    sample_folder,
    seed_option,
    split_option,
    stoppable,
)
from genre_core.files import atomic_write
from genre_core.lock import training_lock
from genre_core.printing import notes

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
    data: Path, split_file: Path | None, out: Path, minutes: float | None, artifacts: Path
) -> None:
    """Train what shows which options help, as far as it is missing, and write results.md."""
    with stoppable("the same command"), training_lock(artifacts) as lock:
        lock.describe(phase="loading keras")
        from genre_core import ablation
        from genre_core.training import train as training

        shop = training.Workshop(artifacts, notes, lock)
        dataset = open_films(data, artifacts, split_file)
        missing = ablation.make_missing(out / "ablation", dataset, shop, minutes)
        with notes.status("resampling the films"):
            page = ablation.results(out / "ablation", dataset)
        with atomic_write(out / "results.md") as file:
            file.write(page.encode())
    click.echo(f"{out / 'results.md'}: {missing} trainings are still missing")


@click.command()
@click.option(
    "--worlds", default=2000, type=AT_LEAST_ONE, show_default=True, help="Samples of films."
)
@click.option(
    "--resamples", default=1000, type=AT_LEAST_ONE, show_default=True, help="Of each world."
)
@seed_option
@json_option
def coverage(worlds: int, resamples: int, seed: int, as_json: bool) -> None:
    """Measure in worlds with known truth how often the 95% intervals hold."""
    from genre_core.bench import coverage as simulation

    with Progress(console=notes, transient=True) as progress:
        task = progress.add_task("looking at worlds", total=worlds)

        def tick() -> None:
            progress.advance(task)
            done = progress.tasks[task].completed
            if not notes.is_terminal and done % max(1, worlds // 10) == 0:
                left = progress.tasks[task].time_remaining or 0
                notes.print(f"{done:.0f} of {worlds} worlds, {left / 60:.0f} min left")

        rows = simulation.run(worlds, resamples, seed, tick)
    printing.show([row.as_dict() for row in rows], as_json, printing.coverage)


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
    data: Path | None, part: str, split_file: Path | None, artifacts: Path, as_json: bool
) -> None:
    """Measure speed and memory of dashboard and networks, each beside what is to be reached."""
    folder = data or sample_folder(artifacts)
    figures: list[dict[str, Any]] = []

    def tell(found: Iterable[Figure]) -> None:
        for figure in found:
            figures.append(figure.as_dict())
            notes.print(f"{figure.name}: {printing.measured(figures[-1])}", markup=False)

    # The pages first: the networks leave their memory and their threads behind.
    for name in ("dashboard", "training"):
        if part not in ("all", name):
            continue
        module = importlib.import_module(f"genre_core.bench.{name}")
        tell(module.run(folder, split_file))
    if part != "dashboard":
        from genre_core.bench import finished

        tell(finished.run(artifacts, open_films(folder, artifacts, split_file).fingerprint))
    printing.show(figures, as_json, printing.measurements)
