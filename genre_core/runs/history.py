"""The history of a training: one row per epoch, with the same schema for every run.

A row has `epoch`, counted from 1, and any of the values in `COLUMNS`, all of which are optional.
Metrics of the training films have the plain name, those of the validation films the prefix `val_`,
as in Keras.
"""

from __future__ import annotations

import json
import sys
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
    """Return the rows of a history file, one JSON object per line.

    Reading stops at an incomplete line, which a training may be writing. Values that are not finite
    numbers are dropped from their row; unknown columns are kept.
    """
    rows: list[HistoryRow] = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            break
        if not isinstance(row, dict) or not _is_number(row.get(EPOCH)):
            break
        rows.append({name: value for name, value in row.items() if _is_number(value)})
    return rows


def column(history: Sequence[HistoryRow], name: str) -> list[float | None]:
    """Return one value per epoch, None where a row has none.

    >>> column([{"epoch": 1, "loss": 0.5}, {"epoch": 2}], "loss")
    [0.5, None]
    """
    return [row.get(name) for row in history]


def columns_of(history: Sequence[HistoryRow]) -> tuple[str, ...]:
    """Return the columns of `COLUMNS` that a history has in at least one epoch, in that order."""
    return tuple(name for name in COLUMNS if any(name in row for row in history))


def kept_epoch(history: Sequence[HistoryRow]) -> int | None:
    """Return the epoch whose weights are kept: the one with the lowest validation loss.

    If the training loss is not BCE, the epoch is chosen by that loss, because BCE would select an
    epoch too early. None if no epoch has a validation loss.

    >>> kept_epoch([{"epoch": 1, "val_loss": 0.4}, {"epoch": 2, "val_loss": 0.3}])
    2
    >>> kept_epoch([{"epoch": 1, "loss": 0.4}]) is None
    True
    """
    losses = [
        (float(row["val_minimised" if "val_minimised" in row else "val_loss"]), int(row[EPOCH]))
        for row in history
        if "val_minimised" in row or "val_loss" in row
    ]
    # Of equal losses the first epoch, as in training.
    return min(losses, key=lambda pair: pair[0])[1] if losses else None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max  # false for NaN; a whole number may be any size
