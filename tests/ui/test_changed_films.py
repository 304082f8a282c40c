"""What changes of the films cost, on By genre."""

from compared_runs import pair
from test_pages import said

from genre_core.comparison import explanations, robustness
from genre_core.comparison.explanations import Summary, Word, Zone
from genre_core.comparison.robustness import Change, Robustness
from genre_core.evaluation.intervals import Interval


def test_before_it_is_measured_the_command_is_shown(compared, open_page):
    app = open_page("by_genre")
    assert "Not measured yet" in said(app)
    assert any("robustness" in code.value for code in app.code)


def test_each_change_is_shown_with_its_interval(compared, open_page):
    run = pair(compared)[0]
    change = Change(-0.1, Interval(-0.2, -0.05))
    one = Robustness(
        *(run.id, "blur_3", "Blur, 3% of the width", "poster", 0, 500),
        original={"map": 0.4, "bce": 0.2},
        changes={"map": change, "bce": change},
        genres={"Horror": change},
    )
    assert robustness.kept(run, "blur_3", lambda: one) == one
    assert robustness.found(run) == [one]
    app = open_page("by_genre")
    assert "500 test films, changed minus as they are" in said(app)
    table = next(t.value for t in app.dataframe if "Change" in t.value)
    assert table.iloc[0]["Largest losses of AP"] == "Horror −0.100"


def test_what_counts_for_the_genre_is_said_with_signs_and_films(compared, open_page):
    run = pair(compared)[0]
    words = [
        Word("ghost", 12, 0.5, Interval(0.3, 0.7)),
        Word("wedding", 6, -0.2, Interval(-0.3, -0.1)),
    ]
    zones = [Zone("title", 0.1875, 40, 0.25, Interval(0.2, 0.3))]
    summary = Summary(run.id, "occlusion", 500, {"Genre 9": words}, {"Genre 9": zones})
    assert explanations.kept_summary(run, lambda: summary) == summary
    words = said(open_page("by_genre", genre="Genre 9")).replace("\\", "")
    assert "for it: **ghost** (+0.500, 12 films)" in words
    assert "Against it: **wedding** (−0.200, 6 films)" in words
    assert "The title area counts more than its area: 1.33 [1.07, 1.60]" in words
    assert "Not measured yet for" in words
