"""Which runs a page compares: the newest of a modality, their linear rivals, their fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from genre_core.catalogue import Kind
from genre_core.runs.folder import Run

MODALITIES = ("poster", "overview")
# What a page opens with for a modality: the first kind that there is a run of.
LEARNED: tuple[Kind, ...] = ("network", "pretrained", "imported")


def newest(runs: Sequence[Run], modality: str, kinds: Sequence[Kind] = LEARNED) -> Run | None:
    """Return the first run of a modality and of the first kind that there is."""
    for kind in kinds:
        for run in runs:
            if (run.modality, run.kind) == (modality, kind):
                return run
    return None


def linear_rivals(slots: Mapping[str, Run | None], runs: Sequence[Run]) -> dict[str, Run]:
    """Return for each slot's run, by its slot, the newest linear model of the same modality.

    Args:
        slots: The run chosen for each modality.
        runs: Finished runs of their dataset, newest first.
    """
    found = {
        slot: newest(runs, run.modality, ("linear",))
        for slot, run in slots.items()
        if run and run.modality in MODALITIES  # fusion and the base rates have no rival
    }
    return {slot: run for slot, run in found.items() if run and run != slots[slot]}


def fusion_of(runs: Sequence[Run], pair: Sequence[Run]) -> Run | None:
    """Return the fusion of two runs, else the newest of any; None if there is none.

    Args:
        runs: Finished runs of their dataset, newest first.
        pair: The two runs.
    """
    fused = [run for run in runs if run.kind == "fusion"]
    own = [run for run in fused if set(run.parents) == {parent.id for parent in pair}]
    return next(iter([*own, *fused]), None)
