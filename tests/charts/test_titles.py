"""Title and source line of a figure."""

import plotly.graph_objects as go
import pytest

from genre_core.charts.colours import LIGHT
from genre_core.charts.titles import LETTERS, SOURCE, TITLE, add_title


def titled(title="A title", source=("a source",), **layout):
    figure = go.Figure(layout={"height": 300, "margin": {"t": 8}, **layout})
    add_title(figure, title, source, LIGHT)
    return figure.layout


def test_a_figure_grows_by_title_and_source_line():
    one, several = titled(), titled("A long title " * 9, ["a part of the source"] * 9)
    assert (one.title.text, one.title.subtitle.text) == ("A title", "a source")
    assert one.margin.t - 8 == one.height - 300 > 30
    assert several.margin.t - 8 == several.height - 300 > 100
    assert all(len(line) <= LETTERS[TITLE] for line in several.title.text.split("<br>"))


def test_a_source_line_breaks_between_its_parts():
    parts = ["Poster network (CNN), Overview network (BiLSTM)", "853 test films", "Marquee"]
    lines = titled(source=parts).title.subtitle.text.split("<br>")
    assert lines == ["Poster network (CNN), Overview network (BiLSTM)", "853 test films · Marquee"]
    (long, last) = titled(source=["x " * 40, "Marquee"]).title.subtitle.text.split("<br>")[-2:]
    assert len(long) <= LETTERS[SOURCE]
    assert last == "Marquee"


def test_a_legend_stands_below_the_title():
    layout = titled(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    assert layout.legend.yref == "container"
    above = layout.height - 300
    assert layout.height * (1 - layout.legend.y) == pytest.approx(above)
    assert titled(legend={"x": 1}).legend.yref is None


def test_names_from_the_data_are_no_tags():
    layout = titled("<b>", ["<a href='x'>"])
    assert layout.title.text == "&lt;b&gt;"
    assert layout.title.subtitle.text == "&lt;a href='x'&gt;"
