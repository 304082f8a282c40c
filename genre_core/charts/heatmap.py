"""Shares of films for pairs of genres."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from genre_core.charts.colours import Theme

LINE_HEIGHT = 27  # pixels of one genre
SCALES = {False: ("#ffffff", "#4b2a7b"), True: ("#1d1a24", "#c9a8ff")}  # of light, of dark pages
CELLS_WITH_TEXT = 16  # columns; more leave no room for numbers


def genre_heatmap(
    rows: Sequence[str],
    columns: Sequence[str],
    shares: np.ndarray,
    theme: Theme,
    *,
    hover: str,
) -> go.Figure:
    """Return a matrix of shares, the first row on top; a share that is NaN is left blank.

    Args:
        rows: genre names of the rows.
        columns: genre names of the columns.
        shares: shares in [0, 1] or NaN, (n_rows, n_columns).
        theme: colours of the page.
        hover: what a cell says, with %{y}, %{x} and %{z:.0%} for row, column and share.
    """
    # Plotly reads tags in labels, and a genre's name comes from the data.
    names_y, names_x = (
        [html.escape(name, quote=False) for name in side] for side in (rows, columns)
    )
    low, high = SCALES[theme.is_dark]
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=names_x,
            y=names_y,
            colorscale=[(0, low), (1, high)],
            zmin=0,
            xgap=1,
            ygap=1,
            texttemplate="%{z:.0%}" if len(columns) <= CELLS_WITH_TEXT else None,
            hovertemplate=f"{hover}<extra></extra>",
            hoverongaps=False,
            colorbar={"tickformat": ".0%", "thickness": 10, "len": 0.6, "outlinewidth": 0},
        )
    )
    figure.update_layout(
        height=LINE_HEIGHT * len(rows) + 130, margin={"l": 8, "r": 8, "t": 8, "b": 8}
    )
    figure.update_xaxes(side="top", tickangle=-60, showgrid=False, ticks="", automargin=True)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True)
    return figure
