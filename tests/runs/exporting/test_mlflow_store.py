"""What MLflow reads from the store is what the runs hold."""

import pytest
from exported_runs import HISTORY, add_run

from genre_core.errors import DataError
from genre_core.runs import mlflow_client
from genre_core.runs.exporting import mlflow_store as exporting
from genre_core.runs.exporting.mlflow_store import STORE, write_mlflow
from genre_core.runs.mlflow_client import client_class, store_address

CREATED = "2026-11-27T03:00:00+00:00"


@pytest.fixture
def store(tmp_path):
    """Return a new folder and MLflow's client for what will be written there."""
    for name in mlflow_client.PACKAGES:
        pytest.importorskip(name)
    folder = tmp_path / "store"

    def opened():
        return client_class(folder)(store_address(folder / STORE))

    return folder, opened


@pytest.mark.extra
def test_params_metrics_by_epoch_and_artifacts_are_read_back(store, tmp_path):
    folder, opened = store
    options = {"batch_size": 64, "a b!": "x"}
    run = add_run(tmp_path / "a", created=CREATED, seed=3, options=options, model="vit")
    other = add_run(tmp_path / "a", "vit-2")
    write_mlflow([run, other], folder)
    client = opened()
    experiment = client.get_experiment_by_name("Marquee")
    found = {one.info.run_name: one for one in client.search_runs([experiment.experiment_id])}
    assert set(found) == {"vit-1", "vit-2"}
    first = found["vit-1"]
    params = first.data.params
    assert params["options/batch_size"] == "64"
    assert params["options/a b_"] == "x"
    assert params["model"] == "vit"
    for name in ("loss", "val_loss", "auc"):
        points = client.get_metric_history(first.info.run_id, name)
        assert [(point.step, point.value) for point in points] == [
            (row["epoch"], row[name]) for row in HISTORY if name in row
        ]
    (test,) = client.get_metric_history(first.info.run_id, "test_map")
    assert (test.value, test.step) == (run.metrics()["splits"]["test"]["metrics"]["map"], 1)
    there = {item.path for item in client.list_artifacts(first.info.run_id)}
    assert there == {path.name for path in run.folder.iterdir()}
    assert first.info.end_time - first.info.start_time == 1500


@pytest.mark.extra
def test_a_store_that_is_there_is_left_alone(store, tmp_path):
    folder, _ = store
    folder.mkdir()
    (folder / "mlflow.db").write_text("mine")
    with pytest.raises(DataError, match="not overwritten"):
        write_mlflow([add_run(tmp_path / "a")], folder)
    assert (folder / "mlflow.db").read_text() == "mine"


@pytest.mark.extra
def test_a_failure_leaves_nothing(store, tmp_path, monkeypatch):
    folder, _ = store
    monkeypatch.setattr(exporting, "_params", lambda run: {"bad\nname": run.id})
    with pytest.raises(Exception, match="bad"):
        write_mlflow([add_run(tmp_path / "a")], folder)
    assert not list(folder.iterdir())
