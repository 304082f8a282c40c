"""Films by what the chosen runs make of a genre: a sentence of two choices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from genre_core.data.films import Dataset
from genre_core.runs.folder import Run
from genre_core.ui.parts.conditions import OUTCOMES
from genre_core.ui.parts.film_cards import Decide

ANY = "any"
ANY_GENRE = "*"
BOTH = ("poster", "overview")
# By key, what each run does with the genre, see `conditions.OUTCOMES`. Keys stand in URLs.
ASKED: dict[str, dict[str, str]] = {
    ANY: {},
    "both_hit": dict.fromkeys(BOTH, "hit"),
    "only_poster_hit": {"poster": "hit", "overview": "missed"},
    "only_overview_hit": {"poster": "missed", "overview": "hit"},
    "both_missed": dict.fromkeys(BOTH, "missed"),
    "poster_missed": {"poster": "missed"},
    "overview_missed": {"overview": "missed"},
    "both_extra": dict.fromkeys(BOTH, "extra"),
    "poster_extra": {"poster": "extra"},
    "overview_extra": {"overview": "extra"},
}


def options(names: Mapping[str, str]) -> dict[str, str]:
    """Return what can be asked of the chosen runs, with its text by key.

    Args:
        names: of the runs on the page, by slot; one or two.
    """
    a, b = names.get("poster", ""), names.get("overview", "")
    words = {
        ANY: "Any prediction",
        "both_hit": "Both predict it correctly",
        "only_poster_hit": f"Only {a} predicts it correctly",
        "only_overview_hit": f"Only {b} predicts it correctly",
        "both_missed": "Both miss it",
        "poster_missed": f"{a} misses it",
        "overview_missed": f"{b} misses it",
        "both_extra": "Both wrongly add it",
        "poster_extra": f"{a} wrongly adds it",
        "overview_extra": f"{b} wrongly adds it",
    }
    return {key: words[key] for key, asked in ASKED.items() if set(asked) <= set(names)}


def fulfilled(
    outcome: str,
    genre: str,
    dataset: Dataset,
    rows: np.ndarray,
    runs: Mapping[str, Run],
    decide: Decide,
) -> np.ndarray:
    """Return which of some films are asked for, bool (n_rows,).

    Without an outcome these are the films with the genre; without a genre those where the outcome
    is true of at least one.

    Args:
        outcome: one of `ASKED`.
        genre: a genre, or `ANY_GENRE`.
        dataset: the films.
        rows: positions of the films.
        runs: the run of each slot.
        decide: what a run predicts.
    """
    columns = slice(None)
    if genre != ANY_GENRE:
        column = dataset.genres.index(genre)
        columns = slice(column, column + 1)
    y_true = dataset.labels[rows][:, columns]
    if outcome == ANY:
        return np.asarray((y_true == 1).all(axis=1) | (genre == ANY_GENRE))
    is_so = np.ones(y_true.shape, dtype=bool)
    for slot, name in ASKED[outcome].items():
        label, decision = OUTCOMES[name]
        is_so &= (y_true == label) & (decide(runs[slot], rows)[:, columns] == decision)
    return np.asarray(is_so.any(axis=1))
