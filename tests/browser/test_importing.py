"""Runs from elsewhere through the button on Runs, in a real browser."""

import pandas as pd
import pytest
from served_app import serving
from tiny_artifacts import make_dataset
from write_notebook import FIT, SUMMARY, keras3, write

from genre_core.artifacts import Artifacts
from genre_core.runs.folder import list_runs


@pytest.fixture
def artifacts(tmp_path):
    return Artifacts(tmp_path / "artifacts")


def start(visit):
    visit.open("runs")
    visit.page.get_by_role("button", name="Import").click()
    return visit.page.get_by_role("dialog")


def test_a_notebook_and_scores_are_uploaded_and_a_bad_file_says_why(artifacts, tab, tmp_path):
    dataset = make_dataset(tmp_path / "films", artifacts)
    notebook = write(
        tmp_path / "mine.ipynb",
        ("cnn.summary()", SUMMARY),
        (FIT, keras3([(0.01, 0.9), (0.005, 0.95)])),
    )
    scores = tmp_path / "scores.csv"
    table = pd.DataFrame(0.5, index=dataset.films.ids, columns=list(dataset.genres))
    (table * 9).rename_axis("Id").to_csv(scores)
    with serving(artifacts) as address:
        visit = tab(address)
        dialog = start(visit)
        dialog.locator("input[type=file]").first.set_input_files(notebook)
        dialog.get_by_role("button", name="Import", exact=True).click()
        visit.page.get_by_text("3 questions about the training").wait_for()
        visit.page.get_by_role("heading", name="mine cnn").wait_for()
        dialog = start(visit)
        dialog.locator("input[type=file]").first.set_input_files(scores)
        dialog.get_by_role("button", name="Import", exact=True).click()
        dialog.get_by_text("add --logits").wait_for()
        dialog.get_by_text("Options for scores").click()
        dialog.get_by_text("Scores are logits").click()
        dialog.get_by_role("button", name="Import", exact=True).click()
        visit.page.get_by_text("Imported: scores.").wait_for()
        dialog = start(visit)
        dialog.get_by_label("Or a path on this computer").fill(str(tmp_path / "films"))
        dialog.get_by_label("Or a path on this computer").press("Enter")
        dialog.get_by_role("button", name="Import", exact=True).click()
        dialog.get_by_text("holds nothing that can be imported").wait_for()
        assert visit.errors == []
    labels = {run.label: run.has_scores for run in list_runs(artifacts)}
    assert labels == {"mine cnn": False, "scores": True}
