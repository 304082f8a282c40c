"""Heatmaps of shares or lifts for pairs of genres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from genre_core.charts.colours import Theme
from genre_core.charts.text import plain

LINE_HEIGHT = 27  # pixels of one genre
CELLS_WITH_TEXT = 16  # maximum number of columns with numbers in the cells
LETTER = 6  # pixels of height of one in the slanted names of columns
MARK = "*"  # after a value based on few films


class Scale(NamedTuple):
    """A colour scale and a number format.

    Attributes:
        colours: positions in [0, 1] with their colour, for light and dark pages.
        highest: value of the last colour; None for the largest value in the matrix.
        number: format of a value, in the notation of d3.
    """

    colours: dict[bool, list[tuple[float, str]]]
    highest: float | None
    number: str


SHARE = Scale(
    {False: [(0, "#ffffff"), (1, "#4b2a7b")], True: [(0, "#1d1a24"), (1, "#c9a8ff")]}, None, ".0%"
)
# Neutral colour at 1, where a genre is as frequent as elsewhere.
LIFT = Scale(
    {
        False: [(0, "#b35806"), (1 / 3, "#ffffff"), (1, "#4b2a7b")],
        True: [(0, "#e08214"), (1 / 3, "#1d1a24"), (1, "#c9a8ff")],
    },
    3.0,
    ".2f",
)


class Notes(NamedTuple):
    """Hover texts and marks of the cells.

    Attributes:
        hover: hover texts, with line feeds between lines, str (n_rows, n_columns).
        is_few: whether a value is based on few films and is marked, bool (n_rows, n_columns).
    """

    hover: np.ndarray
    is_few: np.ndarray


def genre_heatmap(
    rows: Sequence[str],
    columns: Sequence[str],
    values: np.ndarray,
    theme: Theme,
    *,
    hover: str | Notes,
    scale: Scale = SHARE,
    is_clickable: bool = False,
    sizes: Sequence[int] | None = None,
) -> go.Figure:
    """Return a heatmap of shares or lifts, the first row on top; NaN is left blank.

    Args:
        rows: genre names of the rows.
        columns: genre names of the columns.
        values: shares in [0, 1], lifts of 0 or more, or NaN, (n_rows, n_columns).
        theme: colours of the page.
        hover: hover template with %{y}, %{x} and %{z:.0%} for row, column and value; or a text per
            cell.
        scale: colours and format of the values.
        is_clickable: whether cells above 0 can be selected; a selected point has row and column as
            custom data.
        sizes: number of films of each row, shown after its name; None to omit it.
    """
    # Plotly reads tags in labels, and a genre's name comes from the data.
    names_y, names_x = ([plain(name) for name in side] for side in (rows, columns))
    if sizes is not None:
        names_y = [f"{name} ({size:,})" for name, size in zip(names_y, sizes, strict=True)]
    is_roomy = len(columns) <= CELLS_WITH_TEXT
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=names_x,
            y=names_y,
            colorscale=scale.colours[theme.is_dark],
            zmin=0,
            zmax=scale.highest,
            xgap=1,
            ygap=1,
            **_words(hover, scale, is_roomy=is_roomy),
            hoverongaps=False,
            showscale=not is_roomy,
            colorbar={"tickformat": scale.number, "thickness": 10, "len": 0.6, "outlinewidth": 0},
        )
    )
    if is_clickable:
        figure.add_trace(_targets((names_y, names_x), (rows, columns), values, hover))
    figure.update_layout(
        height=LINE_HEIGHT * len(rows) + 130,
        margin={"l": 8, "r": 8, "t": 8 + LETTER * max(map(len, columns), default=0), "b": 8},
        hoverlabel={"align": "left"},
    )
    figure.update_xaxes(
        side="top", tickangle=-60, dtick=1, showgrid=False, ticks="", automargin=True
    )
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True)
    return figure


def _words(hover: str | Notes, scale: Scale, *, is_roomy: bool) -> dict[str, Any]:
    """Return the cell and hover texts as arguments for Plotly."""
    number = f"%{{z:{scale.number}}}" if is_roomy else ""
    if isinstance(hover, Notes):
        return {
            "text": np.where(hover.is_few, MARK, ""),
            "texttemplate": f"{number}%{{text}}",
            "customdata": _texts(hover),
            "hovertemplate": "%{customdata}<extra></extra>",
        }
    return {"texttemplate": number or None, "hovertemplate": f"{hover}<extra></extra>"}


def _texts(notes: Notes) -> np.ndarray:
    """Return the hover texts for Plotly, with HTML escaped."""
    texts = [[plain(text) for text in row] for row in notes.hover]
    return np.array([[text.replace("\n", "<br>") for text in row] for row in texts], dtype=object)


def _targets(
    labels: tuple[Sequence[str], Sequence[str]],
    names: tuple[Sequence[str], Sequence[str]],
    values: np.ndarray,
    hover: str | Notes,
) -> go.Scatter:
    """Return invisible markers on the cells, because Plotly cannot select heatmap cells."""
    if isinstance(hover, Notes):
        texts, template = _texts(hover), "%{customdata[2]}"
    else:
        texts, template = values, hover.replace("%{z", "%{customdata[2]")
    cells = [(int(row), int(column)) for row, column in np.argwhere(np.nan_to_num(values) > 0)]
    see_through = {"opacity": 0}
    return go.Scatter(
        x=[labels[1][column] for _, column in cells],
        y=[labels[0][row] for row, _ in cells],
        customdata=[[names[0][row], names[1][column], texts[row, column]] for row, column in cells],
        mode="markers",
        marker={"symbol": "square", "size": LINE_HEIGHT, "opacity": 0},
        selected={"marker": see_through},
        unselected={"marker": see_through},
        showlegend=False,
        hovertemplate=f"{template}<extra></extra>",
    )
