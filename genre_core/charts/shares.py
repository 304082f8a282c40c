"""Chart of shares of films per genre: bars for true values, dots for values to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from genre_core.charts.colours import Theme
from genre_core.charts.text import plain

LINE_HEIGHT = 26  # pixels of one genre


@dataclass(frozen=True)
class Shares:
    """One share per genre, drawn as dots.

    Attributes:
        label: name in the legend.
        values: share of the films for each genre, (n_genres,) in [0, 1].
        colour: colour of the dots.
        symbol: Plotly's name of the marker.
    """

    label: str
    values: Sequence[float]
    colour: str
    symbol: str


@dataclass(frozen=True)
class Bars:
    """One share per genre, drawn as bars behind the dots.

    Attributes:
        label: name in the legend.
        values: share of the films for each genre, (n_genres,) in [0, 1].
        texts: text at the end of each bar, (n_genres,).
    """

    label: str
    values: Sequence[float]
    texts: Sequence[str]


def genre_shares(
    genres: Sequence[str],
    bars: Bars,
    dots: Sequence[Shares],
    theme: Theme,
    *,
    title: str = "share of the films",
    tickformat: str = ".0%",
    hover: str = "%{x:.1%}",
) -> go.Figure:
    """Return one line per genre, the first on top, with a bar and dots.

    Args:
        genres: genre names, from top to bottom.
        bars: the bars, with values in the order of `genres`.
        dots: the series of dots, with values in the order of `genres`.
        theme: colours of the page.
        title: title of the value axis.
        tickformat: format of its ticks.
        hover: hover template.
    """
    # Plotly reads tags in labels, and a genre's name comes from the data.
    names = [plain(genre) for genre in genres]
    figure = go.Figure(
        [_bar(names, bars, theme, hover), *(_dot(names, kind, hover) for kind in dots)]
    )
    ends = [
        max(values) for values in zip(bars.values, *(kind.values for kind in dots), strict=True)
    ]
    beside = {"showarrow": False, "xanchor": "left", "xshift": 10}
    figure.update_layout(
        annotations=[
            {"x": end, "y": name, "text": text, **beside}
            for name, end, text in zip(names, ends, bars.texts, strict=True)
            if text
        ],
        height=LINE_HEIGHT * len(genres) + 110,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        hovermode="y unified",
    )
    # The room on the right is for the texts, which Plotly does not count; enough for a phone.
    right = (1.45 if any(bars.texts) else 1.05) * max([*ends, 0.01])
    figure.update_xaxes(title=title, tickformat=tickformat, range=[0, right])
    figure.update_xaxes(gridcolor=theme.faint, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True)
    return figure


def _bar(names: Sequence[str], bars: Bars, theme: Theme, hover: str) -> go.Bar:
    return go.Bar(
        x=list(bars.values),
        y=names,
        name=plain(bars.label),
        orientation="h",
        width=0.62,
        marker={"color": theme.faint, "line": {"width": 0}},
        hovertemplate=hover,
    )


def _dot(names: Sequence[str], kind: Shares, hover: str) -> go.Scatter:
    line = {"color": kind.colour, "width": 2}
    return go.Scatter(
        x=list(kind.values),
        y=names,
        name=plain(kind.label),
        mode="markers",
        marker={"symbol": kind.symbol, "color": kind.colour, "size": 9, "line": line},
        cliponaxis=False,
        hovertemplate=hover,
    )
