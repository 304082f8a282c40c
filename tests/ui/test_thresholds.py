"""Thresholds set by hand, fitted and saved, and what they decide."""

import json
import re
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
from genre_core.ui.parts.threshold_outcome import Outcome
from genre_core.ui.views import thresholds


def test_thresholds_that_were_fitted_and_saved_do_not_flatter(compared, films, open_page):
    run = pair(compared)[0]
    app = open_page("thresholds")
    app.get_by_key("tune_global").click().run()
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    app.get_by_key("start_saved:mine").click().run()
    notes = [line.help for line in app.markdown if "Thresholds:" in line.value]
    assert "validation metrics are too optimistic" in notes[0]
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
    app.get_by_key("goal").set_value("recall").run()
    app.get_by_key("at_least").set_value(0.8).run()
    app.get_by_key("tune_per_genre").click().run()
    assert not app.exception
    assert app.get_by_key("each").value == threshold_editor.PER_GENRE
    table = frame(app, "Genre", "Threshold")
    assert table["Threshold"].nunique() > 10
    assert (table["Recall, validation"] >= 0.8).all()
    assert "validation, cross-fitted" in frame(app, "Films", "Recall, micro")["Films"].tolist()


def test_what_no_threshold_reaches_is_said(compared, films, open_page):
    change_scores(pair(compared)[0], lambda scores: 1 - scores)  # the worse the better they were
    app = open_page("thresholds")
    app.get_by_key("goal").set_value("precision").run()
    app.get_by_key("at_least").set_value(0.9).run()
    app.get_by_key("tune_per_genre").click().run()
    assert any("No threshold reaches this" in warning.value for warning in app.warning)
    app.get_by_key("tune_global").click().run()
    assert any("No threshold reaches this" in warning.value for warning in app.warning)


def summary(app):
    """The lines of the table of F1: micro and macro on validation, then on test."""
    table = next(line.value for line in app.markdown if line.value.startswith("| F1"))
    lines = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return {name: [number(cell) for cell in cells] for name, *cells in lines}


def number(cell):
    return float(re.search(r"-?[0-9.]+", cell.replace("−", "-"))[0])


def test_the_summary_compares_with_a_half_and_with_the_other_tuning(compared, films, open_page):
    app = open_page("thresholds")
    global_f1 = summary(app)
    assert list(global_f1) == ["now", "vs. 0.5", "vs. tuned per genre"]
    app.get_by_key("tune_per_genre").click().run()
    by_genre = summary(app)
    assert list(by_genre) == ["now", "vs. 0.5", "vs. tuned globally"]
    np.testing.assert_allclose(
        np.subtract(by_genre["now"], global_f1["now"]), by_genre["vs. tuned globally"], atol=2e-3
    )
    np.testing.assert_allclose(
        np.negative(by_genre["vs. tuned globally"]), global_f1["vs. tuned per genre"]
    )
    table = frame(app, "Films", "F1, micro").set_index("Films")
    half = np.subtract(by_genre["now"], by_genre["vs. 0.5"])
    assert half[2] == pytest.approx(table.loc["test at 0.5", "F1, micro"], abs=2e-3)
    assert by_genre["now"][0] == pytest.approx(
        table.loc["validation, cross-fitted", "F1, micro"], abs=1e-3
    )


def test_both_tunings_show_f1_on_validation_before_one_is_chosen(compared, films, open_page):
    words = said(open_page("thresholds"))
    assert words.count("Micro F1 **") == words.count("Macro F1 **") == 2
    assert words.count("▲ higher") <= 2


def test_saved_thresholds_are_applied_on_all_pages(compared, films, open_page):
    app = open_page("thresholds")
    app.get_by_key("set_name").set_value("mine").run()
    app.get_by_key("save_set").click().run()
    app.get_by_key("apply_named").click().run()
    assert app.sidebar.selectbox(key="by").value == "saved:mine"
    app.switch_page("pages/confusions.py").run()
    assert "Decision rule: mine" in said(app)


def test_without_a_name_nothing_is_saved(compared, films, open_page):
    app = open_page("thresholds")
    app.get_by_key("save_set").click().run()
    assert "is not a valid name" in app.toast[0].value
    assert threshold_sets.saved(compared) == []


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
    found = Outcome(seen, seen, seen, {})
    dataset = SimpleNamespace(genres=("A", "B", "C"))
    assert thresholds.unreached(dataset, values, found) == ["B", "C"]
