"""The commands on runs: `runs`, `show`, `compare`, `score` and `top`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from genre_core.artifacts import Artifacts
from genre_core.commands import printing, tables
from genre_core.commands.options import (
    artifacts_option,
    checked_output,
    json_option,
    print_report,
    reading_options,
    settled,
    threshold_option,
)
from genre_core.commands.printing import notes
from genre_core.comparison import compare as comparing
from genre_core.data import cells, store
from genre_core.data.films import SPLITS
from genre_core.data.readers.reading import Choices
from genre_core.errors import DataError, command, nearest
from genre_core.evaluation.bootstrap import MINIMUM_RESAMPLES
from genre_core.evaluation.decisions import top_k
from genre_core.evaluation.intervals import SIGNIFICANT
from genre_core.evaluation.paired import HEADLINE
from genre_core.files import atomic_write
from genre_core.runs import scores as run_scores
from genre_core.runs.folder import find_run, list_runs
from genre_core.runs.thresholds import TUNED


@click.command("runs")
@artifacts_option
@json_option
def list_(artifacts: Artifacts, as_json: bool) -> None:
    """List all runs with their state and test metrics."""
    runs = list_runs(artifacts)
    tables.show_runs(runs, as_json)
    if not runs:
        again = command("train", "all", artifacts=artifacts)
        notes.print(
            f"No runs in '{artifacts}'. Train some with: {again}", soft_wrap=True, markup=False
        )


@click.command()
@click.argument("run")
@click.option(
    "--on",
    "split",
    type=click.Choice(SPLITS),
    default="test",
    show_default=True,
    help="Split to evaluate on.",
)
@threshold_option(0.5)
@artifacts_option
@json_option
def show(run: str, split: str, threshold: float | str, artifacts: Artifacts, as_json: bool) -> None:
    """Print the metrics of RUN on one split, overall and per genre."""
    found = find_run(artifacts, run)
    figures = run_scores.figures(found, split=split, threshold=threshold)
    marker = found.marker()
    facts = {name: marker[name] for name in ("kept_epoch", "epochs_done", "seconds", "versions")}
    printing.show({**found.summary(), **facts, **figures}, as_json, tables.figures)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="RUN RUN...")
@threshold_option(TUNED)
@click.option(
    "--draws",
    "--resamples",  # its name until 0.1
    type=click.IntRange(min=MINIMUM_RESAMPLES),
    help="Number of bootstrap resamples and of random swaps; by default as many as the correction "
    "for multiple testing needs.",
)
@artifacts_option
@json_option
def compare(
    names: tuple[str, ...],
    threshold: float | str,
    draws: int | None,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Compare RUNs on the test films: differences with interval, p-values and verdict."""
    found = [find_run(artifacts, name) for name in names]
    here = [
        run
        for run in list_runs(artifacts)
        if run.state == "finished" and run.dataset == found[0].dataset
    ]
    result = comparing.compare(found, threshold=threshold, others=here, n_draws=draws)
    if as_json:
        printing.print_json(result.to_json())
        return
    printing.show(result, False, tables.differences)
    smallest = 2 * len(result.pairs) * len(HEADLINE) / (result.n_draws + 1)
    if smallest >= SIGNIFICANT:
        notes.print(
            f"With {result.n_draws} draws no corrected p-value of mAP or BCE can be below "
            f"{smallest:.2f}, so there are no verdicts. Omit --draws to use enough draws.",
            soft_wrap=True,
        )


@click.command()
@click.argument("run")
@click.option(
    "--data", required=True, type=click.Path(path_type=Path), help="Films: a folder, or a table."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file to write; existing files are not overwritten.",
)
@reading_options
@artifacts_option
@json_option
def score(
    run: str,
    data: Path,
    out: Path | None,
    choices: Choices | None,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Score the films of any folder with RUN; if they have labels, print the metrics."""
    found = find_run(artifacts, run)
    found.marker()
    if out:
        checked_output(out, data)
    from genre_core.scoring import films

    chosen = settled(choices, data, artifacts)
    with printing.PosterProgress() as progress:
        scored = films.score_folder(found, data, progress, choices=chosen)
    if out:
        _write_scores(out, scored.films.ids, found.genres, scored.y_score)
    summary = {
        "run": found.id,
        "split": "all",
        "n_films": len(scored.films),
        "n_seen_in_training": scored.n_seen,
        "report": scored.report,
    }
    print_report(scored.report)
    if scored.n_seen is None:
        notes.print("The dataset of this run was removed: some of these may be its training films.")
    if scored.n_seen:
        notes.print(f"{scored.n_seen} of these films are training films of this run.")
    try:
        summary |= films.figures(found, scored)
    except DataError as error:  # the scores are still valid
        notes.print(f"No metrics: {error}", markup=False, soft_wrap=True)
        summary |= {"metrics": None, "genres": None}
    printing.show(summary, as_json, tables.figures)


@click.command()
@click.argument("run")
@click.option("--film", required=True, help="ID of a film in the run's dataset.")
@click.option(
    "-k", default=3, show_default=True, type=click.IntRange(min=1), help="Number of genres."
)
@artifacts_option
@json_option
def top(run: str, film: str, k: int, artifacts: Artifacts, as_json: bool) -> None:
    """Print the k genres that RUN scores highest for FILM."""
    found = find_run(artifacts, run)
    ids = found.film_ids()
    if film not in ids:
        raise DataError(
            f"Run '{run}' has no scores for film '{film}'.{nearest(film, ids)} Expected the ID of "
            "a film in its dataset."
        )
    row = ids.index(film)
    dataset = store.load_dataset(artifacts, found.config["dataset"])
    scores = found.scores()[row : row + 1]
    true = [genre for genre, has in zip(dataset.genres, dataset.labels[row], strict=True) if has]
    ranked = [
        {"genre": found.genres[column], "score": float(scores[0, column])}
        for column in top_k(scores, k)[0]
    ]
    answer = {"film": film, "split": str(dataset.split[row]), "true": true, "top": ranked}
    printing.show(answer, as_json, tables.ranking)


def _write_scores(path: Path, ids: tuple[str, ...], genres: tuple[str, ...], y_score: Any) -> None:
    text = cells.scores_csv(ids, genres, y_score)
    target = path.resolve()  # a link stays one
    if target.exists() and not target.is_file():  # a pipe, a terminal
        target.write_text(text, encoding="utf-8")
        return
    with atomic_write(target) as file:
        file.write(text.encode())
