"""The history of a training: one row an epoch, in one schema for every run.

A row has `epoch`, counted from 1, and any of the numbers in `COLUMNS`; whoever reads a history
shows what is there. Numbers of training films have the plain name, those of validation films the
same with `val_`, as in Keras.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

HistoryRow = dict[str, Any]

EPOCH = "epoch"
QUANTITIES = ("loss", "precision", "recall", "minimised")
COLUMNS = (
    *QUANTITIES,
    *(f"val_{name}" for name in QUANTITIES),
    "learning_rate",
    "seconds",
)


def parse(text: str) -> list[HistoryRow]:
    """Return the rows of a history as it lies on disk, one JSON object a line.

    What follows a torn line is not read: a training may be writing it. A number that is none, such
    as NaN, is left out of its row; columns that are not known here are kept.
    """
    rows: list[HistoryRow] = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            break
        if not isinstance(row, dict) or not _is_number(row.get(EPOCH)):
            break
        rows.append({name: value for name, value in row.items() if _is_number(value)})
    return rows


def column(history: Sequence[HistoryRow], name: str) -> list[float | None]:
    """Return one number an epoch, None where a row lacks it.

    >>> column([{"epoch": 1, "loss": 0.5}, {"epoch": 2}], "loss")
    [0.5, None]
    """
    return [row.get(name) for row in history]


def columns_of(history: Sequence[HistoryRow]) -> tuple[str, ...]:
    """Return which of the known columns a history has in at least one epoch, in their order."""
    return tuple(name for name in COLUMNS if any(name in row for row in history))


def kept_epoch(history: Sequence[HistoryRow]) -> int | None:
    """Return the epoch whose weights are kept: that of the lowest validation loss.

    Where something else than BCE was minimised, it is judged by that: BCE would choose an epoch
    before it has worked. None without epochs, or where no epoch has a validation loss.

    >>> kept_epoch([{"epoch": 1, "val_loss": 0.4}, {"epoch": 2, "val_loss": 0.3}])
    2
    >>> kept_epoch([{"epoch": 1, "loss": 0.4}]) is None
    True
    """
    judged = [
        (float(row["val_minimised" if "val_minimised" in row else "val_loss"]), int(row[EPOCH]))
        for row in history
        if "val_minimised" in row or "val_loss" in row
    ]
    # The first of equal ones, as a training keeps it.
    return min(judged, key=lambda pair: pair[0])[1] if judged else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
