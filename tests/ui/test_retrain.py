"""What the sidebar says when no training runs: options, outcomes, and what is offered."""

import pytest
from test_pages import said, sidebar
from tiny_artifacts import history_of, make_run, start_run

from genre_core.jobs import lock, process


def ended(artifacts, state, **what):
    with lock.take(artifacts) as held:
        held.describe(state=state, **what)


def test_a_new_run_is_offered_where_another_one_is_pinned(artifacts, dataset, open_page):
    old = make_run(artifacts, dataset, "poster_cnn").name
    new = make_run(artifacts, dataset, "poster_cnn").name
    ended(artifacts, "finished", done=[new])
    app = open_page(poster=old)
    app.button(key="compare_new").click().run()
    assert app.selectbox(key="poster").value == new
    assert "Showing the latest runs" in sidebar(app)


def test_what_the_pages_show_already_is_not_offered(artifacts, dataset, open_page):
    new = make_run(artifacts, dataset, "poster_cnn").name
    ended(artifacts, "finished", done=[new])
    assert "Showing the latest runs" in sidebar(open_page())


def test_a_failed_training_says_what_to_do(artifacts, dataset, open_page):
    (artifacts.root / process.LOG).write_text("line one\nError: no *room*\n")
    ended(artifacts, "failed", problem="no *room*", has_log=True)
    app = open_page()
    words = said(app)
    assert "The last training failed. no *room*" in words
    assert "Error: no *room*" in words
    assert "Fix the error above and retrain" in sidebar(app)


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_an_interrupted_training_can_be_taken_up(artifacts, dataset, open_page, state):
    run = start_run(artifacts, dataset, "poster_cnn", history=history_of(2)).folder.name
    ended(artifacts, state, run=run)
    assert "Resume the run" in sidebar(open_page())


def test_the_seed_is_one_that_no_run_has_and_missing_baselines_are_chosen(
    artifacts, dataset, open_page
):
    for model in ("poster_cnn", "prior"):
        make_run(artifacts, dataset, model)
    app = open_page()
    seed = app.number_input(key="retrain_seed")
    assert seed.proto.placeholder == "1"
    (models,) = [widget for widget in app.multiselect if widget.label == "Models"]
    networks = ["poster_cnn", "overview_lstm"]
    assert models.value == ["poster_features", "overview_tfidf", *networks, "fusion"]


def test_what_is_chosen_in_the_options_is_what_is_trained(
    artifacts, dataset, open_page, monkeypatch
):
    asked = []
    monkeypatch.setattr(process, "start", lambda _, words: asked.append(words))
    app = open_page()
    app.selectbox(key="retrain_loss").select("focal").run()
    app.button(key="retrain").click().run()
    (words,) = asked
    assert words[words.index("--recipe") + 1] == "improved"
    assert [words[place + 1] for place, word in enumerate(words) if word == "--option"] == [
        "loss=focal"
    ]


def test_what_it_will_do_and_how_long_is_said(artifacts, dataset, open_page):
    app = open_page()
    assert "6 models, under a minute." in sidebar(app)
    (models,) = [widget for widget in app.multiselect if widget.label == "Models"]
    models.set_value(["poster_cnn"]).run()
    assert "1 model, under a minute." in sidebar(app)
    assert any("train poster_cnn --recipe improved --seed 0" in code.value for code in app.code)


def test_options_that_a_recipe_lacks_are_not_offered(artifacts, dataset, open_page):
    app = open_page()
    assert "Word dropout" in [widget.label for widget in app.selectbox]
    app.selectbox(key="retrain_recipe").select("reference").run()
    labels = [widget.label for widget in app.selectbox]
    assert "Word dropout" not in labels
    assert "Loss" in labels
