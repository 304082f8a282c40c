"""The labels that both runs contradict, as a table to look through."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.data.films import Dataset
from genre_core.evaluation.audit import Suspects, audited_genres, suspects
from genre_core.evaluation.bootstrap import LEAST_SUPPORT
from genre_core.runs import Run
from genre_core.ui import loaders
from genre_core.ui.picker import KEYS
from genre_core.ui.text import SPLIT_NAMES, count, literal

SPLITS = ("validation", "test")  # training films were seen, so that scores repeat their labels
LACKING, HAVING = "lacks the genre, both runs see it", "has the genre, neither run sees it"
KINDS = (LACKING, HAVING)
LETTERS = 140  # of the overview in the table


def looked_at(dataset: Dataset) -> np.ndarray:
    """Return the positions of the films that are looked through, int64 (n_films,)."""
    return np.concatenate([dataset.rows(split) for split in SPLITS])


def found_in(dataset: Dataset, runs: tuple[Run, Run]) -> Suspects:
    """Return the labels of the validation and test films that both runs contradict."""
    rows = looked_at(dataset)
    scores = (np.asarray(loaders.scores(run, dataset)[rows]) for run in runs)
    return suspects(dataset.labels[rows], *scores)


def table(
    dataset: Dataset, runs: tuple[Run, Run], names: tuple[str, str], kind: str, genres: list[str]
) -> pd.DataFrame:
    """Return one line a suspicious label, the strongest contradiction first.

    Args:
        dataset: the films.
        runs: two runs that see different things.
        names: what they are called.
        kind: one of `KINDS`.
        genres: only these; none for all.
    """
    rows, found = looked_at(dataset), found_in(dataset, runs)
    wanted = [dataset.genres.index(genre) for genre in genres] or range(len(dataset.genres))
    is_in = (found.is_labelled == (kind == HAVING)) & np.isin(found.genres, list(wanted))
    films, columns = rows[found.films[is_in]], found.genres[is_in]
    support = dataset.labels[rows].sum(axis=0)
    frame = pd.DataFrame(
        {
            "Film": [dataset.films.ids[row] for row in films],
            "Genre": [dataset.genres[column] for column in columns],
            "Doubt": found.doubt[is_in],
        }
    )
    for run, name in zip(runs, names, strict=True):
        frame[f"Score: {name}"] = np.asarray(loaders.scores(run, dataset))[films, columns]
    frame["True genres"] = [_true(dataset, row) for row in films]
    frame["Split"] = [SPLIT_NAMES[str(dataset.split[row])] for row in films]
    frame["Films of the genre"] = support[columns]
    frame["Unreliable"] = support[columns] < LEAST_SUPPORT
    frame["Overview"] = [dataset.films.overviews[row][:LETTERS] for row in films]
    frame["Open"] = [_link(dataset.films.ids[row]) for row in films]
    return frame


def columns(names: tuple[str, str]) -> dict[str, object]:
    """Return the column configuration of `table`."""
    return {
        "Film": st.column_config.TextColumn(pinned=True),
        "Doubt": st.column_config.ProgressColumn(
            min_value=0,
            max_value=1,
            format="%.2f",
            help="How probable the other answer is by both runs together.",
        ),
        **{f"Score: {name}": st.column_config.NumberColumn(format="%.2f") for name in names},
        "Unreliable": st.column_config.CheckboxColumn(
            help=f"The genre has fewer than {LEAST_SUPPORT} films here."
        ),
        "Overview": st.column_config.TextColumn(width=360),
        "Open": st.column_config.LinkColumn(display_text="open"),
    }


def sentence(dataset: Dataset, runs: tuple[Run, Run]) -> str:
    """Return how many labels both runs contradict, and what is left out."""
    rows, found = looked_at(dataset), found_in(dataset, runs)
    n_having = int(found.is_labelled.sum())
    labels = dataset.labels[rows]
    out = [
        literal(genre)
        for genre, is_in in zip(dataset.genres, audited_genres(labels), strict=True)
        if not is_in
    ]
    words = (
        f"Of {count(len(rows), 'validation and test film')} with {int(labels.sum()):,} labels both "
        f"runs contradict {count(n_having, 'label')}, and see "
        f"{count(len(found.films) - n_having, 'genre')} that the labels lack."
    )
    return f"{words} Left out, with too few films: {', '.join(out)}." if out else words


def _true(dataset: Dataset, row: int) -> str:
    return ", ".join(
        genre for genre, has in zip(dataset.genres, dataset.labels[row], strict=True) if has
    )


def _link(film: str) -> str:
    kept = {key: st.query_params[key] for key in KEYS if key in st.query_params}
    return f"/films?{urlencode({**kept, 'split': 'all', 'film': film})}"
