"""Genres one by one: their order, and which networks its sentences are about."""

from compared_runs import frame, pair
from test_pages import said


def test_claims_are_about_a_poster_and_an_overview_run(compared, open_page):
    poster, overview = (run.id for run in pair(compared))
    assert "Both networks fail on them" in said(open_page("by_genre"))
    swapped = said(open_page("by_genre", poster=overview, overview=poster))
    assert "Both networks fail on them" not in swapped


def test_genres_are_sorted_by_the_difference(compared, open_page):
    app = open_page("by_genre", genre="Genre 3")
    table = frame(app, "Genre", "AP difference")
    assert table["AP difference"].is_monotonic_decreasing
    assert app.get_by_key("genre").value == "Genre 3"
    assert "test films are Genre 3" in said(app)
