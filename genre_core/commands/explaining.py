"""The commands `explain` and `robustness`: why a run gives its scores, and what it relies on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.progress import Progress

from genre_core.artifacts import Artifacts
from genre_core.commands import explanation_tables, printing
from genre_core.commands.options import artifacts_option, json_option, stoppable
from genre_core.commands.printing import notes
from genre_core.comparison import explanations
from genre_core.data.films import Dataset
from genre_core.data.store import load_dataset
from genre_core.errors import DataError, RunError, nearest
from genre_core.runs.folder import Run, find_run


@click.command()
@click.argument("run")
@click.option("--film", metavar="ID", help="Explain the scores of one film of the run's dataset.")
@click.option(
    "--genre", help="One genre; that with the highest score and every true one by default."
)
@click.option("--method", default="", help="occlusion, gradients or weights, where there are more.")
@click.option("--check", is_flag=True, help="Test the explanations of the run on 200 test films.")
@click.option("--summary", is_flag=True, help="Words and regions that count over the test films.")
@artifacts_option
@json_option
def explain(
    run: str,
    film: str | None,
    genre: str | None,
    method: str,
    check: bool,
    summary: bool,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Explain what RUN looks at: words of the overview, regions of the poster."""
    if sum([film is not None, check, summary]) != 1:
        raise DataError("Expected one of --film ID, --check and --summary.")
    found = find_run(artifacts, run)
    found.marker()
    dataset = load_dataset(artifacts, found.dataset)
    if film is not None:
        value = _of_film(found, dataset, film, genre, method)
        printing.show(value, as_json, explanation_tables.of_film)
    elif check:
        rows = [one.to_json() for one in _checks(found, dataset)]
        printing.show(rows, as_json, explanation_tables.checks)
    else:
        whole = _summary(found, dataset).to_json()
        printing.show(whole, as_json, explanation_tables.summary)


def _checks(run: Run, dataset: Dataset) -> list[explanations.Check]:
    from genre_core.scoring.explanations import checks
    from genre_core.scoring.scorer import Scorer

    with stoppable("the same command"), _progress("films") as progress:
        return explanations.kept_checks(run, lambda: checks.check(run, dataset, Scorer(), progress))


def _summary(run: Run, dataset: Dataset) -> explanations.Summary:
    from genre_core.scoring.explanations import summary
    from genre_core.scoring.scorer import Scorer

    with stoppable("the same command"), _progress("films") as progress:
        return explanations.kept_summary(
            run, lambda: summary.summary(run, dataset, Scorer(), progress)
        )


def _of_film(
    run: Run, dataset: Dataset, film: str, genre: str | None, method: str
) -> dict[str, Any]:
    """Return the explanation of a film, for the genres that are asked for."""
    if film not in dataset.films.ids:
        raise DataError(
            f"No film '{film}' in the dataset of run '{run.id}'."
            f"{nearest(film, dataset.films.ids)} The page Films shows the ID of each film."
        )
    if genre is not None and genre not in run.genres:
        raise RunError(
            f"Run '{run.id}' has no genre '{genre}'.{nearest(genre, run.genres)} "
            f"Genres: {', '.join(run.genres)}."
        )
    from genre_core.scoring.asked_films import film_at
    from genre_core.scoring.explanations.one_film import explain as explain_film
    from genre_core.scoring.scorer import Scorer

    row = dataset.films.ids.index(film)
    found = explain_film(Scorer(), run, film_at(dataset, row), method)
    scores = found["scores"]
    first = max(scores, key=lambda name: scores[name])
    true = [name for name, label in zip(dataset.genres, dataset.labels[row], strict=True) if label]
    shown = [genre] if genre else [first, *(name for name in true if name != first)]
    shown = [name for name in shown if name in scores]
    for one in ("poster", "overview"):
        if one in found:
            values = found[one]["contributions"]
            found[one]["contributions"] = {name: values[name] for name in shown}
    return {"film": film, "split": str(dataset.split[row]), "true": true, **found}


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@artifacts_option
@json_option
def robustness(runs: tuple[str, ...], artifacts: Artifacts, as_json: bool) -> None:
    """Measure what changes of posters and overviews cost each RUN, on the test films."""
    found = [find_run(artifacts, run) for run in runs]
    for run in found:
        run.marker()
    from genre_core.scoring.robustness import robustness as measured
    from genre_core.scoring.scorer import Scorer

    rows = []
    with stoppable("the same command"):
        for run in found:
            dataset = load_dataset(artifacts, run.dataset)
            with _progress(run.label) as progress:
                rows += [one.to_json() for one in measured(run, dataset, Scorer(), progress)]
    printing.show(rows, as_json, explanation_tables.robustness)


@contextmanager
def _progress(name: str) -> Iterator[Callable[..., None]]:
    """Yield what shows how much of how much is done, with the time left."""
    with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task(name, total=None)

        def move(done: int, total: int, what: str = "") -> None:
            bar.update(task, completed=done, total=total, description=f"{name} {what}".strip())

        yield move
