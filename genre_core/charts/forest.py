"""Forest plot of differences between runs, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from genre_core.charts.colours import Style, Theme
from genre_core.charts.text import plain

LINE_HEIGHT = 26  # pixels of one line


@dataclass(frozen=True)
class Differences:
    """The differences of one run from the reference, one per line.

    Attributes:
        name: name of the run.
        style: its colour and marker.
        values: the differences; None where there is none.
        lows: lower ends of their intervals; None where they are withheld.
        highs: upper ends.
        is_significant: whether each difference is significant after correction.
    """

    name: str
    style: Style
    values: Sequence[float | None]
    lows: Sequence[float | None]
    highs: Sequence[float | None]
    is_significant: Sequence[bool]


def forest(
    labels: Sequence[str], runs: Sequence[Differences], theme: Theme, *, title: str
) -> go.Figure:
    """Return a forest plot, one line per label, with differences and intervals of each run.

    Args:
        labels: names of the lines.
        runs: the runs that are compared with the reference.
        theme: colours of the page.
        title: title of the axis.
    """
    # Plotly reads tags in labels, and a genre's name comes from the data.
    names = [plain(label) for label in labels]
    figure = go.Figure([_bars(names, run) for run in runs])
    figure.add_vline(x=0, line={"color": theme.ink, "width": 1})
    figure.update_layout(
        height=LINE_HEIGHT * len(names) + 110,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        showlegend=True,
        scattermode="group",
    )
    figure.update_xaxes(title=title, gridcolor=theme.faint, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True)
    return figure


def _bars(names: Sequence[str], run: Differences) -> go.Scatter:
    rows = list(zip(run.values, run.lows, run.highs, strict=True))
    up = [None if value is None or high is None else high - value for value, _, high in rows]
    down = [None if value is None or low is None else value - low for value, low, _ in rows]
    hover = ["" if value is None else _hover(value, low, high) for value, low, high in rows]
    return go.Scatter(
        x=list(run.values),
        y=list(names),
        name=plain(run.name),
        mode="markers",
        orientation="h",  # runs stand below each other in a line
        marker={
            "symbol": [
                run.style.symbol if is_filled else f"{run.style.symbol}-open"
                for is_filled in run.is_significant
            ],
            "color": run.style.colour,
            "size": 9,
        },
        error_x={
            "array": up,
            "arrayminus": down,
            "color": run.style.colour,
            "thickness": 1.5,
            "width": 0,
        },
        customdata=hover,
        hovertemplate="%{y}: %{customdata}",
        cliponaxis=False,
    )


def _hover(value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"{value:+.3f}, no interval"
    return f"{value:+.3f} [{low:+.3f}, {high:+.3f}]"
