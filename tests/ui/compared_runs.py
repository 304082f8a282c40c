"""Runs of three models on films enough for intervals, and changes to them."""

import hashlib
import json
from dataclasses import replace

import numpy as np

from genre_core.runs.folder import list_runs

MODELS = ("poster_cnn", "overview_lstm", "fusion")


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
    marker = json.loads((run.folder / "run.json").read_text())
    marker["files"]["scores.npy"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (run.folder / "run.json").write_text(json.dumps(marker))


def kind_of(run, model, **config):
    """A copy of a run that says it is another."""
    config = {"seed": 0, "parents": [], **config, "model": model}
    return replace(run, id=f"{model}-{config}", config={**run.config, **config})
