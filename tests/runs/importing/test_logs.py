"""Histories of TensorBoard, MLflow and W&B, as those programs and their users write them."""

import struct

import numpy as np
import pytest
from click.testing import CliRunner

from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.errors import DataError
from genre_core.runs import mlflow_client
from genre_core.runs.exporting.events import first_record, record, scalar_record
from genre_core.runs.folder import list_runs
from genre_core.runs.importing import event_files
from genre_core.runs.importing.event_files import read_event_files
from genre_core.runs.importing.histories import read_histories
from genre_core.runs.importing.mlflow_store import read_mlflow, store_of
from genre_core.runs.mlflow_client import client_class, store_address


def write_events(folder, scalars, name="events.out.tfevents.1.host"):
    """Write an event file with (tag, step, value)."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    parts = [scalar_record(tag, value, step=step, wall_time=1.0) for tag, step, value in scalars]
    path.write_bytes(first_record(1.0) + b"".join(parts))
    return path


def test_each_folder_with_parts_is_one_training(tmp_path):
    for run in ("a", "b"):
        write_events(tmp_path / run / "train", [("epoch_loss", 0, 0.5), ("batch_loss", 7, 0.9)])
        write_events(tmp_path / run / "validation", [("epoch_loss", 0, 0.25)])
    found = read_event_files(tmp_path)
    assert [history.name for history in found] == ["a", "b"]
    assert found[0].rows == ({"epoch": 1, "loss": 0.5, "val_loss": 0.25},)
    assert found[0].left_out == ("Charts by batch: train/batch_loss.",)


def test_one_file_of_pytorch_with_global_steps(tmp_path):
    steps = [(tag, 62 * epoch, 0.5) for epoch in (1, 2) for tag in ("Loss/train", "Loss/val")]
    path = write_events(tmp_path, [*steps, ("lr-Adam", 62, 0.25)])
    (history,) = read_event_files(path)
    assert history.rows == (
        {"epoch": 1, "loss": 0.5, "val_loss": 0.5, "learning_rate": 0.25},
        {"epoch": 2, "loss": 0.5, "val_loss": 0.5},
    )
    assert history.left_out == ("Steps 62 to 124 are taken as epochs 1 to 2.",)


def test_lightning_says_the_epoch_of_a_step(tmp_path):
    scalars = [("train_loss", 49, 0.5), ("epoch", 49, 0.0), ("train_loss", 99, 0.25)]
    write_events(tmp_path, [*scalars, ("epoch", 99, 1.0), ("train_loss", 120, 0.1)])
    (history,) = read_event_files(tmp_path)
    assert history.rows == ({"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25})
    assert history.left_out == ("Steps without an epoch: 1.",)


def test_files_of_a_training_that_was_resumed_go_on(tmp_path):
    write_events(tmp_path, [("loss", 1, 0.5), ("loss", 2, 0.9)])
    write_events(tmp_path, [("loss", 2, 0.25)], "events.out.tfevents.2.host")
    assert read_event_files(tmp_path)[0].rows == (
        {"epoch": 1, "loss": 0.5},
        {"epoch": 2, "loss": 0.25},
    )


def test_a_file_that_is_being_written_or_damaged(tmp_path):
    path = write_events(tmp_path, [("loss", 1, 0.5), ("loss", 2, 0.25)])
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    assert read_event_files(path)[0].rows == ({"epoch": 1, "loss": 0.5},)
    for place in (3, 60, len(whole) - 30):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        with pytest.raises(DataError, match="is damaged"):
            read_event_files(path)
    path.write_bytes(first_record(1.0))
    with pytest.raises(DataError, match="no scalars by epoch"):
        read_event_files(path)


@pytest.mark.parametrize("content", [b"\x0a\xff", b"\x2a\x7f", b"\x07", b"\x80" * 12])
def test_a_record_that_is_no_event_is_refused(tmp_path, content):
    (tmp_path / "events.out.tfevents.1").write_bytes(record(content))
    with pytest.raises(DataError, match="an event cannot be read"):
        read_event_files(tmp_path)


def test_images_and_graphs_are_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(event_files, "LARGEST", 200)
    path = write_events(tmp_path, [("loss", 1, 0.5)])
    image = record(b"\x22" + b"\xf4\x03" + b"x" * 500)
    path.write_bytes(image + path.read_bytes())
    assert len(read_event_files(path)[0].rows) == 1


@pytest.mark.slow  # imports TensorFlow
def test_what_keras_writes_is_read(tmp_path):
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(loss="mse")
    x = np.ones((8, 2))
    logs = keras.callbacks.TensorBoard(tmp_path, update_freq=1, write_graph=False)
    quiet = {"verbose": 0, "callbacks": [logs]}
    said = model.fit(x, x[:, :1], epochs=3, validation_data=(x, x[:, :1]), **quiet).history
    (history,) = read_event_files(tmp_path)
    assert [row["epoch"] for row in history.rows] == [1, 2, 3]
    for name in ("loss", "val_loss"):
        assert [row[name] for row in history.rows] == pytest.approx(said[name], rel=1e-6)


def test_tables_of_wandb(tmp_path):
    path = tmp_path / "chart.csv"
    path.write_text(
        '"Step","deep - val_loss","deep - val_loss__MIN","wide - val_loss","wide - val_loss__MAX"\n'
        '0,0.5,0.4,0.25,0.3\n1,0.25,0.2,"",""\n'
    )
    deep, wide = read_histories(path)
    assert (deep.name, wide.name) == ("deep", "wide")
    assert deep.rows == ({"epoch": 1, "val_loss": 0.5}, {"epoch": 2, "val_loss": 0.25})
    assert wide.rows == ({"epoch": 1, "val_loss": 0.25},)
    path.write_text(
        "_step,_runtime,_timestamp,epoch/epoch,epoch/loss,epoch/val_loss,batch/loss\n"
        "0,1,1,,,,0.9\n1,2,2,0,0.5,0.25,\n2,3,3,,,,0.8\n3,4,4,1,0.25,0.5,\n"
    )
    (history,) = read_histories(path)
    assert [(row["epoch"], row["loss"], row["val_loss"]) for row in history.rows] == [
        (1, 0.5, 0.25),
        (2, 0.25, 0.5),
    ]


@pytest.fixture
def mlflow():
    for name in mlflow_client.PACKAGES:
        pytest.importorskip(name)


@pytest.mark.extra
@pytest.mark.parametrize("store", ["tracking.db", "mlruns"])
def test_runs_of_mlflow(mlflow, tmp_path, monkeypatch, store):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # deprecated, but there are many
    path = tmp_path / store
    if store == "mlruns":
        path.mkdir()
    client = client_class(path)(store_address(path))
    experiment = client.create_experiment("mine")
    for name in ("one", "two", "none"):
        run = client.create_run(experiment, run_name=name).info.run_id
        for epoch in range(2 * (name != "none")):
            client.log_metric(run, "train_loss", 0.5 - epoch / 4, step=epoch)
    assert store_of(path if store == "tracking.db" else tmp_path) == path
    whole = type(client).search_runs
    monkeypatch.setattr(  # a page at a time, as of a store with thousands
        type(client), "search_runs", lambda *words, **more: whole(*words, **more, max_results=1)
    )
    found = read_mlflow(path)
    assert [history.name for history in found] == ["one", "two"]
    assert found[0].rows == ({"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25})


def test_a_database_that_is_no_store_of_mlflow_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "mine.db"
    path.write_bytes(b"SQLite format 3\0" + struct.pack("<100x"))
    before = path.read_bytes()
    with pytest.raises(DataError, match="is no MLflow store"):
        read_mlflow(path)
    assert path.read_bytes() == before


def test_mlflow_is_asked_for_where_it_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(mlflow_client, "PACKAGES", ("no_such_package",))
    (tmp_path / "mlruns" / "0").mkdir(parents=True)
    (tmp_path / "mlruns" / "0" / "meta.yaml").write_text("")
    answer = CliRunner().invoke(cli, ["import", str(tmp_path), "--artifacts", str(tmp_path / "a")])
    assert answer.exit_code == 1
    assert "pip install '.[mlflow]'" in " ".join(answer.output.split())


def test_a_folder_becomes_a_run_for_each_training(tmp_path):
    write_events(tmp_path / "logs" / "a", [("loss", 1, 0.5)])
    write_events(tmp_path / "logs" / "b", [("loss", 1, 0.5)])
    words = ["import", str(tmp_path / "logs"), "--artifacts", str(tmp_path / "x"), "--name", "Mine"]
    answer = CliRunner().invoke(cli, words)
    assert answer.exit_code == 0, answer.output
    labels = {run.label for run in list_runs(Artifacts(tmp_path / "x"))}
    assert labels == {"Mine a", "Mine b"}
    (tmp_path / "empty").mkdir()
    answer = CliRunner().invoke(cli, ["import", str(tmp_path / "empty")])
    assert "holds nothing that can be imported" in " ".join(answer.output.split())
