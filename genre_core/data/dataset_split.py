"""Which films of a dataset train, choose and judge: as given, as the source says, or made here."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre_core.artifacts import Artifacts
from genre_core.data import store
from genre_core.data.film_keys import by_loose
from genre_core.data.films import SPLITS, Films
from genre_core.data.readers.reading import ROW_LEFT_OUT, Reading
from genre_core.data.report import printable
from genre_core.data.splits import stratified_split, validation_part
from genre_core.errors import DataError

SPLIT_SEED = 0  # one split for all models and training seeds, or they could not be compared


@dataclass(frozen=True)
class Content:
    """What a split is made from.

    Attributes:
        films: without their posters.
        hashes: of the posters' content; empty for films without posters.
        pixels: the posters, (n_films, height, width, 3) uint8; None for films without.
        key: of the posters.
    """

    films: Films
    hashes: list[str]
    pixels: np.ndarray | None
    key: str

    @property
    def labels(self) -> np.ndarray:
        """Return the labels of the films, (n_films, n_genres) uint8."""
        if self.films.y_true is None:
            raise ValueError("labels are needed to stratify")
        return self.films.y_true


def leave_out_unsplit(reading: Reading, given: Mapping[str, str] | None) -> dict[str, str] | None:
    """Leave out films that are in no part of a split, and count them.

    Args:
        reading: the films.
        given: the part of each film by its id, as a split file says; None without one.

    Returns:
        The given split with the ids spelt as those of the films; None without one.
    """
    if given is None:
        if reading.has_split:
            nowhere = {row.id: "no part of the split" for row in reading.rows if not row.split}
            reading.leave_out(nowhere, ROW_LEFT_OUT)
        return None
    spelt = _spelt_as_here(given, reading)
    ids = {row.id for row in reading.rows}
    reading.leave_out(dict.fromkeys(ids - spelt.keys(), "not in the split file"), ROW_LEFT_OUT)
    reading.report.notes["films of the split file that are not here"] = len(spelt.keys() - ids)
    return spelt


def _spelt_as_here(given: Mapping[str, str], reading: Reading) -> dict[str, str]:
    """Return a split with the ids spelt as those of the films, where that is not ambiguous."""
    ids = {row.id for row in reading.rows}
    named, films = by_loose(given.keys() - ids), by_loose(ids - given.keys())
    same = {named[key]: films[key] for key in named if key in films}
    if same:
        name, film = next(iter(same.items()))
        note = f"films found in the split file by another spelling of the id ({name} is {film})"
        reading.report.notes[printable(note)] = len(same)
    return {same.get(film, film): part for film, part in given.items()}


def split_of(
    content: Content,
    given: Mapping[str, str] | None,
    reading: Reading,
    source: Path,
    artifacts: Artifacts,
) -> np.ndarray:
    """Return the split of each film, (n_films,) of `SPLITS`.

    Args:
        content: the films.
        given: the part of each film by its id, as a split file says; None without one.
        reading: what the source says, and the report.
        source: where the films are from.
        artifacts: folder of the datasets that were read before.

    Raises:
        DataError: a part is left without a film, or there are too few films to split.
    """
    films = content.films
    if given is not None:
        split = np.array([given[film] for film in films.ids], dtype="U10")
        return _checked(split, "The split file")
    if reading.has_split:
        split = np.array([row.split for row in reading.rows], dtype="U10")
        return _checked(_with_validation(split, content, reading), "The table")
    kept = _before(content, source, artifacts)
    if kept is not None:
        return kept
    return stratified_split(content.labels, _groups(content, reading), seed=SPLIT_SEED)


def _groups(content: Content, reading: Reading) -> np.ndarray:
    from genre_core.data.split_groups import groups_of  # its imports take two seconds

    return groups_of(content.films.overviews, content.hashes, content.pixels, reading.report)


def _with_validation(split: np.ndarray, content: Content, reading: Reading) -> np.ndarray:
    """Return a split of the source; without a validation part, one is taken from training."""
    if SPLITS[1] in split:
        return split
    groups = _groups(content, reading)
    rows = np.flatnonzero(split == SPLITS[0])
    split[rows[validation_part(content.labels[rows], groups[rows], seed=SPLIT_SEED)]] = SPLITS[1]
    reading.report.remarks.append(
        "the source has no validation part: one is taken from its training films"
    )
    return split


def _before(content: Content, source: Path, artifacts: Artifacts) -> np.ndarray | None:
    """Return the split that the very same films of a source had; None if they had none.

    Runs can be compared on one split only, so another version of Marquee does not change it.
    """
    films = content.films
    for meta in store.list_datasets(artifacts):
        is_same_source = meta["source"] == str(source.resolve()) and not meta.get("split_file")
        if not is_same_source or meta["posters_key"] != content.key:
            continue
        with contextlib.suppress(DataError):
            kept = store.load_dataset(artifacts, meta["fingerprint"])
            before = (kept.films.ids, kept.films.overviews, kept.films.genres)
            is_same = before == (films.ids, films.overviews, films.genres)
            if is_same and np.array_equal(kept.labels, content.labels):
                return kept.split
    return None


def _checked(split: np.ndarray, owner: str) -> np.ndarray:
    for part in SPLITS:
        if part not in split:
            raise DataError(
                f"{owner} leaves no {part} film among the {len(split)} films found here. "
                f"Expected some of each of {', '.join(SPLITS)}."
            )
    return split
