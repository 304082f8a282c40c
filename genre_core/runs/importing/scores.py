"""Scores of films as files of other programs hold them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from genre_core.data import cells
from genre_core.errors import DataError
from genre_core.runs.importing.film_ids import is_id_column

ENDINGS = (".csv", ".parquet", ".npz", ".npy")
SPLIT = "split"  # a column that exports have; the dataset says which film is in which
DELIMITERS = (",", ";", "\t")
N_EXAMPLES = 3
HEAD = 2**20  # bytes of a CSV that tell what it is


@dataclass(frozen=True)
class Scores:
    """Scores as a file holds them.

    Attributes:
        ids: of the films, text (n_films,); None if the file does not say them.
        genres: names of the columns; None if the file does not say them.
        values: float (n_films, n_genres).
    """

    ids: np.ndarray | None
    genres: tuple[str, ...] | None
    values: np.ndarray


def has_scores(path: Path) -> bool:
    """Return whether a file holds scores of films rather than a history by epoch."""
    ending = path.suffix.lower()
    if ending == ".npz":
        try:
            with np.load(path, allow_pickle=False) as whole:
                return "scores" in whole.files
        except (OSError, ValueError):
            return False
    if ending != ".csv":
        return ending in ENDINGS
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.readline(HEAD)
    names = next(csv.reader([head], delimiter=_delimiter(head)), [])
    return any(map(is_id_column, names))


def read_scores(path: Path) -> Scores:
    """Return the scores of a CSV, Parquet, NPZ or NPY file.

    Raises:
        DataError: it cannot be read, or has no ids or no numbers.
    """
    ending = path.suffix.lower()
    try:
        if ending == ".npy":
            return _checked_shape(Scores(None, None, np.load(path, allow_pickle=False)), path)
        if ending == ".npz":
            return _checked_shape(_of_npz(path), path)
        table = pd.read_parquet(path) if ending == ".parquet" else _of_csv(path)
    except (ValueError, OSError, KeyError) as error:
        raise DataError(
            f"'{path}' cannot be read ({error!s:.100}). Expected a table with the column Id and "
            "one column of scores per genre. Save it again as CSV, Parquet, NPZ or NPY."
        ) from error
    return _of_table(table, path)


def some(names: Iterable[object]) -> str:
    """Return the first few of some names, and how many more there are."""
    listed = [str(name) for name in names]
    more = f" and {len(listed) - N_EXAMPLES:,} more" if len(listed) > N_EXAMPLES else ""
    return ", ".join(listed[:N_EXAMPLES]) + more


def _of_csv(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8-sig") as file:
        delimiter = _delimiter(file.readline(HEAD))
    names = pd.read_csv(path, encoding="utf-8-sig", sep=delimiter, nrows=0).columns
    # Read as numbers, ids would lose zeros; read as missing, an id such as NA.
    ids = [name for name in names if is_id_column(name)]
    table = pd.read_csv(
        path,
        encoding="utf-8-sig",
        sep=delimiter,
        dtype=dict.fromkeys(ids, str),
        keep_default_na=False,
        na_values={name: ["", "nan", "NaN"] for name in names if name not in ids},
    )
    return table.rename(columns=lambda name: cells.restored(str(name)))


def _delimiter(head: str) -> str:
    """Return what separates the columns of a CSV, by its first line."""
    return max(DELIMITERS, key=head.count)


def _of_npz(path: Path) -> Scores:
    with np.load(path, allow_pickle=False) as whole:
        ids = whole["ids"].astype(str) if "ids" in whole.files else None
        genres = tuple(whole["genres"].astype(str).tolist()) if "genres" in whole.files else None
        return Scores(ids, genres, whole["scores"])


def _checked_shape(found: Scores, path: Path) -> Scores:
    """Return scores that are an array of numbers with one row per film.

    Raises:
        DataError: they are not.
    """
    values, ids, genres = found.values, found.ids, found.genres
    if values.ndim != 2 or values.dtype.kind not in "fiub":
        raise DataError(
            f"'{path}' holds an array of shape {values.shape} and type {values.dtype}. Expected "
            "numbers with one row per film and one column per genre."
        )
    if (ids is not None and ids.shape != values.shape[:1]) or (
        genres is not None and len(genres) != values.shape[1]
    ):
        raise DataError(
            f"'{path}' has scores of shape {values.shape}, which do not fit its ids or genres. "
            "Expected one row per id and one column per genre."
        )
    return found


def _of_table(table: pd.DataFrame, path: Path) -> Scores:
    column = next((name for name in table if is_id_column(name)), None)
    named = [name for name in (column,) if name is not None]
    named += [name for name in table if str(name).strip().casefold() == SPLIT]
    rest = table.drop(columns=named)
    words = [str(name) for name in rest if rest[name].dtype.kind not in "fiub"]
    if words:
        raise DataError(
            f"'{path}' has columns without numbers: {some(words)}. Expected scores. Leave these "
            "columns out."
        )
    ids = None if column is None else _ids(table[column], path)
    return Scores(ids, tuple(map(str, rest)), rest.to_numpy())


def _ids(column: pd.Series, path: Path) -> np.ndarray:
    texts: Sequence[str] = column.astype(str).str.strip().tolist()
    ids = np.array([cells.restored(text) for text in texts], dtype=object)
    if n_empty := int((ids == "").sum()):
        raise DataError(
            f"'{path}' lacks the id of some rows ({n_empty:,}). Expected the id of a film in each. "
            "Fill them in, or remove these rows."
        )
    return ids
