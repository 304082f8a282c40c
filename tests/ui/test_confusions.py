"""What is predicted instead: cells, their films and their lift."""

import re

import numpy as np
import pytest
from compared_runs import frame, pair
from test_pages import said

from genre_core.evaluation.confusions import FEW, predicted_instead
from genre_core.ui.parts import rules
from genre_core.ui.parts.conditions import Condition, Conditions, written
from genre_core.ui.views import confusions


@pytest.mark.parametrize("kind", ["missed", "extra"])
@pytest.mark.parametrize("rule", [rules.HALF, rules.TUNED_PER_GENRE])
def test_a_cell_opens_as_many_films_as_it_says(compared, films, open_page, kind, rule):
    app = open_page("confusions", kind=kind, by=rule, row="Genre 3")
    genre, other = (app.get_by_key(key).value for key in ("row", "instead"))
    links = [link for link in app.get("page_link") if link.label.startswith("Open")]
    if other is None:  # as where a threshold is so low that nothing is missed
        assert links == []
        return
    (link,) = links
    n_films = int(re.search(r"Open ([\d,]+) film", link.label)[1].replace(",", ""))
    opposite = {"missed": "extra", "extra": "missed"}[kind]
    cell = (Condition("poster", kind, genre), Condition("poster", opposite, other))
    where = written(Conditions(cell))
    shown = open_page("films", where=where, rule=rule)
    assert f"{n_films:,} of {len(films.rows('test'))} test films" in said(shown)


def test_pairs_have_their_lift(compared, films, open_page):
    run, rows = pair(compared)[0], films.rows("test")
    y_pred = rules.decisions_of(run, rows, dataset=films, rule=rules.HALF)
    found = predicted_instead(films.labels[rows], y_pred)
    app = open_page("confusions", by=rules.HALF, row="Genre 3", colour="lift", all_genres="true")
    assert app.get_by_key("colour").value == "lift"
    table = frame(app, "Missed", "Lift")
    assert len(table) == (found.counts > 0).sum()
    for _, line in table.iterrows():
        row, column = (films.genres.index(line[name]) for name in table.columns[:2])
        assert line["Films"] == found.counts[row, column]
        assert line["Share"] == pytest.approx(found.shares[row, column])
        assert line["Base share"] == pytest.approx(found.base_shares[column])
        assert line["Lift"] == pytest.approx(line["Share"] / line["Base share"])
        assert line["Note"] == ("few films" if line["Of films"] < FEW else "")
    assert "films without Genre" in said(app)


def test_a_pair_selected_in_the_table_opens_its_films(compared, open_page):
    app = open_page("confusions", by=rules.HALF)
    genre, other, n_films = frame(app, "Missed", "Lift").iloc[1, :3]
    app.session_state["pairs_missed"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    app.run()
    assert [title.value for title in app.title] == ["Films"]
    assert app.query_params["where"] == f"poster missed {genre}; poster extra {other}"
    assert f"{n_films} of " in said(app)


def test_notes_of_cells_name_shares_lift_and_counts():
    y_true = np.array([[1, 0]] * 12 + [[0, 0]] * 12, dtype=np.uint8)
    y_pred = np.array([[0, 1]] * 12 + [[0, 1], [0, 0]] * 6, dtype=np.uint8)
    found = predicted_instead(y_true, y_pred)
    notes = confusions.hover_notes(found, ("Horror", "Drama"), [0, 1], confusions.MISSED)
    assert notes.hover[0, 1].splitlines() == [
        "Horror missed, predicted instead: Drama",
        "share: 100% (12 of 12 films)",
        "base share: 75% (18 of 24 films)",
        "lift: 1.33",
    ]
    assert notes.hover[0, 0] == ""
    assert not notes.is_few.any()
    few = predicted_instead(y_true[8:], y_pred[8:])
    notes = confusions.hover_notes(few, ("Horror", "Drama"), [0, 1], confusions.MISSED)
    assert notes.hover[0, 1].endswith("few films")
    assert notes.is_few.tolist() == [[False, True], [False, False]]
    words = confusions.sentence(few, ("Horror", "Drama"), "Horror", confusions.MISSED)
    assert "100% of the 4 of these films without Drama (few films), 62% of all 16" in words


def test_a_run_that_says_nothing_confuses_nothing():
    y_true = np.array([[1, 0], [0, 1]], dtype=np.uint8)
    found = predicted_instead(y_true, np.zeros_like(y_true))
    words = confusions.overall_sentence(found, ("A", "B"), confusions.MISSED)
    assert words == "Of 2 true genres 2 (100%) are missed."
