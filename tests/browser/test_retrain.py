"""Training from the sidebar, seen by real browsers: started, watched, stopped, finished."""

import time

import pytest
from served_app import Visit, serving

from benchmarks.speed.served import server
from genre_core.artifacts import Artifacts
from genre_core.catalogue import MODELS
from genre_core.data.opening import open_dataset
from genre_core.jobs import process
from genre_core.runs.folder import list_runs

pytestmark = pytest.mark.slow
LONG = "400"  # epochs; more than any test waits for


@pytest.fixture
def artifacts(tmp_path, films_folder):
    """Films that were read and never trained on."""
    folder = Artifacts(tmp_path / "artifacts")
    open_dataset(films_folder(60), folder)
    yield folder
    process.cancel(folder)


def retrain(visit: Visit, epochs: str) -> None:
    page = visit.page
    page.get_by_role("button", name="Options").click()
    field = page.get_by_label("Epochs")
    field.wait_for()
    visit.settle()  # what is typed into a field that is being drawn anew is lost
    field.fill(epochs)
    field.press("Enter")
    visit.settle()
    assert field.input_value() == epochs
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Retrain").click()
    page.get_by_text("Training now").wait_for()


def see_epochs(visit: Visit) -> None:
    """Wait for the first epoch: how long a training takes to begin depends on the machine."""
    page = visit.page
    begun, failed = page.get_by_text(f"of {LONG}, batch"), page.get_by_text("training failed")
    begun.or_(failed).first.wait_for(timeout=240_000)
    assert not failed.count(), page.locator("[data-testid=stSidebar]").inner_text()


def test_retrain_watch_cancel_and_take_up(artifacts, tab):
    with serving(artifacts) as address, serving(artifacts) as another_server:
        visit = tab(address)
        visit.open("training_curves")
        retrain(visit, LONG)
        other = tab(another_server)
        other.open()
        for watcher in (visit, other):
            see_epochs(watcher)
            watcher.page.get_by_text("After epoch").wait_for()
            assert watcher.page.get_by_role("button", name="Retrain").count() == 0
        visit.page.locator(".js-plotly-plot").first.wait_for()
        began = time.monotonic()
        other.page.get_by_role("button", name="Cancel").click()
        other.page.get_by_text("The last training was stopped.").wait_for()
        assert time.monotonic() - began < 5
        visit.page.get_by_text("The last training was stopped.").wait_for()
        (stopped,) = [run for run in list_runs(artifacts) if run.state == "unfinished"]
        assert stopped.config["model"] == "poster_cnn"
        assert visit.errors == []
        assert other.errors == []


def test_a_training_survives_its_server(artifacts, tab):
    with server(artifacts) as (address, server_process):
        visit = tab(address)
        visit.open()
        retrain(visit, LONG)
        see_epochs(visit)
        training = process.look(artifacts).record["process"]
        server_process.kill()
    assert process.look(artifacts).record["process"] == training
    assert process.look(artifacts).is_running
    with serving(artifacts) as address:
        visit = tab(address)
        visit.open()
        see_epochs(visit)


def test_retrain_to_the_end(artifacts, tab):
    with serving(artifacts) as address:
        visit = tab(address)
        visit.open()
        retrain(visit, "1")
        visit.page.get_by_text("Showing the latest runs").wait_for(timeout=180_000)
        assert visit.page.get_by_role("button", name="Retrain").count() == 1
        visit.page.get_by_text("9 test films, 3 genres. About these runs").wait_for(
            state="attached"
        )
        assert visit.errors == []
    states = [(run.config["model"], run.state) for run in list_runs(artifacts)]
    assert {model for model, _ in states} == {entry.name for entry in MODELS}
    assert {state for _, state in states} == {"finished"}


def test_a_failed_training_shows_its_log_and_what_to_do(artifacts, films_folder, tab, tmp_path):
    (tmp_path / "films" / "films.csv").rename(tmp_path / "films" / "gone.txt")
    with serving(artifacts) as address:
        visit = tab(address)
        visit.open()
        visit.page.get_by_role("button", name="Retrain").click()
        visit.page.get_by_text("The last training failed.").wait_for()
        visit.page.get_by_text("Last lines of its log").click()
        visit.page.locator("[data-testid=stSidebar] code", has_text="Error").wait_for()
        visit.page.get_by_text("Fix the error above and retrain.").wait_for()
