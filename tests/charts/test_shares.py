from genre_core.charts.colours import LIGHT
from genre_core.charts.shares import Bars, Shares, genre_shares

DOT = Shares("ranked first", [0.9, 0.0], "#d55e00", "circle")


def test_bars_and_dots_stand_on_the_line_of_their_genre():
    figure = genre_shares(["Drama", "War"], Bars("true", [0.5, 0.1], ["", ""]), [DOT], LIGHT)
    bar, dot = figure.data
    assert list(bar.y) == list(dot.y) == ["Drama", "War"]
    assert list(bar.x) == [0.5, 0.1]
    assert list(dot.x) == [0.9, 0.0]
    assert figure.layout.yaxis.autorange == "reversed"


def test_dots_at_the_edge_are_drawn_whole_and_inside_the_axis():
    figure = genre_shares(["Drama", "War"], Bars("true", [0.5, 0.1], ["", ""]), [DOT], LIGHT)
    assert figure.data[1].cliponaxis is False
    assert figure.layout.xaxis.range[1] > 0.9


def test_texts_stand_right_of_bar_and_dots():
    figure = genre_shares(["Drama", "War"], Bars("all", [0.5, 0.1], ["5", "1"]), [DOT], LIGHT)
    assert [note.x for note in figure.layout.annotations] == [0.9, 0.1]
    assert [note.text for note in figure.layout.annotations] == ["5", "1"]


def test_tags_in_a_genre_are_not_tags_in_the_chart():
    figure = genre_shares(["<b>War</b>"], Bars("all", [0.0], [""]), [], LIGHT)
    assert list(figure.data[0].y) == ["&lt;b&gt;War&lt;/b&gt;"]
    assert figure.layout.xaxis.range[1] > 0
