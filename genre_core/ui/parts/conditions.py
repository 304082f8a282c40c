"""Conditions on what runs do with single genres of a film, as text that an address can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genre_core.data.films import Dataset
from genre_core.errors import DataError, nearest
from genre_core.runs.folder import Run
from genre_core.ui.parts.film_cards import Decide

BETWEEN = "; "
# What an outcome says of label and decision.
OUTCOMES = {"hit": (1, 1), "missed": (1, 0), "extra": (0, 1), "rejected": (0, 0)}


@dataclass(frozen=True)
class Condition:
    """What one run does with one genre.

    Attributes:
        slot: "poster" or "overview".
        outcome: one of `OUTCOMES`.
        genre: name of the genre.
    """

    slot: str
    outcome: str
    genre: str

    def __str__(self) -> str:
        """Return it as `parse` reads it."""
        return f"{self.slot} {self.outcome} {self.genre}"


def written(conditions: Sequence[Condition]) -> str:
    """Return conditions as one text.

    >>> written([Condition("poster", "missed", "War"), Condition("poster", "extra", "Drama")])
    'poster missed War; poster extra Drama'
    """
    return BETWEEN.join(map(str, conditions))


def parse(text: str, slots: Sequence[str], genres: Sequence[str]) -> list[Condition]:
    """Return the conditions in a text.

    Args:
        text: conditions as `written` writes them.
        slots: names that may stand for a run.
        genres: names of the genres.

    Raises:
        DataError: one of them is none; the text says what would be.
    """
    parts = [part.split(maxsplit=2) for part in text.split(";") if part.strip()]
    return [_condition(words, slots, genres) for words in parts]


def _condition(words: list[str], slots: Sequence[str], genres: Sequence[str]) -> Condition:
    said = " ".join(words)
    if len(words) < 3 or words[0] not in slots or words[1] not in OUTCOMES:
        raise DataError(
            f"'{said}' is no condition. Expected one of {', '.join(slots) or 'no run'}, then one "
            f"of {', '.join(OUTCOMES)}, then a genre, as in 'poster missed Drama'."
        )
    by_name = {genre.casefold(): genre for genre in genres}
    genre = by_name.get(words[2].strip().casefold())
    if genre is None:
        raise DataError(f"'{words[2]}' is no genre of these films.{nearest(words[2], genres)}")
    return Condition(words[0], words[1], genre)


def fulfilled(
    conditions: Sequence[Condition],
    dataset: Dataset,
    rows: np.ndarray,
    runs: Mapping[str, Run],
    decide: Decide,
) -> np.ndarray:
    """Return which of some films fulfil all conditions, bool (n_rows,).

    Args:
        conditions: the conditions.
        dataset: the films.
        rows: positions of the films.
        runs: the run of each slot.
        decide: what a run predicts.
    """
    y_pred = {slot: decide(runs[slot], rows) for slot in {one.slot for one in conditions}}
    is_in = np.ones(len(rows), dtype=bool)
    for one in conditions:
        column = dataset.genres.index(one.genre)
        label, decision = OUTCOMES[one.outcome]
        is_in &= dataset.labels[rows, column] == label
        is_in &= y_pred[one.slot][:, column] == decision
    return is_in
