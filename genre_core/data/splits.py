"""Splits: which films train, which choose, which judge."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit

from genre_core.data.cells import restored
from genre_core.data.films import SPLITS
from genre_core.data.readers.columns import near_miss, roles_of
from genre_core.data.readers.reading import Choices
from genre_core.data.readers.table_files import read_table
from genre_core.data.readers.texts import part_of
from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError

FRACTIONS = (0.70, 0.15, 0.15)  # train, validation, test
MIN_FILMS = 20  # fewer leave a split with nothing to measure
MAX_GROUP = 0.10  # of all films with one overview; more would be most of a small part


def stratified_split(y_true: np.ndarray, groups: np.ndarray, *, seed: int) -> np.ndarray:
    """Return a split of the films that keeps the share of each genre in every part.

    The films of a group stay together. A group of more than a tenth of the films, such as those
    with the overview "Plot unknown.", would fill a small part: those films are all training films.

    Args:
        y_true: labels (n_films, n_genres) uint8.
        groups: the group of each film, numbered from 0, int (n_films,).
        seed: the same seed gives the same split.

    Returns:
        (n_films,) of "train", "validation", "test".

    Raises:
        DataError: there are too few films to split.

    Source:
        Sechidis, Tsoumakas & Vlahavas 2011, "On the stratification of multi-label data".
    """
    sizes = np.bincount(groups)
    if len(sizes) < MIN_FILMS:
        raise DataError(
            f"{len(sizes)} films with different overviews or posters cannot be split into "
            f"training, validation and test: expected at least {MIN_FILMS}."
        )
    labels = _labels_of(groups, y_true)
    parts = np.full(len(sizes), SPLITS[0], dtype="U10")
    divided = np.flatnonzero(sizes <= MAX_GROUP * len(groups))
    rest = divided[_divide(labels[divided], FRACTIONS[0], seed)[1]]
    validation, test = _divide(labels[rest], FRACTIONS[1] / sum(FRACTIONS[1:]), seed)
    parts[rest[validation]], parts[rest[test]] = SPLITS[1:]
    result: np.ndarray = parts[groups]
    return result


def validation_part(y_true: np.ndarray, groups: np.ndarray, *, seed: int) -> np.ndarray:
    """Return the positions of the training films of a given split that become validation films.

    Args:
        y_true: labels of the training films (n_films, n_genres) uint8.
        groups: the group of each, int (n_films,); groups stay together.
        seed: the same seed gives the same films.

    Raises:
        DataError: there are too few films.
    """
    places = np.unique(groups, return_inverse=True)[1]
    n_groups = int(places.max(initial=-1)) + 1
    if n_groups < MIN_FILMS:
        raise DataError(
            f"No validation films can be taken from {n_groups} training films: expected at least "
            f"{MIN_FILMS}."
        )
    share = FRACTIONS[0] / (FRACTIONS[0] + FRACTIONS[1])
    taken = _divide(_labels_of(places, y_true), share, seed)[1]
    result: np.ndarray = np.flatnonzero(np.isin(places, taken))
    return result


def _labels_of(groups: np.ndarray, y_true: np.ndarray) -> np.ndarray:
    """Return the genres that any film of a group has, int (n_groups, n_genres)."""
    labels = np.zeros((int(groups.max()) + 1, y_true.shape[1]), dtype=int)
    np.maximum.at(labels, groups, y_true)
    return labels


def _divide(labels: np.ndarray, share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sorted positions of two parts, the first with `share` of the rows."""
    if labels.shape[1] == 1:  # the library takes a single column for something else
        labels = np.hstack([labels, 1 - labels])
    # Whole numbers, as shares that are rounded apart may add up to one film too many.
    n_first = round(share * len(labels))
    splitter = MultilabelStratifiedShuffleSplit(
        n_splits=1, train_size=n_first, test_size=len(labels) - n_first, random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of genres with fewer films than parts
        first, second = next(splitter.split(labels, labels))
    # The division keeps to the genres and may miss the sizes, down to an empty part where every
    # film has a genre of its own. The films that then change sides are those of frequent genres.
    rarest = np.where(labels, labels.sum(axis=0), len(labels)).min(axis=1)
    first = first[np.argsort(rarest[first], kind="stable")]
    second = second[np.argsort(-rarest[second], kind="stable")]
    rows = np.concatenate([first, second])
    return np.sort(rows[:n_first]), np.sort(rows[n_first:])


def read_split_file(path: Path) -> dict[str, str]:
    """Return the split of each film id in a file.

    Args:
        path: a table with the columns `Id` and `split`, or JSON with a list of ids for each part.
            Parts may be called by a synonym, such as "dev" or "Val".

    Raises:
        DataError: no such file, other columns, or a value that is no split.
    """
    try:
        pairs = _of_json(path) if path.suffix.casefold() == ".json" else _of_table(path)
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"The split file '{path}' cannot be read: {error}.") from error
    split: dict[str, str] = {}
    for film_id, name in pairs:
        part = part_of(name)
        if not part:
            raise DataError(
                f"The split file '{path}' puts film '{printable(film_id)}' into "
                f"'{printable(name)}'; expected one of {', '.join(SPLITS)}."
            )
        if film_id in split:
            raise DataError(
                f"The split file '{path}' names film '{printable(film_id)}' more than once."
            )
        split[film_id] = part
    return split


def _of_table(path: Path) -> list[tuple[str, str]]:
    report = ReadReport()
    table = read_table(path, report)
    for reason, examples in report.rows.examples.items():
        raise DataError(
            f"The split file '{path}' has {report.rows.left_out[reason]} {reason} "
            f"({', '.join(examples)}). Expected an id and a part in each row."
        )
    roles = roles_of(path.name, table.header, Choices())
    if not roles.ids or not roles.split:
        missing = "Id" if not roles.ids else "split"
        near = near_miss(missing.lower(), table.header, [*roles.ids, roles.split])
        hint = f" Did you mean {missing} by '{near}'?" if near else ""
        columns = printable(", ".join(table.header)) or "none"
        raise DataError(
            f"The split file '{path}' has the columns {columns}; expected Id and split.{hint}"
        )
    ids = (restored(cell) for cell in table.cells(roles.ids[0]))
    return list(zip(ids, table.cells(roles.split), strict=True))


def _of_json(path: Path) -> list[tuple[str, str]]:
    value = json.loads(path.read_bytes())
    if not isinstance(value, dict) or not all(isinstance(films, list) for films in value.values()):
        raise ValueError("expected a list of ids for each of train, validation and test")
    return [(str(film), name) for name, films in value.items() for film in films]
