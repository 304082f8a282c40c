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
    is_clickable: bool = False,
    sizes: Sequence[int] | None = None,
) -> go.Figure:
    """Return a matrix of shares, the first row on top; a share that is NaN is left blank.

    Args:
        rows: genre names of the rows.
        columns: genre names of the columns.
        shares: shares in [0, 1] or NaN, (n_rows, n_columns).
        theme: colours of the page.
        hover: what a cell says, with %{y}, %{x} and %{z:.0%} for row, column and share.
        is_clickable: whether cells that are not blank can be chosen; a chosen point carries row
            and column as its custom data.
        sizes: films that a row is about, written behind its name; None to write none.
    """
    # Plotly reads tags in labels, and a genre's name comes from the data.
    names_y, names_x = (
        [html.escape(name, quote=False) for name in side] for side in (rows, columns)
    )
    if sizes is not None:
        names_y = [f"{name} ({size:,})" for name, size in zip(names_y, sizes, strict=True)]
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
            showscale=len(columns) > CELLS_WITH_TEXT,
            colorbar={"tickformat": ".0%", "thickness": 10, "len": 0.6, "outlinewidth": 0},
        )
    )
    if is_clickable:
        figure.add_trace(_targets(names_y, names_x, rows, columns, shares, hover))
    figure.update_layout(
        height=LINE_HEIGHT * len(rows) + 130, margin={"l": 8, "r": 8, "t": 8, "b": 8}
    )
    figure.update_xaxes(
        side="top", tickangle=-60, dtick=1, showgrid=False, ticks="", automargin=True
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True)
    return figure


def _targets(
    names_y: Sequence[str],
    names_x: Sequence[str],
    rows: Sequence[str],
    columns: Sequence[str],
    shares: np.ndarray,
    hover: str,
) -> go.Scatter:
    """Return invisible markers on the cells, as Plotly lets points be chosen but no cells."""
    cells = [(int(row), int(column)) for row, column in np.argwhere(np.nan_to_num(shares) > 0)]
    see_through = {"opacity": 0}
    return go.Scatter(
        x=[names_x[column] for _, column in cells],
        y=[names_y[row] for row, _ in cells],
        customdata=[[rows[row], columns[column], shares[row, column]] for row, column in cells],
        mode="markers",
        marker={"symbol": "square", "size": LINE_HEIGHT, "opacity": 0},
        selected={"marker": see_through},
        unselected={"marker": see_through},
        showlegend=False,
        hovertemplate=f"{hover.replace('%{z', '%{customdata[2]')}<extra></extra>",
    )
