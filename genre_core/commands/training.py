"""The commands `train` and `finish`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.commands import tables
from genre_core.commands.options import (
    artifacts_option,
    descriptor_option,
    json_option,
    open_films,
    print_report,
    reading_options,
    sample_folder,
    seed_option,
    split_option,
    stoppable,
)
from genre_core.commands.printing import notes
from genre_core.comparison.kept import prepare
from genre_core.data.films import INPUTS, Dataset
from genre_core.data.readers.reading import Choices
from genre_core.errors import DataError, TrainingError
from genre_core.jobs.lock import training_lock
from genre_core.runs.folder import Run, find_run

ALL = "all"
NEWEST = "newest"


@click.command()
@click.argument("models", nargs=-1, metavar="MODEL...")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Films: a folder, or a table; a synthetic sample by default.",
)
@split_option
@reading_options
@click.option(
    "--recipe", default=catalogue.DEFAULT_RECIPE, show_default=True, help=catalogue.RECIPES_HELP
)
@click.option("--epochs", type=int, help="Number of epochs, instead of the recipe's.")
@click.option(
    "--option",
    "words",
    multiple=True,
    metavar="NAME=VALUE",
    help="Override an option of the recipe, for the models that have it: "
    + "; ".join(f"{o.name} ({', '.join(map(str, o.values))})" for o in catalogue.OPTIONS)
    + ". Can be repeated.",
)
@click.option(
    "--parents",
    multiple=True,
    metavar="RUN",
    help="Parent run of a fusion, once per parent; the newest runs by default.",
)
@seed_option
@click.option(
    "--resume",
    is_flag=False,
    flag_value=NEWEST,
    metavar="[RUN]",
    help="Resume RUN with its own options. Without RUN, continue the requested trainings: resume "
    "unfinished runs, train missing ones, skip finished ones.",
)
@artifacts_option
@json_option
@descriptor_option
def train(
    models: tuple[str, ...],
    data: Path | None,
    split_file: Path | None,
    choices: Choices | None,
    recipe: str,
    epochs: int | None,
    words: tuple[str, ...],
    parents: tuple[str, ...],
    seed: int,
    resume: str | None,
    artifacts: Artifacts,
    as_json: bool,
    lock_descriptor: int | None,
) -> None:
    """Train MODEL..., or 'all': both networks, their fusion and the baselines.

    Without MODEL, list the models. Ctrl-C stops the training and loses only the current epoch;
    continue with --resume.
    """
    if resume in [model.name for model in catalogue.MODELS] or resume == ALL:
        models, resume = (*models, resume), NEWEST  # "--resume MODEL": no run was named
    named = resume if resume != NEWEST else None
    if named:
        _require_model_of(find_run(artifacts, named), models)
        if epochs is not None or words or parents:
            raise TrainingError(
                "A named run is resumed with its own options. Remove --epochs, --option and "
                "--parents, or train a new run without --resume."
            )
    entries = _entries(models) if not named else []
    if epochs is not None and epochs < 1:
        raise TrainingError(f"--epochs is {epochs}. Expected 1 or more.")
    recipes = [entry.recipe_for(recipe) for entry in entries]
    changed = [
        catalogue.chosen_options(words, entry.name, name)
        for entry, name in zip(entries, recipes, strict=True)
    ]
    _require_use(words, parents, entries, changed)
    found = tuple(find_run(artifacts, parent).id for parent in parents)
    # Everything is checked before the lock is taken and keras is imported, which takes seconds.
    way_on = "the same command" if resume else "the same command and --resume"
    with stoppable(way_on), training_lock(artifacts, lock_descriptor) as lock:
        lock.describe(phase="loading keras")
        from genre_core.training import train as training

        context = training.TrainingContext(artifacts, notes, lock)
        if named:
            done = [training.resume(find_run(artifacts, named), context)]
        else:
            lock.describe(phase="reading films")
            source = data or sample_folder(artifacts)
            dataset = open_films(source, artifacts, split_file, choices)
            if data:
                print_report(dataset.report)
            possible = _possible(entries, dataset, is_all=ALL in models)
            requests = [
                training.TrainingRequest(
                    entry.name, name, seed, epochs, options, found if entry.parents else ()
                )
                for entry, name, options in zip(entries, recipes, changed, strict=True)
                if entry in possible
            ]
            done = training.train_all(requests, dataset, context, is_resuming=resume is not None)
        lock.describe(phase="comparing runs")
        prepare(artifacts, done[-1].config["dataset"])
        tables.show_runs(done, as_json)


@click.command()
@click.argument("run")
@artifacts_option
@json_option
@descriptor_option
def finish(run: str, artifacts: Artifacts, as_json: bool, lock_descriptor: int | None) -> None:
    """Finish an unfinished RUN with the best weights so far."""
    find_run(artifacts, run)
    with stoppable("the same command"), training_lock(artifacts, lock_descriptor) as lock:
        from genre_core.training import train as training

        context = training.TrainingContext(artifacts, notes, lock)
        done = training.finish(find_run(artifacts, run), context)
        prepare(artifacts, done.config["dataset"])
        tables.show_runs([done], as_json)


def _entries(names: tuple[str, ...]) -> list[catalogue.ModelEntry]:
    if not names:
        raise TrainingError(
            "No model was given. Expected 'all' or one or more of: "
            + ", ".join(model.name for model in catalogue.MODELS)
        )
    if ALL in names:
        return list(catalogue.MODELS)
    named = [catalogue.entry(name) for name in names]
    # In catalogue order, where parents come before the models that need them.
    return [entry for entry in catalogue.MODELS if entry in named]


def _possible(
    entries: list[catalogue.ModelEntry], dataset: Dataset, *, is_all: bool
) -> list[catalogue.ModelEntry]:
    """Return the models whose inputs the films have; of all models, the others are named.

    Raises:
        DataError: a model that was asked for needs what the films lack.
    """
    possible = [entry for entry in entries if set(entry.inputs) <= set(dataset.inputs)]
    left = [entry.name for entry in entries if entry not in possible]
    if not left:
        return possible
    lacks = " and ".join(f"no {one}s" for one in INPUTS if one not in dataset.inputs)
    if not is_all:
        raise DataError(
            f"The films of '{dataset.source}' have {lacks}, which {', '.join(left)} cannot do "
            f"without. Train {', '.join(_names_for(dataset))} instead, or name what is missing "
            "with --posters FOLDER or --overview COLUMN."
        )
    notes.print(f"note: the films have {lacks}; not trained: {', '.join(left)}", markup=False)
    return possible


def _names_for(dataset: Dataset) -> list[str]:
    return [one.name for one in catalogue.MODELS if set(one.inputs) <= set(dataset.inputs)]


def _require_use(
    words: tuple[str, ...],
    parents: tuple[str, ...],
    entries: list[catalogue.ModelEntry],
    changed: list[dict[str, Any]],
) -> None:
    """Refuse options and parents that none of the requested models uses."""
    used = {name for options in changed for name in options}
    unused = [word for word in words if word.partition("=")[0] not in used]
    if entries and unused:
        raise TrainingError(
            f"None of the requested models has the option {', '.join(unused)} with this recipe. "
            "Remove the option, or choose another model or --recipe."
        )
    if entries and parents and not any(entry.parents for entry in entries):
        raise TrainingError(
            "None of the requested models uses --parents. Remove the option, or train 'fusion'."
        )


def _require_model_of(run: Run, models: tuple[str, ...]) -> None:
    """Refuse to resume a run of another model than the requested one."""
    if models and set(models) != {run.config.get("model")}:
        raise TrainingError(
            f"Run '{run.id}' is a run of {run.config.get('model')}, not of {', '.join(models)}. "
            "Name only the run after --resume."
        )
