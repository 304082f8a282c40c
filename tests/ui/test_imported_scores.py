"""Imported scores on every page where Marquee itself has trained nothing."""

import numpy as np
import pandas as pd
import pytest
from test_pages import said, sidebar

from genre_core.runs.importing.alignment import Reading
from genre_core.runs.importing.write import About, import_scores
from genre_core.ui.frame import shell

PAGES = ["" if page == shell.LANDING else page for page in shell.HEADS]
HISTORY = "epoch,loss,val_loss\n0,0.5,0.6\n1,0.4,0.5\n2,0.3,0.55\n"


@pytest.fixture
def bring(tmp_path, artifacts, dataset):
    """Import random scores under a name."""

    def bring_it(name, modality=None, **more):
        noise = np.random.default_rng(len(name)).random(dataset.labels.shape)
        scores = 0.3 * dataset.labels + 0.7 * noise
        table = pd.DataFrame(scores, columns=list(dataset.genres))
        table.insert(0, "Id", dataset.films.ids)
        table.to_csv(tmp_path / f"{name}.csv", index=False)
        source = tmp_path / f"{name}.csv"
        import_scores(source, artifacts, dataset, About(modality=modality, **more))

    return bring_it


@pytest.mark.thorough
@pytest.mark.parametrize("modalities", [("poster", "overview"), ("poster", "poster"), (None, None)])
@pytest.mark.parametrize("page", PAGES)
def test_two_are_compared_at_once_whatever_they_look_at(bring, open_page, page, modalities):
    for name, modality in zip(("Mine", "Yours"), modalities, strict=True):
        bring(name, modality)
    app = open_page(page)
    assert "has finished" not in said(app)
    assert "Mine · " in sidebar(app)
    assert "Yours · " in sidebar(app)


@pytest.mark.thorough
@pytest.mark.parametrize("page", PAGES)
def test_a_single_one_is_shown_and_a_second_asked_for(bring, open_page, page):
    bring("Mine")
    app = open_page(page)
    assert "Mine · " in sidebar(app)
    assert "No overview network has finished yet." in sidebar(app)
    assert "No model has finished" not in said(app)
    if page == "head_to_head":
        assert "Only **Mine** has finished on these films yet." in said(app)


def test_without_a_history_nothing_is_said_of_epochs(bring, open_page):
    bring("Mine")
    words = said(open_page("training_curves"))
    assert "No history was imported. Train-validation gap" in words
    assert "Fitted without epochs" not in words


def test_with_a_history_no_epoch_counts_as_kept(bring, tmp_path, open_page):
    history = tmp_path / "history.csv"
    history.write_text(HISTORY)
    bring("Mine", history=history)
    app = open_page("training_curves")
    words = said(app)
    assert "Strong line: validation" in words
    assert "kept epoch." not in words
    assert " kept" not in sidebar(app)


def test_a_run_of_training_films_alone_is_marked_and_offered_by_no_page(
    tmp_path, artifacts, dataset, open_page
):
    rows = dataset.rows("train")
    table = pd.DataFrame(0.5, index=range(len(rows)), columns=list(dataset.genres))
    table.insert(0, "Id", [dataset.films.ids[row] for row in rows])
    table.to_csv(tmp_path / "seen.csv", index=False)
    about = About(reading=Reading(is_partial=True))
    (made,) = import_scores(tmp_path / "seen.csv", artifacts, dataset, about)["runs"]
    words = said(open_page("runs", runs=made["run"]))
    assert "Scores of 14 training films. Without test films it gets no verdict" in words
    assert "seen · " not in sidebar(open_page(""))
