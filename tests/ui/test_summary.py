"""The landing page: headline, cards, charts, checklist and posters, from the comparisons."""

import pytest
from compared_runs import pair, run_of
from test_pages import said

from benchmarks.synthetic import make_runs
from genre_core.comparison.kept import kept_comparison
from genre_core.runs.folder import list_runs
from genre_core.ui.parts import verdict
from genre_core.ui.views import summary


def wall(app):
    (element,) = app.get("bidi_component")
    return element


def test_the_landing_page_has_the_headline_of_the_comparison(compared, films, open_page):
    make_runs(films, compared, ("prior", "poster_features"))
    runs, linear = pair(compared), run_of(compared, "poster_features")
    others = list_runs(compared)
    names = {run.id: run.label for run in (*runs, linear)}
    between, beside = (kept_comparison(two, others=others) for two in (runs, [linear, runs[0]]))
    words = said(open_page())
    for sentence in (
        verdict.headline(between.pairs[0], names),
        verdict.evidence(between.pairs[0], between),
        verdict.about(between.pairs[0], between, names),
        verdict.detectable(between.pairs[0]),
        *(verdict.against_base_rates(between, run.id, names) for run in runs),
        verdict.against_linear(beside.pairs[0], beside, names),
    ):
        assert sentence.replace("\\", "") in words


def test_cards_show_the_best_run_both_runs_and_the_lead(compared, open_page):
    app = open_page()
    cards = {metric.label.replace("\\", ""): metric.value for metric in app.metric}
    runs = pair(compared)
    figures = [run.metrics()["splits"]["test"]["metrics"]["map"] for run in runs]
    assert cards[f"A: {runs[0].label}"] == f"mAP {figures[0]:.3f}"
    assert cards[f"B: {runs[1].label}"] == f"mAP {figures[1]:.3f}"
    lead = "B minus A" if figures[1] > figures[0] else "A minus B"
    assert cards[lead] == f"mAP {verdict.signed(abs(figures[1] - figures[0]))}"
    assert len(cards) == 4


def test_the_checklist_names_what_is_not_known(compared, open_page):
    words = said(open_page())
    assert "Better than the base rates" in words
    assert "not compared" in words  # there is no linear model
    assert "1 seed" in words


def test_a_poster_on_the_landing_page_opens_its_film(compared, films, open_page):
    app = open_page()
    rows = summary.most_different(pair(compared), films)
    assert f'"id": "{films.films.ids[rows[0]]}"' in wall(app).proto.json
    app.session_state[summary.OPENED] = ("pages/films.py", {"film": films.films.ids[rows[0]]})
    app.run()
    assert [title.value for title in app.title] == ["Films"]
    assert app.get_by_key("film").value == films.films.ids[rows[0]]


@pytest.mark.parametrize("same", [True, False])
def test_one_run_alone_has_no_comparison(compared, open_page, same):
    run = pair(compared)[0]
    app = open_page(poster=run.id, overview=run.id) if same else open_page(overview=run.id)
    assert not app.exception
    assert not any("minus" in metric.label for metric in app.metric)
