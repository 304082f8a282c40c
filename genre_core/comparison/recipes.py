"""Group runs that are seeds of one recipe: the same model, options, data and split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from genre_core.evaluation.recipes import LEAST_SEEDS
from genre_core.runs.folder import Run


class Recipe(NamedTuple):
    """What all seeds of a recipe have in common.

    Attributes:
        model: Name of the model.
        recipe: Name of the recipe.
        changed: Options that differ from the recipe, as (name, value).
        epochs: Requested number of epochs; None for a model without epochs.
        dataset: Fingerprint of the films and their split.
        parents: Recipes of the parent runs, or ids of those that were deleted.
    """

    model: str
    recipe: str
    changed: tuple[tuple[str, Any], ...]
    epochs: int | None
    dataset: str
    parents: tuple[Any, ...] = ()


class RecipeRuns(NamedTuple):
    """The runs of two recipes to compare.

    Attributes:
        first: Runs of the reference, one per seed.
        second: Runs of the other recipe, in the order of `first` if the two are paired.
        is_paired: Whether each run of one recipe is a parent of a run of the other.
    """

    first: tuple[Run, ...]
    second: tuple[Run, ...]
    is_paired: bool


def recipe_of(run: Run, runs: Mapping[str, Run]) -> Recipe:
    """Return the recipe of a run.

    Args:
        run: The run.
        runs: Runs by id, including possible parents.
    """
    return Recipe(
        # An imported run without a seed is not grouped with others.
        run.config["model"] if run.seed is not None else run.id,
        run.config["recipe"],
        tuple(sorted(run.config["changed"].items())),
        run.config["epochs"],
        run.dataset,
        tuple(
            recipe_of(runs[parent], runs) if parent in runs else parent for parent in run.parents
        ),
    )


def seeds_by_recipe(runs: Sequence[Run]) -> dict[Recipe, list[Run]]:
    """Return the runs of each recipe, one per seed, in the order of the seeds.

    Args:
        runs: Finished runs of one dataset, preferred ones first. Runs finished before their last
            epoch are left out, and so are runs with such a parent, or with a parent that is already
            used.
    """
    by_id = {run.id: run for run in runs}
    found: dict[Recipe, dict[tuple[Any, ...], Run]] = {}
    for run in runs:
        own_parents = [by_id[parent] for parent in run.parents if parent in by_id]
        if any(map(is_cut_short, [run, *own_parents])):
            continue
        seeds = found.setdefault(recipe_of(run, by_id), {})
        used = {parent for other in seeds.values() for parent in other.parents}
        if used.isdisjoint(run.parents):  # runs with a common parent are not independent
            seeds.setdefault(seed_of(run, by_id), run)
    return {recipe: [seeds[key] for key in sorted(seeds)] for recipe, seeds in found.items()}


def is_cut_short(run: Run) -> bool:
    """Return whether a run was finished before its last epoch."""
    return bool(run.marker()["epochs_done"] < (run.config["epochs"] or 0))


def seed_of(run: Run, runs: Mapping[str, Run]) -> tuple[Any, ...]:
    """Return the seed of a run, followed by the seeds of its parents."""
    parents = (runs[parent] for parent in run.parents if parent in runs)
    return (run.seed, *(parent.seed for parent in parents))


def is_deterministic(run: Run) -> bool:
    """Return whether the model of a run does not depend on the seed."""
    return run.kind in ("base_rates", "linear")


def comparable(first: Run, second: Run, runs: Sequence[Run]) -> RecipeRuns | None:
    """Return the seeds of two runs' recipes; None if there are too few of either.

    Args:
        first: The reference.
        second: The other run.
        runs: Finished runs of their dataset, newest first.
    """
    groups = seeds_by_recipe(unique([first, second, *runs]))
    by_id = {run.id: run for run in runs}
    seeds = []
    for run in (first, second):
        if is_deterministic(run):
            seeds.append([run])
            continue
        same = groups.get(recipe_of(run, by_id), [])
        if run not in same or len(same) < LEAST_SEEDS:  # a run that was cut short does not count
            return None
        seeds.append(same)
    if len(seeds[0]) == len(seeds[1]) == 1 or seeds[0] == seeds[1]:
        return None
    return _paired(seeds[0], seeds[1]) or RecipeRuns(tuple(seeds[0]), tuple(seeds[1]), False)


def lone_seeds(runs: Sequence[Run], all_runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the ids of the runs whose recipe has fewer than three seeds.

    Args:
        runs: The compared runs.
        all_runs: Finished runs of their dataset.
    """
    by_id = {run.id: run for run in all_runs}
    found = []
    for run in runs:
        seeds = seeds_by_recipe(unique([run, *all_runs])).get(recipe_of(run, by_id), [])
        if not is_deterministic(run) and (run not in seeds or len(seeds) < LEAST_SEEDS):
            found.append(run.id)
    return tuple(found)


def unique(runs: Sequence[Run]) -> list[Run]:
    """Return runs without duplicates, in their order."""
    return list({run.id: run for run in runs}.values())


def _paired(first: Sequence[Run], second: Sequence[Run]) -> RecipeRuns | None:
    """Return runs paired with their parents; None if there are too few pairs."""
    for parents, children, is_swapped in ((first, second, False), (second, first, True)):
        by_id = {run.id: run for run in parents}
        pairs = [
            (by_id[parent], child)
            for child in children
            for parent in child.parents
            if parent in by_id
        ]
        if len(pairs) >= LEAST_SEEDS:
            used, made = zip(*pairs, strict=True)
            both = (made, used) if is_swapped else (used, made)
            return RecipeRuns(*both, is_paired=True)
    return None
