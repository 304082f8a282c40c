"""Histories that other programs wrote: one row per epoch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from genre_core.errors import DataError
from genre_core.runs.importing.progress_lines import Row, plainly

LONG = {"key", "value", "step"}  # columns of a table of one line per metric and epoch, as of MLflow
ENDINGS = (".csv", ".json", ".npz")
COUNTERS = ("epoch", "step", "_step")  # names of the column that counts epochs


@dataclass(frozen=True)
class History:
    """The history of a training from a file.

    Attributes:
        rows: one per epoch, counted from 1; a metric that an epoch lacks is left out of its row.
        left_out: columns without numbers.
    """

    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()


def read_history(path: Path) -> History:
    """Return the history of a training.

    Args:
        path: a CSV of one line per epoch (as Keras `CSVLogger` writes it) or one per metric and
            epoch (`key`, `value`, `step`, as of MLflow), JSON with a list for each metric
            (`History.history`) or a list of rows, or NPZ with an array for each.

    Raises:
        DataError: it is none of these, has no number, or has an epoch twice.
    """
    readers = {".csv": _of_csv, ".json": _of_json, ".npz": _of_npz}
    try:
        columns, left_out = readers[path.suffix.lower()](path)
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise DataError(
            f"'{path}' is no history that can be read ({error!s:.100}). Expected CSV with one line "
            "per epoch, JSON of History.history, or NPZ with one array for each metric."
        ) from error
    rows = _rows(columns, path)
    if not any(len(row) > 1 for row in rows):
        raise DataError(
            f"'{path}' has no metric. Expected columns such as loss and val_loss with one number "
            "per epoch. Save History.history as JSON."
        )
    return History(tuple(rows), tuple(left_out))


Columns = Mapping[str, Sequence[float]]


def _of_csv(path: Path) -> tuple[Columns, list[str]]:
    table = pd.read_csv(path, encoding="utf-8-sig")
    if set(table.columns) >= LONG:
        # An epoch that is logged twice has its last value, as in MLflow's own charts.
        table = table.pivot_table(index="step", columns="key", values="value", aggfunc="last")
        table = table.reset_index().rename_axis(columns=None)
    return _of_table(table)


def _of_json(path: Path) -> tuple[Columns, list[str]]:
    whole = json.loads(path.read_bytes())
    if isinstance(whole, list):
        return _of_table(pd.DataFrame(whole))
    return {name: [float(value) for value in values] for name, values in whole.items()}, []


def _of_npz(path: Path) -> tuple[Columns, list[str]]:
    with np.load(path, allow_pickle=False) as whole:
        found = {name: np.ravel(whole[name]).astype(float).tolist() for name in whole.files}
    return found, []


def _of_table(table: pd.DataFrame) -> tuple[Columns, list[str]]:
    numbers = table.select_dtypes("number")
    left_out = [str(name) for name in table.columns if name not in numbers.columns]
    return {str(name): numbers[name].to_list() for name in numbers.columns}, left_out


def _rows(columns: Columns, path: Path) -> list[Row]:
    """Return columns as rows; a column that counts epochs says which they are."""
    counter = next((name for name in COUNTERS if name in columns), None)
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise DataError(
            f"The metrics of '{path}' have {min(lengths)} to {max(lengths)} values. Expected one "
            "value of each metric per epoch. Save History.history of one training."
        )
    counts = columns[counter] if counter else range(next(iter(lengths), 0))
    if len(set(counts)) < len(counts):
        raise DataError(
            f"'{path}' has {len(counts)} lines for {len(set(counts))} epochs. Expected one line "
            "for each epoch. Save one training per file."
        )
    first = min(counts, default=0)
    return [
        {
            "epoch": int(count) + (1 - int(first) if first <= 0 else 0),
            **plainly(
                {
                    name: float(values[place])
                    for name, values in columns.items()
                    if name not in COUNTERS and math.isfinite(values[place])
                }
            ),
        }
        for place, count in enumerate(counts)
    ]
