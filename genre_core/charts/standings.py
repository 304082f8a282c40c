"""Dot plot of several runs: one line a run, one panel a metric, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from genre_core.charts.colours import Style, Theme
from genre_core.charts.text import plain

LINE_HEIGHT = 44  # pixels; the name of a run stands above its dots
SEED_OPACITY = 0.45
NAME_SHIFT = 15  # pixels of a name above its line


@dataclass(frozen=True)
class Dots:
    """One line.

    Attributes:
        name: of the run.
        style: its colour and marker.
        values: one for each panel; None where there is none.
        intervals: their lower and upper ends; None where they are withheld.
        seeds: by panel, values of other seeds of the same recipe.
    """

    name: str
    style: Style
    values: Sequence[float | None]
    intervals: Sequence[tuple[float, float] | None]
    seeds: Sequence[Sequence[float]] = field(default=((), ()))


@dataclass(frozen=True)
class Panel:
    """One metric.

    Attributes:
        title: its name with the better direction.
        reference: a value to compare with, drawn as a dotted line; None for none.
    """

    title: str
    reference: float | None = None


def standings(lines: Sequence[Dots], panels: Sequence[Panel], theme: Theme) -> go.Figure:
    """Return a dot plot, the first line on top.

    Args:
        lines: the runs.
        panels: the metrics, two or more.
        theme: colours of the page.
    """
    figure = make_subplots(cols=len(panels), shared_yaxes=True, horizontal_spacing=0.06)
    for column, panel in enumerate(panels, start=1):
        for place, line in enumerate(lines):
            for trace in _traces(line, column - 1, place):
                figure.add_trace(trace, row=1, col=column)
        if panel.reference is not None:
            figure.add_vline(
                x=panel.reference, line={"color": theme.ink, "width": 1, "dash": "dot"}, col=column
            )
        figure.update_xaxes(
            title=panel.title, gridcolor=theme.faint, zeroline=False, nticks=5, col=column
        )
    for place, line in enumerate(lines):
        figure.add_annotation(
            text=f"{line.style.sign} {plain(line.name)}",
            x=0,
            y=place,
            xref="paper",
            yref="y",
            xanchor="left",
            yshift=NAME_SHIFT,
            showarrow=False,
            font={"color": line.style.colour, "size": 13},
        )
    figure.update_yaxes(
        range=[len(lines) - 0.6, -0.75],
        tickvals=list(range(len(lines))),
        showticklabels=False,
        showgrid=False,
        zeroline=False,
    )
    figure.update_layout(
        height=LINE_HEIGHT * len(lines) + 70,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
    )
    return figure


def _traces(line: Dots, column: int, place: int) -> list[go.Scatter]:
    value, interval = line.values[column], line.intervals[column]
    seeds = go.Scatter(
        x=list(line.seeds[column]),
        y=[place] * len(line.seeds[column]),
        mode="markers",
        marker={"symbol": line.style.symbol, "color": line.style.colour, "size": 6},
        opacity=SEED_OPACITY,
        hovertemplate=f"{plain(line.name)}, another seed: %{{x:.3f}}<extra></extra>",
        cliponaxis=False,
    )
    if value is None:
        return [seeds]
    low, high = interval or (value, value)
    ends = f" [{low:.3f}, {high:.3f}]" if interval else ", no interval"
    dot = go.Scatter(
        x=[value],
        y=[place],
        mode="markers",
        marker={"symbol": line.style.symbol, "color": line.style.colour, "size": 10},
        error_x={
            "array": [high - value],
            "arrayminus": [value - low],
            "color": line.style.colour,
            "thickness": 2,
            "width": 0,
        },
        hovertemplate=f"{plain(line.name)}: {value:.3f}{ends}<extra></extra>",
        cliponaxis=False,
    )
    return [seeds, dot]
