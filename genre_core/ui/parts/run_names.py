"""How a run is called and looks: it says so itself, whatever made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from genre_core.catalogue import Kind, Modality
from genre_core.charts.colours import Role
from genre_core.runs.folder import Run
from genre_core.runs.notes import read_note

MODALITY_ROLES: dict[Modality, Role] = {"poster": "poster", "overview": "overview"}
KIND_ROLES: dict[Kind, Role] = {"base_rates": "base_rates", "linear": "linear", "fusion": "fusion"}


def recipe(run: Run) -> str:
    """Return the recipe of a run with the options that differ from it; empty without a recipe."""
    changed = (f"{name}={value}" for name, value in run.config.get("changed", {}).items())
    return ", ".join(filter(None, [run.config.get("recipe"), *changed]))


def description(run: Run) -> str:
    """Return label, recipe and seed of a run, as far as it has them."""
    seed = "" if run.seed is None else f"seed {run.seed}"
    return ", ".join(filter(None, [run.label, recipe(run), seed]))


def title(run: Run) -> str:
    """Return what tells a run from others at a glance: its name or model, recipe, seed and time."""
    seed = "" if run.seed is None else f"seed {run.seed}"
    parts = [_called(run), recipe(run), seed, finished_at(run.config.get("created"))]
    return " · ".join(filter(None, parts))


def titles(runs: Sequence[Run]) -> dict[str, str]:
    """Return the title of each run by run id; the id follows where two would be alike."""
    called = {run.id: title(run) for run in runs}
    often = Counter(called.values())
    return {key: f"{name} · {key}" if often[name] > 1 else name for key, name in called.items()}


def finished_at(created: object) -> str:
    """Return a date and time as people write it; an empty string for what is none.

    The year is left out while it is the present one.

    >>> finished_at("2021-11-06T01:14:00")
    '6 Nov 2021 01:14'
    """
    try:
        moment = datetime.fromisoformat(str(created)).astimezone()
    except ValueError:
        return ""
    year = "" if moment.year == datetime.now(moment.tzinfo).year else f" {moment.year}"
    return f"{moment.day} {moment:%b}{year} {moment:%H:%M}"


def names(runs: Sequence[Run]) -> dict[str, str]:
    """Return how each run is called on a page, by run id; no two are called alike.

    A run is called by the name that people gave it, else by its model. Where that is not enough to
    tell runs apart, recipe and seed follow, and the time of the training if need be.
    """
    long: list[Callable[[Run], str]] = [
        _called,
        description,
        title,
        lambda run: f"{_called(run)} · {run.id}",
    ]
    called = {run.id: long[0](run) for run in runs}
    for name in long[1:]:
        often = Counter(called.values())
        called |= {run.id: name(run) for run in runs if often[called[run.id]] > 1}
    return called


def role(run: Run) -> Role:
    """Return the role of a run's model, which decides its colour and marker."""
    return KIND_ROLES.get(run.kind) or MODALITY_ROLES.get(run.modality, "other")


def _called(run: Run) -> str:
    return read_note(run.artifacts, run.id).name or run.label
