"""Which runs are seeds of one recipe: the same model, options, data and split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from genre_core.evaluation.recipes import LEAST_SEEDS
from genre_core.runs.folder import Run


class Recipe(NamedTuple):
    """What all seeds of a recipe have in common; equal recipes are the same.

    Attributes:
        model: Name of the model.
        recipe: Name of the recipe.
        changed: Options that differ from it, as (name, value).
        epochs: That were asked for; None for a model that is fitted at once.
        dataset: Fingerprint of the films and their split.
        parents: Recipes of the runs that it is made from, or ids of those that are gone.
    """

    model: str
    recipe: str
    changed: tuple[tuple[str, Any], ...]
    epochs: int | None
    dataset: str
    parents: tuple[Any, ...] = ()


class RecipeRuns(NamedTuple):
    """Two recipes as they are compared.

    Attributes:
        first: Runs of the reference, one for each seed.
        second: Runs of the other; in the order of `first` where the two are paired.
        is_paired: Whether each run of one was made from the run of the other.
    """

    first: tuple[Run, ...]
    second: tuple[Run, ...]
    is_paired: bool


def recipe_of(run: Run, runs: Mapping[str, Run]) -> Recipe:
    """Return the recipe of a run.

    Args:
        run: The run.
        runs: Runs by id, those that it may be made from among them.
    """
    return Recipe(
        # A run from elsewhere that names no model or seed is a seed of no other.
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
    """Return the seeds of each recipe, of a seed the first, in the order of the seeds.

    Args:
        runs: Finished runs of one dataset, those that count first. Those closed before their last
            epoch are left out, and so are those made from one, or from a parent that another one
            was made from.
    """
    by_id = {run.id: run for run in runs}
    found: dict[Recipe, dict[tuple[Any, ...], Run]] = {}
    for run in runs:
        made_of = [by_id[parent] for parent in run.parents if parent in by_id]
        if any(map(is_cut_short, [run, *made_of])):
            continue
        seeds = found.setdefault(recipe_of(run, by_id), {})
        used = {parent for other in seeds.values() for parent in other.parents}
        if used.isdisjoint(run.parents):  # fusions of one parent share its luck
            seeds.setdefault(seed_of(run, by_id), run)
    return {recipe: [seeds[key] for key in sorted(seeds)] for recipe, seeds in found.items()}


def is_cut_short(run: Run) -> bool:
    """Return whether a finished run was closed before the last of its epochs."""
    return bool(run.marker()["epochs_done"] < (run.config["epochs"] or 0))


def seed_of(run: Run, runs: Mapping[str, Run]) -> tuple[Any, ...]:
    """Return the seed of a run, of fusion with those of its parents, as it has no other."""
    parents = (runs[parent] for parent in run.parents if parent in runs)
    return (run.seed, *(parent.seed for parent in parents))


def is_deterministic(run: Run) -> bool:
    """Return whether another seed would give the same run."""
    return run.kind in ("base_rates", "linear")


def comparable(first: Run, second: Run, runs: Sequence[Run]) -> RecipeRuns | None:
    """Return the seeds of two runs' recipes, where there are enough of both; else None.

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
        if run not in same or len(same) < LEAST_SEEDS:  # one cut short is no seed of its recipe
            return None
        seeds.append(same)
    if len(seeds[0]) == len(seeds[1]) == 1 or seeds[0] == seeds[1]:
        return None
    return _paired(seeds[0], seeds[1]) or RecipeRuns(tuple(seeds[0]), tuple(seeds[1]), False)


def lone_seeds(runs: Sequence[Run], all_runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the ids of the runs that are not one of three or more seeds of their recipe.

    Args:
        runs: Those that are compared.
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
    """Return runs without those that stand there twice, in their order."""
    return list({run.id: run for run in runs}.values())


def _paired(first: Sequence[Run], second: Sequence[Run]) -> RecipeRuns | None:
    """Return seeds of which one was made from the other, where there are enough of them."""
    for parents, children, is_turned in ((first, second, False), (second, first, True)):
        by_id = {run.id: run for run in parents}
        pairs = [
            (by_id[parent], child)
            for child in children
            for parent in child.parents
            if parent in by_id
        ]
        if len(pairs) >= LEAST_SEEDS:
            made_from, made = zip(*pairs, strict=True)
            both = (made, made_from) if is_turned else (made_from, made)
            return RecipeRuns(*both, is_paired=True)
    return None
