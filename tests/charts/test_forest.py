"""The chart of differences: which markers are full, and that runs of one role stay apart."""

import itertools

import pytest

from genre_core.charts.colours import LIGHT, MARKS, styles
from genre_core.charts.forest import Differences, forest


@pytest.mark.parametrize("n_runs", range(1, 6))
@pytest.mark.parametrize("role", MARKS)
def test_a_marker_is_full_exactly_where_the_difference_is_significant(role, n_runs):
    # The third interval excludes 0, yet its difference is not significant after correction; the
    # last one is significant with an interval that is withheld.
    values = [0.15, 0.0, -0.15, -0.15, None, 0.1]
    lows, highs = [0.1, -0.1, -0.2, -0.2, None, None], [0.2, 0.1, -0.1, -0.1, None, None]
    is_significant = [True, False, False, True, False, True]
    runs = [
        Differences(f"run {place}", style, values, lows, highs, is_significant)
        for place, style in enumerate(styles([role] * n_runs, LIGHT))
    ]
    drawn = forest(list("abcdef"), runs, LIGHT, title="difference").data
    for run in drawn:
        assert ["-open" not in symbol for symbol in run.marker.symbol] == is_significant
        assert run.customdata[2] == "-0.150 [-0.200, -0.100]"
        assert run.customdata[4:] == ("", "+0.100, no interval")
    for one, other in itertools.pairwise(drawn):
        assert one.marker.symbol[0] != other.marker.symbol[0]
