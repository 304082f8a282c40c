"""Dumbbell chart: a value of each genre by two runs, joined by a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from genre_core.charts.colours import Style, Theme
from genre_core.charts.text import plain

LINE_HEIGHT = 21  # pixels
OPACITY = 0.4  # of the lines

Ends = tuple[float, float]


@dataclass(frozen=True)
class GenrePair:
    """The values of two runs for a genre.

    Attributes:
        genre: its name.
        support: its films.
        values: of the first and of the second run.
        intervals: of both; None where they are withheld.
        is_significant: whether one run is significantly better, which a thicker line shows.
    """

    genre: str
    support: int
    values: tuple[float, float]
    intervals: tuple[Ends | None, Ends | None] = (None, None)
    is_significant: bool = False


def dumbbell(
    rows: Sequence[GenrePair],
    names: tuple[str, str],
    styles: Sequence[Style],
    theme: Theme,
    *,
    title: str,
) -> go.Figure:
    """Return a chart with one line a genre, the largest lead of the second run on top.

    Args:
        rows: the genres.
        names: of both runs.
        styles: their colours and markers.
        theme: colours of the page.
        title: of the axis.
    """
    ranked = sorted(rows, key=lambda row: row.values[0] - row.values[1])
    labels = [plain(row.genre) for row in ranked]
    figure = go.Figure([_joined(ranked, labels, theme, is_thick) for is_thick in (False, True)])
    for place in (0, 1):
        figure.add_trace(_dots(ranked, labels, place, names[place], styles[place]))
    figure.update_layout(
        height=LINE_HEIGHT * len(rows) + 90,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "xanchor": "left"},
    )
    figure.update_xaxes(title=title, gridcolor=theme.faint, zeroline=False, rangemode="tozero")
    figure.update_yaxes(
        autorange="reversed",
        categoryorder="array",
        categoryarray=labels,
        showgrid=False,
        ticks="",
        automargin=True,
        dtick=1,
    )
    return figure


def _joined(
    rows: Sequence[GenrePair], labels: Sequence[str], theme: Theme, is_thick: bool
) -> go.Scatter:
    lines = [
        (row, label)
        for row, label in zip(rows, labels, strict=True)
        if row.is_significant == is_thick
    ]
    return go.Scatter(
        x=[end for row, _ in lines for end in (*row.values, None)],
        y=[end for _, label in lines for end in (label, label, None)],
        mode="lines",
        line={"color": theme.ink, "width": 3 if is_thick else 1},
        opacity=OPACITY,
        hoverinfo="skip",
        showlegend=False,
    )


def _dots(
    rows: Sequence[GenrePair], labels: Sequence[str], place: int, name: str, style: Style
) -> go.Scatter:
    return go.Scatter(
        x=[row.values[place] for row in rows],
        y=list(labels),
        name=plain(name),
        mode="markers",
        marker={"symbol": style.symbol, "color": style.colour, "size": 9},
        customdata=[_hover(row, place) for row in rows],
        hovertemplate="%{y}: %{customdata}",
        cliponaxis=False,
    )


def _hover(row: GenrePair, place: int) -> str:
    ends = row.intervals[place]
    interval = f" [{ends[0]:.3f}, {ends[1]:.3f}]" if ends else ", no interval"
    return f"{row.values[place]:.3f}{interval}, {row.support} films"
