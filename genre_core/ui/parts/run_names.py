"""How a run is called and looks, also one whose model this version does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from genre_core import catalogue
from genre_core.catalogue import ModelEntry
from genre_core.charts.colours import Role
from genre_core.runs.folder import Run
from genre_core.runs.notes import read_note

NETWORK_ROLES: dict[str, Role] = {"poster": "poster", "overview": "overview"}
KINDS: dict[Role, str] = {"trivial": "trivial", "linear": "linear", "fusion": "fusion"}


def entry(run: Run) -> ModelEntry | None:
    """Return the catalogue entry of a run's model; None for one that is not in the catalogue."""
    return catalogue.find(str(run.config.get("model")))


def label(run: Run) -> str:
    """Return the name of a run's model for people."""
    known = entry(run)
    return known.label if known else str(run.config.get("model", "unknown model"))


def recipe(run: Run) -> str:
    """Return the recipe of a run with the options that differ from it."""
    changed = run.config.get("changed")
    words = changed.items() if isinstance(changed, dict) else ()
    return ", ".join([str(run.config.get("recipe")), *(f"{name}={value}" for name, value in words)])


def names(runs: Sequence[Run]) -> dict[str, str]:
    """Return how each run is called on a page, by run id; no two are called alike.

    A run is called by the name that people gave it, else by its model. Where that is not enough to
    tell runs apart, recipe and seed follow, and the time of the training if need be.
    """
    long = [
        lambda run: read_note(run.artifacts, run.id).name or label(run),
        lambda run: f"{label(run)}, {recipe(run)}, seed {run.config.get('seed')}",
        lambda run: run.id,
    ]
    called = {run.id: long[0](run) for run in runs}
    for name in long[1:]:
        often = Counter(called.values())
        called |= {run.id: name(run) for run in runs if often[called[run.id]] > 1}
    return called


def modality(run: Run) -> str:
    """Return what a run's model looks at; an empty string for an unknown model."""
    return catalogue.modality(str(run.config.get("model")))


def role(run: Run) -> Role:
    """Return the role of a run's model, which decides its colour and marker."""
    known = entry(run)
    if known is None:
        return "linear"
    if known.is_network:
        return NETWORK_ROLES[known.modality]
    if known.parents:
        return "fusion"
    return "trivial" if known.modality == "nothing" else "linear"


def kind(run: Run) -> str:
    """Return "trivial", "linear", "network" or "fusion"."""
    return KINDS.get(role(run), "network")
