"""Figures of genres over their number of films."""

from genre_core.charts.colours import LIGHT, styles
from genre_core.charts.support import N_NAMED, Points, support_chart


def test_runs_differ_by_marker_and_frequent_genres_are_named_once():
    looks = styles(["poster", "overview"], LIGHT)
    genres = [f"g{number}" for number in range(N_NAMED + 2)]
    support = list(range(10, 10 + len(genres)))
    values = [0.1 * place for place in range(len(genres))]
    runs = [Points("a", looks[0], values), Points("b", looks[1], [0.25] * len(genres))]
    first, second = support_chart(genres, support, runs, "F1", LIGHT).data
    assert first.marker.symbol != second.marker.symbol
    named = [a + b for a, b in zip(first.text, second.text, strict=True)]
    assert named == ["", "", *genres[2:]]
    assert (first.text[2], second.text[2]) == ("", "g2")  # above the higher marker
    assert list(first.x) == support


def test_of_names_that_would_overlap_the_more_frequent_genre_has_its_own():
    looks = styles(["poster"], LIGHT)
    runs = [Points("a", looks[0], [0.5, 0.51, 0.9, 0.5])]
    (only,) = support_chart(["A", "B", "C", "D"], [100, 110, 105, 1000], runs, "F1", LIGHT).data
    assert list(only.text) == ["", "B", "C", "D"]
