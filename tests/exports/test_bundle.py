"""The ZIP of figures and tables; what Chromium draws is tested with the browser."""

import io
import json
import zipfile

import pandas as pd
import plotly.graph_objects as go
import pytest

from genre_core.charts.colours import DARK, LIGHT
from genre_core.data.cells import csv_of
from genre_core.exports import bundle, static

ABOUT = {"runs": [{"id": "a", "name": "A"}], "split": "test"}
FRAME = pd.DataFrame({"Genre": ["=1+1", "Drama"], "AP": [0.5, 0.25]})


@pytest.fixture
def images(monkeypatch):
    """What Kaleido makes of figures: nothing is missing."""

    def made(figures):
        return {f"{name}.{ending}": b"x" for name in figures for ending in static.FORMATS}, ""

    monkeypatch.setattr(static, "images", made)


def figure(name="bars"):
    drawn = go.Figure(go.Bar(x=[1], y=[2]), layout={"title": {"text": "A title"}, "height": 300})
    return bundle.Figure(name, "Some bars", drawn, ABOUT)


def table(name="genres"):
    return bundle.Table(name, "AP of genres", FRAME, ABOUT, {"run 1": "a"})


def opened(figures=(), tables=()):
    content = bundle.zip_of(figures, tables, {"page": "by_genre"}, LIGHT)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_has_every_figure_and_table_and_says_what_they_are(images):
    files = opened([figure()], [table()])
    assert sorted(files) == [
        "figures/bars.html",
        "figures/bars.png",
        "figures/bars.svg",
        "figures/plotly.min.js",
        "source.json",
        "tables/genres.csv",
    ]
    source = json.loads(files["source.json"])
    assert source["page"] == "by_genre"
    assert source["missing"] is None
    assert set(source["versions"]) == {"marquee", "plotly", "kaleido"}
    (bars,), (genres,) = source["figures"], source["tables"]
    assert bars["files"] == [f"figures/bars.{ending}" for ending in ("html", "png", "svg")]
    assert (bars["shows"], bars["runs"]) == ("Some bars", ABOUT["runs"])
    assert genres["files"] == ["tables/genres.csv"]


def test_a_table_is_the_one_shown_with_formulas_made_harmless():
    files = opened(tables=[table()])
    assert sorted(files) == ["source.json", "tables/genres.csv"]
    text = files["tables/genres.csv"].decode()
    assert text == csv_of(FRAME.assign(**{"run 1": "a"}))
    assert "'=1+1,0.5,a" in text


def test_without_a_browser_figures_are_interactive_and_the_zip_says_so(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/there/is/none")
    files = opened([figure()])
    missing = ["figures/bars.png", "figures/bars.svg"]
    assert not set(missing) & set(files)
    assert json.loads(files["source.json"])["missing"] == {
        "files": missing,
        "reason": static.NO_BROWSER,
    }
    assert files["MISSING.txt"].decode().startswith(static.NO_BROWSER)
    assert b"figures/bars.svg" in files["MISSING.txt"]
    page = files["figures/bars.html"].decode()
    assert 'src="plotly.min.js"' in page
    assert "A title" in page


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_figure_alone_has_the_background_of_its_page(theme):
    shown = figure().figure
    alone = static.for_file(shown, theme).layout
    assert alone.paper_bgcolor == alone.plot_bgcolor == theme.paper
    assert alone.font.color == theme.ink
    assert shown.layout.paper_bgcolor is None


@pytest.mark.thorough
def test_a_browser_that_hangs_is_ended(monkeypatch, tmp_path):
    hangs = tmp_path / "browser"
    hangs.write_text("#!/bin/sh\nexec sleep 60\n")
    hangs.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(hangs))
    monkeypatch.setattr(static, "LIMIT", 0.5)
    monkeypatch.setattr(static, "CLOSING", 0.1)
    made, reason = static.images({"bars": figure().figure})
    assert made == {}
    assert "did not finish" in reason
    assert static._one_browser.acquire(blocking=False)
    static._one_browser.release()
