"""Runs of three models on films enough for intervals, and changes to them."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from edit_json import rehash

from benchmarks.synthetic import make_films, make_runs
from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.comparison import compare, oracle
from genre_core.data import leakage
from genre_core.data.leakage import Leakage
from genre_core.evaluation import draws
from genre_core.runs.folder import list_runs

MODELS = ("poster_cnn", "overview_lstm", "fusion")


def draw_less(patch):
    """Draw a tenth of what the product draws: the smallest corrected p-value stays below 0.05."""
    patch.setattr(draws, "N_DRAWS", 1000)
    patch.setattr(draws, "DRAWS_PER_TEST", 25)
    patch.setattr(compare, "N_RECIPE_DRAWS", 400)
    patch.setitem(oracle.with_oracle.__kwdefaults__, "n_draws", 1000)


def make_compared(folder):
    """Make films and an artifacts folder with runs of them."""
    artifacts = Artifacts(folder / "artifacts")
    dataset = make_films(2500, folder / "films", artifacts)
    none = Leakage(overviews=(), posters=None, names=())  # looking for it takes seconds
    leakage.keep(dataset, artifacts, none)
    with pytest.MonkeyPatch.context() as patch:
        draw_less(patch)
        make_runs(dataset, artifacts, MODELS)


def run_of(artifacts, model):
    return next(run for run in list_runs(artifacts) if run.config["model"] == model)


def pair(artifacts):
    return [run_of(artifacts, model) for model in MODELS[:2]]


def frame(app, *columns):
    """The first table that has some columns."""
    return next(t.value for t in app.dataframe if set(columns) <= set(t.value.columns))


def change_scores(run, change):
    """Give a run other scores, as if it had been trained like that."""
    path = run.folder / "scores.npy"
    np.save(path, change(np.load(path)))
    rehash(run.folder, "scores.npy")


def kind_of(run, model, **config):
    """A copy of a run that says it is another."""
    said = catalogue.entry(model).describe()
    config = {"seed": 0, "parents": [], **said, **config, "model": model}
    copied = replace(run, id=f"{run.id}-{len(list(run.folder.parent.iterdir()))}")
    shutil.copytree(run.folder, copied.folder)
    return replace(copied, config={**run.config, **config})
