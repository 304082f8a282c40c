"""The dumbbell chart: the largest lead of the second run on top, both runs named in order."""

from genre_core.charts.colours import LIGHT, styles
from genre_core.charts.dumbbell import GenrePair, dumbbell


def test_genres_are_sorted_by_the_lead_of_the_second_run():
    rows = [
        GenrePair("Drama", 40, (0.8, 0.7), is_significant=True),
        GenrePair("War", 30, (0.1, 0.6), ((0.05, 0.2), None)),
        GenrePair("Sport <i>", 9, (0.2, 0.3)),
    ]
    looks = styles(["poster", "overview"], LIGHT)
    figure = dumbbell(rows, ("A", "B"), looks, LIGHT, title="AP ↑")
    joined, thick, first, second = figure.data
    assert list(first.y) == ["War", "Sport &lt;i&gt;", "Drama"]
    assert (list(first.x), list(second.x)) == ([0.1, 0.2, 0.8], [0.6, 0.3, 0.7])
    assert list(joined.x[:3]) == [0.1, 0.6, None]
    assert (list(thick.y), thick.line.width > joined.line.width) == (["Drama", "Drama", None], True)
    assert list(figure.layout.yaxis.categoryarray) == list(first.y)
    assert [first.name, second.name] == ["A", "B"]
    assert first.marker.symbol != second.marker.symbol
    assert list(first.customdata[:1]) == ["0.100 [0.050, 0.200], 30 films"]
    assert list(second.customdata[:1]) == ["0.600, no interval, 30 films"]
