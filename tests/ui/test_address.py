"""What URLs hold: keys, never the text shown; URLs of before lead where they led."""

import json
import re

import pytest
from compared_runs import pair
from streamlit.testing.v1 import AppTest
from test_pages import PAGES, said, sidebar

from genre_core.runs.folder import list_runs
from genre_core.ui.frame import picker, shell
from genre_core.ui.parts import address, comparing, film_filters, genre_tables, rules
from genre_core.ui.parts import threshold_editor as editor
from genre_core.ui.views import label_review

KEY = re.compile(r"[a-z0-9_:.-]+")
FORMER = {
    ("agreement", "by"): rules.FORMER,
    ("films", "split"): film_filters.FORMER_SPLITS,
    ("films", "who"): film_filters.FORMER_WHO,
    ("films", "order"): film_filters.FORMER_ORDERS,
    ("thresholds", "each"): editor.FORMER_SCOPES,
    ("confusions", "of"): shell.FORMER_SLOTS,
    ("class_imbalance", "figure"): genre_tables.FORMER_FIGURES,
    ("head_to_head", "genre_figure"): comparing.FORMER_FIGURES,
    ("label_review", "label"): label_review.FORMER,
}


def in_url(app, key):
    value = app.query_params.get(key)
    return value[0] if isinstance(value, list) else value


@pytest.fixture
def picked(monkeypatch):
    """The options of every choice that the URL holds by key, by parameter."""
    found, pick = {}, address.pick

    def spy(widget, label, options, *, key, **more):
        found[key] = options
        return pick(widget, label, options, key=key, **more)

    monkeypatch.setattr(address, "pick", spy)
    return found


def bound_options(app):
    """Options of the widgets that Streamlit itself writes into the URL, as it writes them."""
    return {
        widget.proto.query_param_key: set(widget.options)
        for kind in ("selectbox", "radio", "multiselect", "button_group")
        for widget in app.get(kind)
        if widget.proto.query_param_key
    }


@pytest.mark.thorough
@pytest.mark.parametrize("page", [*PAGES, "runs"])
def test_urls_hold_keys_genres_and_ids(compared, films, open_page, picked, page):
    ids = {run.id for run in list_runs(compared)}
    data = ids | set(films.genres) | {"6", "12", "24", "48"}
    for key, options in bound_options(open_page(page)).items():
        assert options <= data, key
    assert {"dataset", "poster", "overview"} <= set(picked)
    for key, options in picked.items():
        known = {"*", *films.genres} if key == "outcome_genre" else set()
        assert all(option in known or KEY.fullmatch(option) for option in options), key
        assert len(set(options.values())) == len(options), key  # Streamlit tells them by their text


@pytest.mark.thorough
@pytest.mark.parametrize(("page", "key"), FORMER)
def test_urls_of_before_are_understood(compared, open_page, page, key):
    for said_before, now in FORMER[page, key].items():
        app = open_page(page, **{key: said_before})
        assert app.get_by_key(key).value == now
        assert "was not found" not in said(app)
        is_first = now == app.session_state[address.STATE].first[key]
        assert in_url(app, key) == (None if is_first else now)


def test_a_dataset_is_asked_for_by_fingerprint_or_as_before(compared, films, open_page):
    name = picker.dataset_name({"source": films.source, "fingerprint": films.fingerprint})
    for asked in (films.fingerprint, name):
        app = open_page(dataset=asked)
        assert app.get_by_key("dataset").value == films.fingerprint
        assert "was not found" not in sidebar(app)


def test_saved_thresholds_of_before_are_understood(compared, open_page):
    app = open_page("thresholds")
    app.get_by_key("set_name").set_value("Top 3").run()
    app.get_by_key("save_set").click().run()
    for asked in ("saved: Top 3", "saved:Top 3"):
        app = open_page("films", rule=asked)  # as the parameter was called before
        assert app.get_by_key("by").value == "saved:Top 3"
        assert (in_url(app, "by"), in_url(app, "rule")) == ("saved:Top 3", None)
        assert "Top 3 (saved): ✓ hit" in said(app)


def test_an_unknown_value_is_named_until_another_is_chosen(compared, open_page):
    app = open_page("films", who="<b>me")
    words = "'<b>me' in the URL was not found. Showing Any instead."
    assert words in said(app)
    assert "who" not in app.query_params
    app.get_by_key("search").set_value("a").run()
    assert words in said(app)
    app.get_by_key("who").set_value("both_wrong").run()
    assert "was not found" not in said(app)
    assert in_url(app, "who") == "both_wrong"
    app.get_by_key("who").set_value("any").run()
    assert "who" not in app.query_params


def test_a_choice_is_kept_from_page_to_page(compared, open_page):
    app = open_page("agreement", by="top3")
    app.switch_page("pages/head_to_head.py").run()  # which needs thresholds
    assert app.get_by_key("by").value == "top3"
    assert "Top 3 has no threshold; this page uses: Tuned, global." in said(app)
    app.get_by_key("genre_figure").set_value("f1").run()
    app.query_params.clear()  # as a browser does
    app.switch_page("pages/agreement.py").run()
    assert app.get_by_key("by").value == "top3"
    app.switch_page("pages/films.py").run()
    app.get_by_key("order").set_value("poster_lowest_loss").run()
    app.switch_page("pages/confusions.py").run()
    app.get_by_key("by").set_value("half").run()
    app.query_params.clear()
    app.switch_page("pages/films.py").run()
    assert app.get_by_key("order").value == "poster_lowest_loss"
    app.switch_page("pages/agreement.py").run()
    assert app.get_by_key("by").value == "half"


def test_a_link_wins_over_what_was_chosen_before(compared, open_page):
    app = open_page("films", by="half", who="both_wrong")
    app.switch_page("pages/agreement.py").run()
    app.query_params.clear()  # as a browser does
    app.query_params["where"] = "poster hit Genre 3"
    app.query_params["by"] = "tuned"
    app.switch_page("pages/films.py").run()
    assert app.get_by_key("by").value == "tuned"
    assert app.get_by_key("who").value == "any"


@pytest.mark.thorough
@pytest.mark.parametrize("page", [*PAGES, "runs"])
def test_a_page_is_titled_as_in_the_navigation(compared, open_page, page):
    (title,) = open_page(page).title
    assert title.value == shell.HEADS[page or "summary"]["title"]


def test_segmented_controls_and_pills_can_be_left_without_a_choice():
    app = AppTest.from_function(_optional).run()
    assert [element.value for element in app.text] == ["a", "a"]
    app.get_by_key("segmented").set_value("b").run()
    assert app.text[0].value == "b"
    assert in_url(app, "segmented") == "b"
    app.get_by_key("segmented").set_value(None).run()
    assert app.text[0].value == "a"
    assert not app.exception


def _optional():
    import streamlit as st

    from genre_core.ui.parts import address

    address.begin(has_arrived=False)
    options = {"a": "First", "b": "Second"}
    st.text(address.pick(st.segmented_control, "Segmented", options, key="segmented"))
    st.text(address.pick(st.pills, "Pills", options, key="pills"))
    address.keep()


def test_the_csv_of_a_page_names_the_rule_by_its_key(compared, open_page):
    poster = pair(compared)[0]
    app = open_page("thresholds")
    assert "decision rule: Tuned, global" in said(app)
    app.get_by_key(editor.key(poster, None)).set_value(0.9).run()
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    (path,) = compared.saved_thresholds.iterdir()
    assert json.loads(path.read_text())["how"][poster.id] == "by_hand"
