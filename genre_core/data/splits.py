"""Splits: which films train, which choose, which judge."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit

from genre_core.data.cells import restored
from genre_core.data.films import SPLITS
from genre_core.errors import DataError

FRACTIONS = (0.70, 0.15, 0.15)  # train, validation, test
MIN_FILMS = 20  # fewer leave a split with nothing to measure
MAX_GROUP = 0.10  # of all films with one overview; more would be most of a small part


def stratified_split(y_true: np.ndarray, overviews: tuple[str, ...], *, seed: int) -> np.ndarray:
    """Return a split of the films that keeps the share of each genre in every part.

    Films with the same overview (but for case) stay together. A text that more than a
    tenth of the films have, such as "Plot unknown.", would fill a small part: those films are all
    training films.

    Args:
        y_true: labels (n_films, n_genres) uint8.
        overviews: the films' overviews, n_films of them.
        seed: the same seed gives the same split.

    Returns:
        (n_films,) of "train", "validation", "test".

    Raises:
        DataError: there are too few films to split.

    Source:
        Sechidis, Tsoumakas & Vlahavas 2011, "On the stratification of multi-label data".
    """
    # As objects: as NumPy's text every overview would take as much memory as the longest.
    texts = np.array([text.casefold() for text in overviews], dtype=object)
    _, group, sizes = np.unique(texts, return_inverse=True, return_counts=True)
    if len(sizes) < MIN_FILMS:
        raise DataError(
            f"{len(sizes)} films with different overviews cannot be split into training, "
            f"validation and test: expected at least {MIN_FILMS}."
        )
    labels = np.zeros((len(sizes), y_true.shape[1]), dtype=int)
    np.maximum.at(labels, group, y_true)
    parts = np.full(len(sizes), SPLITS[0], dtype="U10")
    divided = np.flatnonzero(sizes <= MAX_GROUP * len(overviews))
    rest = divided[_divide(labels[divided], FRACTIONS[0], seed)[1]]
    validation, test = _divide(labels[rest], FRACTIONS[1] / sum(FRACTIONS[1:]), seed)
    parts[rest[validation]], parts[rest[test]] = SPLITS[1:]
    return parts[group]


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
    """Return the split of each film id in a CSV file with the columns `Id` and `split`.

    Raises:
        DataError: no such file, other columns, or a value that is no split.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            lines = [[str(line.get(name)).strip() for name in ("Id", "split")] for line in reader]
            columns = reader.fieldnames or []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"The split file '{path}' cannot be read: {error}.") from error
    if not {"Id", "split"} <= set(columns):
        raise DataError(
            f"The split file '{path}' has the columns {', '.join(columns) or 'none'}; "
            "expected Id and split."
        )
    split: dict[str, str] = {}
    for film_id, part in lines:
        film_id = restored(film_id)
        if part not in SPLITS:
            raise DataError(
                f"The split file '{path}' puts film '{film_id}' into '{part}'; "
                f"expected one of {', '.join(SPLITS)}."
            )
        if film_id in split:
            raise DataError(f"The split file '{path}' names film '{film_id}' more than once.")
        split[film_id] = part
    return split
