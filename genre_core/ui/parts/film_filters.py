"""Which films are shown, and in which order; vectorised, as there may be many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from genre_core.data.films import SPLITS, Dataset
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders
from genre_core.ui.parts.conditions import Condition, fulfilled
from genre_core.ui.parts.film_cards import Decide

ALL = "all"
REPORTS = ("tt0097239", "tt0087130", "tt0108550", "tt0120775", "tt0293508")
ANY = "any"
RIGHT = {"poster right": "poster", "overview right": "overview"}
WRONG = {"poster wrong": "poster", "overview wrong": "overview"}
BOTH = (
    "both right",
    "only poster right",
    "only overview right",
    "both wrong",
    "same first genre",
    "different first genre",
)
# Widgets of the page of films that leave films out.
FILTERS = ("split", "genres", "who", "where", "search", "reports", "film", "page")
RANDOM, DISAGREEMENT = "random", "largest disagreement"
ORDERS = {"most confident": -1, "highest loss": -1, "lowest loss": 1}

Slots = Mapping[str, Run]


@dataclass(frozen=True)
class Choice:
    """What is asked for.

    Attributes:
        split: "train", "validation", "test" or "all".
        words: text that overview or id contains, whatever its case.
        genres: genres that a film has, all of them.
        who: which of the runs is right, one of `who_options`.
        conditions: what runs do with single genres of a film, all of them.
        order: one of `order_options`.
        draw: number of the random order; the same number gives the same order.
        is_preset: whether only the films that the reports discuss are asked for, of any split.
    """

    split: str = "test"
    words: str = ""
    genres: tuple[str, ...] = ()
    who: str = ANY
    conditions: tuple[Condition, ...] = ()
    order: str = RANDOM
    draw: int = 1
    is_preset: bool = False


def who_options(slots: Slots) -> list[str]:
    """Return what can be asked of the runs that are chosen."""
    single = [name for name, slot in (RIGHT | WRONG).items() if slot in slots]
    return [ANY, *single, *(BOTH if len(slots) == 2 else ())]


def order_options(slots: Slots) -> list[str]:
    """Return the orders that the chosen runs can give."""
    single = [f"{order}: {slot}" for order in ORDERS for slot in slots]
    return [RANDOM, *single, *([DISAGREEMENT] if len(slots) == 2 else [])]


def preset_films(dataset: Dataset) -> tuple[list[str], list[str]]:
    """Return the films of the reports that the dataset has, and those that it lacks."""
    here = set(dataset.films.ids).intersection(REPORTS)
    return [film for film in REPORTS if film in here], [f for f in REPORTS if f not in here]


def chosen_rows(dataset: Dataset, slots: Slots, choice: Choice, decide: Decide) -> np.ndarray:
    """Return the positions of the films that are asked for, in the order asked for, int64.

    Args:
        dataset: the films.
        slots: the chosen run of each slot that has one.
        choice: what is asked for.
        decide: what a run predicts; asked only where there are conditions.
    """
    is_in = _of_split(dataset, choice)
    for genre in choice.genres:
        is_in &= dataset.labels[:, dataset.genres.index(genre)] == 1
    if choice.who != ANY:
        is_in &= _is_who(dataset, slots, choice.who)
    rows = np.flatnonzero(is_in)
    if choice.conditions:
        rows = rows[fulfilled(choice.conditions, dataset, rows, slots, decide)]
    sought = " ".join(choice.words.split()).casefold()
    if sought:
        texts, ids = loaders.folded_overviews(dataset), dataset.films.ids
        rows = np.array(
            [row for row in rows if sought in texts[row] or sought == ids[row].casefold()],
            dtype=np.int64,
        )
    return _ordered(dataset, slots, choice, rows)


def n_of_split(dataset: Dataset, choice: Choice) -> int:
    """Return how many films there are to choose from."""
    return int(_of_split(dataset, choice).sum())


def _of_split(dataset: Dataset, choice: Choice) -> np.ndarray:
    if choice.is_preset:
        return np.isin(dataset.films.ids, REPORTS)
    if choice.split == ALL:
        return np.isin(dataset.split, SPLITS)
    return dataset.split == choice.split


def _is_who(dataset: Dataset, slots: Slots, who: str) -> np.ndarray:
    figures = {slot: loaders.film_figures(run, dataset) for slot, run in slots.items()}
    if who in RIGHT:
        return figures[RIGHT[who]].is_right
    if who in WRONG:
        return ~figures[WRONG[who]].is_right
    poster, overview = figures["poster"], figures["overview"]
    return {
        "both right": poster.is_right & overview.is_right,
        "only poster right": poster.is_right & ~overview.is_right,
        "only overview right": ~poster.is_right & overview.is_right,
        "both wrong": ~poster.is_right & ~overview.is_right,
        "same first genre": poster.first == overview.first,
        "different first genre": poster.first != overview.first,
    }[who]


def _ordered(dataset: Dataset, slots: Slots, choice: Choice, rows: np.ndarray) -> np.ndarray:
    if choice.order == RANDOM:
        return np.random.default_rng(choice.draw).permutation(rows)
    if choice.order == DISAGREEMENT:
        values = -loaders.disagreement(slots["poster"], slots["overview"], dataset)
    else:
        order, slot = choice.order.split(": ")
        figures = loaders.film_figures(slots[slot], dataset)
        values = figures.confidence if order == "most confident" else figures.loss
        values = values * ORDERS[order]
    return rows[np.argsort(values[rows], kind="stable")]
