"""The matrix of genres."""

import numpy as np

from genre_core.charts.colours import DARK, LIGHT
from genre_core.charts.heatmap import CELLS_WITH_TEXT, genre_heatmap

SHARES = np.array([[np.nan, 0.5], [0.2, np.nan]])


def drawn(names=("<b>", "War"), shares=SHARES, theme=LIGHT):
    return genre_heatmap(names, names, shares, theme, hover="%{y} %{x} %{z:.0%}").data[0]


def test_names_from_the_data_are_no_tags():
    assert list(drawn().y) == ["&lt;b&gt;", "War"]


def test_cells_have_numbers_as_long_as_there_is_room():
    assert drawn().texttemplate == "%{z:.0%}"
    many = [str(number) for number in range(CELLS_WITH_TEXT + 1)]
    assert drawn(many, np.zeros((len(many), len(many)))).texttemplate is None


def test_blank_cells_say_nothing_and_dark_pages_have_their_own_scale():
    assert drawn().hoverongaps is False
    assert drawn().colorscale != drawn(theme=DARK).colorscale
