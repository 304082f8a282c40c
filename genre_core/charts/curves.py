"""How a training went: one quantity of one run over its epochs, and what that says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from genre_core.charts.colours import MARKS, Role, Theme

Quantity = Literal["loss", "precision", "recall"]
QUANTITIES: tuple[Quantity, ...] = ("loss", "precision", "recall")
FEW = 10  # epochs; that many fit on the axis one by one
HEIGHT = 320  # pixels; two charts of a row and the sentence above them fit on a laptop screen


@dataclass(frozen=True)
class Curve:
    """The history of one run.

    Attributes:
        role: the model's role, for colour and marker.
        rows: one mapping an epoch with "epoch", and each quantity for training ("loss") and
            validation ("val_loss"); empty for a model that has no epochs.
        kept_epoch: the epoch whose weights were kept, counted from 1; None without epochs.
    """

    role: Role
    rows: Sequence[dict[str, Any]]
    kept_epoch: int | None

    def values(self, name: str) -> list[float]:
        """Return one value an epoch, such as of "val_loss"."""
        return [row[name] for row in self.rows]


@dataclass(frozen=True)
class Axes:
    """The axes that charts side by side have in common.

    Attributes:
        epochs: last epoch on the x axis.
        low: lower end of the y axis.
        high: upper end of the y axis.
    """

    epochs: int
    low: float
    high: float


def common_axes(curves: Sequence[Curve], quantity: Quantity, trivial: float | None = None) -> Axes:
    """Return axes that hold every curve; precision and recall always go from 0 to 1.

    Args:
        curves: the runs that stand side by side.
        quantity: what the charts show.
        trivial: loss of the trivial predictor, if it is drawn too.
    """
    epochs = max((len(curve.rows) for curve in curves), default=1)
    if quantity != "loss":
        return Axes(epochs, 0.0, 1.0)
    values = [] if trivial is None else [trivial]
    for curve in curves:
        values += curve.values("loss") + curve.values("val_loss")
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = 0.08 * (high - low) or 0.01
    return Axes(epochs, low - margin, high + margin)


def learning_curve(
    curve: Curve, quantity: Quantity, axes: Axes, theme: Theme, *, trivial: float | None = None
) -> go.Figure:
    """Return the chart of one quantity of one run over its epochs.

    Args:
        curve: the run's history, with at least one epoch.
        quantity: "loss", "precision" or "recall".
        axes: ends of the axes, see `common_axes`.
        theme: colours of the page.
        trivial: validation loss of the trivial predictor, drawn as a level line.
    """
    figure = go.Figure()
    figure.add_trace(_line(curve, f"val_{quantity}", theme))
    figure.add_trace(_line(curve, quantity, theme))
    if trivial is not None:
        _add_trivial(figure, trivial, axes, theme)
    if curve.kept_epoch is not None:
        _add_kept(figure, curve, quantity, theme)
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        hovermode="x unified",
    )
    step = 1 if axes.epochs <= FEW else None  # or Plotly marks halves of an epoch
    ends = [0.5, axes.epochs + 0.5]
    figure.update_xaxes(title="epoch", range=ends, dtick=step, showgrid=False)
    figure.update_yaxes(title=quantity, range=[axes.low, axes.high], gridcolor=theme.faint)
    return figure


def _line(curve: Curve, name: str, theme: Theme) -> go.Scatter:
    """Return validation as a solid line with filled markers, training dashed with open ones."""
    is_validation = name.startswith("val_")
    symbol = MARKS[curve.role].symbol
    return go.Scatter(
        x=curve.values("epoch"),
        y=curve.values(name),
        name="validation" if is_validation else "training",
        mode="lines+markers",
        line={
            "color": theme.colour(curve.role),
            "width": 2.5 if is_validation else 1.5,
            "dash": "solid" if is_validation else "dash",
        },
        marker={"symbol": symbol if is_validation else f"{symbol}-open", "size": 6},
        hovertemplate="%{y:.4f}",
    )


def _add_trivial(figure: go.Figure, trivial: float, axes: Axes, theme: Theme) -> None:
    figure.add_trace(
        go.Scatter(
            x=[0.5, axes.epochs + 0.5],
            y=[trivial, trivial],
            name=f"genre frequencies {trivial:.4f}",
            mode="lines",
            line={"color": theme.colour("trivial"), "width": 2, "dash": "dashdot"},
            hoverinfo="skip",
        )
    )


def _add_kept(figure: go.Figure, curve: Curve, quantity: Quantity, theme: Theme) -> None:
    kept = curve.kept_epoch
    values = {row["epoch"]: row[f"val_{quantity}"] for row in curve.rows}
    figure.add_vline(x=kept, line={"color": theme.ink, "width": 1, "dash": "dot"})
    figure.add_trace(
        go.Scatter(
            x=[kept],
            y=[values.get(kept)],
            name=f"kept: epoch {kept}",
            mode="markers",
            marker={
                "symbol": "star",
                "size": 13,
                "color": theme.ink,
                "line": {"color": theme.colour(curve.role), "width": 1},
            },
            hoverinfo="skip",
        )
    )


def reading(curve: Curve, trivial: float) -> str:
    """Return one sentence on what the validation loss says.

    Args:
        curve: the run's history.
        trivial: validation loss of the trivial predictor, which knows only genre frequencies.

    >>> rows = [{"epoch": 1, "val_loss": 0.3}, {"epoch": 2, "val_loss": 0.25}]
    >>> reading(Curve("poster", rows, 2), 0.24)
    'Validation loss is lowest at epoch 2 of 2 (0.2500), so it was still falling when training \
stopped; it is never below the genre frequencies (0.2400).'
    """
    if not curve.rows:
        return "This model is fitted at once, so it has no epochs and no curve."
    losses = curve.values("val_loss")
    lowest, n_epochs = min(losses), len(losses)
    best = losses.index(lowest) + 1
    if best == n_epochs:
        course = ", so it was still falling when training stopped"
    else:
        course = f" and rising since then: {losses[-1] - lowest:.4f} higher at the end"
    n_below = sum(loss < trivial for loss in losses)
    below = f"below the genre frequencies ({trivial:.4f}) in {n_below} of {n_epochs} epochs"
    if n_below == 0:
        below = f"never below the genre frequencies ({trivial:.4f})"
    return (
        f"Validation loss is lowest at epoch {best} of {n_epochs} ({lowest:.4f}){course}; "
        f"it is {below}."
    )
