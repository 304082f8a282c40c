"""Precision-recall and reliability curves of one genre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from genre_core.charts.colours import Style, Theme
from genre_core.charts.text import plain
from genre_core.charts.titles import HIGHER

HEIGHT = 380  # pixels


@dataclass(frozen=True)
class PrecisionRecall:
    """A precision-recall curve.

    Attributes:
        name: name of the run.
        style: its colour and line.
        precision: from the lowest threshold on, (n_steps,).
        recall: (n_steps,).
        decided: recall and precision at the threshold in use.
    """

    name: str
    style: Style
    precision: Sequence[float]
    recall: Sequence[float]
    decided: tuple[float, float]


@dataclass(frozen=True)
class Calibrated:
    """A reliability curve.

    Attributes:
        name: name of the run.
        style: its colour and line.
        score: mean score of each bin, (n_bins,).
        share: share of its films that have the genre, (n_bins,).
        low: lower ends of the intervals of the shares, (n_bins,).
        high: upper ends, (n_bins,).
        n_films: films in each bin, (n_bins,).
    """

    name: str
    style: Style
    score: Sequence[float]
    share: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    n_films: Sequence[int]


def precision_recall(runs: Sequence[PrecisionRecall], prevalence: float, theme: Theme) -> go.Figure:
    """Return precision-recall curves, with the prevalence of the genre as a line.

    Args:
        runs: one curve per run, with a marker at the threshold in use.
        prevalence: share of films with the genre, the precision of random predictions.
        theme: colours of the page.
    """
    figure = go.Figure()
    for run in runs:
        line = {"color": run.style.colour, "dash": run.style.dash, "width": 2, "shape": "hv"}
        figure.add_scatter(
            x=list(run.recall),
            y=list(run.precision),
            name=plain(run.name),
            mode="lines",
            line=line,
            hovertemplate="recall %{x:.2f}, precision %{y:.2f}",
        )
        figure.add_scatter(
            x=[run.decided[0]],
            y=[run.decided[1]],
            name=f"{plain(run.name)}, threshold in use",
            mode="markers",
            marker={"symbol": run.style.symbol, "color": run.style.colour, "size": 11},
            showlegend=False,
            hovertemplate="threshold in use: recall %{x:.2f}, precision %{y:.2f}",
        )
    figure.add_hline(y=prevalence, line={"color": theme.ink, "width": 1, "dash": "dot"})
    return _square(figure, theme, f"recall ({HIGHER})", f"precision ({HIGHER})")


def reliability(runs: Sequence[Calibrated], theme: Theme) -> go.Figure:
    """Return reliability curves, with the diagonal of perfect calibration.

    Args:
        runs: one curve per run.
        theme: colours of the page.
    """
    figure = go.Figure()
    for run in runs:
        figure.add_scatter(
            x=list(run.score),
            y=list(run.share),
            error_y={
                "array": [h - s for h, s in zip(run.high, run.share, strict=True)],
                "arrayminus": [s - low for low, s in zip(run.low, run.share, strict=True)],
                "thickness": 1,
                "color": run.style.colour,
            },
            customdata=list(run.n_films),
            name=plain(run.name),
            mode="lines+markers",
            line={"color": run.style.colour, "dash": run.style.dash, "width": 1.5},
            marker={"symbol": run.style.symbol, "color": run.style.colour, "size": 9},
            hovertemplate="score %{x:.2f}: %{y:.0%} of %{customdata} films have the genre",
        )
    line = {"color": theme.ink, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line=line, layer="below")
    return _square(figure, theme, "mean score", "share of films with the genre")


def _square(figure: go.Figure, theme: Theme, x: str, y: str) -> go.Figure:
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        showlegend=True,
    )
    figure.update_xaxes(title=x, range=[0, 1.02], gridcolor=theme.faint, zeroline=False)
    figure.update_yaxes(title=y, range=[0, 1.02], gridcolor=theme.faint, zeroline=False)
    return figure
