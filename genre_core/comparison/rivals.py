"""Select the runs that a page compares: by modality, with linear models and fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from genre_core.catalogue import Kind
from genre_core.runs.folder import Run

MODALITIES = ("poster", "overview")
# Kinds that a page shows by default for a modality, preferred ones first.
LEARNED: tuple[Kind, ...] = ("network", "pretrained", "imported")
FROM_ELSEWHERE: tuple[Kind, ...] = ("pretrained", "imported")
STAND_INS: tuple[Kind, ...] = ("linear", "base_rates")


def newest(runs: Sequence[Run], modality: str, kinds: Sequence[Kind] = LEARNED) -> Run | None:
    """Return the first run of a modality and of the first kind that there is, else None."""
    for kind in kinds:
        for run in runs:
            if (run.modality, run.kind) == (modality, kind):
                return run
    return None


def shown_first(runs: Sequence[Run], inputs: Sequence[str] = MODALITIES) -> dict[str, Run | None]:
    """Return for each modality the run that pages show unless another is chosen.

    That is the newest of the modality. Where there is none, the newest run from elsewhere that is
    left stands in, whatever it looks at, so that two imported runs are compared at once. Where
    films lack a modality, the linear model of the other one does, or else what is left: a network
    has to be better than that.

    Args:
        runs: Finished runs of one dataset, newest first.
        inputs: What the films have.
    """
    found = {modality: newest(runs, modality) for modality in MODALITIES}
    for modality, run in found.items():
        if run is not None:
            continue
        left = [one for one in runs if one.kind in FROM_ELSEWHERE]
        if modality not in inputs:
            left += [one for kind in STAND_INS for one in runs if one.kind == kind]
        found[modality] = next((one for one in left if one not in found.values()), None)
    return found


def linear_rivals(slots: Mapping[str, Run | None], runs: Sequence[Run]) -> dict[str, Run]:
    """Return for each slot the newest linear model of the same modality as its run.

    Args:
        slots: The run selected for each modality.
        runs: Finished runs of their dataset, newest first.
    """
    found = {
        slot: newest(runs, run.modality, ("linear",))
        for slot, run in slots.items()
        if run and run.modality in MODALITIES  # fusion and base rates have no linear counterpart
    }
    return {slot: run for slot, run in found.items() if run and run != slots[slot]}


def fusion_of(runs: Sequence[Run], pair: Sequence[Run]) -> Run | None:
    """Return the fusion of two runs, or else the newest fusion; None if there is none.

    Args:
        runs: Finished runs of their dataset, newest first.
        pair: The two runs.
    """
    fused = [run for run in runs if run.kind == "fusion"]
    own = [run for run in fused if set(run.parents) == {parent.id for parent in pair}]
    return next(iter([*own, *fused]), None)
