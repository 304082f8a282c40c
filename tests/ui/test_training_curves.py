"""The page of training curves: runs of every state, layouts, words."""

import json

import pytest
from test_pages import said
from tiny_artifacts import history_of, make_run, start_run

from genre_core.jobs.lock import training_lock


def charts(app):
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def lines(app):
    """Names of the lines of the first chart."""
    return [trace["name"] for trace in charts(app)[0]["data"]]


@pytest.fixture
def networks(artifacts, dataset):
    return {name: make_run(artifacts, dataset, name) for name in ("poster_cnn", "overview_lstm")}


def test_a_badge_answers_and_each_quantity_has_one_chart_of_all_runs(networks, open_page):
    app = open_page("training_curves")
    assert len(charts(app)) == 5
    words = said(app)
    assert words.count("Overfitting: ") == 2
    assert "Overfitting: no, still improving" in words
    assert "Validation loss is lowest in epoch" in words
    assert "**Precision**: Share of the genres predicted at 0.5 that are true (micro)." in words
    assert {"Poster network (CNN): validation", "Overview network (BiLSTM): validation"} <= set(
        lines(app)
    )
    assert not any(chart["layout"]["showlegend"] for chart in charts(app))


def test_more_runs_is_disabled_with_a_reason_where_there_is_none(networks, open_page):
    more = open_page("training_curves").multiselect(key="more")
    assert more.disabled
    assert more.placeholder == "No other run has a history of these films"


def test_an_old_run_stands_beside_a_new_one(artifacts, dataset, networks, open_page):
    old = start_run(artifacts, dataset, "poster_cnn", history=history_of(2)).folder.name
    app = open_page("training_curves", more=old)
    assert app.multiselect(key="more").value == [old]
    assert not app.multiselect(key="more").disabled
    words = said(app)
    assert "(dashed, stopped before its end)" in words
    named = [name for name in lines(app) if name.endswith(": validation")]
    assert len(set(named)) == 3


def test_a_run_that_trains_now_is_shown_without_being_asked_for(
    artifacts, dataset, networks, open_page
):
    run = start_run(artifacts, dataset, "poster_cnn", history=history_of(2))
    with training_lock(artifacts) as lock:
        lock.describe(run=run.folder.name)
        words = said(open_page("training_curves"))
    assert "(dashed, training now) :blue-badge[" in words
    assert "in epoch 2 of 2 so far" in words


def test_the_first_run_is_shown_while_it_trains(artifacts, dataset, open_page):
    run = start_run(artifacts, dataset, "poster_cnn")
    with training_lock(artifacts) as lock:
        lock.describe(run=run.folder.name)
        assert "No epoch completed yet" in said(open_page("training_curves"))


FORMER = {"charts": "Overlaid"}  # in URLs before


@pytest.mark.parametrize("query", [FORMER, {"more": "../.."}, {"smooth": "x"}])
def test_nonsense_in_the_address_falls_back(networks, open_page, query):
    assert len(charts(open_page("training_curves", **query))) == 5
