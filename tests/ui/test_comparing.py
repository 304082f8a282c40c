"""What the pages that compare two runs have in common: what they say is what is so."""

import re
import shutil

import numpy as np
import pytest
from compared_runs import change_scores, kind_of, pair, run_of
from test_pages import COMPARING, said

from genre_core.comparison.kept import kept_comparison
from genre_core.comparison.rivals import linear_rivals
from genre_core.runs.folder import find_run


@pytest.mark.thorough
@pytest.mark.parametrize("page", COMPARING)
def test_no_page_shows_nan_or_an_error(compared, open_page, page):
    app = open_page(page)
    assert not app.error
    assert not re.search(r"\bnan\b", said(app), re.IGNORECASE)


@pytest.mark.thorough
@pytest.mark.parametrize("page", COMPARING)
def test_a_run_with_one_score_for_everything_gets_a_clear_answer(compared, open_page, page):
    change_scores(pair(compared)[0], lambda scores: np.full_like(scores, 0.1))
    shutil.rmtree(compared.comparisons)
    app = open_page(page)
    assert not app.error
    assert not re.search(r"\bnan\b", said(app), re.IGNORECASE)


def test_the_same_run_in_both_slots_is_refused(compared, open_page):
    run = pair(compared)[0].id
    for page in ("by_genre", "agreement", "label_review"):
        assert "The same run is chosen twice" in said(open_page(page, poster=run, overview=run))


def test_comparisons_with_other_thresholds_are_kept_apart(compared):
    runs = pair(compared)
    tuned = kept_comparison(runs)
    low = kept_comparison(runs, threshold=0.1)
    assert tuned.values["f1_micro"] != low.values["f1_micro"]
    assert tuned.pairs[0].metrics["f1_micro"] != low.pairs[0].metrics["f1_micro"]
    assert tuned.values["map"] == low.values["map"]
    assert tuned.pairs[0].metrics["map"] == low.pairs[0].metrics["map"]
    assert kept_comparison(runs) == tuned
    assert find_run(compared, runs[0].id).state == "finished"


def test_a_linear_rival_looks_at_what_its_run_looks_at(compared):
    run = run_of(compared, "poster_cnn")
    names = ("poster_cnn", "overview_lstm", "fusion", "prior", "poster_features", "overview_tfidf")
    made = {name: kind_of(run, name) for name in names}
    runs = list(made.values())
    found = linear_rivals({"poster": made["fusion"], "overview": made["poster_cnn"]}, runs)
    assert found == {"overview": made["poster_features"]}
    found = linear_rivals({"poster": made["overview_lstm"], "overview": made["prior"]}, runs)
    assert found == {"poster": made["overview_tfidf"]}
