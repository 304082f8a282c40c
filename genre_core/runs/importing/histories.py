"""Histories that other programs wrote: one row per epoch."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from genre_core.errors import DataError
from genre_core.runs.importing.metric_names import Row, plainly

LONG = {"key", "value", "step"}  # columns of a table of one line per metric and epoch, as of MLflow
ENDINGS = (".csv", ".json", ".npz")
COUNTERS = ("epoch", "epoch/epoch", "step", "_step")  # columns that count epochs, best one first
OF_RUN = " - "  # between the name of a run and a metric, in a table of W&B
BOUNDS = ("__MIN", "__MAX")  # columns of such a table beside each metric
NO_METRICS = ("_runtime", "_timestamp", "_wandb")

Columns = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class History:
    """The history of a training.

    Attributes:
        rows: one per epoch, counted from 1; a metric that an epoch lacks is left out of its row.
        left_out: sentences on what is not in it.
        name: of the training, where the source has several.
    """

    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Table:
    """The columns of one training and what is left out of it, see `History`."""

    columns: Columns
    left_out: list[str] = field(default_factory=list)
    name: str = ""


def read_histories(path: Path) -> list[History]:
    """Return the histories of the trainings in a file.

    Args:
        path: a CSV of one line per epoch (Keras `CSVLogger`, an export of W&B), or one per metric
            and epoch (`key`, `value`, `step`, as of MLflow); JSON with a list for each metric
            (`History.history`) or a list of rows; or NPZ with an array for each.

    Raises:
        DataError: it is none of these, has no number, or has an epoch twice.
    """
    readers = {".csv": _of_csv, ".json": _of_json, ".npz": _of_npz}
    try:
        tables = readers[path.suffix.lower()](path)
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise DataError(
            f"'{path}' is no history that can be read ({error!s:.100}). Expected CSV with one line "
            "per epoch, JSON of History.history, or NPZ with one array for each metric."
        ) from error
    found = [history_of(table, path) for table in tables]
    if not any(len(row) > 1 for history in found for row in history.rows):
        raise DataError(
            f"'{path}' has no metric. Expected columns such as loss and val_loss with one number "
            "per epoch. Save History.history as JSON."
        )
    return found


def read_history(path: Path) -> History:
    """Return the only history in a file, see `read_histories`.

    Raises:
        DataError: there is none that can be read, or there are several.
    """
    found = read_histories(path)
    if len(found) > 1:
        names = ", ".join(history.name for history in found)
        raise DataError(
            f"'{path}' has {len(found)} trainings: {names}. Expected one, which the scores belong "
            "to. Save it alone."
        )
    return found[0]


def history_of(table: Table, path: Path) -> History:
    """Return columns as rows; a column that counts epochs says which they are.

    Args:
        table: of one training.
        path: where it is from, for messages.

    Raises:
        DataError: the columns have different lengths, or an epoch comes twice.
    """
    columns = {name: values for name, values in table.columns.items() if name not in NO_METRICS}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise DataError(
            f"The metrics of '{path}' have {min(lengths)} to {max(lengths)} values. Expected one "
            "value of each metric per epoch. Save History.history of one training."
        )
    folded = {name.casefold(): name for name in columns}
    counter = next((folded[name] for name in COUNTERS if name in folded), None)
    counts = list(columns[counter]) if counter else list(range(next(iter(lengths), 0)))
    counted = [place for place, count in enumerate(counts) if math.isfinite(count)]
    metrics = {name: values for name, values in columns.items() if name.casefold() not in COUNTERS}
    rows = [
        (counts[place], {name: float(values[place]) for name, values in metrics.items()})
        for place in counted
    ]
    logged = [(count, row) for count, row in rows if any(map(math.isfinite, row.values()))]
    return History(tuple(_by_epoch(logged, path)), tuple(table.left_out), table.name)


def _by_epoch(rows: Sequence[tuple[float, Row]], path: Path) -> list[Row]:
    counts = [count for count, _ in rows]
    twice = next((count for count, number in Counter(counts).items() if number > 1), None)
    if twice is not None:
        raise DataError(
            f"'{path}' has epoch {twice:g} more than once. Expected one line for each epoch. Save "
            "one training per file."
        )
    first = min(counts, default=0)
    shift = 1 - int(first) if first <= 0 else 0
    return [
        {
            "epoch": int(count) + shift,
            **plainly({name: value for name, value in row.items() if math.isfinite(value)}),
        }
        for count, row in sorted(rows, key=lambda pair: pair[0])
    ]


def _of_csv(path: Path) -> list[Table]:
    table = pd.read_csv(path, encoding="utf-8-sig")
    if set(table.columns) >= LONG:
        # An epoch that is logged twice has its last value, as in MLflow's own charts.
        table = table.pivot_table(index="step", columns="key", values="value", aggfunc="last")
        table = table.reset_index().rename_axis(columns=None)
    return [_of_table(part, name) for name, part in _by_run(table).items()]


def _by_run(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the part of a table that each run has, as W&B names columns `RUN - METRIC`."""
    parted = {
        str(name): tuple(str(name).rsplit(OF_RUN, 1))
        for name in table.columns
        if OF_RUN in str(name) and not str(name).endswith(BOUNDS)
    }
    if not parted:
        return {"": table}
    counters = [name for name in table.columns if str(name).casefold() in COUNTERS]
    runs = dict.fromkeys(run for run, _ in parted.values())
    return {
        run: table[[*counters, *(name for name in parted if parted[name][0] == run)]].rename(
            columns={name: metric for name, (_, metric) in parted.items()}
        )
        for run in runs
    }


def _of_json(path: Path) -> list[Table]:
    whole = json.loads(path.read_bytes())
    if isinstance(whole, list):
        return [_of_table(pd.DataFrame(whole), "")]
    return [Table({name: [float(value) for value in values] for name, values in whole.items()})]


def _of_npz(path: Path) -> list[Table]:
    with np.load(path, allow_pickle=False) as whole:
        found = {name: np.ravel(whole[name]).astype(float).tolist() for name in whole.files}
    return [Table(found)]


def _of_table(table: pd.DataFrame, name: str) -> Table:
    numbers = table.select_dtypes("number")
    words = [str(name) for name in table.columns if name not in numbers.columns]
    left_out = [f"Columns without numbers: {', '.join(words)}."] if words else []
    return Table({str(name): numbers[name].to_list() for name in numbers.columns}, left_out, name)
