"""Histories that other programs wrote: one row per epoch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from genre_core.errors import DataError
from genre_core.runs.importing.progress_lines import Row, plainly

ENDINGS = (".csv", ".json", ".npz")
COUNTERS = ("epoch", "step", "_step")  # names of the column that counts epochs


def read_history(path: Path) -> list[Row]:
    """Return the rows of a history, epochs counted from 1.

    Args:
        path: a CSV of one line an epoch (as Keras `CSVLogger` or W&B write it), JSON with a list
            for each metric (`History.history`) or a list of rows, or NPZ with an array for each.

    Raises:
        DataError: it is none of these, or has no number.
    """
    readers = {".csv": _of_csv, ".json": _of_json, ".npz": _of_npz}
    try:
        columns = readers[path.suffix.lower()](path)
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise DataError(
            f"'{path}' is no history that can be read ({error!s:.100}). Expected CSV with one line "
            "an epoch, JSON of History.history, or NPZ with one array for each metric."
        ) from error
    rows = _rows(columns)
    if not any(len(row) > 1 for row in rows):
        raise DataError(
            f"'{path}' has no metric. Expected columns such as loss and val_loss with one number "
            "an epoch. Save History.history as JSON."
        )
    return rows


Columns = Mapping[str, Sequence[float]]


def _of_csv(path: Path) -> Columns:
    table = pd.read_csv(path, encoding="utf-8-sig").select_dtypes("number")
    return {str(name): table[name].to_list() for name in table.columns}


def _of_json(path: Path) -> Columns:
    whole = json.loads(path.read_bytes())
    if isinstance(whole, list):
        table = pd.DataFrame(whole).select_dtypes("number")
        return {str(name): table[name].to_list() for name in table.columns}
    return {name: [float(value) for value in values] for name, values in whole.items()}


def _of_npz(path: Path) -> Columns:
    with np.load(path, allow_pickle=False) as whole:
        return {name: np.ravel(whole[name]).astype(float).tolist() for name in whole.files}


def _rows(columns: Columns) -> list[Row]:
    """Return columns as rows; a column that counts epochs says which they are."""
    counter = next((name for name in COUNTERS if name in columns), None)
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise DataError(
            f"The metrics have {min(lengths)} to {max(lengths)} values. Expected one an epoch, as "
            "many for each."
        )
    counts = columns[counter] if counter else range(next(iter(lengths), 0))
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
