"""Run the missing trials, one after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.ablation import kept
from benchmarks.ablation.trials import Trial, parents
from genre_core import catalogue
from genre_core.data.films import Dataset
from genre_core.errors import TrainingError
from genre_core.models.base import NullMonitor, make_model
from genre_core.runs import scores as run_scores
from genre_core.training import train


def make_missing(
    trials: Sequence[Trial],
    folder: Path,
    dataset: Dataset,
    context: train.TrainingContext,
    minutes: float | None = None,
) -> int:
    """Run the trials without an outcome, and return how many are still missing.

    A trial that diverges is reported and stays missing.

    Args:
        trials: all trials, in order.
        folder: folder of the outcomes.
        dataset: the films.
        context: context of the trainings; existing runs are used or resumed.
        minutes: time limit; no trial is started that would probably exceed it. None for no limit.
    """
    began = time.monotonic()
    missing = [trial for trial in trials if kept.read(folder, trial, dataset) is None]
    n_done, n_failed = len(trials) - len(missing), 0
    while missing:
        seconds = [_expected(trial, trials, folder, dataset) for trial in missing]
        spent = time.monotonic() - began
        if minutes is not None and spent + seconds[0] > 60 * minutes:
            context.console.print(f"stopped after {spent / 60:.0f} of {minutes:g} minutes")
            break
        trial = missing.pop(0)
        n_done += 1
        context.console.print(
            f"trial {n_done} of {len(trials)}: {trial.name}, about {sum(seconds) / 60:.0f} min "
            "left for all",
            highlight=False,
            markup=False,
        )
        try:
            kept.write(folder, trial, dataset, _made(trial, folder, dataset, context))
        except TrainingError as error:  # one failed trial must not prevent the others
            context.console.print(f"{trial.name} failed: {error}", markup=False, soft_wrap=True)
            n_failed += 1
    return len(missing) + n_failed


def _made(
    trial: Trial, folder: Path, dataset: Dataset, context: train.TrainingContext
) -> kept.Outcome:
    if catalogue.entry(trial.model).parents:
        return _fused(trial, folder, dataset)
    request = train.TrainingRequest(trial.model, trial.recipe, trial.seed, changed=trial.changed)
    run = train.resume_or_start(request, dataset, context)
    marker = run.marker()
    whole = train.model_for(request, dataset).options().get("epochs", 0)
    if marker["epochs_done"] < whole:  # trained or finished with fewer epochs
        run = train.start(request, dataset, context)
        marker = run.marker()
    scores = run_scores.film_scores(run, dataset)
    facts = {name: marker[name] for name in ("kept_epoch", "epochs_done", "n_threads")}
    return kept.Outcome(
        {split: np.asarray(scores[dataset.rows(split)]) for split in kept.SPLITS},
        {**facts, "seconds": marker["seconds"]["training"]},
    )


def _fused(trial: Trial, folder: Path, dataset: Dataset) -> kept.Outcome:
    """Return the outcome of a fusion, fitted on the stored scores of its parents."""
    outcomes = [kept.read(folder, parent, dataset) for parent in parents(trial)]
    given = [outcome for outcome in outcomes if outcome is not None]
    films = {
        split: replace(
            dataset.films.take(dataset.rows(split)),
            parent_scores=tuple(outcome.scores[split] for outcome in given),
        )
        for split in kept.SPLITS
    }
    began = time.monotonic()
    recipe = catalogue.entry(trial.model).recipe(trial.recipe)
    model = make_model(recipe, dataset.genres, seed=trial.seed)
    train = dataset.films.take(dataset.rows("train"))
    model.fit(train, films["validation"], NullMonitor())
    held_out = model.held_out_scores(films["validation"])
    if held_out is None:
        raise ValueError("fusion cross-fits its scores of the validation films")
    facts = {"seconds": time.monotonic() - began, "kept_epoch": None, "epochs_done": 0}
    return kept.Outcome(
        {"validation": held_out, "test": model.predict_scores(films["test"])}, facts
    )


def _expected(trial: Trial, trials: Sequence[Trial], folder: Path, dataset: Dataset) -> float:
    """Return the expected duration of a trial in seconds, from trials of the same recipe."""
    done = [
        outcome.facts["seconds"]
        for other in trials
        if (other.model, other.recipe) == (trial.model, trial.recipe)
        and (outcome := kept.read(folder, other, dataset)) is not None
    ]
    guess = 300.0 if catalogue.entry(trial.model).in_epochs else 20.0
    return 1.1 * float(np.mean(done)) + 10 if done else guess
