"""Scores of other programs, aligned with the films and genres of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from genre_core.data.films import SPLITS, Dataset
from genre_core.errors import DataError
from genre_core.runs.importing.scores import N_EXAMPLES, Scores, some
from genre_core.runs.metrics import ScoredFilms


@dataclass(frozen=True)
class Reading:
    """How scores are to be read.

    Attributes:
        is_logits: whether they are log-odds instead of probabilities.
        is_partial: whether test films may be missing.
        in_order: whether rows without ids are the films of the dataset, or its test films, in its
            order, and columns without names its genres.
    """

    is_logits: bool = False
    is_partial: bool = False
    in_order: bool = False


def aligned(found: Scores, dataset: Dataset, path: Path, reading: Reading) -> ScoredFilms:
    """Return scores by the films and genres of a dataset, films in its order.

    Args:
        found: the scores.
        dataset: its films.
        path: where they are from, for messages.
        reading: how they are to be read.

    Raises:
        DataError: ids, genres or values do not fit; the text has examples and a way out.
    """
    columns = _columns(found, dataset.genres, path, reading)
    ids = found.ids if found.ids is not None else _in_order(found, dataset, path, reading)
    rows = _rows(ids, dataset, path)
    is_in_order = columns == list(range(found.values.shape[1]))
    values = found.values if is_in_order else found.values[:, columns]
    values = _checked(values, ids, path, reading).astype(np.float32)
    places = np.flatnonzero(rows >= 0)
    _check_test(dataset, places, path, reading)
    return _films_at(dataset, places, values[rows[places]])


def without(films: ScoredFilms, left_out: Sequence[str]) -> ScoredFilms:
    """Return films without those of some ids."""
    gone = set(left_out)
    rows = [row for row, film in enumerate(films.ids) if film not in gone]
    return ScoredFilms(
        tuple(films.ids[row] for row in rows),
        tuple(films.splits[row] for row in rows),
        films.y_true[rows],
        films.y_score[rows],
    )


def n_by_split(films: ScoredFilms) -> dict[str, int]:
    """Return how many films of each split have scores."""
    splits = np.asarray(films.splits)
    return {split: int((splits == split).sum()) for split in SPLITS}


def is_decided(films: ScoredFilms) -> bool:
    """Return whether the values are decisions, 0 and 1, instead of scores."""
    return bool(np.isin(films.y_score, (0.0, 1.0)).all())


def _films_at(dataset: Dataset, places: np.ndarray, y_score: np.ndarray) -> ScoredFilms:
    ids = dataset.films.ids
    return ScoredFilms(
        tuple(ids[place] for place in places.tolist()),
        tuple(dataset.split[places].tolist()),
        dataset.labels[places],
        y_score,
    )


def _columns(found: Scores, genres: Sequence[str], path: Path, reading: Reading) -> list[int]:
    """Return the place of each genre of the dataset among the columns."""
    if found.genres is None:
        n_columns = found.values.shape[1]
        if reading.in_order and n_columns == len(genres):
            return list(range(n_columns))
        raise DataError(
            f"'{path}' has {n_columns} columns without names. Expected one for each of "
            f"{len(genres)} genres: {some(genres)}. Save a table with the genres as column names, "
            "or pass --in-order if they are in the order of the dataset."
        )
    names = found.genres
    places = {_key(name): place for place, name in enumerate(names)}
    missing = [genre for genre in genres if _key(genre) not in places]
    known = {_key(genre) for genre in genres}
    unknown = [name for name in names if _key(name) not in known]
    if missing or unknown or len(places) < len(names):
        parts = [f"missing genres: {some(missing)}"] if missing else []
        parts += [f"unknown columns: {some(unknown)}"] if unknown else []
        parts += [] if len(places) == len(names) else ["two columns of one name"]
        raise DataError(
            f"The columns of '{path}' are not the genres of the films; {'; '.join(parts)}. "
            f"Expected one column for each of {len(genres)} genres. Rename, add or remove columns."
        )
    return [places[_key(genre)] for genre in genres]


def _key(name: str) -> str:
    return "".join(name.split()).casefold()


def _in_order(found: Scores, dataset: Dataset, path: Path, reading: Reading) -> np.ndarray:
    """Return ids for rows that have none: all films of the dataset, or its test films."""
    n_rows, ids = len(found.values), np.asarray(dataset.films.ids, dtype=object)
    candidates = (ids, ids[dataset.rows("test")])
    if not reading.in_order:
        raise DataError(
            f"'{path}' does not say which film each row is about. Expected a column called Id, or "
            "the ids in a file with --ids. Rows are taken in the order of the films only with "
            "--in-order."
        )
    for films in candidates:
        if len(films) == n_rows:
            return films
    sizes = " or ".join(f"{len(films):,}" for films in candidates)
    raise DataError(
        f"'{path}' has {n_rows:,} rows. With --in-order, expected {sizes}: all films, or the test "
        "films. Name the film of each row with --ids."
    )


def _rows(ids: np.ndarray, dataset: Dataset, path: Path) -> np.ndarray:
    """Return for each film of the dataset its row in the scores, -1 for none, int64."""
    index = pd.Index(ids)
    if index.has_duplicates:
        twice = index[index.duplicated()].unique()
        raise DataError(
            f"'{path}' repeats ids ({len(twice):,}): {some(twice)}. Expected each film once. "
            "Remove the duplicates."
        )
    films = pd.Index(dataset.films.ids)
    unknown = index[films.get_indexer(index) < 0]
    if len(unknown):
        raise DataError(
            f"'{path}' has ids ({len(unknown):,}) that are no films of '{dataset.source.name}': "
            f"{some(unknown)}. Expected ids such as {some(dataset.films.ids)}. Name the films "
            "with --data, or remove these rows."
        )
    return np.asarray(index.get_indexer(films))


def _checked(values: np.ndarray, ids: np.ndarray, path: Path, reading: Reading) -> np.ndarray:
    if not np.isfinite(values).all():
        wrong = ids[~np.isfinite(values).all(axis=1)]
        raise DataError(
            f"'{path}' lacks numbers for some films ({len(wrong):,}): {some(wrong)}. "
            "Expected a number for each film and genre."
        )
    if reading.is_logits:
        return np.asarray(expit(values.astype(np.float64)))
    is_out = (values < 0) | (values > 1)
    if is_out.any():
        wrong = ids[is_out.any(axis=1)]
        raise DataError(
            f"'{path}' has scores from {values.min():g} to {values.max():g}; films with scores "
            f"outside [0, 1] ({len(wrong):,}): {some(wrong)}. Expected probabilities. If they are "
            "logits, add --logits."
        )
    return values


def _check_test(dataset: Dataset, places: np.ndarray, path: Path, reading: Reading) -> None:
    """Raise a DataError if test films are missing and that was not said."""
    test = dataset.rows("test")
    missing = np.setdiff1d(test, places)
    if len(missing) and not reading.is_partial:
        examples = some(dataset.films.ids[row] for row in missing[:N_EXAMPLES])
        raise DataError(
            f"'{path}' has no scores for {len(missing):,} of {len(test):,} test films: {examples}. "
            "Expected all of them. Add them, or pass --partial; every figure then says on how "
            "many films it is."
        )
