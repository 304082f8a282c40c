"""Films that are kept on one side of a split: those with an overview or a poster in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from genre_core.data.leakage_groups import QUICK
from genre_core.data.leakage_overviews import near_texts
from genre_core.data.leakage_posters import near_images
from genre_core.data.report import ReadReport

MAX_GROUP = 0.10  # of all films that links other than the same overview may join

Groups = npt.NDArray[np.intp]


def groups_of(
    overviews: Sequence[str],
    poster_hashes: Sequence[str],
    posters: np.ndarray | None,
    report: ReadReport,
) -> Groups:
    """Return the group of each film, numbered from 0 in the order of the overviews' alphabet.

    Films are in one group if they have the same overview but for case, the same poster, or nearly
    the same of either as `leakage` defines it; a group can be a chain of such films.

    Args:
        overviews: n_films of them, empty for none.
        poster_hashes: of the posters' content, n_films of them; empty for films without posters.
        posters: (n_films, height, width, 3) uint8; None for films without.
        report: where it is noted what was found.
    """
    of_text = _of_text(overviews)
    links = [_first_of_same(list(poster_hashes))] if poster_hashes else []
    if len(overviews) <= QUICK:
        links += [near_texts(overviews)]
        links += [near_images(posters)] if posters is not None else []
    else:
        report.remarks.append(
            f"with more than {QUICK:,} films, the split keeps films with the same overview or "
            "poster on one side, but does not look for those that are nearly the same"
        )
    groups = _joined(of_text, links)
    sizes = np.bincount(groups)
    # Posters that stand for none, and chains of films that have little in common, would leave
    # nothing to split; of films with the very same overview `stratified_split` decides.
    is_large = (sizes > MAX_GROUP * len(groups))[groups] & (groups != of_text)
    is_large |= np.isin(groups, groups[is_large])
    n_linked = (
        len(np.unique(of_text))
        - len(np.unique(groups[~is_large]))
        - len(np.unique(of_text[is_large]))
    )
    if is_large.any():
        report.remarks.append(
            "films linked by near-duplicate posters or overviews, too many for one part of the "
            f"split: {int(is_large.sum())}; only those with the same overview are kept together"
        )
    if n_linked:
        report.remarks.append(
            "films kept in the same part of the split as a near-duplicate (poster or overview): "
            f"{n_linked}"
        )
    return np.unique(np.where(is_large, of_text, groups), return_inverse=True)[1]


def _of_text(overviews: Sequence[str]) -> Groups:
    """Return the place of each film's overview in the alphabet; films without are one each."""
    # As objects: as NumPy's text every overview would take as much memory as the longest.
    texts = np.array([text.casefold() for text in overviews], dtype=object)
    _, places = np.unique(texts, return_inverse=True)
    missing = np.flatnonzero([not text for text in overviews])
    places[missing] = places.max(initial=0) + 1 + np.arange(len(missing))
    return np.unique(places, return_inverse=True)[1]


def _first_of_same(contents: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return pairs of films with the same content, int (n_pairs, 2)."""
    first: dict[str, int] = {}
    pairs = [(first.setdefault(one, row), row) for row, one in enumerate(contents)]
    return np.array([pair for pair in pairs if pair[0] != pair[1]], dtype=np.intp).reshape(-1, 2)


def _joined(groups: Groups, links: Sequence[npt.NDArray[np.intp]]) -> Groups:
    """Return groups of which those that links connect have the lowest of their numbers."""
    pairs = np.concatenate([np.zeros((0, 2), dtype=np.intp), *links])
    n_groups = int(groups.max(initial=-1)) + 1
    first, second = groups[pairs[:, 0]], groups[pairs[:, 1]]
    graph = coo_array((np.ones(len(pairs)), (first, second)), shape=(n_groups, n_groups))
    component = connected_components(graph, directed=False)[1]
    lowest = np.full(component.max(initial=-1) + 1, n_groups, dtype=np.intp)
    np.minimum.at(lowest, component, np.arange(n_groups))
    result: Groups = lowest[component][groups]
    return result
