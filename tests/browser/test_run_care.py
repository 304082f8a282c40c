"""What people do with a run: name it, download it, close it, delete it."""

import pytest
from served_app import serving
from tiny_artifacts import make_dataset, make_run

from genre_core.artifacts import Artifacts
from genre_core.runs.folder import list_runs
from genre_core.runs.notes import Note, read_note


@pytest.fixture
def artifacts(tmp_path):
    folder = Artifacts(tmp_path / "artifacts")
    dataset = make_dataset(tmp_path / "films", folder)
    for model in ("prior", "poster_cnn"):
        make_run(folder, dataset, model)
    return folder


def test_a_run_is_named_downloaded_and_deleted(artifacts, tab):
    run = next(run for run in list_runs(artifacts) if run.config["model"] == "poster_cnn")
    files = sorted(path.name for path in run.folder.iterdir())
    with serving(artifacts) as address:
        visit = tab(address)
        page = visit.page
        visit.open(f"runs?runs={run.id}")
        page.get_by_label("Display name").fill("*mine*")
        page.get_by_label("Note").fill("first try")
        page.get_by_role("button", name="Save").click()
        page.locator("h2", has_text="*mine*").wait_for()
        assert read_note(artifacts, run.id) == Note("*mine*", "first try")
        assert sorted(path.name for path in run.folder.iterdir()) == files
        visit.settle()  # a button's file is that of the script run that drew it
        with page.expect_download() as download:
            page.get_by_role("button", name="Scores (CSV)").click()
        assert download.value.suggested_filename == f"{run.id}-scores.csv"
        assert len(download.value.path().read_text().splitlines()) == 25
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("dialog").wait_for(state="hidden")
        assert run.folder.exists()
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("button", name="Delete run").click()
        page.get_by_text("1 run on all datasets").wait_for()
        assert not run.folder.exists()
        assert read_note(artifacts, run.id) == Note()
        assert visit.errors == []
