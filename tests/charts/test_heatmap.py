"""The matrix of genres."""

import numpy as np

from genre_core.charts.colours import DARK, LIGHT
from genre_core.charts.heatmap import CELLS_WITH_TEXT, LIFT, Notes, genre_heatmap

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


def test_notes_and_marks_are_those_of_the_cells():
    notes = Notes(
        np.array([["", "<b>\nfew"], ["x", ""]]), np.array([[False, True], [False, False]])
    )
    values = np.array([[np.nan, 2.5], [0.0, np.nan]])
    names = ("<b>", "War")
    cells, targets = genre_heatmap(
        names, names, values, LIGHT, hover=notes, scale=LIFT, is_clickable=True
    ).data
    assert cells.customdata[0][1] == "&lt;b&gt;<br>few"
    assert cells.text.tolist() == [["", "*"], ["", ""]]
    assert cells.texttemplate == "%{z:.2f}%{text}"
    assert (cells.zmin, cells.zmax) == (0, 3)
    assert [list(point) for point in targets.customdata] == [["<b>", "War", "&lt;b&gt;<br>few"]]
