"""The chart of all runs: dots, intervals, seeds, and runs without a value."""

from genre_core.charts.colours import LIGHT, styles
from genre_core.charts.standings import Dots, Panel, standings


def test_every_run_has_a_line_with_its_interval_and_its_seeds():
    looks = styles(["poster", "overview"], LIGHT)
    lines = [
        Dots("a <b>", looks[0], [0.3, 0.9], [(0.2, 0.4), None], [[0.25], []]),
        Dots("c", looks[1], [None, None], [None, None]),
    ]
    figure = standings(lines, [Panel("mAP ↑"), Panel("BCE ↓", 1.0)], LIGHT)
    seeds, dot, _, _, without = figure.data[:5]
    assert list(seeds.x) == [0.25]
    assert (dot.x[0], dot.error_x.array[0], dot.error_x.arrayminus[0]) == (
        0.3,
        0.4 - 0.3,
        0.3 - 0.2,
    )
    assert "no interval" in without.hovertemplate
    assert "&lt;b&gt;" in figure.layout.annotations[0].text
    assert figure.layout.shapes[0].x0 == 1.0
    assert len(figure.data) == 6  # of the second run only its seeds, none
