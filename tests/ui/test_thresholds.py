"""Thresholds set by hand, fitted and saved, and what they decide."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from compared_runs import change_scores, frame, pair
from test_pages import said

from genre_core.commands.main import cli
from genre_core.errors import RunError
from genre_core.evaluation.decided import decision_metrics
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.fitting import Objective, best_genre_thresholds
from genre_core.runs import scores as run_scores
from genre_core.runs import threshold_sets
from genre_core.runs.threshold_origins import Origin
from genre_core.ui.parts import threshold_editor
from genre_core.ui.views import thresholds


def test_thresholds_that_were_fitted_and_saved_do_not_flatter(compared, films, open_page):
    run = pair(compared)[0]
    app = open_page("thresholds")
    app.get_by_key("fit").click().run()
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    app.get_by_key("start_saved:mine").click().run()
    assert "validation metrics are too optimistic" in said(app)
    with pytest.raises(RunError, match="optimistic"):
        run_scores.figures(run, split="validation", threshold="mine")


def test_thresholds_follow_the_slider_and_the_fit(compared, films, open_page):
    run = pair(compared)[0]
    app = open_page("thresholds")
    app.get_by_key(threshold_editor.key(run, None)).set_value(0.9).run()
    assert "Set by hand" in said(app)
    high = frame(app, "Films", "Recall, micro").set_index("Films")
    app.get_by_key(threshold_editor.key(run, None)).set_value(0.1).run()
    low = frame(app, "Films", "Recall, micro").set_index("Films")
    assert low.loc["test", "Recall, micro"] > high.loc["test", "Recall, micro"]
    assert low.loc["test at 0.5", "Recall, micro"] == high.loc["test at 0.5", "Recall, micro"]
    assert "validation, cross-fitted" not in low.index
    app.get_by_key("each").set_value(threshold_editor.PER_GENRE).run()
    app.get_by_key("goal").set_value("recall").run()
    app.get_by_key("at_least").set_value(0.8).run()
    app.get_by_key("fit").click().run()
    assert not app.exception
    table = frame(app, "Genre", "Threshold")
    assert table["Threshold"].nunique() > 10
    assert (table["Recall, validation"] >= 0.8).all()
    assert "validation, cross-fitted" in frame(app, "Films", "Recall, micro")["Films"].tolist()


def test_what_no_threshold_reaches_is_said(compared, films, open_page):
    change_scores(pair(compared)[0], lambda scores: 1 - scores)  # the worse the better they were
    app = open_page("thresholds", each=threshold_editor.PER_GENRE)
    app.get_by_key("goal").set_value("precision").run()
    app.get_by_key("at_least").set_value(0.9).run()
    app.get_by_key("fit").click().run()
    assert any("No threshold reaches this" in warning.value for warning in app.warning)
    app.get_by_key("each").set_value(threshold_editor.GLOBAL).run()
    app.get_by_key("fit").click().run()
    assert any("No threshold reaches this" in warning.value for warning in app.warning)


def test_saved_thresholds_decide_the_films_and_the_command(compared, films, open_page):
    poster, overview = pair(compared)
    app = open_page("thresholds")
    app.get_by_key(threshold_editor.key(poster, None)).set_value(0.33).run()
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    assert [toast.value for toast in app.toast] == ["Saved."]
    kept = threshold_sets.find(compared, "mine")
    assert set(kept.thresholds) == {poster.id, overview.id}
    assert set(kept.thresholds_of(poster)) == {0.33}
    shown = open_page("films", by="saved:mine")
    assert "mine: ✓ hit" in said(shown)
    command = ["show", poster.id, "--threshold", "mine", "--json", "--artifacts", str(compared)]
    assert set(json.loads(CliRunner().invoke(cli, command).stdout)["threshold"]) == {0.33}
    app.get_by_key("save_set").click().run()
    assert "already exist" in app.toast[0].value


def test_rare_genres_that_no_threshold_reaches_are_named():
    """They have the common threshold, which is 1 where it reaches nothing."""
    random = np.random.default_rng(0)
    y_true = (random.random((200, 3)) < [0.4, 0.4, 0.03]).astype(np.uint8)
    y_score = np.clip(random.random(y_true.shape), 0, 0.99)
    y_score[:, 0] = 0.2 + 0.5 * y_true[:, 0]  # only this one can be precise
    objective = Objective("precision", 0.9)
    limits = best_genre_thresholds(y_true, y_score, objective)
    values = threshold_editor.EditedThresholds(
        limits, Origin("tuned_per_genre", objective), (objective, True)
    )
    seen = decision_metrics(y_true, decide(y_score, limits), np.ones(3, dtype=bool))
    found = thresholds.Outcome(seen, seen, seen, seen)
    dataset = SimpleNamespace(genres=("A", "B", "C"))
    assert thresholds.unreached(dataset, values, found) == ["B", "C"]
