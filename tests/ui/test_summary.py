"""The landing page: the headline of the comparison."""

from compared_runs import pair, run_of
from test_pages import said

from benchmarks.synthetic import make_runs
from genre_core.comparison.kept import kept_comparison
from genre_core.runs.folder import list_runs
from genre_core.ui.parts import verdict


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
