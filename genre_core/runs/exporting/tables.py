"""A run as tables: the scores and labels of its films, and its history, as CSV or Parquet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import IO

import numpy as np
import pandas as pd

from genre_core.data import cells
from genre_core.errors import RunError
from genre_core.runs.exporting.files import Files, Write
from genre_core.runs.folder import Run
from genre_core.runs.history import COLUMNS, EPOCH, HistoryRow
from genre_core.runs.metrics import ScoredFilms

ID, SPLIT = "Id", "split"


def csv_files(run: Run) -> Files:
    """Return `RUN.scores.csv`, `RUN.labels.csv` and `RUN.history.csv`, as far as there are any.

    Numbers have as many digits as it takes to read back the same ones.

    Raises:
        RunError: the run is not finished, or a genre has the name of another column.
    """
    return _files(run, "csv", _as_csv)


def parquet_files(run: Run) -> Files:
    """Return the same tables as `csv_files`, as Parquet.

    Raises:
        RunError: see `csv_files`.
    """
    return _files(run, "parquet", _as_parquet)


def scores_table(run: Run) -> pd.DataFrame:
    """Return `Id` and the scores of a run, float32, one column per genre."""
    ids = pd.DataFrame({ID: run.film_ids()}, dtype="str")
    scores = pd.DataFrame(np.asarray(run.scores(), dtype=np.float32), columns=list(run.genres))
    return pd.concat([ids, scores], axis=1)


def labels_table(films: ScoredFilms, genres: Sequence[str]) -> pd.DataFrame:
    """Return `Id`, `split` and the labels of films, 0 or 1, one column per genre."""
    about = pd.DataFrame({ID: films.ids, SPLIT: films.splits}, dtype="str")
    labels = pd.DataFrame(np.asarray(films.y_true, dtype=np.uint8), columns=list(genres))
    return pd.concat([about, labels], axis=1)


def history_table(history: Sequence[HistoryRow]) -> pd.DataFrame:
    """Return one row per epoch, with the columns that the history has; NaN where one is missing."""
    names = {name for row in history for name in row} - {EPOCH}
    known = [name for name in COLUMNS if name in names]
    return pd.DataFrame(history, columns=[EPOCH, *known, *sorted(names.difference(known))])


def _files(run: Run, ending: str, write: Callable[[pd.DataFrame, IO[bytes]], object]) -> Files:
    run.marker()  # refuses a run that is not finished
    tables: dict[str, Callable[[], pd.DataFrame]] = {}
    if run.has_scores:
        _check_names(run)
        tables["scores"] = partial(scores_table, run)
        if films := run.films():
            tables["labels"] = partial(labels_table, films, run.genres)
    if history := run.history():
        tables["history"] = partial(history_table, history)
    return {f"{run.id}.{name}.{ending}": _writing(made, write) for name, made in tables.items()}


def _writing(
    table: Callable[[], pd.DataFrame], write: Callable[[pd.DataFrame, IO[bytes]], object]
) -> Write:
    return lambda file: write(table(), file)


def _as_csv(table: pd.DataFrame, file: IO[bytes]) -> None:
    file.write(cells.csv_of(table).encode())


def _as_parquet(table: pd.DataFrame, file: IO[bytes]) -> None:
    table.to_parquet(file, index=False)


def _check_names(run: Run) -> None:
    if taken := {ID, SPLIT} & set(run.genres):
        raise RunError(
            f"Run '{run.id}' has a genre called '{min(taken)}', which is the name of another "
            "column of the table. Export the run to zip instead."
        )
