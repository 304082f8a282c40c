"""What the pages export: everything that they show, with what it is about."""

import json
import zipfile
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from compared_runs import pair

from genre_core.exports import bundle, static
from genre_core.ui.frame import shell
from genre_core.ui.parts import export, rules


@pytest.fixture
def asked(monkeypatch):
    """What the button Export would give, by page; no runtime serves downloads in these tests."""
    made = {}
    monkeypatch.setattr(static, "images", lambda figures: ({}, "none here"))
    whole = export.offer

    def offer():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "streamlit.delta_generator.DeltaGenerator.download_button",
                lambda place, label, data, **look: made.update({look["file_name"]: data}),
            )
            whole()

    monkeypatch.setattr(export, "offer", offer)
    return made


def files_of(data):
    archive = zipfile.ZipFile(BytesIO(data()))
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_of_a_page_says_how_to_make_it_again(compared, films, asked, open_page):
    runs = pair(compared)
    app = open_page("head_to_head", by=rules.HALF)
    assert not app.exception
    files = files_of(asked["marquee_head_to_head.zip"])
    assert {name for name in files if name.endswith(".csv")} == {
        "tables/head_to_head.csv",
        "tables/comparison_genres.csv",
        "tables/seeds.csv",
    }
    source = json.loads(files["source.json"])
    (differences, genres) = source["figures"]
    assert [run["id"] for run in differences["runs"]] == [run.id for run in runs]
    assert differences["decision_rule"] == {"key": rules.HALF, "label": "Threshold 0.5"}
    assert differences["n_films"] == len(films.rows("test"))
    assert f"compare {runs[0].id} {runs[1].id}" in differences["command"]
    assert genres["dataset"] == films.fingerprint
    assert source["datasets"][films.fingerprint].startswith("films-")
    link = urlsplit(source["path"])
    query = parse_qs(link.query)
    assert link.path == "/head_to_head"
    assert query["by"] == [rules.HALF]
    assert query["poster"] == [runs[0].id]  # not "latest", which is another run tomorrow


def test_a_figure_says_what_it_shows_and_what_it_is_about(compared, asked, open_page):
    app = open_page("by_genre")
    assert not app.exception
    charts = app.session_state[export.STATE].charts
    assert set(charts) == {"ap_by_genre", "precision_recall", "reliability"}
    layout = charts["precision_recall"].figure.layout
    assert layout.title.text.startswith("Precision and recall for Genre")
    source = layout.title.subtitle.text.replace("<br>", " · ").split(" · ")
    first, second = (run.label for run in pair(compared))
    assert source[0] == f"{first}, {second}"
    assert "Tuned, global" in source
    assert source[-1] == "Marquee"
    assert "higher is better" in layout.xaxis.title.text
    assert layout.showlegend


@pytest.mark.thorough
def test_every_page_with_something_to_show_offers_it(compared, asked, open_page):
    pages = [name for name in shell.HEADS if name != "your_film"]  # shows nothing unasked
    for name in pages:
        assert not open_page(name if name != "summary" else "").exception
    assert set(asked) == {f"marquee_{name}.zip" for name in pages}


def test_a_page_that_ends_early_exports_what_it_has_shown(artifacts, dataset, asked, open_page):
    app = open_page("class_imbalance")
    assert not app.exception
    files = files_of(asked["marquee_class_imbalance.zip"])
    assert "figures/film_shares.html" in files


def test_a_page_with_nothing_to_export_offers_nothing(artifacts, asked, open_page):
    open_page("head_to_head")
    assert asked == {}


def test_csv_and_export_of_a_table_are_the_same(compared, asked, open_page):
    app = open_page("agreement")
    shown = app.session_state[export.STATE].tables["oracle"]
    files = files_of(asked["marquee_agreement.zip"])
    assert files["tables/oracle.csv"].decode() == shown.csv()
    assert isinstance(shown, bundle.Table)


def test_split_and_runs_are_named_in_the_source_line():
    def line(*about, **more):
        return export.source_line(export.Trace(*about, **more))

    assert line(["a"], "0123", "test", 853) == ("a", "853 test films", "0123", "Marquee")
    assert line([], "", "train and validation", 2)[0] == "2 training and validation films"
    assert line([], "", "all splits", 5) == ("5 films", "Marquee")
    assert line(list("abcde"), "", "test", 1)[0] == "a, b, c and 2 more runs"
