"""Exported networks score raw films as their runs did, in a process that lacks Marquee."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from rich.console import Console

from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.data.opening import open_dataset
from genre_core.errors import RunError
from genre_core.jobs.lock import training_lock
from genre_core.runs.folder import Run
from genre_core.runs.importing.scores import read_scores
from genre_core.scoring import networks
from genre_core.training import train

NETWORKS = ("poster_cnn", "overview_lstm")
MARQUEE = ("genre_core", "sklearn", "scipy", "threadpoolctl")
HEAVY = ("keras", "tensorflow")


def exported(run: Run, form: str, folder: Path) -> Path:
    """Export a run with the command and return its folder."""
    where = ["--artifacts", str(run.artifacts), "--out", str(folder)]
    result = CliRunner().invoke(cli, ["export", run.id, "--to", form, *where])
    assert result.exit_code == 0, result.output
    return folder / run.id


def predicted(folder: Path, films: Path, missing: tuple[str, ...] = ()):
    """Run the exported program in its folder, where some packages cannot be imported."""
    without = folder.parent / "without"
    without.mkdir(exist_ok=True)
    for name in missing:
        (without / f"{name}.py").write_text(f"raise ImportError('{name} is not to be used')")
    return subprocess.run(
        [sys.executable, "predict.py", str(films), "--out", "scores.csv"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(without)},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_scores_are_those_of(run: Run, folder: Path, films: Path, missing: tuple[str, ...]):
    result = predicted(folder, films, missing)
    assert result.returncode == 0, result.stderr
    found = read_scores(folder / "scores.csv")
    assert found.genres == run.genres
    places = {film: place for place, film in enumerate(found.ids.tolist())}
    rows = [places[film] for film in run.film_ids()]
    np.testing.assert_allclose(found.values[rows], run.scores(), atol=1e-4, rtol=0)


@pytest.fixture
def reference(films_folder, tmp_path):
    """Return a function that trains a network of the recipe "reference" on a few films."""

    def make(model: str) -> tuple[Run, Path]:
        films, artifacts = films_folder(60), Artifacts(tmp_path / "artifacts")
        dataset = open_dataset(films, artifacts)
        request = train.TrainingRequest(model, "reference", seed=1, epochs=1)
        with training_lock(artifacts) as lock:
            context = train.TrainingContext(artifacts, Console(stderr=True, quiet=True), lock)
            return train.start(request, dataset, context), films

    return make


@pytest.mark.slow
@pytest.mark.parametrize("model", NETWORKS)
def test_keras_scores_of_the_improved_recipe(trained, model, tmp_path):
    run = trained.runs[model]
    folder = exported(run, "keras", tmp_path)
    assert_scores_are_those_of(run, folder, trained.folder, MARQUEE)


@pytest.mark.slow
@pytest.mark.training
@pytest.mark.parametrize("model", NETWORKS)
def test_keras_scores_of_the_reference_recipe(reference, model, tmp_path):
    run, films = reference(model)
    folder = exported(run, "keras", tmp_path)
    assert_scores_are_those_of(run, folder, films, MARQUEE)


@pytest.mark.extra
@pytest.mark.parametrize("model", NETWORKS)
def test_onnx_scores_of_the_improved_recipe(trained, model, tmp_path):
    for name in (*networks.CONVERTER, "onnxruntime"):
        pytest.importorskip(name)
    run = trained.runs[model]
    folder = exported(run, "onnx", tmp_path)
    assert_scores_are_those_of(run, folder, trained.folder, (*MARQUEE, *HEAVY))


@pytest.mark.extra
@pytest.mark.training
@pytest.mark.parametrize("model", NETWORKS)
def test_onnx_scores_of_the_reference_recipe(reference, model, tmp_path):
    for name in (*networks.CONVERTER, "onnxruntime"):
        pytest.importorskip(name)
    run, films = reference(model)
    folder = exported(run, "onnx", tmp_path)
    assert_scores_are_those_of(run, folder, films, (*MARQUEE, *HEAVY))


@pytest.mark.slow
@pytest.mark.training
def test_what_the_folder_holds_and_bad_films(reference, tmp_path):
    run, _ = reference("overview_lstm")
    folder = exported(run, "keras", tmp_path)
    settings = json.loads((folder / "settings.json").read_text())
    assert settings["genres"] == list(run.genres)
    assert 0 < settings["thresholds"]["tuned"] < 1
    assert len(settings["thresholds"]["tuned-per-genre"]) == len(run.genres)
    assert (
        f"python predict.py {networks.EXAMPLES['overview']}" in (folder / "README.md").read_text()
    )
    table = tmp_path / "films.csv"
    for text, said in (
        ("Id,Text\n1,A spy\n", "expected Id and Overview"),
        ("Id,Overview\n1,A spy\n1,A cook\n", "'1' comes more than once"),
        ("Id,Overview\n1\n", "too few"),
    ):
        table.write_text(text)
        result = predicted(folder, table)
        assert result.returncode == 1
        assert said in result.stderr
        assert "Traceback" not in result.stderr
        assert not (folder / "scores.csv").exists()
    (folder / "scores.csv").write_text("mine")
    assert "not overwritten" in predicted(folder, table).stderr
    assert (folder / "scores.csv").read_text() == "mine"


@pytest.mark.parametrize("modality", networks.PROGRAMS)
def test_exported_sources_are_those_of_the_package_and_import_only_each_other(modality):
    found = networks.sources(networks.PROGRAMS[modality])
    assert {"predict.py", "prepare.py", "program.py", "cells.py"} < found.keys()
    assert not found.keys() & {f"{name}.py" for name in sys.stdlib_module_names}
    for source in found.values():
        compile(source, "exported", "exec")
        assert "genre_core" not in source


@pytest.mark.parametrize("model", ["fusion", "overview_tfidf", "prior"])
def test_what_is_no_network_is_told_the_possible_formats(trained, model, tmp_path):
    run = trained.runs[model]
    where = ["--artifacts", str(run.artifacts), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(cli, ["export", run.id, "--to", "keras", *where])
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert f"Run '{run.id}' has no trained network" in said
    assert "--to csv, parquet, zip, mlflow, model-card." in said
    assert not (tmp_path / "out").exists()


def test_without_the_converter_the_extra_is_named(trained, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    run = trained.runs["poster_cnn"]
    where = ["--artifacts", str(run.artifacts), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(cli, ["export", run.id, "--to", "onnx", *where])
    assert result.exit_code == 1
    assert "pip install '.[onnx]'" in " ".join(result.output.split())
    assert not (tmp_path / "out").exists()


def test_arithmetic_that_onnx_runtime_lacks_is_refused_with_a_way_out(trained, tmp_path):
    run = trained.runs["poster_cnn"]
    options = {**run.config["options"], "precision": "mixed_bfloat16"}
    changed = dataclasses.replace(run, config={**run.config, "options": options})
    with pytest.raises(RunError, match=r"precision=mixed_bfloat16.*--to keras"):
        networks.write_onnx([changed], tmp_path / "out")
    assert not (tmp_path / "out").exists()
