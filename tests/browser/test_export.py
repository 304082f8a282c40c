"""One click on Export gives one ZIP of everything on the page, made by the Chrome installed."""

import csv
import io
import json
import zipfile

import pytest
from served_app import serving

PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def address(compared):
    with serving(compared[0]) as address:
        yield address


def exported(visit, folder):
    """Click Export once; return the folder with what was in the ZIP."""
    with visit.page.expect_download(timeout=60_000) as download:
        visit.page.get_by_role("button", name="Export", exact=True).click()
    assert download.value.suggested_filename.endswith(".zip")
    download.value.save_as(folder / "export.zip")
    with zipfile.ZipFile(folder / "export.zip") as archive:
        archive.extractall(folder)
    return folder


def test_one_click_exports_figures_and_tables(compared, address, tab, tmp_path):
    visit = tab(address)
    visit.open("agreement?by=top3&genre=Genre+5")
    folder = exported(visit, tmp_path)
    assert (folder / "figures/who_gets.png").read_bytes().startswith(PNG)
    drawn = (folder / "figures/who_gets.svg").read_text()
    for words in ("Films of each genre by which run predicts it", "Top 3", "Marquee", "Neither"):
        assert words in drawn
    rows = list(csv.DictReader(io.StringIO((folder / "tables/who_gets_films.csv").read_text())))
    assert rows[0]["decision rule"] == "top3"
    source = json.loads((folder / "source.json").read_text())
    assert source["missing"] is None
    visit.open(source["path"].removeprefix("/"))
    visit.page.wait_for_selector("h1:has-text('Agreement')")
    assert "by=top3" in visit.page.url
    visit.page.goto((folder / "figures/who_gets.html").as_uri())
    visit.page.wait_for_selector(".main-svg")
    assert visit.errors == []
    assert [url for url in visit.strangers if not url.startswith("file:")] == []


def test_charts_of_a_fragment_are_exported_too(address, tab, tmp_path):
    visit = tab(address)
    visit.open("training_curves")
    visit.page.wait_for_selector(".main-svg")
    folder = exported(visit, tmp_path)
    loss = (folder / "figures/curves_loss.svg").read_text()
    assert "Loss by epoch" in loss
    assert "lower is better" in loss
    assert (folder / "figures/curves_f1.png").read_bytes().startswith(PNG)
    assert (folder / "tables/training_history.csv").exists()
    assert visit.errors == []


def test_a_chart_saved_by_its_own_button_has_title_and_source(address, tab, tmp_path):
    visit = tab(address)
    visit.open("confusions?by=top3")
    visit.page.get_by_text("Sources of these figures").click()
    visit.page.get_by_text("SVG", exact=True).click()
    visit.settle()
    with visit.page.expect_download() as download:
        visit.page.locator(".modebar-btn").first.click()
    download.value.save_as(tmp_path / "chart.svg")
    drawn = (tmp_path / "chart.svg").read_text()
    assert "Missed genres by pair" in drawn
    assert "Top 3" in drawn
