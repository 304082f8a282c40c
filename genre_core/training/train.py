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
from genre_core.runs.folder import Run, RunWriter, find_run, list_runs
from genre_core.runs.history import HistoryRow, kept_epoch
from genre_core.runs.metrics import ScoredFilms
from genre_core.training.progress import RunMonitor

PACKAGES = ("keras", "tensorflow", "jax", "numpy", "scikit-learn")


@dataclass(frozen=True)
class Order:
    """What is asked for: one training of one model.

    Attributes:
        model: name of the model in the catalogue.
        recipe: name of the recipe, as the catalogue resolves it for this model.
        seed: seed of everything random in the training.
        epochs: epochs instead of the recipe's, for networks.
        changed: options instead of the recipe's, see `catalogue.chosen_options`.
        parents: ids of the runs that a model builds on; without any, the newest ones.
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
class Workshop:
    """Where a training works: artifacts folder, terminal, and the lock that it holds."""

    artifacts: Artifacts
    console: Console
    lock: TrainingLock


@dataclass(frozen=True)
class Fitted:
    """What a fit leaves besides the model: its dataset, history and duration in seconds."""

    dataset: Dataset
    history: list[HistoryRow]
    seconds: float


def train_all(
    orders: Sequence[Order], dataset: Dataset, shop: Workshop, *, is_resuming: bool
) -> list[Run]:
    """Return a finished run for each order; one that is there already only if resuming."""
    done: list[Run] = []
    for place, order in enumerate(orders, start=1):
        shop.lock.describe(place=place, n_models=len(orders), done=[run.id for run in done])
        found = [*reversed(done), *list_runs(shop.artifacts)]
        order = _with_parents(order, found, dataset, shop.artifacts)
        done.append((take_up if is_resuming else start)(order, dataset, shop))
    shop.lock.describe(done=[run.id for run in done])
    return done


def start(order: Order, dataset: Dataset, shop: Workshop) -> Run:
    """Train a new run to its end and return it."""
    _check_films(dataset)  # before anything is spent on films that cannot be evaluated
    order = _with_parents(order, list_runs(shop.artifacts), dataset, shop.artifacts)
    _check_parents(order, dataset, shop.artifacts)
    model = model_for(order, dataset)
    options = model.options()
    writer = RunWriter.create(
        shop.artifacts,
        {
            **catalogue.entry(order.model).describe(),
            "model": order.model,
            "recipe": order.recipe,
            "seed": order.seed,
            "epochs": options.get("epochs"),
            "options": options,
            "dataset": dataset.fingerprint,
            "dataset_name": dataset.source.name,
            "genres": list(dataset.genres),
            "prior": dataset.prior.tolist(),
            "train_support": dataset.train_support.tolist(),
            "changed": dict(order.changed),
            "parents": list(order.parents),
        },
    )
    return _train(writer, model, dataset, shop)


def _check_films(dataset: Dataset) -> None:
    """Raise a DataError where a split has no film of any genre that macro averages go over."""
    macro = macro_genres(dataset.genres, dataset.train_support)
    for split in SPLITS:
        if not defined_macro(dataset.labels[dataset.rows(split)], macro).any():
            raise DataError(
                f"No genre with at least 10 training films has a film in the {split} split "
                f"({len(dataset.films)} films in all). Expected more films; bring more, or give "
                "another split with --split."
            )


def resume(run: Run, shop: Workshop) -> Run:
    """Take up an unfinished run and return it finished.

    Raises:
        RunError: the run is not unfinished.
        DataError: its dataset is gone.
    """
    _require_unfinished(run)
    dataset = store.load_dataset(shop.artifacts, run.dataset)
    return _train(RunWriter(run.artifacts, run.id), model_of(run.config), dataset, shop)


def finish(run: Run, shop: Workshop) -> Run:
    """Close an unfinished run with the best weights so far and return it.

    Raises:
        RunError: the run is not unfinished, or has no whole epoch.
    """
    _require_unfinished(run)
    shop.lock.describe(run=run.id, phase="closing")
    writer = RunWriter(run.artifacts, run.id)
    restored = writer.restore()
    if restored is None:
        raise RunError(
            f"Run '{run.id}' has no whole epoch yet, so there is nothing to close. Take it up "
            f"with: {command('train', '--resume', run.id, artifacts=shop.artifacts)}"
        )
    history, state = restored
    model = model_of(run.config)
    try:
        model.set_preprocessing(array_text(state["preprocessing"]))
        model.set_arrays(state)
    except (ValueError, KeyError) as error:
        raise misfit(f"run '{run.id}'", error) from error
    dataset = store.load_dataset(shop.artifacts, run.dataset)
    writer.log(f"closed by hand after epoch {len(history)}")
    fitted = Fitted(dataset, history, sum(row["seconds"] for row in history))
    return _close(writer, model, _films(run.folder, model, dataset, shop), fitted)


def model_for(order: Order, dataset: Dataset) -> Model:
    """Return the untrained model that an order asks for."""
    recipe = catalogue.entry(order.model).recipe(order.recipe)
    return make_model(recipe, dataset.genres, order.options(), seed=order.seed)


def take_up(order: Order, dataset: Dataset, shop: Workshop) -> Run:
    """Return a finished run for an order: found, taken up, or trained from the start."""
    order = _with_parents(order, list_runs(shop.artifacts), dataset, shop.artifacts)
    run = _newest(order, dataset, shop.artifacts)
    if run is None:
        return start(order, dataset, shop)
    if run.state == "unfinished":
        return resume(run, shop)
    shop.console.print(f"{run.id} is there already", highlight=False, markup=False)
    return run


def _newest(order: Order, dataset: Dataset, artifacts: Artifacts) -> Run | None:
    """Return the newest whole run of an order's model, recipe, seed and settings on a dataset.

    One that was broken off goes on with its own number of epochs, unless another is asked for.
    """
    wanted = (order.model, order.recipe, order.seed, dataset.fingerprint)
    options = json.loads(json.dumps(model_for(order, dataset).options()))  # as a config holds them
    for run in list_runs(artifacts):
        if run.state not in ("finished", "unfinished"):
            continue
        # A setting that an older run does not have yet is one that it had by default.
        made_with = {**options, **run.config["options"]}
        differing = {name for name, value in made_with.items() if options.get(name) != value}
        if order.epochs is None and run.state == "unfinished":
            differing.discard("epochs")
        if differing or run.parents != order.parents:
            continue
        if wanted == tuple(run.config[name] for name in ("model", "recipe", "seed", "dataset")):
            return run
    return None


def _check_parents(order: Order, dataset: Dataset, artifacts: Artifacts) -> None:
    """Refuse parents that a model cannot be made of, before anything is written.

    Raises:
        RunError: they are too few, one is not finished, or is about other films.
    """
    needed = len(catalogue.entry(order.model).parents)
    if needed and len(set(order.parents)) < needed:
        raise RunError(
            f"The model '{order.model}' is made from {needed} different runs or more; given: "
            f"{', '.join(order.parents)}."
        )
    for parent in order.parents:
        run_scores.film_scores(find_run(artifacts, parent), dataset)


def _with_parents(
    order: Order, found: Sequence[Run], dataset: Dataset, artifacts: Artifacts
) -> Order:
    """Return an order with its parents: the first finished runs of what its model builds on.

    Args:
        order: one that may name parents; then these stay.
        found: runs to choose from, those of the same call and the newest first.
        dataset: the films.
        artifacts: folder of the runs, for the way out that an error names.

    Raises:
        RunError: there is no run of one of the models that it builds on.
    """
    if order.parents:
        return order
    here = [run for run in found if run.state == "finished" and run.dataset == dataset.fingerprint]
    parents = []
    for name in catalogue.entry(order.model).parents:
        parent = next((run.id for run in here if run.config["model"] == name), None)
        if parent is None:
            raise RunError(
                f"The model '{order.model}' builds on a finished run of '{name}' on these films, "
                "and there is none. Train it first, on the same --data: "
                f"{command('train', name, artifacts=artifacts)}"
            )
        parents.append(parent)
    return replace(order, parents=tuple(parents))


def _train(writer: RunWriter, model: Model, dataset: Dataset, shop: Workshop) -> Run:
    shop.lock.describe(run=writer.folder.name, phase="preparing", progress=None)
    monitor = RunMonitor(writer, model.options().get("epochs", 1), shop.console, shop.lock)
    monitor.say(f"training {writer.folder.name} on dataset {dataset.fingerprint}")
    films = _films(writer.folder, model, dataset, shop)
    train, validation = (films.take(dataset.rows(split)) for split in ("train", "validation"))
    started = time.perf_counter()
    with monitor.bar:
        history = model.fit(train, validation, monitor)
    shop.lock.describe(phase="scoring the films")
    # A network's epochs may be those of several processes; a baseline is fitted in this one.
    seconds = sum(row["seconds"] for row in history) or time.perf_counter() - started
    return _close(writer, model, films, Fitted(dataset, history, seconds))


def _films(folder: Path, model: Model, dataset: Dataset, shop: Workshop) -> Films:
    """Return all films of the dataset with the posters and the parents' scores of a run."""
    films = dataset.films
    if model.poster_size is not None:
        files = store.posters(dataset, shop.artifacts, model.poster_size)
        films = replace(films, posters=files)
    parents = find_run(shop.artifacts, folder.name).parents
    found = [find_run(shop.artifacts, parent) for parent in parents]
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
        advice = "It needs nothing more." if run.state == "finished" else run.problem
        raise RunError(f"Run '{run.id}' is {run.state}, not unfinished. {advice}".strip())


def _versions() -> dict[str, str]:
    """Return the versions of what a result depends on; a backend may be another than tensorflow."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            versions[name] = version(name)
    return versions
