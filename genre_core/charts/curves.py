"""How trainings went: one quantity of any number of runs over their epochs, on common axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from genre_core.charts.colours import Style, Theme
from genre_core.charts.text import plain
from genre_core.charts.titles import HIGHER, LOWER

Quantity = Literal["loss", "precision", "recall", "f1", "learning_rate"]
QUANTITIES: dict[Quantity, str] = {
    "loss": "Loss",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "learning_rate": "Learning rate",
}
SHARES = ("precision", "recall", "f1")
FEW = 10  # epochs; that many fit on the axis one by one, and fewer are never smoothed
SPAN = 5  # epochs of the smoothing
HEIGHT = 250  # pixels; two rows of charts fit on a laptop's screen
FAINT = 0.4  # opacity of what stands behind a smoothed curve


@dataclass(frozen=True)
class Curve:
    """The history of one run.

    Attributes:
        name: how the run is called on the page.
        style: its colour, line and marker.
        rows: one mapping per epoch with "epoch" and any of "learning_rate" and each quantity for
            training ("loss") and validation ("val_loss"); empty for a model that has no epochs.
        kept_epoch: the epoch whose weights were kept, or would be if it ended now, counted from 1;
            None without epochs.
    """

    name: str
    style: Style
    rows: Sequence[dict[str, Any]]
    kept_epoch: int | None

    def values(self, name: str) -> list[float | None]:
        """Return one value per epoch, such as of "val_loss"; F1 follows from precision and recall.

        None for an epoch in which it was not recorded.

        >>> from genre_core.charts.colours import LIGHT, styles
        >>> rows = [{"precision": 0.5, "recall": 0.25}, {"precision": 0.0, "recall": 0.0}]
        >>> [round(f1, 3) for f1 in Curve("a", styles(["poster"], LIGHT)[0], rows, 1).values("f1")]
        [0.333, 0.0]
        """
        if not name.endswith("f1"):
            return [row.get(name) for row in self.rows]
        prefix = name.removesuffix("f1")
        pairs = zip(self.values(f"{prefix}precision"), self.values(f"{prefix}recall"), strict=True)
        return [_f1(precision, recall) for precision, recall in pairs]

    def has(self, quantity: Quantity) -> bool:
        """Return whether a quantity was recorded in some epoch, in training or validation."""
        return any(_is_there(self.values(name)) for name in _names(quantity))

    @property
    def is_long(self) -> bool:
        """Return whether there are enough epochs for a smoothed curve to say something."""
        return len(self.rows) >= FEW


@dataclass(frozen=True)
class Axes:
    """The ends of the axes of a chart.

    Attributes:
        epochs: last epoch on the x axis.
        low: lower end of the y axis.
        high: upper end of the y axis.
    """

    epochs: int
    low: float
    high: float


def common_axes(curves: Sequence[Curve], quantity: Quantity, baseline: float | None = None) -> Axes:
    """Return axes that hold every curve; shares always go from 0 to 1.

    Args:
        curves: the runs that a chart shows.
        quantity: what it shows.
        baseline: loss of the base rates, if it is drawn too.
    """
    epochs = max((len(curve.rows) for curve in curves), default=1)
    if quantity in SHARES:
        return Axes(epochs, 0.0, 1.0)
    values = [] if baseline is None else [baseline]
    for curve in curves:
        for name in _names(quantity):
            values += [value for value in curve.values(name) if value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = 0.08 * (high - low) or 0.1 * high or 0.01
    return Axes(epochs, max(0.0, low - margin), high + margin)


def learning_curves(
    curves: Sequence[Curve],
    quantity: Quantity,
    axes: Axes,
    theme: Theme,
    *,
    baseline: float | None = None,
    is_smoothed: bool = False,
) -> go.Figure:
    """Return the chart of one quantity of some runs over their epochs.

    It stands beside charts of other quantities, which have one legend together on the page; its own
    is hidden.

    Args:
        curves: the runs' histories, each with at least one epoch; what one lacks is not drawn.
        quantity: what is drawn.
        axes: ends of the axes, see `common_axes`.
        theme: colours of the page.
        baseline: validation loss of the base rates, drawn as a level line.
        is_smoothed: whether a running mean is drawn over validation curves that are long enough.
    """
    figure = go.Figure()
    for curve in curves:
        is_faint = is_smoothed and curve.is_long and quantity != "learning_rate"
        there = [name for name in _names(quantity) if _is_there(curve.values(name))]
        for name in there:
            figure.add_trace(_line(curve, name, is_faint=is_faint))
        if is_faint and f"val_{quantity}" in there:
            figure.add_trace(_smoothed(curve, f"val_{quantity}"))
        if curve.kept_epoch is not None and quantity != "learning_rate":
            figure.add_trace(_kept(curve, quantity, theme))
    if len(curves) > 1:  # one line a run is all that a legend of many can hold
        figure.update_traces(showlegend=False)
        for curve in curves:
            drawn = [
                trace.name
                for trace in figure.data
                if trace.name.startswith(f"{plain(curve.name)}: ")
            ]
            figure.update_traces(showlegend=True, selector={"name": next(iter(drawn), None)})
    if baseline is not None:
        _add_base_rates(figure, baseline, axes, theme)
    _lay_out(figure, quantity, axes, theme)
    return figure


def _f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _is_there(values: Sequence[float | None]) -> bool:
    """Return whether some value is there."""
    return any(value is not None for value in values)


def _names(quantity: Quantity) -> tuple[str, ...]:
    """Return the columns of the history that a quantity is drawn from, validation first."""
    return (quantity,) if quantity == "learning_rate" else (f"val_{quantity}", quantity)


def _line(curve: Curve, name: str, *, is_faint: bool) -> go.Scatter:
    """Return validation as a strong line with markers, training as a thin dotted one."""
    is_training = not name.startswith("val_") and name != "learning_rate"
    what = "training" if is_training else "validation"
    return go.Scatter(
        x=curve.values("epoch"),
        y=curve.values(name),
        name=f"{plain(curve.name)}: {what}",
        mode="lines" if is_training else "lines+markers",
        opacity=FAINT if is_faint else 1,
        line={
            "color": curve.style.colour,
            "width": 1.5 if is_training else 2.5,
            "dash": "dot" if is_training else curve.style.dash,
        },
        marker={"symbol": curve.style.symbol, "size": 7},
        hovertemplate="%{y:.4g}",
    )


def _smoothed(curve: Curve, name: str) -> go.Scatter:
    values = pd.Series(curve.values(name), dtype=float).ewm(span=SPAN).mean()
    return go.Scatter(
        x=curve.values("epoch"),
        y=values.tolist(),
        name=f"{plain(curve.name)}: validation, smoothed",
        mode="lines",
        line={"color": curve.style.colour, "width": 3.5, "dash": curve.style.dash},
        hoverinfo="skip",
    )


def _kept(curve: Curve, quantity: Quantity, theme: Theme) -> go.Scatter:
    epochs, values = curve.values("epoch"), curve.values(f"val_{quantity}")
    kept = [value for epoch, value in zip(epochs, values, strict=True) if epoch == curve.kept_epoch]
    return go.Scatter(
        x=[curve.kept_epoch] * len(kept),
        y=kept,
        name=f"kept: epoch {curve.kept_epoch}",
        mode="markers",
        marker={
            "symbol": "star",
            "size": 15,
            "color": theme.ink,
            "line": {"color": curve.style.colour, "width": 1.5},
        },
        hoverinfo="skip",
    )


def _add_base_rates(figure: go.Figure, baseline: float, axes: Axes, theme: Theme) -> None:
    figure.add_trace(
        go.Scatter(
            x=[0.5, axes.epochs + 0.5],
            y=[baseline, baseline],
            name=f"base rates {baseline:.4f}",
            mode="lines",
            line={"color": theme.colour("base_rates"), "width": 2, "dash": "dashdot"},
            hoverinfo="skip",
        )
    )


def _lay_out(figure: go.Figure, quantity: Quantity, axes: Axes, theme: Theme) -> None:
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        hovermode="x unified",
        showlegend=False,
        uirevision="kept",  # a zoom survives the next epoch
    )
    step = 1 if axes.epochs <= FEW else None  # or Plotly marks halves of an epoch
    figure.update_xaxes(
        title="epoch", range=[0.5, axes.epochs + 0.5], dtick=step, showgrid=False, zeroline=False
    )
    figure.update_yaxes(
        title=_axis_title(quantity), range=[axes.low, axes.high], gridcolor=theme.faint
    )


def _axis_title(quantity: Quantity) -> str:
    label = QUANTITIES[quantity]
    label = label if quantity == "f1" else label.lower()
    if quantity == "learning_rate":
        return label
    return f"{label} ({HIGHER if quantity in SHARES else LOWER})"
