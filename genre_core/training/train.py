"""From a dataset and a catalogue entry to a finished run."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.data import store
from genre_core.data.films import SPLITS, Dataset, Films
from genre_core.errors import DataError, RunError, command, misfit
from genre_core.evaluation.decisions import defined_macro, macro_genres
from genre_core.files import array_text
from genre_core.jobs.lock import TrainingLock
from genre_core.models.base import Model, make_model, model_of
from genre_core.runs import scores as run_scores
from genre_core.runs.folder import Run, find_run, list_runs
from genre_core.runs.history import HistoryRow, kept_epoch
from genre_core.runs.metrics import ScoredFilms
from genre_core.runs.writer import RunWriter
from genre_core.training.progress import RunMonitor

PACKAGES = ("keras", "tensorflow", "jax", "numpy", "scikit-learn")


@dataclass(frozen=True)
class TrainingRequest:
    """One training of one model, as requested.

    Attributes:
        model: name of the model in the catalogue.
        recipe: name of the recipe, as the catalogue resolves it for this model.
        seed: random seed of the training.
        epochs: number of epochs, for networks; None for the recipe's.
        changed: options that differ from the recipe's, see `catalogue.chosen_options`.
        parents: ids of the parent runs; if empty, the newest ones are used.
    """

    model: str
    recipe: str
    seed: int
    epochs: int | None = None
    changed: Mapping[str, Any] = field(default_factory=dict)
    parents: tuple[str, ...] = ()

    def options(self) -> dict[str, Any]:
        """Return the config values that differ from the recipe's."""
        if self.epochs is None or not catalogue.entry(self.model).in_epochs:
            return dict(self.changed)
        return {**self.changed, "epochs": self.epochs}


@dataclass(frozen=True)
class TrainingContext:
    """What every training needs: artifacts folder, console and training lock."""

    artifacts: Artifacts
    console: Console
    lock: TrainingLock


@dataclass(frozen=True)
class Fitted:
    """The result of a fit besides the model: dataset, history, and duration in seconds."""

    dataset: Dataset
    history: list[HistoryRow]
    seconds: float


def train_all(
    requests: Sequence[TrainingRequest],
    dataset: Dataset,
    context: TrainingContext,
    *,
    is_resuming: bool,
) -> list[Run]:
    """Return a finished run for each request.

    If resuming, existing runs are returned or resumed instead of being trained again.
    """
    done: list[Run] = []
    for place, request in enumerate(requests, start=1):
        context.lock.describe(place=place, n_models=len(requests), done=[run.id for run in done])
        found = [*reversed(done), *list_runs(context.artifacts)]
        request = _with_parents(request, found, dataset, context.artifacts)
        done.append((resume_or_start if is_resuming else start)(request, dataset, context))
    context.lock.describe(done=[run.id for run in done])
    return done


def start(request: TrainingRequest, dataset: Dataset, context: TrainingContext) -> Run:
    """Train a new run and return it."""
    _check_inputs(request, dataset)
    _check_films(dataset)  # before training on films that cannot be evaluated
    request = _with_parents(request, list_runs(context.artifacts), dataset, context.artifacts)
    _check_parents(request, dataset, context.artifacts)
    model = model_for(request, dataset)
    options = model.options()
    writer = RunWriter.create(
        context.artifacts,
        {
            **catalogue.entry(request.model).describe(),
            "model": request.model,
            "recipe": request.recipe,
            "seed": request.seed,
            "epochs": options.get("epochs"),
            "options": options,
            "dataset": dataset.fingerprint,
            "dataset_name": dataset.source.name,
            "genres": list(dataset.genres),
            "prior": dataset.prior.tolist(),
            "train_support": dataset.train_support.tolist(),
            "changed": dict(request.changed),
            "parents": list(request.parents),
        },
    )
    return _train(writer, model, dataset, context)


def _check_inputs(request: TrainingRequest, dataset: Dataset) -> None:
    """Raise a DataError if the films lack what the model looks at."""
    needs = catalogue.entry(request.model).inputs
    if lacking := [one for one in needs if one not in dataset.inputs]:
        raise DataError(
            f"The films of '{dataset.source}' have no {' and no '.join(f'{x}s' for x in lacking)}, "
            f"which {request.model} needs. Expected a model of {dataset.inputs[0]}s, such as "
            "those that `train all` takes."
        )


def _check_films(dataset: Dataset) -> None:
    """Raise a DataError if a split has no positive film in any genre of the macro average."""
    macro = macro_genres(dataset.genres, dataset.train_support)
    for split in SPLITS:
        if not defined_macro(dataset.labels[dataset.rows(split)], macro).any():
            raise DataError(
                f"The {split} split has no film of any genre with at least 10 training films "
                f"({len(dataset.films)} films in total). Expected at least one. Add films, or pass "
                "another split with --split."
            )


def resume(run: Run, context: TrainingContext) -> Run:
    """Resume an unfinished run and return it once it is finished.

    Raises:
        RunError: the run is not unfinished.
        DataError: its dataset was removed.
    """
    _require_unfinished(run)
    dataset = store.load_dataset(context.artifacts, run.dataset)
    return _train(RunWriter(run.artifacts, run.id), model_of(run.config), dataset, context)


def finish(run: Run, context: TrainingContext) -> Run:
    """Finish an unfinished run with the best weights so far and return it.

    Raises:
        RunError: the run is not unfinished, or has not completed an epoch.
    """
    _require_unfinished(run)
    context.lock.describe(run=run.id, phase="finishing")
    writer = RunWriter(run.artifacts, run.id)
    restored = writer.restore()
    if restored is None:
        raise RunError(
            f"Run '{run.id}' has not completed an epoch, so there are no weights to finish with. "
            f"Resume it with: {command('train', '--resume', run.id, artifacts=context.artifacts)}"
        )
    history, state = restored
    model = model_of(run.config)
    try:
        model.set_preprocessing(array_text(state["preprocessing"]))
        model.set_arrays(state)
    except (ValueError, KeyError) as error:
        raise misfit(f"run '{run.id}'", error) from error
    dataset = store.load_dataset(context.artifacts, run.dataset)
    writer.log(f"finished on request after epoch {len(history)}")
    fitted = Fitted(dataset, history, sum(row["seconds"] for row in history))
    return _close(writer, model, _films(run.folder, model, dataset, context), fitted)


def model_for(request: TrainingRequest, dataset: Dataset) -> Model:
    """Return the untrained model of a request."""
    recipe = catalogue.entry(request.model).recipe(request.recipe)
    return make_model(recipe, dataset.genres, request.options(), seed=request.seed)


def resume_or_start(request: TrainingRequest, dataset: Dataset, context: TrainingContext) -> Run:
    """Return a finished run for a request: an existing one, a resumed one, or a new one."""
    request = _with_parents(request, list_runs(context.artifacts), dataset, context.artifacts)
    run = _newest(request, dataset, context.artifacts)
    if run is None:
        return start(request, dataset, context)
    if run.state == "unfinished":
        return resume(run, context)
    context.console.print(f"{run.id} already exists", highlight=False, markup=False)
    return run


def _newest(request: TrainingRequest, dataset: Dataset, artifacts: Artifacts) -> Run | None:
    """Return the newest undamaged run with a request's model, recipe, seed, options and dataset.

    An unfinished run keeps its own number of epochs unless the request sets another.
    """
    wanted = (request.model, request.recipe, request.seed, dataset.fingerprint)
    options = json.loads(
        json.dumps(model_for(request, dataset).options())
    )  # as a config holds them
    for run in list_runs(artifacts):
        if run.state not in ("finished", "unfinished"):
            continue
        # An option that did not exist when a run was made had its default value.
        made_with = {**options, **run.config["options"]}
        differing = {name for name, value in made_with.items() if options.get(name) != value}
        if request.epochs is None and run.state == "unfinished":
            differing.discard("epochs")
        if differing or run.parents != request.parents:
            continue
        if wanted == tuple(run.config[name] for name in ("model", "recipe", "seed", "dataset")):
            return run
    return None


def _check_parents(request: TrainingRequest, dataset: Dataset, artifacts: Artifacts) -> None:
    """Check that the parents of a request can be used, before anything is written.

    Raises:
        RunError: there are too few, one is not finished, or one was trained on other films.
    """
    needed = len(catalogue.entry(request.model).parents)
    if needed and len(set(request.parents)) < needed:
        raise RunError(
            f"The model '{request.model}' needs at least {needed} different parent runs, but got "
            f"{', '.join(request.parents)}. Name them with --parents, once each."
        )
    for parent in request.parents:
        run_scores.film_scores(find_run(artifacts, parent), dataset)


def _with_parents(
    request: TrainingRequest, found: Sequence[Run], dataset: Dataset, artifacts: Artifacts
) -> TrainingRequest:
    """Return a request with parents: the first finished run of each parent model.

    Args:
        request: if it already names parents, they are kept.
        found: runs to choose from: those of the same call first, then the newest.
        dataset: the films.
        artifacts: folder of the runs, for the command in an error message.

    Raises:
        RunError: a parent model has no finished run on this dataset.
    """
    if request.parents:
        return request
    here = [run for run in found if run.state == "finished" and run.dataset == dataset.fingerprint]
    parents = []
    for name in catalogue.entry(request.model).parents:
        parent = next((run.id for run in here if run.config["model"] == name), None)
        if parent is None:
            raise RunError(
                f"The model '{request.model}' needs a finished run of '{name}' on the same films, "
                "but there is none. Train it first with the same --data: "
                f"{command('train', name, artifacts=artifacts)}"
            )
        parents.append(parent)
    return replace(request, parents=tuple(parents))


def _train(writer: RunWriter, model: Model, dataset: Dataset, context: TrainingContext) -> Run:
    context.lock.describe(run=writer.folder.name, phase="preparing", progress=None)
    monitor = RunMonitor(writer, model.options().get("epochs", 1), context.console, context.lock)
    monitor.say(f"training {writer.folder.name} on dataset {dataset.fingerprint}")
    films = _films(writer.folder, model, dataset, context)
    train, validation = (films.take(dataset.rows(split)) for split in ("train", "validation"))
    started = time.perf_counter()
    with monitor.bar:
        history = model.fit(train, validation, monitor)
    context.lock.describe(phase="scoring the films")
    # A network's epochs may be those of several processes; a baseline is fitted in this one.
    seconds = sum(row["seconds"] for row in history) or time.perf_counter() - started
    return _close(writer, model, films, Fitted(dataset, history, seconds))


def _films(folder: Path, model: Model, dataset: Dataset, context: TrainingContext) -> Films:
    """Return all films of the dataset with posters and with the scores of the parent runs."""
    films = dataset.films
    if model.poster_size is not None:
        files = store.posters(dataset, context.artifacts, model.poster_size)
        films = replace(films, posters=files)
    parents = find_run(context.artifacts, folder.name).parents
    found = [find_run(context.artifacts, parent) for parent in parents]
    scores = tuple(np.asarray(run_scores.film_scores(parent, dataset)) for parent in found)
    return replace(films, parent_scores=scores)


def _close(writer: RunWriter, model: Model, films: Films, fitted: Fitted) -> Run:
    """Score all films with the kept weights, evaluate, and mark the run as finished."""
    started = time.perf_counter()
    history = fitted.history
    scores = model.predict_scores(films)
    rows = fitted.dataset.rows("validation")
    held_out = model.held_out_scores(films.take(rows))
    if held_out is not None:
        scores[rows] = held_out
    model.save(writer.folder)
    writer.log("finished")
    writer.finish(
        ScoredFilms.of_dataset(fitted.dataset, scores),
        kept_epoch=kept_epoch(history),
        epochs_done=len(history),
        seconds={"training": fitted.seconds, "closing": time.perf_counter() - started},
        versions=_versions(),
        n_threads=os.cpu_count(),
    )
    return find_run(writer.artifacts, writer.id)


def _require_unfinished(run: Run) -> None:
    if run.state != "unfinished":
        advice = "There is nothing to do." if run.state == "finished" else run.problem
        raise RunError(f"Run '{run.id}' is {run.state}, not unfinished. {advice}".strip())


def _versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that a result depends on."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            versions[name] = version(name)
    return versions
