"""Chart of all scores of some runs for one film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from genre_core.charts.colours import Style, Theme
from genre_core.charts.text import plain

LINE_HEIGHT = 17  # pixels of one bar
PATTERNS = ("", "/", "x", ".", "-", "|", "+", "\\")  # so that bars differ by more than colour


@dataclass(frozen=True)
class RunScores:
    """The scores of one run for one film.

    Attributes:
        name: name of the run on the page.
        style: its colour.
        values: one score per genre, (n_genres,) in [0, 1].
    """

    name: str
    style: Style
    values: Sequence[float]


def film_scores(
    genres: Sequence[str], is_true: Sequence[bool], runs: Sequence[RunScores], theme: Theme
) -> go.Figure:
    """Return grouped bars, one group per genre: true genres first, then by highest score.

    Args:
        genres: genre names in column order.
        is_true: whether the film has each genre, (n_genres,).
        runs: one or more runs.
        theme: colours of the page.
    """
    highest = [max(values) for values in zip(*(run.values for run in runs), strict=True)]
    order = sorted(range(len(genres)), key=lambda place: (not is_true[place], -highest[place]))
    labels = [("✓ " if is_true[place] else "") + plain(genres[place]) for place in order]
    figure = go.Figure(
        [
            go.Bar(
                x=[run.values[place] for place in order],
                y=labels,
                name=plain(run.name),
                orientation="h",
                marker={"color": run.style.colour, "pattern": {"shape": pattern, "size": 5}},
                hovertemplate="%{x:.3f}",
            )
            for run, pattern in zip(runs, PATTERNS, strict=False)
        ]
    )
    figure.update_layout(
        height=LINE_HEIGHT * (len(runs) + 0.5) * len(genres) + 90,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        hovermode="y unified",
        showlegend=True,
        bargap=0.3,
        bargroupgap=0.05,
    )
    figure.update_xaxes(title="score", range=[0, 1], gridcolor=theme.faint, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", automargin=True)
    return figure
