"""Which films are shown, and in which order; vectorised, as there may be many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from genre_core.data.films import SPLITS, Dataset
from genre_core.runs.folder import Run
from genre_core.ui.parts import condition_editor, film_outcomes, loaders
from genre_core.ui.parts.cited_films import CITED
from genre_core.ui.parts.conditions import NONE, Conditions, fulfilled
from genre_core.ui.parts.film_cards import Decide
from genre_core.ui.parts.text import SPLIT_NAMES

ALL = "all"
SPLIT_CHOICES = {**{split: SPLIT_NAMES[split].capitalize() for split in SPLITS[::-1]}, ALL: "All"}
FORMER_SPLITS = {"training": "train"}  # in URLs before
ANY = "any"
# In URLs; {a} and {b} are the names of the two runs.
WHO: dict[str, str] = {
    ANY: "Any",
    "poster_right": "{a} correct",
    "overview_right": "{b} correct",
    "poster_wrong": "{a} incorrect",
    "overview_wrong": "{b} incorrect",
    "both_right": "Both correct",
    "only_poster_right": "Only {a} correct",
    "only_overview_right": "Only {b} correct",
    "both_wrong": "Both incorrect",
    "same_first_genre": "Same top genre",
    "different_first_genre": "Different top genre",
}
RIGHT = {"poster_right": "poster", "overview_right": "overview"}
WRONG = {"poster_wrong": "poster", "overview_wrong": "overview"}
# Widgets of the page of films that leave films out.
FILTERS = (
    *("split", "genres", "years", "who", "where", "search", "reports", "film", "page"),
    *("outcome", "outcome_genre"),
)
RANDOM, DISAGREEMENT = "random", "largest_disagreement"


@dataclass(frozen=True)
class Order:
    """An order of the films by what one run makes of them.

    Attributes:
        label: as it is shown, before the name of the run.
        slot: "poster" or "overview".
        figure: what they are ordered by.
        sign: 1 for the lowest first, -1 for the highest.
    """

    label: str
    slot: str
    figure: Literal["confidence", "loss"]
    sign: Literal[1, -1]


ORDERS: dict[str, Order] = {  # in URLs
    "poster_most_confident": Order("Most confident", "poster", "confidence", -1),
    "overview_most_confident": Order("Most confident", "overview", "confidence", -1),
    "poster_highest_loss": Order("Highest loss", "poster", "loss", -1),
    "overview_highest_loss": Order("Highest loss", "overview", "loss", -1),
    "poster_lowest_loss": Order("Lowest loss", "poster", "loss", 1),
    "overview_lowest_loss": Order("Lowest loss", "overview", "loss", 1),
}
FORMER_WHO = {  # in URLs before
    "poster right": "poster_right",
    "overview right": "overview_right",
    "poster wrong": "poster_wrong",
    "overview wrong": "overview_wrong",
    "both right": "both_right",
    "only poster right": "only_poster_right",
    "only overview right": "only_overview_right",
    "both wrong": "both_wrong",
    "same first genre": "same_first_genre",
    "different first genre": "different_first_genre",
}
FORMER_ORDERS = {
    "most confident: poster": "poster_most_confident",
    "most confident: overview": "overview_most_confident",
    "highest loss: poster": "poster_highest_loss",
    "highest loss: overview": "overview_highest_loss",
    "lowest loss: poster": "poster_lowest_loss",
    "lowest loss: overview": "overview_lowest_loss",
    "largest disagreement": DISAGREEMENT,
}

Slots = Mapping[str, Run]
Names = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """What is asked for.

    Attributes:
        split: "train", "validation", "test" or "all".
        words: text that title or overview contains, or the id, whatever its case.
        genres: genres that a film has, all of them.
        years: the first and the last year; None for films of any year.
        who: which of the runs is right, one of `who_options`.
        outcome: what the runs make of a genre, one of `film_outcomes.ASKED`.
        outcome_genre: that genre, or `film_outcomes.ANY_GENRE`.
        conditions: what runs do with single genres of a film.
        order: one of `order_options`.
        draw: number of the random order; the same number gives the same order.
        is_preset: whether only the films that the reports discuss are asked for, of any split.
    """

    split: str = "test"
    words: str = ""
    genres: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    who: str = ANY
    outcome: str = film_outcomes.ANY
    outcome_genre: str = film_outcomes.ANY_GENRE
    conditions: Conditions = NONE
    order: str = RANDOM
    draw: int = 1
    is_preset: bool = False


def who_options(names: Names) -> dict[str, str]:
    """Return what can be asked of the runs that are chosen, with its text by key.

    Args:
        names: of the runs, by slot.
    """
    needs = RIGHT | WRONG
    called = {"a": names.get("poster", ""), "b": names.get("overview", "")}
    return {
        who: text.format_map(called)
        for who, text in WHO.items()
        if who == ANY or (needs[who] in names if who in needs else len(names) == 2)
    }


def order_options(names: Names) -> dict[str, str]:
    """Return the orders that the chosen runs can give, with their text by key.

    Args:
        names: of the runs, by slot.
    """
    single = {
        key: f"{order.label}: {names[order.slot]}"
        for key, order in ORDERS.items()
        if order.slot in names
    }
    both = {DISAGREEMENT: "Largest disagreement"} if len(names) == 2 else {}
    return {RANDOM: "Random order", **single, **both}


def narrowed(choice: Choice, names: Names) -> str:
    """Return the filters of a choice that stand behind a click, as a text for people.

    >>> both = {"poster": "CNN", "overview": "LSTM"}
    >>> narrowed(Choice(genres=("Drama",), who="both_right"), both)
    'with the genre Drama, top-1 prediction: Both correct'
    """
    asked = [f"with the genre {genre}" for genre in choice.genres]
    if choice.years is not None:
        asked += [f"from {choice.years[0]} to {choice.years[1]}"]
    if choice.who != ANY:
        asked += [f"top-1 prediction: {who_options(names)[choice.who]}"]
    if choice.conditions.parts:
        asked += [f"where {condition_editor.sentence(choice.conditions, names)}"]
    return ", ".join(asked)


def preset_films(dataset: Dataset) -> tuple[list[str], list[str]]:
    """Return the films of the reports that the dataset has, and those that it lacks."""
    here = set(dataset.films.ids).intersection(CITED)
    return [film for film in CITED if film in here], [f for f in CITED if f not in here]


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
    if choice.years is not None:
        is_in &= _is_of_years(dataset, choice.years)
    if choice.who != ANY:
        is_in &= _is_who(dataset, slots, choice.who)
    rows = np.flatnonzero(is_in)
    asked = (choice.outcome, choice.outcome_genre)
    rows = rows[film_outcomes.fulfilled(*asked, dataset, rows, slots, decide)]
    if choice.conditions.parts:
        rows = rows[fulfilled(choice.conditions, dataset, rows, slots, decide)]
    sought = " ".join(choice.words.split()).casefold()
    if sought:
        texts, ids = loaders.folded_texts(dataset), dataset.films.ids
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
        return np.isin(dataset.films.ids, list(CITED))
    if choice.split == ALL:
        return np.isin(dataset.split, SPLITS)
    result: np.ndarray = dataset.split == choice.split
    return result


def years_of(dataset: Dataset) -> tuple[int, int] | None:
    """Return the first and the last year of the films; None if no two years are known."""
    known = [year for year in dataset.films.years if year is not None]
    return (min(known), max(known)) if known and min(known) < max(known) else None


def _is_of_years(dataset: Dataset, years: tuple[int, int]) -> np.ndarray:
    given = np.array([year or 0 for year in dataset.films.years])
    result: np.ndarray = (given >= years[0]) & (given <= years[1])
    return result


def _is_who(dataset: Dataset, slots: Slots, who: str) -> np.ndarray:
    figures = {slot: loaders.film_figures(run, dataset) for slot, run in slots.items()}
    if who in RIGHT:
        return figures[RIGHT[who]].is_right
    if who in WRONG:
        return figures[WRONG[who]].is_wrong
    poster, overview = figures["poster"], figures["overview"]
    result: np.ndarray = {
        "both_right": poster.is_right & overview.is_right,
        "only_poster_right": poster.is_right & overview.is_wrong,
        "only_overview_right": poster.is_wrong & overview.is_right,
        "both_wrong": poster.is_wrong & overview.is_wrong,
        "same_first_genre": poster.first == overview.first,
        "different_first_genre": poster.first != overview.first,
    }[who]
    return result


def _ordered(dataset: Dataset, slots: Slots, choice: Choice, rows: np.ndarray) -> np.ndarray:
    if choice.order == RANDOM:
        return np.random.default_rng(choice.draw).permutation(rows)
    if choice.order == DISAGREEMENT:
        values = -loaders.disagreement(slots["poster"], slots["overview"], dataset)
    else:
        order = ORDERS[choice.order]
        figures = loaders.film_figures(slots[order.slot], dataset)
        values = order.sign * (figures.loss if order.figure == "loss" else figures.confidence)
    return rows[np.argsort(values[rows], kind="stable")]
