"""How a run is called and looks, also one whose model this version does not know."""

from __future__ import annotations

from genre_core import catalogue
from genre_core.catalogue import ModelEntry
from genre_core.charts.colours import Role
from genre_core.errors import TrainingError
from genre_core.runs import Run

NETWORK_ROLES: dict[str, Role] = {"poster": "poster", "overview": "overview"}
KINDS: dict[Role, str] = {"trivial": "trivial", "linear": "linear"}


def entry(run: Run) -> ModelEntry | None:
    """Return the catalogue entry of a run's model; None for one that is not in the catalogue."""
    try:
        return catalogue.entry(str(run.config.get("model")))
    except TrainingError:
        return None


def label(run: Run) -> str:
    """Return the name of a run's model for people."""
    known = entry(run)
    return known.label if known else str(run.config.get("model", "unknown model"))


def role(run: Run) -> Role:
    """Return the role of a run's model, which decides its colour and marker."""
    known = entry(run)
    if known is None:
        return "linear"
    if known.is_network:
        return NETWORK_ROLES.get(known.modality, "fusion")
    return "trivial" if known.modality == "nothing" else "linear"


def kind(run: Run) -> str:
    """Return "trivial", "linear" or "network"."""
    return KINDS.get(role(run), "network")
