"""How fast a recipe gets where `reference` ends, from finished runs of both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from genre_core.bench.figure import Figure
from genre_core.runs import Run, list_runs

LEAST = {"poster_cnn": 3.0, "overview_lstm": 60.0}  # times as fast


def run(artifacts: Path, fingerprint: str) -> Iterator[Figure]:
    """Yield a line for each network that has finished with both recipes on a dataset.

    Seconds are those of the epochs that it took to reach the lowest validation loss that the
    reference ever had, with the preparations of the films; of several runs the newest counts.
    """
    here = [
        run
        for run in list_runs(artifacts)
        if run.state == "finished"
        and run.config["dataset"] == fingerprint
        and not run.config.get("changed")
    ]
    for model, least in LEAST.items():
        reference, improved = (_newest(here, model, name) for name in ("reference", "improved"))
        if reference is None or improved is None:
            continue
        goal = min(row["val_loss"] for row in reference.history())
        times = [_seconds_until(run, goal) for run in (reference, improved)]
        name = f"{model}, seconds to reference's lowest loss, reference / improved"
        yield Figure(name, times[0] / times[1], "x", least, at_least=True)


def _newest(runs: list[Run], model: str, recipe: str) -> Run | None:
    wanted = (model, recipe)
    return next((r for r in runs if (r.config["model"], r.config["recipe"]) == wanted), None)


def _seconds_until(run: Run, goal: float) -> float:
    """Return the seconds of the epochs until a validation loss; infinite if it is never reached."""
    seconds = 0.0
    for row in run.history():
        seconds += row["seconds"]
        if row["val_loss"] <= goal:
            return seconds
    return float("inf")
