"""Sentences, tables and hover texts of the page Confusions, and links to the films of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.charts.heatmap import Notes
from genre_core.data.films import Dataset
from genre_core.evaluation.confusions import FEW, Confusion, predicted_instead
from genre_core.runs.folder import Run
from genre_core.ui.parts import rules
from genre_core.ui.parts.conditions import Condition, Conditions, written
from genre_core.ui.parts.text import count, literal, percent

MISSED, EXTRA = "missed", "extra"
KINDS: dict[str, str] = {MISSED: "Missed", EXTRA: "Extra"}
SHARE, LIFT = "share", "lift"  # what colours the matrix
COLOURINGS: dict[str, str] = {SHARE: "Share", LIFT: "Lift"}
N_NAMED = 3


@dataclass(frozen=True)
class Words:
    """How one kind of confusion is written.

    Attributes:
        cell: what a cell is the share of.
        whole: what the films of a row have in common, in sentences.
        lacking: films that lack the column's genre, with its name to be filled in.
        support: heading of the films of a row.
        column: heading of the column's genre.
    """

    cell: str
    whole: str
    lacking: str
    support: str
    column: str


WORDS = {
    MISSED: Words(
        "Share of the films missing the row's genre and lacking the column's genre for which the "
        "column's genre is predicted.",
        "is missed in {n} of its {films}",
        "without {}",
        "True",
        "Predicted instead",
    ),
    EXTRA: Words(
        "Share of the films with the row's genre as an extra, not predicted as the column's genre, "
        "that have the column's genre.",
        "is extra in {n} of the {films} for which it is predicted",
        "not predicted as {}",
        "Predicted",
        "True instead",
    ),
}
METHOD = f"""
- **missed**: the film has the genre and it is not predicted; **extra**: predicted and not true.
- **Share**: of the films that miss the row's genre *and lack the column's genre*, how many have
  the column's genre predicted. For extra genres, labels and predictions are exchanged: of the
  films with the row's genre as an extra that are not predicted as the column's genre, how many
  have it.
- **Base share**: the same among *all* test films that lack the column's genre. A genre that is
  predicted for most films is predicted for most of these too.
- **Lift**: share divided by base share. 1: nothing special, the genre is predicted as often as for
  any film that lacks it; 2: twice as often.
- `*` marks shares of fewer than {FEW} films, which are noisy. Several genres can be predicted for
  one film, so the shares of a row do not sum to 100%.
"""


def confusion(run: Run, dataset: Dataset, rule: str, kind: str) -> Confusion:
    """Return the confusions of a run on the test films, by missed or by extra genre."""
    rows = dataset.rows("test")
    y_true = dataset.labels[rows]
    y_pred = rules.decisions_of(run, rows, dataset=dataset, rule=rule)
    # What is true instead of an extra genre is what is predicted instead of a missed one, with
    # labels and predictions exchanged.
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
    what, outcome = {MISSED: ("true", "missed"), EXTRA: ("predicted", "not true")}[kind]
    if not n_cells:
        return f"None of the {n_all:,} {what} genres is {outcome}."
    words = f"Of {n_all:,} {what} genres {n_cells:,} ({percent(n_cells / n_all)}) are {outcome}."
    row, column = (int(i) for i in np.unravel_index(found.counts.argmax(), found.counts.shape))
    n_films = int(found.counts[row, column])
    if not n_films:  # no film has another genre instead
        return words
    pair = {
        MISSED: "**{0}** missed and **{1}** predicted instead",
        EXTRA: "**{0}** predicted and **{1}** true instead",
    }[kind].format(literal(genres[row]), literal(genres[column]))
    return (
        f"{words} Most frequent: {pair}, {count(n_films, 'film')}, "
        f"lift {found.lift[row, column]:.2f}."
    )


def sentence(found: Confusion, genres: Sequence[str], genre: str, kind: str) -> str:
    """Return how often a genre is missed or extra, and what stands in its place.

    Each genre instead has its share beside that among all films that lack it, and the lift.
    """
    row = list(genres).index(genre)
    n_missed, support = int(found.n_missed[row]), int(found.support[row])
    words = WORDS[kind]
    films = count(support, "test film")
    head = f"**{literal(genre)}** {words.whole.format(n=f'{n_missed:,}', films=films)}"
    if n_missed == 0:
        return f"{head}."
    best = _by_count(found, row)[:N_NAMED]
    if not best:
        return f"{head}. {words.column}: nothing."
    lines = [f"- {_compared(found, row, place, genres[place], kind)}" for place in best]
    return "\n".join([f"{head}. {words.column}:", "", *lines])


def _compared(found: Confusion, row: int, column: int, name: str, kind: str) -> str:
    """Return a share beside its base share, in words."""
    n_lacking, n_without = int(found.n_lacking[row, column]), int(found.n_without[column])
    lacking = WORDS[kind].lacking.format(literal(name))
    few = " (few films)" if found.is_few[row, column] else ""
    return (
        f"**{literal(name)}**: {percent(found.shares[row, column])} of the {n_lacking:,} of these "
        f"films {lacking}{few}, {percent(found.base_shares[column])} of all "
        f"{count(n_without, 'test film')} {lacking}; lift **{found.lift[row, column]:.2f}**"
    )


def _by_count(found: Confusion, row: int) -> list[int]:
    """Return the columns with a film in a row, the most films first."""
    counts = found.counts[row]
    return [int(place) for place in np.argsort(-counts, kind="stable") if counts[place]]


def hover_notes(found: Confusion, genres: Sequence[str], places: Sequence[int], kind: str) -> Notes:
    """Return what the cells of some genres say when pointing at them.

    Args:
        found: the confusions.
        genres: names of all genres in column order.
        places: columns of the genres of the matrix, in its order.
        kind: one of `KINDS`.
    """
    texts = [[_hover(found, genres, row, column, kind) for column in places] for row in places]
    few = found.is_few[np.ix_(places, places)]
    return Notes(np.array(texts, dtype=object), few & (found.n_lacking[np.ix_(places, places)] > 0))


def _hover(found: Confusion, genres: Sequence[str], row: int, column: int, kind: str) -> str:
    n_films, n_lacking = int(found.counts[row, column]), int(found.n_lacking[row, column])
    if not n_lacking:
        return ""
    n_extra, n_without = int(found.n_extra[column]), int(found.n_without[column])
    base, lift = found.base_shares[column], found.lift[row, column]
    lines = [
        f"{genres[row]} {KINDS[kind].lower()}, {WORDS[kind].column.lower()}: {genres[column]}",
        f"share: {percent(found.shares[row, column])} ({n_films:,} of {n_lacking:,} films)",
        f"base share: {percent(base)} ({n_extra:,} of {n_without:,} films)",
        f"lift: {lift:.2f}" if np.isfinite(lift) else "lift: undefined",
    ]
    return "\n".join([*lines, "few films"] if found.is_few[row, column] else lines)


def others(found: Confusion, dataset: Dataset, genre: str) -> list[str]:
    """Return the genres that stand in place of one, most frequent first."""
    return [dataset.genres[place] for place in _by_count(found, dataset.genres.index(genre))]


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
    table.insert(1, WORDS[kind].support, found.support[places])
    table.insert(2, KINDS[kind], found.n_missed[places])
    return table


def pair_table(
    found: Confusion, dataset: Dataset, genres: Sequence[str], kind: str
) -> pd.DataFrame:
    """Return one line a pair of genres with films: counts, share, base share and lift."""
    places = [dataset.genres.index(genre) for genre in genres]
    pairs = [(row, column) for row in places for column in places if found.counts[row, column]]
    lines = [
        {
            KINDS[kind]: dataset.genres[row],
            WORDS[kind].column: dataset.genres[column],
            "Films": int(found.counts[row, column]),
            "Share": found.shares[row, column],
            "Lift": found.lift[row, column],
            "Base share": found.base_shares[column],
            "Of films": int(found.n_lacking[row, column]),
            "Note": "few films" if found.is_few[row, column] else "",
        }
        for row, column in sorted(pairs, key=lambda pair: -found.counts[pair])
    ]
    return pd.DataFrame(lines, columns=_pair_headings(kind))


def pair_columns(kind: str) -> dict[str, Any]:
    """Return the column configuration of `pair_table`."""
    share = st.column_config.NumberColumn
    return {
        KINDS[kind]: st.column_config.TextColumn(pinned=True),
        "Of films": st.column_config.NumberColumn(
            help=f"Films with the first genre {KINDS[kind].lower()}, "
            f"{WORDS[kind].lacking.format('the second')}."
        ),
        "Share": share(format="percent", help="Films divided by 'Of films'."),
        "Base share": share(
            format="percent",
            help=f"The same share among all test films {WORDS[kind].lacking.format('the second')}.",
        ),
        "Lift": share(format="%.2f", help="Share divided by base share; 1: nothing special."),
        "Note": st.column_config.TextColumn(
            help=f"Few films: the share is of fewer than {FEW} films and noisy."
        ),
    }


def _pair_headings(kind: str) -> list[str]:
    figures = ["Films", "Share", "Lift", "Base share", "Of films", "Note"]
    return [KINDS[kind], WORDS[kind].column, *figures]


def query(slot: str, kind: str, row: str, column: str, rule: str) -> dict[str, str]:
    """Return the URL parameters of the page Films that select the films of a cell."""
    other = EXTRA if kind == MISSED else MISSED
    cell = (Condition(slot, kind, row), Condition(slot, other, column))
    return {"where": written(Conditions(cell)), "by": rule}
