"""The page of class imbalance: what is counted, and what a run makes of it."""

import pandas as pd
import pytest
from test_pages import said
from tiny_artifacts import make_run

from genre_core.runs.folder import find_run
from genre_core.ui.views import class_imbalance


@pytest.fixture
def networks(artifacts, dataset):
    names = ("poster_cnn", "overview_lstm")
    return {name: find_run(artifacts, make_run(artifacts, dataset, name).name) for name in names}


def test_films_and_predictions_are_counted(artifacts, dataset, open_page):
    make_run(artifacts, dataset, "prior")
    app = open_page("class_imbalance", poster=next((artifacts.runs).iterdir()).name)
    counts, shares = app.dataframe[0].value, app.dataframe[3].value
    assert counts["Genre"][0] == "Drama"
    assert counts["all, films"][0] == 18
    assert counts["share of all labels"].sum() == pytest.approx(1)
    assert shares["In the top 3"][0] == 1.0
    words = said(app)
    assert "**Drama** in 18 (75%)" in words
    assert "1 column of 4 has no film: News" in words
    assert "of the 5 test films; this run predicts it for 100%" in words


def test_every_part_is_there_for_two_runs(networks, open_page):
    app = open_page("class_imbalance")
    assert len(app.header) == 5
    assert app.header[4].value == "Leakage between splits"
    assert len(app.get("plotly_chart")) == 4
    words = said(app)
    assert "of the films have one genre only" in words
    assert "rank correlation" in words


def test_a_genre_from_the_address(networks, open_page):
    app = open_page("class_imbalance", genre="Comedy", figure="ap")
    assert "**Comedy** is true for" in said(app)


@pytest.mark.parametrize("query", [{"genre": "<b>"}, {"figure": "x"}, {"imbalance_of": "x"}])
def test_nonsense_in_the_address_falls_back(networks, open_page, query):
    assert "**Drama** is true for" in said(open_page("class_imbalance", **query))


def test_without_a_run_the_films_are_counted_all_the_same(dataset, open_page):
    app = open_page("class_imbalance")
    assert len(app.get("plotly_chart")) == 2
    assert "No poster network has finished" in said(app)


def test_words_on_support_and_figures():
    table = pd.DataFrame(
        {"Training films": [100, 50, 10], "Test films": [40, 35, 5], "F1: a": [0.5, 0.2, 0.0]}
    )
    sentence = class_imbalance.support_sentence(table, "f1", ["a"])
    assert "rank correlation with the number of training films +1.00" in sentence
    assert "F1 of 0 for 1 of 3 genres" in sentence
    assert "1 of these genres has fewer than 30 test films" in sentence
    constant = table.assign(**{"F1: a": 0.0})
    assert "no rank correlation" in class_imbalance.support_sentence(constant, "f1", ["a"])
