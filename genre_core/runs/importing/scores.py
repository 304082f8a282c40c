"""Scores of other programs, aligned with the films and genres of a dataset."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from genre_core.data import cells
from genre_core.data.films import SPLITS, Dataset
from genre_core.errors import DataError
from genre_core.runs.metrics import ScoredFilms

IDS = ("id", "ids", "film", "film_id", "imdb_id", "imdbid")  # names of the column of ids
SPLIT = "split"  # a column that exports have; the dataset says which film is in which
DELIMITERS = (",", ";", "\t")
N_EXAMPLES = 3
HEAD = 2**20  # bytes of a CSV that tell what it is


@dataclass(frozen=True)
class Scores:
    """Scores as a file holds them.

    Attributes:
        ids: of the films, text (n_films,).
        genres: names of the columns.
        values: float64 (n_films, n_genres).
    """

    ids: np.ndarray
    genres: tuple[str, ...]
    values: np.ndarray


def has_scores(path: Path) -> bool:
    """Return whether a file holds scores of films rather than a history by epoch."""
    ending = path.suffix.lower()
    if ending == ".npz":
        try:
            with np.load(path, allow_pickle=False) as whole:
                return {"ids", "scores"} <= set(whole.files)
        except (OSError, ValueError):
            return False
    if ending != ".csv":
        return ending == ".parquet"
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.readline(HEAD)
    names = next(csv.reader([head], delimiter=_delimiter(head)), [])
    return any(name.strip().casefold() in IDS for name in names)


def read_scores(path: Path) -> Scores:
    """Return the scores of a CSV, Parquet or NPZ file.

    Raises:
        DataError: it cannot be read, or has no ids or no numbers.
    """
    try:
        if path.suffix.lower() == ".npz":
            return _of_npz(path)
        table = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else _of_csv(path)
    except (ValueError, OSError, KeyError) as error:
        raise DataError(
            f"'{path}' cannot be read ({error!s:.100}). Expected a table with the column Id and "
            "one column of scores per genre. Save it again as CSV, Parquet or NPZ."
        ) from error
    return _of_table(table, path)


def aligned(
    found: Scores, dataset: Dataset, path: Path, *, is_logits: bool, is_partial: bool
) -> ScoredFilms:
    """Return scores by the films and genres of a dataset, films in its order.

    Args:
        found: the scores.
        dataset: its films.
        path: where they are from, for messages.
        is_logits: whether they are log-odds instead of probabilities.
        is_partial: whether test films may be missing.

    Raises:
        DataError: ids, genres or values do not fit; the text has examples and a way out.
    """
    columns = _columns(found.genres, dataset.genres, path)
    rows = _rows(found.ids, dataset, path)
    values = _checked(found.values[:, columns], found.ids, path, is_logits)
    places = np.flatnonzero(rows >= 0)
    source = rows[places]
    _check_test(dataset, places, path, is_partial)
    return ScoredFilms(
        tuple(np.asarray(dataset.films.ids)[places].tolist()),
        tuple(dataset.split[places].tolist()),
        dataset.labels[places],
        values[source].astype(np.float32),
    )


def n_by_split(films: ScoredFilms) -> dict[str, int]:
    """Return how many films of each split have scores."""
    splits = np.asarray(films.splits)
    return {split: int((splits == split).sum()) for split in SPLITS}


def is_decided(films: ScoredFilms) -> bool:
    """Return whether the values are decisions, 0 and 1, instead of scores."""
    return bool(np.isin(films.y_score, (0.0, 1.0)).all())


def _of_csv(path: Path) -> pd.DataFrame:
    with path.open(encoding="utf-8-sig") as file:
        delimiter = _delimiter(file.readline(HEAD))
    names = pd.read_csv(path, encoding="utf-8-sig", sep=delimiter, nrows=0).columns
    # Read as numbers, ids would lose zeros; read as missing, an id such as NA.
    ids = [name for name in names if str(name).strip().casefold() in IDS]
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
        return Scores(
            np.asarray(whole["ids"]).astype(str),
            tuple(np.asarray(whole["genres"]).astype(str).tolist()),
            np.asarray(whole["scores"], dtype=np.float64),
        )


def _of_table(table: pd.DataFrame, path: Path) -> Scores:
    column = next((name for name in table if str(name).strip().casefold() in IDS), None)
    if column is None:
        raise DataError(
            f"'{path}' has no column of film ids; its columns are {_some(map(str, table))}. "
            "Expected one called Id. Rename the column of ids."
        )
    rest = table.drop(columns=[column]).drop(
        columns=[name for name in table if str(name).strip().casefold() == SPLIT]
    )
    words = [str(name) for name in rest if rest[name].dtype.kind not in "fiub"]
    if words:
        raise DataError(
            f"'{path}' has columns without numbers: {_some(words)}. Expected scores. Leave these "
            "columns out."
        )
    ids = table[column].astype(str).str.strip().map(cells.restored).to_numpy(dtype=str)
    if (ids == "").any():
        raise DataError(
            f"'{path}' has {int((ids == '').sum()):,} rows without an id. Expected the id of a "
            "film in each. Fill them in, or remove these rows."
        )
    return Scores(ids, tuple(map(str, rest)), rest.to_numpy(dtype=np.float64))


def _columns(names: Sequence[str], genres: Sequence[str], path: Path) -> list[int]:
    """Return the place of each genre of the dataset among the columns."""
    places = {_key(name): place for place, name in enumerate(names)}
    missing = [genre for genre in genres if _key(genre) not in places]
    known = {_key(genre) for genre in genres}
    unknown = [name for name in names if _key(name) not in known]
    if missing or unknown or len(places) < len(names):
        parts = [f"missing genres: {_some(missing)}"] if missing else []
        parts += [f"unknown columns: {_some(unknown)}"] if unknown else []
        parts += [] if len(places) == len(names) else ["two columns of one name"]
        raise DataError(
            f"The columns of '{path}' are not the genres of the films; {'; '.join(parts)}. "
            f"Expected one column for each of {len(genres)} genres. Rename, add or remove columns."
        )
    return [places[_key(genre)] for genre in genres]


def _key(name: str) -> str:
    return "".join(name.split()).casefold()


def _rows(ids: np.ndarray, dataset: Dataset, path: Path) -> np.ndarray:
    """Return for each film of the dataset its row in the scores, -1 for none, int64."""
    index = pd.Index(ids)
    if index.has_duplicates:
        twice = index[index.duplicated()].unique()
        raise DataError(
            f"'{path}' repeats ids ({len(twice):,}): {_some(twice)}. Expected each film once. "
            "Remove the duplicates."
        )
    films = pd.Index(dataset.films.ids)
    unknown = index[films.get_indexer(index) < 0]
    if len(unknown):
        raise DataError(
            f"'{path}' has ids ({len(unknown):,}) that are no films of '{dataset.source.name}': "
            f"{_some(unknown)}. Expected ids such as {_some(dataset.films.ids)}. Name the films "
            "with --data, or remove these rows."
        )
    return np.asarray(index.get_indexer(films))


def _checked(values: np.ndarray, ids: np.ndarray, path: Path, is_logits: bool) -> np.ndarray:
    if not np.isfinite(values).all():
        wrong = ids[~np.isfinite(values).all(axis=1)]
        raise DataError(
            f"'{path}' lacks numbers for some films ({len(wrong):,}): {_some(wrong)}. "
            "Expected a number for each film and genre."
        )
    if is_logits:
        return np.asarray(expit(values))
    is_out = (values < 0) | (values > 1)
    if is_out.any():
        wrong = ids[is_out.any(axis=1)]
        raise DataError(
            f"'{path}' has scores from {values.min():g} to {values.max():g}; films with scores "
            f"outside [0, 1] ({len(wrong):,}): {_some(wrong)}. Expected probabilities. If they are "
            "logits, add --logits."
        )
    return values


def _check_test(dataset: Dataset, places: np.ndarray, path: Path, is_partial: bool) -> None:
    test = dataset.rows("test")
    missing = np.setdiff1d(test, places)
    if len(missing) == len(test) or (len(missing) and not is_partial):
        examples = _some(dataset.films.ids[row] for row in missing[:N_EXAMPLES])
        way = "Add their scores." if len(missing) == len(test) else "Add them, or pass --partial."
        raise DataError(
            f"'{path}' has no scores for {len(missing):,} of {len(test):,} test films: {examples}. "
            f"Expected all of them. {way}"
        )


def _some(names: Iterable[object]) -> str:
    listed = [str(name) for name in names]
    more = f" and {len(listed) - N_EXAMPLES:,} more" if len(listed) > N_EXAMPLES else ""
    return ", ".join(listed[:N_EXAMPLES]) + more
