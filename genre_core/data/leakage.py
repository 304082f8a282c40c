"""Leakage: what validation and test films repeat of training films, and of each other.

Found once for a dataset and kept beside it as `leakage.json`; computed again if that file is
missing or damaged, or was made with other thresholds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genre_core import caches
from genre_core.artifacts import Artifacts
from genre_core.data import leakage_names, leakage_overviews, leakage_posters, store
from genre_core.data.films import Dataset
from genre_core.data.leakage_groups import Group
from genre_core.data.leakage_names import SharedName, shared_names
from genre_core.data.leakage_overviews import near_overviews
from genre_core.data.leakage_posters import near_posters
from genre_core.data.posters import Progress
from genre_core.errors import DataError

FORMAT = 1
LEAKAGE = "leakage.json"
KINDS = ("overviews", "posters", "names")
SETTINGS: dict[str, float] = {
    "overview_ngram": leakage_overviews.NGRAM,
    "overview_least_cosine": leakage_overviews.LEAST_COSINE,
    "poster_most_bits": leakage_posters.MOST_BITS,
    "poster_least_step": leakage_posters.LEAST_STEP,
    "poster_least_correlation": leakage_posters.LEAST_CORRELATION,
    "name_most_films": leakage_names.MOST_FILMS,
    "name_most_capitalised": leakage_names.MOST_CAPITALISED,
}


@dataclass(frozen=True)
class Leakage:
    """What the splits of a dataset share.

    Attributes:
        overviews: groups of films with nearly the same overview.
        posters: groups of films with nearly the same poster; None if they were not compared.
        names: validation and test films that share a rare name with a training film.
    """

    overviews: tuple[Group, ...]
    posters: tuple[Group, ...] | None
    names: tuple[SharedName, ...]

    def flagged(self, split: str, kinds: Collection[str] = KINDS) -> tuple[str, ...]:
        """Return the ids of films that share something with a training film, in order of id.

        Args:
            split: "validation" or "test".
            kinds: some of `KINDS`.
        """
        groups = self.overviews if "overviews" in kinds else ()
        groups += (self.posters or ()) if "posters" in kinds else ()
        is_seen = (group for group in groups if group.in_split("train"))
        films = {film for group in is_seen for film in group.in_split(split)}
        if "names" in kinds:
            films |= {shared.film for shared in self.names if shared.split == split}
        return tuple(sorted(films))

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data, with format, thresholds and the flagged films."""
        groups = (self.overviews, self.posters)
        overviews, posters = (
            None if found is None else [group.to_json() for group in found] for found in groups
        )
        return {
            "format": FORMAT,
            "settings": SETTINGS,
            "overviews": overviews,
            "posters": posters,
            "names": [shared.to_json() for shared in self.names],
            "flagged": {split: list(self.flagged(split)) for split in ("validation", "test")},
        }

    @classmethod
    def from_json(cls, value: Any) -> Leakage:
        """Return what `to_json` made plain.

        Raises:
            KeyError, TypeError, ValueError: it is something else, or of another format or other
                thresholds.
        """
        if value["format"] != FORMAT or value["settings"] != SETTINGS:
            raise ValueError(f"{LEAKAGE} is of another format or was made with other thresholds")
        posters = value["posters"]
        return cls(
            overviews=tuple(map(Group.from_json, value["overviews"])),
            posters=None if posters is None else tuple(map(Group.from_json, posters)),
            names=tuple(map(SharedName.from_json, value["names"])),
        )

    def films(self) -> set[str]:
        """Return the ids of all films that it names."""
        named = {film for group in (*self.overviews, *(self.posters or ())) for film in group.films}
        return named.union(*((shared.film, *shared.training_films) for shared in self.names))


def find_leakage(dataset: Dataset, posters: np.ndarray | None = None) -> Leakage:
    """Return what the splits of a dataset share.

    Args:
        dataset: the films.
        posters: their posters, (n_films, height, width, 3) uint8; None to leave them out.
    """
    return Leakage(
        overviews=near_overviews(dataset),
        posters=None if posters is None else near_posters(dataset, posters),
        names=shared_names(dataset),
    )


def leakage_of(dataset: Dataset, artifacts: Artifacts, progress: Progress | None = None) -> Leakage:
    """Return the leakage of a dataset, kept or computed.

    If the posters can no longer be read, it is without them, and not kept.

    Args:
        dataset: the films.
        artifacts: folder of datasets and decoded posters.
        progress: called with (posters done, posters in all) if they have to be decoded.
    """
    found = kept_leakage(dataset, artifacts)
    if found is not None:
        return found
    if "poster" not in dataset.inputs:
        keep(dataset, artifacts, found := find_leakage(dataset))
        return found
    try:
        posters = store.posters(dataset, artifacts, progress=progress)
    except (DataError, OSError):  # the source is gone or has changed, and no decoded copy is left
        return find_leakage(dataset)
    found = find_leakage(dataset, posters)
    keep(dataset, artifacts, found)
    return found


def keep(dataset: Dataset, artifacts: Artifacts, found: Leakage) -> None:
    """Keep the leakage of a dataset beside it."""
    caches.keep(leakage_path(dataset, artifacts), _schema(dataset), found.to_json())


def kept_leakage(dataset: Dataset, artifacts: Artifacts) -> Leakage | None:
    """Return the leakage that was kept; None if there is none that can be used.

    Args:
        dataset: the films.
        artifacts: folder of datasets.
    """
    known = set(dataset.films.ids)

    def parsed(value: Any) -> Leakage:
        found = Leakage.from_json(value)
        if not found.films() <= known:
            raise ValueError("it names films that the dataset does not have")
        return found

    return caches.recalled(leakage_path(dataset, artifacts), _schema(dataset), parsed)


def _schema(dataset: Dataset) -> str:
    return f"leakage {FORMAT} of {dataset.fingerprint}"


def leakage_path(dataset: Dataset, artifacts: Artifacts) -> Path:
    """Return the file in which the leakage of a dataset is kept."""
    return artifacts.datasets / dataset.fingerprint / LEAKAGE
