"""Scatter plot of a metric per genre against the number of training films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from genre_core.charts.colours import Style, Theme
from genre_core.charts.text import plain
from genre_core.charts.titles import HIGHER

HEIGHT = 460  # pixels
TICKS = [number * 10**power for power in range(7) for number in (1, 3)]
N_NAMED = 6  # genres with a name beside the marker
WIDTH, LINE = 0.18, 0.06  # of the axes' lengths, that a name takes on a phone


@dataclass(frozen=True)
class Points:
    """The metric of one run for each genre.

    Attributes:
        name: name of the run on the page.
        style: its colour and marker.
        values: one value per genre, in [0, 1].
    """

    name: str
    style: Style
    values: Sequence[float]


def support_chart(
    genres: Sequence[str],
    support: Sequence[int],
    runs: Sequence[Points],
    label: str,
    theme: Theme,
) -> go.Figure:
    """Return one marker per genre and run, against training films on a log axis.

    Args:
        genres: names of the genres.
        support: training films with each genre, 1 or more, (n_genres,).
        runs: the runs; the most frequent genres are named once, as far as there is room.
        label: name of the metric.
        theme: colours of the page.
    """
    names = [plain(genre) for genre in genres]
    named = _named(support, runs)
    figure = go.Figure(
        [
            go.Scatter(
                x=list(support),
                y=list(run.values),
                text=[
                    name if named.get(genre) == place else "" for genre, name in enumerate(names)
                ],
                customdata=names,
                textposition="top center",
                name=plain(run.name),
                mode="markers+text",
                cliponaxis=False,  # a marker at 0 is whole
                marker={"symbol": run.style.symbol, "color": run.style.colour, "size": 10},
                hovertemplate="%{customdata}: %{y:.3f}, %{x} training films",
            )
            for place, run in enumerate(runs)
        ]
    )
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        showlegend=True,
    )
    figure.update_xaxes(
        title="training films with the genre (log)",
        type="log",
        gridcolor=theme.faint,
        tickvals=TICKS,
    )
    figure.update_yaxes(
        title=f"{label} ({HIGHER})", rangemode="tozero", gridcolor=theme.faint, zeroline=False
    )
    return figure


def _named(support: Sequence[int], runs: Sequence[Points]) -> dict[int, int]:
    """Return the genres that are named, each with the run whose marker the name stands above.

    The most frequent ones, as far as there is room for the name above the genre's highest marker.
    """
    values = np.array([run.values for run in runs])
    across = np.log10(support) / (np.ptp(np.log10(support)) or 1)
    up = values / (values.max() or 1)
    above = values.argmax(axis=0)
    named: dict[int, int] = {}
    for place in np.argsort(-np.asarray(support), kind="stable").tolist():
        high = up[above[place], place]
        is_near = np.abs(across - across[place]) < WIDTH / 2
        is_clear = not (is_near & (up > high) & (up < high + LINE)).any()
        is_apart = all(
            abs(across[place] - across[other]) > WIDTH or abs(high - up[run, other]) > LINE
            for other, run in named.items()
        )
        if is_clear and is_apart and len(named) < N_NAMED:
            named[place] = int(above[place])
    return named
