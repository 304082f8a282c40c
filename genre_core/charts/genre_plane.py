"""Scatter plot of a metric of two runs, one marker per genre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from genre_core.charts.colours import Theme
from genre_core.charts.text import plain

HEIGHT = 560  # pixels


@dataclass(frozen=True)
class GenrePoint:
    """The values of one genre.

    Attributes:
        name: name of the genre.
        support: number of films with the genre.
        values: the metric of the first and of the second run.
        intervals: their intervals; None if there are too few films.
        ahead: 0 or 1 for the run that is significantly better, None for neither.
    """

    name: str
    support: int
    values: tuple[float, float]
    intervals: tuple[tuple[float, float], tuple[float, float]] | None
    ahead: int | None


def genre_plane(
    points: Sequence[GenrePoint],
    names: tuple[str, str],
    colours: tuple[str, str],
    label: str,
    theme: Theme,
) -> go.Figure:
    """Return the first run's metric of each genre against the second's, with intervals.

    Args:
        points: the genres.
        names: of the two runs.
        colours: of the two runs; a genre has the colour of the run that is ahead.
        label: name of the metric.
        theme: colours of the page.
    """
    first, second = (plain(name) for name in names)
    groups = {
        f"{first} ahead": (0, colours[0], "square"),
        f"{second} ahead": (1, colours[1], "circle"),
        "no significant difference": (None, theme.ink, "diamond-open"),
    }
    figure = go.Figure(
        [
            _group(group, name, colour, symbol)
            for name, (ahead, colour, symbol) in groups.items()
            if (group := [point for point in points if point.ahead == ahead])
        ]
    )
    line = {"color": theme.faint, "width": 1, "dash": "dash"}
    figure.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line=line, layer="below")
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        showlegend=True,
    )
    figure.update_xaxes(title=f"{label}: {second}", range=[0, 1.02], gridcolor=theme.faint)
    figure.update_yaxes(title=f"{label}: {first}", range=[0, 1.02], gridcolor=theme.faint)
    return figure


def _group(points: Sequence[GenrePoint], name: str, colour: str, symbol: str) -> go.Scatter:
    names = [plain(point.name) for point in points]
    return go.Scatter(
        x=[point.values[1] for point in points],
        y=[point.values[0] for point in points],
        error_x=_errors(points, 1, colour),
        error_y=_errors(points, 0, colour),
        text=names,
        textposition="top right",
        customdata=[point.support for point in points],
        name=name,
        mode="markers+text",
        marker={"symbol": symbol, "color": colour, "size": 9},
        hovertemplate="%{text}: %{y:.3f} against %{x:.3f}, %{customdata} films<extra></extra>",
    )


def _errors(points: Sequence[GenrePoint], run: int, colour: str) -> dict[str, object]:
    ends = [point.intervals[run] if point.intervals else None for point in points]
    values = [point.values[run] for point in points]
    return {
        "array": [end[1] - value if end else 0 for end, value in zip(ends, values, strict=True)],
        "arrayminus": [
            value - end[0] if end else 0 for end, value in zip(ends, values, strict=True)
        ],
        "color": colour,
        "thickness": 0.8,
        "width": 0,
    }
