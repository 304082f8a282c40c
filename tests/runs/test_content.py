"""Files of a run whose hashes match, but whose content makes no sense."""

import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from edit_json import edit_json, rehash
from write_run import write_run

from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.runs.folder import find_run, list_runs

N_FILMS, GENRES = 60, ("Drama", "Comedy")
IDS = [f"tt{number:07d}" for number in range(N_FILMS)]
SPLITS = ["train"] * 30 + ["test"] * (N_FILMS - 30)


@pytest.fixture
def folder(tmp_path):
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, (N_FILMS, len(GENRES)))
    scores = random.random(labels.shape)
    history = [{"epoch": 1, "loss": 0.5}]
    return write_run(tmp_path, "a-run", IDS, SPLITS, labels, scores, GENRES, history)


def array(name, value):
    def change(folder):
        np.save(folder / name, value)
        rehash(folder, name)

    return change


def plain(name, value):
    def change(folder):
        (folder / name).write_text(value if isinstance(value, str) else json.dumps(value))
        rehash(folder, name)

    return change


def config(**values):
    def change(folder):
        edit_json(folder / "config.json", **values)
        rehash(folder, "config.json")

    return change


def cell(name, value):
    def change(folder):
        whole = np.load(folder / name)
        whole[7, 1] = value
        array(name, whole)(folder)

    return change


def marker(**values):
    return lambda folder: edit_json(folder / "run.json", **values)


def unnamed(folder):
    (folder / "metrics.json").write_text("{}")


# What is changed, and how the problem is told.
NONSENSE = {
    "ids that are no list": (plain("film_ids.json", {}), "not a list of texts"),
    "nested ids": (plain("film_ids.json", [[film] for film in IDS]), "not a list of texts"),
    "fewer ids": (plain("film_ids.json", IDS[1:]), "splits.json has 60 films, film_ids.json 59"),
    "an id twice": (plain("film_ids.json", [IDS[0], *IDS[:-1]]), "names a film twice"),
    "ids of endless depth": (plain("film_ids.json", "[" * 100_000), "nested too deeply"),
    "another split": (plain("splits.json", ["finished"] * N_FILMS), "names the split 'finished'"),
    "fewer splits": (plain("splits.json", SPLITS[1:]), "splits.json has 59 films"),
    "a score of NaN": (cell("scores.npy", np.nan), "nan for film 8, genre 2; expected a number"),
    "a score of 7": (cell("scores.npy", 7.0), "scores.npy holds 7.0 for film 8, genre 2"),
    "a negative score": (cell("scores.npy", -0.1), "expected a number from 0 to 1"),
    "other scores": (array("scores.npy", np.zeros((N_FILMS, 3))), r"expected \(60, 2\)"),
    "one column": (array("scores.npy", np.zeros(N_FILMS, np.float32)), r"the shape \(60,\)"),
    "complex scores": (array("scores.npy", np.zeros((N_FILMS, 2), complex)), "complex128"),
    "scores of text": (array("scores.npy", np.full((N_FILMS, 2), "a")), "expected numbers"),
    "scores that are text": (plain("scores.npy", "0.5"), "cannot be read"),
    "a label of 2": (cell("labels.npy", 2), "labels.npy holds 2 for film 8, genre 2"),
    "other labels": (array("labels.npy", np.zeros((1, 2), np.uint8)), r"the shape \(1, 2\)"),
    "seconds": (marker(seconds=12.5), "seconds: 12.5 is not"),
    "versions": (marker(versions=[1]), r"versions: \[1\] is not"),
    "an epoch in words": (marker(kept_epoch="three"), "kept_epoch: 'three' is not"),
    "an unnamed file": (unnamed, "does not name metrics.json"),
    "base rates": (config(prior=[0.5, 1.5]), "'prior' is not a list of 2 numbers from 0 to 1"),
    "infinite base rates": (config(prior=[0.5, 10**400]), "'prior' is not a list"),
    "support": (config(train_support=[3, 0.5]), "'train_support' is not a list of 2 whole"),
    "parents": (config(parents=[1]), "expected a list of run ids"),
    "a large number": (config(epochs=10**30), "'epochs' is 1000"),
}


@pytest.mark.parametrize(("change", "problem"), NONSENSE.values(), ids=NONSENSE)
def test_what_makes_no_sense_is_damaged(tmp_path, folder, change, problem):
    assert find_run(Artifacts(tmp_path), "a-run").state == "finished"
    change(folder)
    (run,) = list_runs(Artifacts(tmp_path))
    assert run.state == "damaged"
    assert re.search(problem, run.problem), run.problem
    done = CliRunner().invoke(cli, ["runs", "--artifacts", str(tmp_path)])
    assert done.exit_code == 0


@pytest.mark.parametrize(
    "metrics",
    [
        "[]",
        "{}",
        "{",
        '{"splits": []}',
        '{"splits": {"test": 1}}',
        '{"splits": {"test": {"metrics": {"bce": "low"}}}}',
        '{"splits": {"nowhere": {}}}',
        "[" * 100_000,
        '{"splits": 1e999}',
    ],
    ids=lambda text: text[:40],
)
def test_metrics_that_make_no_sense_are_computed(tmp_path, folder, metrics):
    expected = find_run(Artifacts(tmp_path), "a-run").metrics()
    assert expected["splits"]["test"]["n_films"] == N_FILMS - 30
    plain("metrics.json", metrics)(folder)
    assert find_run(Artifacts(tmp_path), "a-run").metrics() == expected
    plain("metrics.json", {**expected, "threshold": 0.25})(folder)
    assert find_run(Artifacts(tmp_path), "a-run").metrics()["threshold"] == 0.25


def test_numbers_of_any_length_in_a_history_are_left_out(tmp_path, folder):
    rows = f'{{"epoch": 1, "loss": {10**400}, "val_loss": 0.5}}\n{{"epoch": 2, "loss": -1e999}}\n'
    plain("history.jsonl", rows)(folder)
    run = find_run(Artifacts(tmp_path), "a-run")
    assert run.history() == [{"epoch": 1, "val_loss": 0.5}, {"epoch": 2}]
