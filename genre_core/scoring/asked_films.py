"""The test films that a run is asked about, and what it reads of them."""

from __future__ import annotations

import numpy as np

from genre_core import catalogue
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.runs.folder import Run
from genre_core.scoring.one_film import Film


def inputs_of(run: Run) -> tuple[str, ...]:
    """Return what a run reads of a film, of "poster" and "overview".

    Raises:
        DataError: it reads nothing.
    """
    entry = catalogue.find(run.config["model"])
    if entry is None or not entry.inputs:
        raise DataError(f"Run '{run.id}' reads neither posters nor overviews.")
    return entry.inputs


def films_of(dataset: Dataset, most: int) -> list[int]:
    """Return the positions of the test films, or of so many of them, chosen by chance."""
    rows = dataset.rows("test")
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
    found: list[int] = rows.tolist()
    return found


def film_at(dataset: Dataset, row: int) -> Film:
    """Return a film of a dataset, with what there is of it.

    Raises:
        DataError: its poster cannot be read any more.
    """
    poster = poster_at(dataset, row) if "poster" in dataset.inputs else None
    return Film(poster, dataset.films.overviews[row])


def poster_at(dataset: Dataset, row: int) -> bytes:
    """Return the file of a film's poster.

    Raises:
        DataError: it cannot be read any more.
    """
    try:
        return dataset.poster_file(row).content()
    except OSError as error:
        raise DataError(
            f"The poster of '{dataset.films.ids[row]}' cannot be read: {error.strerror}. "
            f"Expected the films where they were: '{dataset.source}'."
        ) from error
