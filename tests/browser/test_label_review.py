"""Labels are reviewed by keyboard alone, and a row of the table opens its label."""

import pytest
from served_app import serving

from genre_core.runs import label_decisions
from genre_core.runs.folder import list_runs
from genre_core.ui.parts import label_doubts

FILM = "[data-testid=stPageLink]"


@pytest.fixture(scope="module")
def address(compared):
    with serving(compared[0]) as address:
        yield address


@pytest.fixture(scope="module")
def queue(compared):
    """The first labels of the queue, by film and genre."""
    artifacts, films = compared
    runs = {run.config["model"]: run for run in list_runs(artifacts)}
    pair = runs["poster_cnn"], runs["overview_lstm"]
    found = label_doubts.chosen(label_doubts.doubts(films, pair), 0, [])
    return [doubt.key for doubt in found[:5]]


def test_the_keyboard_alone_reviews_labels(compared, address, queue, tab):
    visit = tab(address)
    visit.open("label_review")

    def press(key, then):
        visit.page.keyboard.press(key)
        visit.page.locator(FILM, has_text=then[0]).wait_for()
        visit.settle()

    visit.page.locator(FILM, has_text=queue[0][0]).wait_for()
    press("k", queue[1])
    press("s", queue[2])
    press("x", queue[3])
    visit.page.get_by_text("2 of").wait_for()
    made = [(one.key, one.decision) for one in label_decisions.read(*compared)]
    assert made == [(queue[0], "keep"), (queue[2], "change")]
    press("u", queue[2])
    press("u", queue[1])
    press("u", queue[0])
    assert label_decisions.read(*compared) == ()

    # What is typed into a field decides nothing.
    visit.page.get_by_role("button", name="Genres").focus()
    visit.page.keyboard.press("Enter")
    field = visit.page.get_by_role("combobox", name="Genres")
    field.focus()
    visit.page.keyboard.type("xks")
    visit.page.wait_for_timeout(500)
    visit.settle()
    assert label_decisions.read(*compared) == ()
    assert visit.errors == []


def test_a_row_of_the_table_opens_its_label(address, queue, tab):
    visit = tab(address)
    visit.open("label_review?view=table")
    table = visit.page.locator("[data-testid=stDataFrame]")
    table.wait_for()
    visit.page.wait_for_timeout(1000)  # the canvas is drawn after the script has run
    table.click(position={"x": 18, "y": 35 * 3 + 17})  # the box of the third row
    visit.page.locator(FILM, has_text=queue[2][0]).wait_for()
    visit.page.get_by_role("button", name="Keep label").wait_for()
    assert "view=" not in visit.page.url
    assert visit.errors == []
