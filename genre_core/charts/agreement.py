"""Chart of which of two runs predicts the films of each genre correctly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from genre_core.charts.colours import Theme
from genre_core.charts.text import plain

LINE_HEIGHT = 22  # pixels of one genre


def agreement_bars(
    genres: Sequence[str],
    shares: np.ndarray,
    outcomes: Sequence[tuple[str, str, str]],
    theme: Theme,
) -> go.Figure:
    """Return stacked bars, one per genre, of the shares of films that each run predicts.

    Args:
        genres: names of the genres.
        shares: of the genre's films with each outcome, (n_genres, n_outcomes), rows sum to 1.
        outcomes: label, colour and pattern of each outcome.
        theme: colours of the page.
    """
    # Plotly reads tags in labels, and a genre's name comes from the data.
    names = [plain(genre) for genre in genres]
    figure = go.Figure(
        [
            go.Bar(
                x=shares[:, place].tolist(),
                y=names,
                name=plain(label),
                orientation="h",
                marker={
                    "color": colour,
                    "pattern": {"shape": pattern, "size": 6, "fillmode": "overlay"},
                    "line": {"width": 0},
                },
                customdata=[[genre, place] for genre in genres],
                hovertemplate="%{y}: %{x:.0%}",
            )
            for place, (label, colour, pattern) in enumerate(outcomes)
        ]
    )
    figure.update_layout(
        barmode="stack",
        height=LINE_HEIGHT * len(genres) + 110,
        margin={"l": 8, "r": 24, "t": 8, "b": 8},
        legend={
            "orientation": "h",
            "traceorder": "normal",  # stacked bars are listed in reverse otherwise
            "y": 1.01,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
        },
        showlegend=True,
    )
    figure.update_xaxes(
        title="share of the genre's films",
        tickformat=".0%",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticklabeloverflow="allow",
        range=[0, 1],
        gridcolor=theme.faint,
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True, dtick=1)
    return figure
