"""What is said of runs and trainings, and what is read again."""

import pytest
from edit_json import edit_json
from tiny_artifacts import make_run, start_run

from genre_core.runs.folder import find_run
from genre_core.ui.frame import live
from genre_core.ui.parts import loaders, run_names
from genre_core.ui.views import training_curves


def test_the_trivial_loss_is_that_of_the_prior_run(artifacts, dataset):
    prior = find_run(artifacts, make_run(artifacts, dataset, "prior").name)
    expected = prior.metrics()["splits"]["validation"]["metrics"]["bce"]
    assert training_curves.baseline_of(dataset) == pytest.approx(expected, abs=1e-6)


def test_roles_of_models(artifacts, dataset):
    names = ("prior", "poster_features", "overview_tfidf", "poster_cnn", "overview_lstm", "newer")
    roles = [
        run_names.role(find_run(artifacts, start_run(artifacts, dataset, name).folder.name))
        for name in names
    ]
    assert roles == ["base_rates", "linear", "linear", "poster", "overview", "other"]


def test_a_run_that_is_written_again_is_read_again(artifacts, dataset):
    folder = make_run(artifacts, dataset, "prior")
    first = loaders.marker(find_run(artifacts, folder.name))
    edit_json(folder / "run.json", epochs_done=7)
    assert first["epochs_done"] == 0
    assert loaders.marker(find_run(artifacts, folder.name))["epochs_done"] == 7


def test_finished_names_are_those_with_a_marker(artifacts, dataset):
    assert live.finished_names(artifacts) == frozenset()
    start_run(artifacts, dataset, "poster_cnn")
    done = make_run(artifacts, dataset, "prior")
    assert live.finished_names(artifacts) == {done.name}


def test_runs_that_are_called_alike_are_told_apart_by_their_time(artifacts, dataset):
    moments = ("2021-03-01T10:00:00+00:00", "2021-03-02T10:00:00+00:00")
    known = {"label": "Mine", "kind": "imported", "seed": None, "recipe": "", "changed": {}}
    runs = []
    for created in (*moments, moments[1]):
        name = start_run(artifacts, dataset, "prior", **known, created=created).folder.name
        runs.append(find_run(artifacts, name))
    called = run_names.names(runs)
    assert called[runs[0].id].startswith("Mine · 1 Mar 2021")
    assert called[runs[1].id] == f"Mine · {runs[1].id}"
    assert len(set(called.values())) == len(runs)
    assert run_names.names(runs[:1]) == {runs[0].id: "Mine"}
