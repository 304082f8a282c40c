"""What the page of confusions shows: counts, sentences, and the way to the films of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from genre_core.data.films import Dataset
from genre_core.evaluation.confusions import Confusion, predicted_instead
from genre_core.runs import Run
from genre_core.ui import rules
from genre_core.ui.conditions import Condition, written
from genre_core.ui.text import count, literal, percent

MISSED, EXTRA = "missed", "extra"
KINDS = (MISSED, EXTRA)
CAPTIONS = {
    MISSED: "Of the films that have the row's genre and for which it is not predicted, the share "
    "for which the column's genre is predicted without being true.",
    EXTRA: "Of the films for which the row's genre is predicted without being true, the share that "
    "has the column's genre, for which it is not predicted.",
}
HOVERS = {
    MISSED: "%{y} missed: in %{z:.1%} it says %{x} instead",
    EXTRA: "%{y} said wrongly: %{z:.1%} are %{x}, which it does not say",
}
N_NAMED = 3


def confusion(run: Run, dataset: Dataset, rule: str, kind: str, artifacts: Path) -> Confusion:
    """Return the confusions of a run on the test films, by missed or by extra genre."""
    rows = dataset.rows("test")
    y_true = dataset.labels[rows]
    y_pred = rules.decisions_of(run, rows, dataset=dataset, rule=rule, artifacts=artifacts)
    # What is true instead of an extra genre is what is predicted instead of a missed one, with
    # labels and decisions changed over.
    return (
        predicted_instead(y_true, y_pred) if kind == MISSED else predicted_instead(y_pred, y_true)
    )


def by_frequency(dataset: Dataset) -> list[str]:
    """Return the genres that have a film, most frequent first."""
    support = dataset.labels.sum(axis=0)
    order = np.argsort(-support, kind="stable")
    return [dataset.genres[column] for column in order if support[column]]


def overall_sentence(found: Confusion, genres: Sequence[str], kind: str) -> str:
    """Return how often genres are missed or extra in all, and the most frequent pair."""
    n_cells, n_all = int(found.n_missed.sum()), int(found.support.sum())
    if not n_cells:
        return "There is none."
    row, column = np.unravel_index(int(found.counts.argmax()), found.counts.shape)
    n_films = int(found.counts[row, column])
    pair = f"**{literal(genres[int(row)])}** and **{literal(genres[int(column)])}**"
    what, outcome, most = {
        MISSED: ("true", "missed", "it misses and says instead"),
        EXTRA: ("predicted", "not true", "it says and leaves out"),
    }[kind]
    words = f"Of {n_all:,} {what} genres {n_cells:,} ({percent(n_cells / n_all)}) are {outcome}."
    if not n_films:  # no film has another genre instead
        return words
    return f"{words} Most often {most}: {pair}, for {count(n_films, 'film')}."


def sentence(found: Confusion, genres: Sequence[str], genre: str, kind: str) -> str:
    """Return how often a genre is missed or extra, and what stands in its place."""
    row = list(genres).index(genre)
    n_missed, support = int(found.n_missed[row]), int(found.support[row])
    films = "of its {}" if kind == MISSED else "of the {} for which it is predicted"
    films = films.format(count(support, "test film"))
    if n_missed == 0:
        return f"**{literal(genre)}** is {kind} in none {films}."
    said = found.shares[row]
    best = [place for place in np.argsort(-said, kind="stable")[:N_NAMED] if said[place] > 0]
    instead = ", ".join(f"{literal(genres[place])} in {percent(said[place])}" for place in best)
    what = "predicted there and not true" if kind == MISSED else "true there and not predicted"
    return (
        f"**{literal(genre)}** is {kind} in {n_missed:,} {films}; {what}: {instead or 'nothing'}."
    )


def others(found: Confusion, dataset: Dataset, genre: str) -> list[str]:
    """Return the genres that stand in place of one, most frequent first."""
    counts = found.counts[dataset.genres.index(genre)]
    return [dataset.genres[place] for place in np.argsort(-counts, kind="stable") if counts[place]]


def n_films(found: Confusion, dataset: Dataset, genre: str, other: str) -> str:
    """Return how many films a cell has, in words."""
    row, column = (dataset.genres.index(name) for name in (genre, other))
    return count(int(found.counts[row, column]), "film")


def count_table(
    found: Confusion, dataset: Dataset, genres: Sequence[str], kind: str
) -> pd.DataFrame:
    """Return the films of each pair of genres, with the films of the row's genre."""
    places = [dataset.genres.index(genre) for genre in genres]
    table = pd.DataFrame(found.counts[np.ix_(places, places)], columns=list(genres))
    table.insert(0, "Genre", list(genres))
    table.insert(1, "True" if kind == MISSED else "Predicted", found.support[places])
    table.insert(2, kind.capitalize(), found.n_missed[places])
    return table


def query(slot: str, kind: str, row: str, column: str, rule: str) -> dict[str, str]:
    """Return the address of the films of a cell, as parameters of the page of films."""
    other = EXTRA if kind == MISSED else MISSED
    cell = [Condition(slot, kind, row), Condition(slot, other, column)]
    return {"where": written(cell), "rule": rule}
