"""Groups of films that repeat each other across splits, from links between what they contain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genre_core.data.films import SPLITS, Dataset

Places = npt.NDArray[np.intp]
QUICK = 10_000  # films that take a few seconds to compare
EVERY_SPLIT = (1 << len(SPLITS)) - 1  # a bit for each
NOTHING = -1  # content of a film that has none, such as an empty overview


class Contents(NamedTuple):
    """Different contents, such as texts, and which of them each film has.

    Attributes:
        of_film: position of each film's content, int (n_films,); `NOTHING` for a film without.
        splits: a bit for each split in which a content occurs, uint8 (n_contents,).
    """

    of_film: Places
    splits: npt.NDArray[np.uint8]

    @classmethod
    def anywhere(cls, of_film: Places) -> Contents:
        """Return contents of which each pair is to be compared, whatever their splits."""
        n_contents = int(of_film.max(initial=NOTHING)) + 1
        return cls(of_film, np.full(n_contents, EVERY_SPLIT, dtype=np.uint8))

    def are_in_two_splits(self, first: Places, second: Places) -> npt.NDArray[np.bool_]:
        """Return whether a pair of contents occurs in more than one split, bool (n_pairs,)."""
        result: npt.NDArray[np.bool_] = (
            np.bitwise_count(self.splits[first] | self.splits[second]) > 1
        )
        return result


class Links(NamedTuple):
    """Pairs of different contents that are nearly the same.

    Attributes:
        first: positions of contents, int (n_pairs,).
        second: positions of other contents, int (n_pairs,).
        similarity: up to 1, float (n_pairs,).
    """

    first: Places
    second: Places
    similarity: npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Group:
    """Films of two splits or more with nearly the same overview or poster.

    Attributes:
        films: their ids, in the order of the dataset.
        splits: the split of each.
        similarity: of the least similar pair that links the group, up to 1.
    """

    films: tuple[str, ...]
    splits: tuple[str, ...]
    similarity: float

    def in_split(self, split: str) -> tuple[str, ...]:
        """Return the ids of its films of one split."""
        pairs = zip(self.films, self.splits, strict=True)
        return tuple(film for film, part in pairs if part == split)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        films = [
            {"id": film, "split": split}
            for film, split in zip(self.films, self.splits, strict=True)
        ]
        return {"films": films, "similarity": self.similarity}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Group:
        """Return what `to_json` made plain.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        return cls(
            films=tuple(str(film["id"]) for film in value["films"]),
            splits=tuple(str(film["split"]) for film in value["films"]),
            similarity=float(value["similarity"]),
        )


def contents_of(of_film: Places, split: np.ndarray) -> Contents:
    """Return the contents of films with the splits that each occurs in.

    Args:
        of_film: position of each film's content, int (n_films,); `NOTHING` for a film without.
        split: the split of each film, (n_films,).
    """
    splits = np.zeros(of_film.max(initial=NOTHING) + 1, dtype=np.uint8)
    for bit, part in enumerate(SPLITS):
        places = of_film[(split == part) & (of_film != NOTHING)]
        splits[places] |= np.uint8(1 << bit)
    return Contents(of_film, splits)


def films_of_links(of_film: Places, links: Links) -> Places:
    """Return pairs of films: a film of each of two linked contents, and of one content in turn.

    Args:
        of_film: position of each film's content, int (n_films,); `NOTHING` for a film without.
        links: pairs of contents.

    Returns:
        Positions of films, int (n_pairs, 2).
    """
    rows = np.flatnonzero(of_film != NOTHING)
    contents, first = np.unique(of_film[rows], return_index=True)
    film_of = np.full(int(contents.max(initial=-1)) + 1, NOTHING, dtype=np.intp)
    film_of[contents] = rows[first]
    same = np.column_stack([film_of[of_film[rows]], rows])
    near = np.column_stack([film_of[links.first], film_of[links.second]])
    result: Places = np.concatenate([same[same[:, 0] != same[:, 1]], near])
    return result


def groups_of(dataset: Dataset, contents: Contents, links: Links) -> tuple[Group, ...]:
    """Return the groups of films that links across splits connect, the most similar first.

    Films with the very same content in several splits are a group with a similarity of 1. A group
    can be a chain: its first and last film need not be linked.

    Args:
        dataset: the films.
        contents: what they contain.
        links: pairs of contents that are nearly the same, within splits or across.
    """
    crosses = contents.are_in_two_splits(links.first, links.second)
    alone = np.flatnonzero(np.bitwise_count(contents.splits) > 1)
    first = np.concatenate([links.first[crosses], alone])
    second = np.concatenate([links.second[crosses], alone])
    similarity = np.concatenate([links.similarity[crosses], np.ones(len(alone))])
    n_contents = len(contents.splits)
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(n_contents, n_contents))
    component = connected_components(graph, directed=False)[1]
    lowest = np.full(n_contents, np.inf)  # of each component that a link belongs to
    np.minimum.at(lowest, component[first], similarity)
    groups = _films_of(dataset, contents, component, lowest)
    return tuple(sorted(groups, key=lambda group: (-group.similarity, group.films)))


def _films_of(
    dataset: Dataset, contents: Contents, component: Places, lowest: np.ndarray
) -> list[Group]:
    """Return a group for each component with a finite lowest similarity."""
    rows = np.flatnonzero(contents.of_film != NOTHING)
    of_row = component[contents.of_film[rows]]
    is_linked = np.isfinite(lowest[of_row])
    rows, of_row = rows[is_linked], of_row[is_linked]
    order = np.argsort(of_row, kind="stable")
    starts = np.flatnonzero(np.diff(of_row[order], prepend=-1))
    return [
        Group(
            films=tuple(dataset.films.ids[row] for row in members),
            splits=tuple(str(dataset.split[row]) for row in members),
            similarity=round(float(lowest[component[contents.of_film[members[0]]]]), 4),
        )
        for members in np.split(rows[order], starts[1:])
        if len(members)
    ]
