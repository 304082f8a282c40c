"""What was exported and is imported again has the same numbers."""

import json
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner
from tiny_artifacts import make_run

from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.runs import mlflow_client
from genre_core.runs.folder import find_run, list_runs


@pytest.fixture
def run(artifacts, dataset):
    return find_run(artifacts, make_run(artifacts, dataset, "poster_cnn").name)


def call(*words):
    answer = CliRunner().invoke(cli, [str(word) for word in words])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def there_and_back(run, form, folder, name, *words):
    """Export a run to a folder and import the file `name` in it; return the new run."""
    call("export", run.id, "--to", form, "--out", folder, "--artifacts", run.artifacts)
    said = ["--artifacts", run.artifacts, "--json", "--name", "Again"]
    made = json.loads(call("import", folder / name, *words, *said))
    (one,) = made["runs"]
    return find_run(run.artifacts, one["run"]), made


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables(run, tmp_path, form):
    call("export", run.id, "--to", "csv", "--out", tmp_path / "h", "--artifacts", run.artifacts)
    history = tmp_path / "h" / f"{run.id}.history.csv"
    name, words = f"{run.id}.scores.{form}", ("--history", history)
    again, made = there_and_back(run, form, tmp_path / "x", name, *words)
    assert np.array_equal(again.scores(), run.scores())
    assert again.film_ids() == run.film_ids()
    assert again.history() == run.history()
    assert again.metrics() == run.metrics()
    assert made["left_out"] == []


def test_event_files_of_tensorboard(run, tmp_path):
    again, made = there_and_back(run, "tensorboard", tmp_path / "x", run.id)
    assert [row["epoch"] for row in again.history()] == [row["epoch"] for row in run.history()]
    for row, known in zip(again.history(), run.history(), strict=True):
        assert {name: np.float32(value) for name, value in row.items()} == {
            name: np.float32(value) for name, value in known.items()
        }
    assert made["left_out"] == []


@pytest.mark.extra
def test_a_store_of_mlflow(run, tmp_path):
    for name in mlflow_client.PACKAGES:
        pytest.importorskip(name)
    again, made = there_and_back(run, "mlflow", tmp_path / "x", "mlflow.db")
    assert again.history() == run.history()
    assert again.label == f"Again {run.id}"
    assert "test_map" in made["left_out"][0]


def test_a_run_as_a_zip(run, tmp_path):
    out = tmp_path / "x"
    call("export", run.id, "--to", "zip", "--out", out, "--artifacts", run.artifacts)
    archive = out / f"{run.id}.zip"
    there = Artifacts(tmp_path / "there")
    for _ in range(2):  # the same run again is no new one
        made = json.loads(call("import", archive, "--artifacts", there, "--json"))
        assert [one["run"] for one in made["runs"]] == [run.id]
    (copied,) = list_runs(there)
    assert copied.state == "finished"
    assert {path.name: path.read_bytes() for path in copied.folder.iterdir()} == {
        path.name: path.read_bytes() for path in run.folder.iterdir()
    }


def _changed(archive, target, name, content):
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as new:
        for entry in source.infolist():
            if not entry.filename.endswith(name):
                new.writestr(entry.filename, source.read(entry))
        if content is not None:
            new.writestr(f"{source.namelist()[0].split('/')[0]}/{name}", content)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("scores.npy", b"other", "scores.npy was changed after it was saved"),
        ("run.json", None, "it has no run.json"),
        ("scores.npy", None, "scores.npy is missing"),
        ("../../evil", b"", "which is no file of a run"),
        ("more.sh", b"x", "its run.json does not name more.sh"),
    ],
)
def test_a_zip_that_was_changed_is_refused(run, tmp_path, name, content, words):
    call("export", run.id, "--to", "zip", "--out", tmp_path, "--artifacts", run.artifacts)
    bad, there = tmp_path / "bad.zip", Artifacts(tmp_path / "there")
    _changed(tmp_path / f"{run.id}.zip", bad, name, content)
    answer = CliRunner().invoke(cli, ["import", str(bad), "--artifacts", str(there)])
    assert answer.exit_code == 1
    assert words in " ".join(answer.output.split())
    assert not any(there.runs.glob("*"))
    assert not any(there.runs.glob(".*"))


def test_another_run_of_that_id_is_left_alone(run, tmp_path):
    call("export", run.id, "--to", "zip", "--out", tmp_path, "--artifacts", run.artifacts)
    (run.folder / "run.json").write_text("{}")
    words = ["import", str(tmp_path / f"{run.id}.zip"), "--artifacts", str(run.artifacts)]
    answer = CliRunner().invoke(cli, words)
    assert "Another run called" in " ".join(answer.output.split())
    assert (run.folder / "run.json").read_text() == "{}"
