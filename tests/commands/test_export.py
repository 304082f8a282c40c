"""The command `export`: what it writes where, and what it refuses."""

import json
import sys

import pytest
from click.testing import CliRunner
from exported_runs import add_run, curves_only

from genre_core.commands.exporting import FORMATS
from genre_core.commands.main import cli


@pytest.fixture
def export(tmp_path):
    """Return a function that exports runs of an artifacts folder and returns the result."""

    def call(*words, out=None):
        return CliRunner().invoke(
            cli,
            [
                *("export", *words, "--artifacts", str(tmp_path / "artifacts")),
                *("--out", str(out or tmp_path / "out")),
            ],
        )

    return call


def said(result):
    return " ".join(result.output.split())


def test_several_runs_are_written_to_a_new_folder_and_their_files_printed(export, tmp_path):
    for run in ("vit-1", "vit-2"):
        add_run(tmp_path / "artifacts", run)
    result = export("vit-1", "vit-2", "vit-1", "--to", "csv", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["runs"] == ["vit-1", "vit-2"]
    assert sorted(found["files"]) == sorted(map(str, (tmp_path / "out").iterdir()))
    assert len(found["files"]) == 6
    assert export("vit-1", "--to", "zip").output == f"{tmp_path / 'out' / 'vit-1.zip'}\n"


def test_nothing_is_overwritten_and_nothing_is_written_beside_it(export, tmp_path):
    for run in ("vit-1", "vit-2"):
        add_run(tmp_path / "artifacts", run)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "vit-2.zip").write_text("mine")
    result = export("vit-1", "vit-2", "--to", "zip")
    assert result.exit_code == 1
    assert "exists already and is not overwritten" in said(result)
    assert [path.read_text() for path in (tmp_path / "out").iterdir()] == ["mine"]


def test_a_destination_that_is_a_file_or_among_the_runs_is_refused(export, tmp_path):
    run = add_run(tmp_path / "artifacts")
    (tmp_path / "notes").write_text("mine")
    assert "is not a folder" in said(export("vit-1", "--to", "zip", out=tmp_path / "notes"))
    assert "lies in the artifacts folder" in said(export("vit-1", "--to", "zip", out=run.folder))


def test_nothing_is_written_among_films(export, films_folder, tmp_path):
    folder = films_folder()
    words = ["inspect", str(folder), "--artifacts", str(tmp_path / "artifacts")]
    assert CliRunner().invoke(cli, words).exit_code == 0
    add_run(tmp_path / "artifacts")
    before = sorted(folder.rglob("*"))
    result = export("vit-1", "--to", "csv", out=folder / "exported")
    assert result.exit_code == 1
    assert "lies in the folder of the films" in said(result)
    assert sorted(folder.rglob("*")) == before


def test_an_unfinished_run_is_refused_with_the_way_to_finish_it(export, tmp_path):
    run = add_run(tmp_path / "artifacts")
    (run.folder / "run.json").unlink()
    result = export("vit-1", "--to", "csv")
    assert result.exit_code == 1
    assert "'vit-1' is unfinished, and only finished runs can be exported" in said(result)
    assert "genre_core finish vit-1" in said(result)


def test_a_damaged_run_is_refused(export, tmp_path):
    run = add_run(tmp_path / "artifacts")
    (run.folder / "history.jsonl").write_text("")
    assert "is damaged: history.jsonl was changed" in said(export("vit-1", "--to", "zip"))


@pytest.mark.parametrize(
    ("run", "lacks"),
    [
        ("curves-1", {"model-card": "test scores"}),
        ("bare-1", {"tensorboard": "history"}),
    ],
)
def test_a_run_that_lacks_what_a_format_needs_is_told_the_others(export, tmp_path, run, lacks):
    curves_only(tmp_path / "artifacts")
    add_run(tmp_path / "artifacts", "bare-1", history=())
    refused = {**lacks, "keras": "trained network", "onnx": "trained network"}
    others = [form.name for form in FORMATS if form.name not in refused]
    for name, need in refused.items():
        result = export(run, "--to", name)
        assert result.exit_code == 1
        assert f"Run '{run}' has no {need}, so it cannot be exported to {name}" in said(result)
        assert f"--to {', '.join(others)}." in said(result)
    for name in {"csv", "parquet", "zip", "tensorboard", "model-card"} - refused.keys():
        assert export(run, "--to", name, out=tmp_path / name).exit_code == 0
        assert list((tmp_path / name).iterdir())


def test_without_the_extra_it_is_named_and_nothing_is_written(export, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    add_run(tmp_path / "artifacts")
    result = export("vit-1", "--to", "mlflow")
    assert result.exit_code == 1
    assert "pip install '.[mlflow]'" in said(result)
    assert not (tmp_path / "out").exists()
