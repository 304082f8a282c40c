"""Films as columns, and the dataset they belong to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.data.poster_files import PosterFile

SPLITS = ("train", "validation", "test")
NO_SPLIT = ""  # of a film that is left out
INPUTS: tuple[str, ...] = ("poster", "overview")  # what networks read of a film


@dataclass(frozen=True)
class Films:
    """Some films, in one order.

    Attributes:
        ids: the films' ids, n_films of them.
        overviews: the films' overviews, as written in the source; empty where there are none.
        genres: genre names in column order.
        y_true: multilabel indicator matrix (n_films, n_genres) uint8; None without labels.
        posters: (n_films, height, width, 3) uint8 RGB at the size that was asked for; None when
            no size was.
        parent_scores: what the parents of a fusion give them.
        titles: one for each film, empty for none; none at all where the source has no titles.
        years: one for each film, None for none; none at all where the source has no years.
        poster_files: references of `PosterFile` to the posters; none at all for datasets read by
            a version that found posters by id.
    """

    ids: tuple[str, ...]
    overviews: tuple[str, ...]
    genres: tuple[str, ...]
    y_true: np.ndarray | None = None
    posters: np.ndarray | None = None
    parent_scores: tuple[np.ndarray, ...] = ()
    titles: tuple[str, ...] = ()
    years: tuple[int | None, ...] = ()
    poster_files: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: np.ndarray) -> Films:
        """Return the films at the positions `rows`, in that order."""
        return Films(
            ids=tuple(self.ids[row] for row in rows),
            overviews=tuple(self.overviews[row] for row in rows),
            genres=self.genres,
            y_true=None if self.y_true is None else self.y_true[rows],
            posters=None if self.posters is None else self.posters[rows],
            parent_scores=tuple(scores[rows] for scores in self.parent_scores),
            titles=tuple(self.titles[row] for row in rows) if self.titles else (),
            years=tuple(self.years[row] for row in rows) if self.years else (),
            poster_files=tuple(self.poster_files[row] for row in rows) if self.poster_files else (),
        )


@dataclass(frozen=True)
class Dataset:
    """Films read from one folder, with a fingerprint and one split.

    Attributes:
        fingerprint: 16 hexadecimal digits over ids, overviews, labels, posters and split.
        films: all films of all splits, without their posters.
        split: the split of each film, (n_films,) of "train", "validation", "test".
        source: the folder that the films were read from.
        generated: whether the films were made by the sample generator.
        report: the reader's counts, see `ReadReport`.
        posters_key: key of the posters' content, under which decoded posters are cached.
        subset: what tells a dataset without some of its films from the whole one; empty for that.
        inputs: what every film has, some of `INPUTS`.
    """

    fingerprint: str
    films: Films
    split: np.ndarray
    source: Path
    generated: bool
    report: dict[str, Any]
    posters_key: str
    subset: str = ""
    inputs: tuple[str, ...] = INPUTS

    @property
    def key(self) -> str:
        """Return what results about its films are kept under."""
        return self.fingerprint + self.subset

    @property
    def folder(self) -> Path:
        """Return the folder that posters are named in: the source, or that of the table."""
        return self.source.parent if self.source.is_file() else self.source

    def poster_file(self, row: int) -> PosterFile:
        """Return where the poster of the film at a position lies; it need not be there any more."""
        if self.films.poster_files:
            return PosterFile.at(self.folder, self.films.poster_files[row])
        return PosterFile.by_id(self.folder, self.films.ids[row])

    def without(self, is_gone: np.ndarray) -> Dataset:
        """Return the dataset with some films in no split.

        Args:
            is_gone: whether a film is left out, (n_films,) bool.
        """
        if not is_gone.any():
            return self
        subset = f"-{hashlib.sha256(np.packbits(is_gone).tobytes()).hexdigest()[:16]}"
        return replace(self, split=np.where(is_gone, NO_SPLIT, self.split), subset=subset)

    @property
    def genres(self) -> tuple[str, ...]:
        """Return the genre names in column order."""
        return self.films.genres

    def rows(self, split: str) -> np.ndarray:
        """Return the positions of the films of one split, (n_films of the split,) int64."""
        return np.flatnonzero(self.split == split)

    @property
    def train_support(self) -> np.ndarray:
        """Return how many training films have each genre, (n_genres,) int64."""
        result: np.ndarray = self.labels[self.rows("train")].sum(axis=0, dtype=np.int64)
        return result

    @property
    def prior(self) -> np.ndarray:
        """Return the share of the training films that have each genre, (n_genres,) float64."""
        return self.train_support / len(self.rows("train"))

    @property
    def labels(self) -> np.ndarray:
        """Return the labels of all films, (n_films, n_genres) uint8."""
        if self.films.y_true is None:
            raise ValueError("a dataset always has labels")
        return self.films.y_true
