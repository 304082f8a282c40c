"""The page of runs: every state, notes, settings that differ, downloads, deletion."""

import csv
import io
import json

import pytest
from test_pages import said
from tiny_artifacts import history_of, make_run, scores_of, start_run

from genre_core.jobs.lock import training_lock
from genre_core.runs.folder import find_run
from genre_core.runs.notes import Note, write_note
from genre_core.ui.parts import run_table
from genre_core.ui.views import runs


@pytest.fixture
def poster(artifacts, dataset):
    return find_run(artifacts, make_run(artifacts, dataset, "poster_cnn").name)


def test_every_state_stands_in_the_table(artifacts, dataset, poster, open_page):
    start_run(artifacts, dataset, "poster_cnn", history=history_of(2))
    broken = make_run(artifacts, dataset, "prior")
    (broken / "scores.npy").write_bytes(b"torn")
    (artifacts.runs / "garbled").mkdir()
    (artifacts.runs / ".deleted-old").mkdir()
    table = open_page("runs").dataframe[0].value
    assert sorted(table["State"]) == [
        "⏸ unfinished",
        "✓ finished",
        "✗ damaged",
        "✗ damaged",
    ]
    unfinished = table[table["State"] == "⏸ unfinished"].iloc[0]
    assert unfinished["Epochs"] == "2 of 3"
    assert table["mAP"].notna().sum() == 1


def test_one_run_has_its_settings_files_and_log(artifacts, poster, open_page):
    (poster.folder / "log.txt").write_text("line\n" * 300)
    marker = json.loads((poster.folder / "run.json").read_text())
    assert "log.txt" not in marker["files"]
    app = open_page("runs", runs=poster.id)
    labels = [button.proto.label for button in app.get("download_button")]
    of_page = ["Export", "CSV"]
    assert labels == [*of_page, "History (CSV)", "Metrics (CSV)", "Scores (CSV)", "Whole log"]
    assert "The last 200 of 300 lines." in said(app)


def test_a_name_is_used_on_every_page(artifacts, poster, open_page):
    write_note(artifacts, poster.id, Note("*mine*"))
    assert "*mine* :" in said(open_page("training_curves"))
    assert open_page().dataframe[0].value["Model"][0] == "*mine*"
    assert open_page("runs").dataframe[0].value["Run"][0] == "*mine*"


def test_settings_that_differ(artifacts, dataset, poster, open_page):
    other = find_run(artifacts, make_run(artifacts, dataset, "overview_lstm").name)
    table, n_same = run_table.differences([poster, other], {poster.id: "a", other.id: "b"})
    assert list(table["Setting"]) == ["model"]
    assert list(table.columns) == ["Setting", "a", "b"]
    assert n_same == 4
    app = open_page("runs", runs=[poster.id, other.id])
    assert "4 settings the same in all." in said(app)


def test_csv_files_hold_every_number(artifacts, dataset, poster):
    rows = list(csv.DictReader(io.StringIO(runs.history_csv(poster))))
    assert [float(row["val_loss"]) for row in rows] == [row["val_loss"] for row in history_of(3)]
    scores = list(csv.reader(io.StringIO(runs.scores_csv(poster, dataset))))
    assert scores[0] == ["Id", "split", *dataset.genres]
    assert len(scores) == 25
    expected = scores_of(dataset, "poster_cnn")
    assert float(scores[1][2]) == pytest.approx(expected[0, 0], rel=1e-5)
    metrics = list(csv.DictReader(io.StringIO(runs.metrics_csv(poster))))
    found = poster.metrics()["splits"]["test"]["metrics"]["bce"]
    (bce,) = [
        row["value"]
        for row in metrics
        if (row["split"], row["genre"], row["metric"]) == ("test", "", "bce")
    ]
    assert float(bce) == found
    about = {(row["run"], row["dataset"], row["threshold"]) for row in metrics}
    assert about == {(poster.id, dataset.fingerprint, "0.5")}


def test_an_unfinished_run_offers_to_go_on(artifacts, dataset, open_page):
    run = start_run(artifacts, dataset, "poster_cnn", history=history_of(2)).folder.name
    app = open_page("runs", runs=run)
    assert "Resume it to get the same result" in said(app)
    labels = [button.label for button in app.main.button]
    assert "Resume" in labels
    assert "Finish with the best weights" in labels


def test_a_running_run_cannot_be_deleted(artifacts, dataset, open_page):
    run = start_run(artifacts, dataset, "poster_cnn", history=history_of(2)).folder.name
    with training_lock(artifacts) as lock:
        lock.describe(run=run)
        app = open_page("runs", runs=run)
        assert app.button(key="delete").disabled
        assert "Training: 2 of 3 epochs done" in said(app)


def test_a_damaged_run_says_what_is_wrong(artifacts, open_page):
    (artifacts.runs / "garbled").mkdir(parents=True)
    app = open_page("runs", runs="garbled")
    assert "config.json cannot be read" in said(app)
    assert not app.button(key="delete").disabled


@pytest.mark.parametrize("runs", ["gone-run", "../../etc", "<b>"])
def test_an_unknown_run_in_the_address_is_no_error(poster, open_page, runs):
    assert "1 run on all datasets" in said(open_page("runs", runs=runs))
