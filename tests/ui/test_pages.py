"""Every page in every state of the artifacts folder: a clear sentence, never a traceback."""

import re
import shutil

import pytest
from edit_json import edit_json
from tiny_artifacts import history_of, make_run, start_run

from genre_core.jobs.lock import training_lock

COMPARING = ["head_to_head", "by_genre", "thresholds", "confusions", "agreement", "label_review"]
PAGES = ["", "training_curves", "class_imbalance", "films", "your_film", *COMPARING]


def said(app) -> str:
    """Everything in words on a page."""
    kinds = ("title", "header", "subheader", "markdown", "text", "caption", "info", "warning")
    return as_read(element for kind in (*kinds, "error", "code") for element in app.get(kind))


def sidebar(app) -> str:
    return as_read((*app.sidebar.caption, *app.sidebar.warning))


def as_read(elements) -> str:
    """The texts of elements with the escapes of Markdown taken off."""
    words = "\n".join(str(element.value) for element in elements)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words)


@pytest.mark.thorough
@pytest.mark.parametrize("page", PAGES)
def test_no_folder_names_the_command(artifacts, open_page, page):
    words = said(open_page(page))
    assert "does not exist yet" in words
    assert f"python -m genre_core train all --artifacts {artifacts}" in words
    assert not artifacts.root.exists()


@pytest.mark.thorough
@pytest.mark.parametrize("page", PAGES[:4])
def test_empty_folder_names_the_command(artifacts, open_page, page):
    artifacts.root.mkdir()
    words = said(open_page(page))
    assert "contains no films yet" in words
    assert "python -m genre_core train all" in words


def test_a_training_that_still_reads_its_films(artifacts, open_page):
    with training_lock(artifacts):
        words = said(open_page())
    assert "A training has started" in words
    assert "genre_core train" not in words


@pytest.mark.parametrize("page", PAGES)
def test_films_without_a_run(dataset, open_page, page):
    app = open_page(page)
    words = said(app)
    assert "24 films: 14 training, 5 validation, 5 test" in words
    assert "has finished on these films yet" in words
    assert f"--data {dataset.source}" in words or page == "class_imbalance"


@pytest.mark.parametrize("page", PAGES)
def test_one_run(artifacts, dataset, open_page, page):
    make_run(artifacts, dataset, "poster_cnn")
    app = open_page(page)
    assert "No overview network has finished yet." in sidebar(app)
    if page in ("training_curves", "films", "by_genre", "thresholds", "confusions", "agreement"):
        assert "genre_core train overview_lstm" in said(app)


@pytest.mark.parametrize("page", PAGES)
def test_two_runs_and_a_baseline(artifacts, dataset, open_page, page):
    for model in ("prior", "poster_cnn", "overview_lstm"):
        make_run(artifacts, dataset, model)
    app = open_page(page)
    assert "has finished" not in said(app)
    assert "Poster network (CNN) · reference · seed 0 · " in sidebar(app)
    assert " · epoch 2 of 3 kept" in sidebar(app)


def test_landing_holds_trivial_before_networks(artifacts, dataset, open_page):
    for model in ("poster_cnn", "prior", "overview_tfidf"):
        make_run(artifacts, dataset, model)
    app = open_page()
    table = app.dataframe[0].value
    assert list(table["Kind"]) == ["base rates", "linear", "network"]
    assert table["BCE / base rates ↓"][0] == pytest.approx(1.0, abs=1e-6)
    assert list(table["Kept epoch"]) == ["-", "-", "2 of 3"]
    assert "5 test films" in said(app)
    assert "1 genre" in said(app)


def test_landing_counts_the_runs_without_figures(artifacts, dataset, open_page):
    broken = make_run(artifacts, dataset, "overview_lstm")
    (broken / "scores.npy").write_bytes(b"torn")
    start_run(artifacts, dataset, "poster_cnn", history=history_of(2))
    (artifacts.runs / "garbled").mkdir()
    (link,) = open_page().get("page_link")
    assert link.proto.label == "Without figures here: 1 unfinished, 2 damaged."


PROGRESS = {"epoch": 3, "n_epochs": 3, "batch": 1, "n_batches": 4, "left": "12 s left"}


def test_a_running_training_shows_its_epoch(artifacts, dataset, open_page):
    run = start_run(artifacts, dataset, "poster_cnn", history=history_of(2))
    with training_lock(artifacts) as lock:
        lock.describe(run=run.folder.name, place=2, n_models=5, progress=PROGRESS)
        app = open_page()
        bar = app.sidebar.progress[0].text
        assert bar == "Epoch 3 of 3, batch 1 of 4, 12 s left"
        words = sidebar(app) + as_read(app.sidebar.markdown)
        assert "model 2 of 5" in words
        assert "After epoch 2: training loss 0.5000 under dropout, validation loss 0.5000." in words
        assert [button.label for button in app.sidebar.button] == ["Cancel"]
        words = said(open_page("films"))
        assert "One is being trained: 2 of 3 epochs done" in words
        assert "A training is running" in words  # no second one can be begun beside it
        assert "genre_core train" not in words
        assert "genre_core train poster_cnn" not in words
    app = open_page()
    assert not app.sidebar.progress
    assert [button.label for button in app.sidebar.button] == ["Retrain"]


def test_a_training_that_has_no_run_yet_or_a_strange_one(artifacts, dataset, open_page):
    with training_lock(artifacts) as lock:
        assert "Starting." in sidebar(open_page())
        lock.describe(run="../../etc", phase="preparing")
        assert "Preparing." in sidebar(open_page())


def test_damaged_dataset_is_an_error_with_a_way_out(artifacts, dataset, open_page):
    (artifacts.datasets / dataset.fingerprint / "films.parquet").write_bytes(b"torn")
    words = said(open_page())
    assert "is damaged" in words
    assert "python -m genre_core inspect" in words


def test_generated_films_are_marked(artifacts, dataset, open_page):
    meta = artifacts.datasets / dataset.fingerprint / "dataset.json"
    edit_json(meta, generated=True)
    assert "24 synthetic films: 14 training" in sidebar(open_page())


def test_a_run_from_the_address(artifacts, dataset, open_page):
    baseline = make_run(artifacts, dataset, "poster_features")
    make_run(artifacts, dataset, "poster_cnn")
    app = open_page("training_curves", poster=baseline.name)
    assert app.selectbox(key="poster").value == baseline.name
    words = said(app)
    assert "Fitted without epochs" in words


@pytest.mark.parametrize("name", ["../../etc/passwd", "<b>x</b>", "gone-run"])
def test_an_unknown_run_from_the_address_is_told(artifacts, dataset, open_page, name):
    make_run(artifacts, dataset, "poster_cnn")
    app = open_page(poster=name)
    assert app.selectbox(key="poster").value == "latest"
    assert "in the URL was not found" in sidebar(app)


def test_a_run_of_other_films_is_told(artifacts, dataset, open_page):
    folder = make_run(artifacts, dataset, "poster_cnn")
    other = artifacts.runs / "elsewhere"
    shutil.copytree(folder, other)
    (other / "run.json").unlink()
    edit_json(other / "config.json", dataset="0123456789abcdef")
    (link,) = open_page().get("page_link")
    assert link.proto.label == "Without figures here: 1 on other films."


def test_fusion_stands_last_and_under_its_own_name(artifacts, dataset, open_page):
    for model in ("fusion", "poster_cnn", "prior"):
        make_run(artifacts, dataset, model)
    table = open_page().dataframe[0].value
    assert list(table["Kind"]) == ["base rates", "network", "fusion"]
