"""Conditions on what runs do with single genres of a film, as text that an address can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from genre_core.data.films import Dataset
from genre_core.errors import DataError, nearest
from genre_core.runs.folder import Run
from genre_core.ui.parts.film_cards import Decide

AND, OR = "; ", " | "
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


@dataclass(frozen=True)
class Conditions:
    """Conditions on a film.

    Attributes:
        parts: the conditions.
        is_any: whether one of them is enough; else all have to be true.
    """

    parts: tuple[Condition, ...] = ()
    is_any: bool = False


NONE = Conditions()


def written(conditions: Conditions) -> str:
    """Return conditions as one text.

    >>> both = (Condition("poster", "missed", "War"), Condition("poster", "extra", "Drama"))
    >>> written(Conditions(both)), written(Conditions(both, is_any=True))
    ('poster missed War; poster extra Drama', 'poster missed War | poster extra Drama')
    """
    return (OR if conditions.is_any else AND).join(map(str, conditions.parts))


def parse(text: str, slots: Sequence[str], genres: Sequence[str]) -> Conditions:
    """Return the conditions in a text.

    Args:
        text: conditions as `written` writes them.
        slots: names that may stand for a run.
        genres: names of the genres.

    Raises:
        DataError: one of them is none; the text says what would be.
    """
    is_any = OR in text
    parts = [part.split(maxsplit=2) for part in text.split(OR if is_any else ";") if part.strip()]
    return Conditions(tuple(_condition(words, slots, genres) for words in parts), is_any)


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
    conditions: Conditions,
    dataset: Dataset,
    rows: np.ndarray,
    runs: Mapping[str, Run],
    decide: Decide,
) -> np.ndarray:
    """Return which of some films fulfil conditions, bool (n_rows,); without any, all films.

    Args:
        conditions: the conditions.
        dataset: the films.
        rows: positions of the films.
        runs: the run of each slot.
        decide: what a run predicts.
    """
    y_pred = {slot: decide(runs[slot], rows) for slot in {one.slot for one in conditions.parts}}
    is_so = np.ones((len(rows), len(conditions.parts)), dtype=bool)
    for place, one in enumerate(conditions.parts):
        column = dataset.genres.index(one.genre)
        label, decision = OUTCOMES[one.outcome]
        is_so[:, place] = dataset.labels[rows, column] == label
        is_so[:, place] &= y_pred[one.slot][:, column] == decision
    if conditions.is_any and conditions.parts:
        return np.asarray(is_so.any(axis=1))
    return np.asarray(is_so.all(axis=1))
