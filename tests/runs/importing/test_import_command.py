"""The command `import`: notebooks and histories become runs that the pages show."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from tiny_artifacts import make_dataset
from write_notebook import FIT, SUMMARY, keras3, write

from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.runs.folder import find_run, list_runs


def call(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_a_notebook_becomes_one_run_a_fit(tmp_path):
    path = write(
        tmp_path / "mine.ipynb",
        ("cnn.summary()", SUMMARY),
        (FIT, keras3([(0.5, 0.4), (0.3, 0.25)])),
        ("lstm.fit(a, epochs=1)", keras3([(0.5, 0.4)])),
        ("lstm.fit(a, epochs=1, verbose=0)", ""),
    )
    answer = call("import", path, "--artifacts", tmp_path / "artifacts", "--json")
    assert answer.exit_code == 0, answer.output
    answered = json.loads(answer.stdout)
    assert answered["left_out"] == ["Calls of fit that print no epochs: 1."]
    made = answered["runs"]
    assert [(one["label"], one["epochs"]) for one in made] == [("mine cnn", 2), ("mine lstm", 1)]
    run = find_run(Artifacts(tmp_path / "artifacts"), made[0]["run"])
    assert (run.state, run.modality, run.kind) == ("finished", "poster", "imported")
    assert run.config["options"] == {"cell": 2, "notebook": "mine", "trainable parameters": 3400}
    assert [row["val_loss"] for row in run.history()] == [0.4, 0.25]
    assert not run.has_scores


HISTORY = {"loss": [0.5, 0.4], "val_loss": [0.6, 0.5], "precision_2": [0.1, 0.2]}


def _csv(path):
    path.write_text("epoch,loss,precision_2,val_loss\n0,0.5,0.1,0.6\n1,0.4,0.2,0.5\n")


@pytest.mark.parametrize(
    ("ending", "make"),
    [
        ("csv", _csv),
        ("json", lambda path: path.write_text(json.dumps(HISTORY))),
        ("npz", lambda path: np.savez(path, **HISTORY)),
    ],
)
def test_a_history_becomes_a_run(tmp_path, ending, make):
    path = tmp_path / f"history.{ending}"
    make(path)
    answer = call(
        "import", path, "--artifacts", tmp_path, "--name", "Mine", "--modality", "overview"
    )
    assert answer.exit_code == 0, answer.output
    assert "Mine, 2 epochs, best validation loss 0.5000" in answer.output.replace("\n", " ")
    (run,) = list_runs(Artifacts(tmp_path))
    assert run.history()[1] == {"epoch": 2, "loss": 0.4, "precision": 0.2, "val_loss": 0.5}


def test_a_history_of_mlflow_has_one_line_per_value(tmp_path):
    path = tmp_path / "mlflow.csv"
    path.write_text(
        "run_id,key,value,timestamp,step\n"
        + "".join(
            f"r,{key},{value},0,{step}\n"
            for key in ("loss", "val_loss")
            for step, value in ((0, 0.5), (1, 0.25))
        )
    )
    assert call("import", path, "--artifacts", tmp_path).exit_code == 0
    (run,) = list_runs(Artifacts(tmp_path))
    assert run.history()[1] == {"epoch": 2, "loss": 0.25, "val_loss": 0.25}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", "", "Expected a notebook (.ipynb), a history"),
        ("a.json", "{", "is no history that can be read"),
        ("a.json", '{"loss": [1, 2], "val_loss": [1]}', "have 1 to 2 values"),
        ("a.csv", "name\nx\n", "has no metric"),
        ("a.csv", "epoch,loss\n0,1\n0,2\n", "has epoch 0 more than once"),
        ("a.npz", "no zip", "is no history that can be read"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, content, words):
    (tmp_path / name).write_text(content)
    answer = call("import", tmp_path / name, "--artifacts", tmp_path / "artifacts")
    assert answer.exit_code == 1
    assert words in answer.output.replace("\n", " ")
    assert not (tmp_path / "artifacts" / "runs").exists()


def test_a_notebook_and_its_scores_are_one_command(tmp_path):
    artifacts = Artifacts(tmp_path / "artifacts")
    dataset = make_dataset(tmp_path / "films", artifacts)
    notebook = write(tmp_path / "mine.ipynb", (FIT, keras3([(0.5, 0.4)])))
    table = pd.DataFrame(0.5, index=dataset.films.ids, columns=list(dataset.genres))
    files = [tmp_path / "cnn.csv", tmp_path / "lstm.csv"]
    for file in files:
        (table * 3).rename_axis("Id").to_csv(file)
    answer = call("import", notebook, *files, "--logits", "--artifacts", artifacts)
    assert answer.exit_code == 0, answer.output
    labels = {run.label for run in list_runs(artifacts)}
    assert labels == {"mine cnn", "cnn", "lstm"}
    (tmp_path / "bad.csv").write_text("Id,Nothing\ntt1,0.5\n")
    answer = call("import", files[0], tmp_path / "bad.csv", "--logits", "--artifacts", artifacts)
    assert answer.exit_code == 1
    assert "Imported before the error: imported-" in answer.output
    answer = call("import", *files, "--logits", "--name", "Mine", "--artifacts", artifacts)
    assert "--name is about one source, and 2 are given" in " ".join(answer.output.split())
