"""Figures of genres over their number of films."""

from genre_core.charts.colours import LIGHT, styles
from genre_core.charts.support import N_NAMED, Points, support_chart


def test_runs_differ_by_marker_and_frequent_genres_are_named_once():
    looks = styles(["poster", "overview"], LIGHT)
    genres = [f"g{number}" for number in range(N_NAMED + 2)]
    support = list(range(10, 10 + len(genres)))
    runs = [Points("a", looks[0], [0.1] * len(genres)), Points("b", looks[1], [0.2] * len(genres))]
    first, second = support_chart(genres, support, runs, "F1", LIGHT).data
    assert first.marker.symbol != second.marker.symbol
    assert [text for text in first.text if text] == genres[2:]
    assert not any(second.text)
    assert list(first.x) == support
