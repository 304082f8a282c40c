"""Which runs a page compares: the newest of a modality, their linear rivals, their fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from genre_core import catalogue
from genre_core.runs.folder import Run

MODALITIES = ("poster", "overview")


def newest(runs: Sequence[Run], modality: str, *, is_network: bool) -> Run | None:
    """Return the first of the runs that is a network, or a baseline, of a modality."""
    for run in runs:
        entry = catalogue.find(str(run.config["model"]))
        if entry and (entry.modality, entry.is_network) == (modality, is_network):
            return run
    return None


def linear_rivals(slots: Mapping[str, Run | None], runs: Sequence[Run]) -> dict[str, Run]:
    """Return for each slot's run, by its slot, the newest linear model of the same modality.

    Args:
        slots: The run chosen for each modality.
        runs: Finished runs of their dataset, newest first.
    """
    looks = {slot: catalogue.modality(run.config["model"]) for slot, run in slots.items() if run}
    found = {
        slot: newest(runs, modality, is_network=False)
        for slot, modality in looks.items()
        if modality in MODALITIES  # fusion and the base rates have no rival
    }
    return {slot: run for slot, run in found.items() if run and run != slots[slot]}


def fusion_of(runs: Sequence[Run], pair: Sequence[Run]) -> Run | None:
    """Return the fusion of two runs, else the newest of any; None if there is none.

    Args:
        runs: Finished runs of their dataset, newest first.
        pair: The two runs.
    """
    known = [(run, catalogue.find(str(run.config["model"]))) for run in runs]
    fused = [run for run, entry in known if entry and entry.parents]
    own = [run for run in fused if set(run.parents) == {parent.id for parent in pair}]
    return next(iter([*own, *fused]), None)
