"""Lists of film ids in files: which films a model was trained on, or whose scores rows are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from genre_core.data import cells
from genre_core.errors import DataError

COLUMNS = ("id", "ids", "film", "film_id", "imdb_id", "imdbid")  # names of the column of ids


def is_id_column(name: object) -> bool:
    """Return whether a column of a table holds film ids, by its name."""
    return str(name).strip().casefold() in COLUMNS


def read_ids(path: Path) -> list[str]:
    """Return the film ids in a file, in its order.

    Args:
        path: text with one id per line, CSV or Parquet with a column of ids, a JSON list, or NPY.

    Raises:
        DataError: it cannot be read, or has no ids.
    """
    readers = {".json": _of_json, ".npy": _of_npy, ".csv": _of_csv, ".parquet": _of_parquet}
    try:
        found = readers.get(path.suffix.lower(), _of_text)(path)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise DataError(
            f"'{path}' has no film ids that can be read ({error!s:.100}). Expected text with one "
            "id per line, a table with the column Id, a JSON list or NPY."
        ) from error
    ids = [cells.restored(one.strip()) for one in found]
    ids = [one for one in ids if one]
    if not ids:
        raise DataError(f"'{path}' has no film ids. Expected one per line.")
    return ids


def _of_text(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").splitlines()


def _of_json(path: Path) -> list[str]:
    found = json.loads(path.read_bytes())
    if not isinstance(found, list) or not all(isinstance(one, str | int) for one in found):
        raise ValueError("it is no list of texts")
    return [str(one) for one in found]


def _of_npy(path: Path) -> list[str]:
    return [str(one) for one in np.ravel(np.load(path, allow_pickle=False))]


def _of_csv(path: Path) -> list[str]:
    table = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    if any(map(is_id_column, table)):
        return _column(table)
    if table.shape[1] > 1:
        raise ValueError("it has no column Id")
    return _of_text(path)  # without a head


def _of_parquet(path: Path) -> list[str]:
    return _column(pd.read_parquet(path))


def _column(table: pd.DataFrame) -> list[str]:
    name = next(filter(is_id_column, table))
    return table[name].astype(str).tolist()
