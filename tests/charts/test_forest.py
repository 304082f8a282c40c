"""The chart of differences: which markers are full, and that runs of one role stay apart."""

import itertools

import pytest

from genre_core.charts.colours import LIGHT, MARKS, styles
from genre_core.charts.forest import Differences, forest


@pytest.mark.parametrize("n_runs", range(1, 6))
@pytest.mark.parametrize("role", MARKS)
def test_a_marker_is_full_exactly_where_the_interval_excludes_zero(role, n_runs):
    lows, highs = [0.1, -0.1, -0.2, None], [0.2, 0.1, -0.1, None]
    runs = [
        Differences(f"run {place}", style, [0.15, 0.0, -0.15, 0.1], lows, highs)
        for place, style in enumerate(styles([role] * n_runs, LIGHT))
    ]
    drawn = forest(["a", "b", "c", "d"], runs, LIGHT, title="difference").data
    for run in drawn:
        assert ["-open" in symbol for symbol in run.marker.symbol] == [False, True, False, True]
    for one, other in itertools.pairwise(drawn):
        assert one.marker.symbol[0] != other.marker.symbol[0]
