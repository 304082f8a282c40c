"""Bars of agreement: every genre is labelled, and the legend has the order of the bars."""

import numpy as np

from genre_core.charts.agreement import agreement_bars
from genre_core.charts.colours import LIGHT


def test_legend_and_bars_have_one_order_and_every_genre_has_a_label():
    genres = [f"Genre {place}" for place in range(27)]
    outcomes = [(name, "#000000", "") for name in ("Both", "Only A", "Only B", "Neither")]
    figure = agreement_bars(genres, np.full((27, 4), 0.25), outcomes, LIGHT)
    assert [bar.name for bar in figure.data] == ["Both", "Only A", "Only B", "Neither"]
    assert figure.layout.legend.traceorder == "normal"
    assert figure.layout.yaxis.dtick == 1
    assert (figure.layout.height - 110) / len(genres) >= 20  # pixels that a label needs
