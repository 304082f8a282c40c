"""Time of `improved` to reach the lowest loss of `reference`, from finished runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.speed.figure import Figure
from genre_core.artifacts import Artifacts
from genre_core.runs.folder import Run, list_runs
from genre_core.runs.history import HistoryRow

RECIPES = ("reference", "improved")
LEAST = {"poster_cnn": 3.0, "overview_lstm": 60.0}  # times as fast


def run(artifacts: Artifacts, fingerprint: str) -> Iterator[Figure]:
    """Yield a line for each network, from runs that have finished with both recipes on a dataset.

    Measured is the time of the epochs until the lowest validation loss of the reference is reached,
    including preparation. Of several runs the newest with the most epochs is used.
    """
    here = [
        run
        for run in list_runs(artifacts)
        if run.state == "finished"
        and run.config["dataset"] == fingerprint
        and not run.config.get("changed")
    ]
    for model, least in LEAST.items():
        line = partial(
            Figure,
            f"{model}, seconds to reference's lowest loss, reference / improved",
            unit="x",
            bound=least,
            at_least=True,
        )
        reference, improved = (_longest(here, model, recipe) for recipe in RECIPES)
        if reference is None or improved is None:
            yield line(None, needs=f"runs of {model} with the recipes {' and '.join(RECIPES)}")
            continue
        goal = min(row["val_loss"] for row in reference.history())
        times = [_seconds_until(run.history(), goal) for run in (reference, improved)]
        yield line(times[0] / times[1])


def _longest(runs: list[Run], model: str, recipe: str) -> Run | None:
    wanted = (model, recipe)
    found = [run for run in runs if (run.config["model"], run.config["recipe"]) == wanted]
    return max(found, key=lambda run: run.marker()["epochs_done"], default=None)


def _seconds_until(history: list[HistoryRow], goal: float) -> float:
    """Return the time until a validation loss is reached in seconds; infinite if it never is."""
    seconds = 0.0
    for row in history:
        seconds += row["seconds"]
        if row["val_loss"] <= goal:
            result: float = seconds
            return result
    return float("inf")
