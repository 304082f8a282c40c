"""The bars of one film."""

from genre_core.charts.colours import LIGHT, styles
from genre_core.charts.film_scores import RunScores, film_scores


def figure_of():
    looks = styles(["poster", "overview"], LIGHT)
    runs = [RunScores("a", looks[0], [0.1, 0.9, 0.2]), RunScores("b", looks[1], [0.3, 0.1, 0.8])]
    return film_scores(["<b>", "Drama", "War"], [True, False, False], runs, LIGHT)


def test_true_genres_come_first_then_the_highest_score():
    assert list(figure_of().data[0].y) == ["✓ &lt;b&gt;", "Drama", "War"]
    assert list(figure_of().data[0].x) == [0.1, 0.9, 0.2]
    assert list(figure_of().data[1].x) == [0.3, 0.1, 0.8]


def test_two_runs_differ_by_more_than_colour():
    shapes = [bar.marker.pattern.shape for bar in figure_of().data]
    assert len(set(shapes)) == 2
