"""Labels that both runs contradict, as a table for review."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.data.films import Dataset
from genre_core.evaluation.audit import Suspects, audited_genres, suspects
from genre_core.runs.folder import Run
from genre_core.ui.parts import address, loaders
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal

SPLITS = ("validation", "test")  # scores of training films repeat the labels they were fitted to
MISSING, WRONG = "missing", "wrong"  # in URLs
KINDS = {MISSING: "Possibly missing label", WRONG: "Possibly wrong label"}
FORMER = {  # what URLs had before
    "lacks the genre, both runs see it": MISSING,
    "has the genre, neither run sees it": WRONG,
}
PARAMETER = "label"
LETTERS = 140  # of the overview in the table
FEW_FILMS = 30  # of a genre; contradictions of rarer ones are mostly genres never predicted
STRENGTH = (
    "Strength of the contradiction: both runs' scores combined, 0 to 1; not a probability that the "
    "label is wrong."
)
METHOD = f"""
- A run contradicts a label with confidence if its score is beyond its mean score of the films with
  the other label: as high as for films with the genre where the label is missing, as low as for
  films without it where the genre is given. Both runs have to.
- **Strength**: both runs' scores combined, 0 to 1: what each says beyond the genre's frequency is
  added as log-odds, as if the runs were independent given the genre. It ranks the labels and is
  not a probability that a label is wrong.
- Training films are left out, as their labels were fitted. Lines of genres with fewer than
  {FEW_FILMS} films are marked as unreliable: runs rarely predict rare genres at all.
"""


def pick_kind() -> str:
    """Return the kind of label chosen, one of `KINDS`."""
    return address.pick(st.radio, "Show", KINDS, key=PARAMETER, former=FORMER)


def looked_at(dataset: Dataset, runs: tuple[Run, Run]) -> np.ndarray:
    """Return the positions of the films whose labels are reviewed, int64 (n_films,).

    Validation and test films that both runs have scores for.
    """
    rows = np.concatenate([dataset.rows(split) for split in SPLITS])
    first = (loaders.scores(run, dataset)[rows, 0] for run in runs)
    result: np.ndarray = rows[~np.isnan(np.sum(list(first), axis=0))]
    return result


def found_in(dataset: Dataset, runs: tuple[Run, Run]) -> Suspects:
    """Return the labels of the validation and test films that both runs contradict."""
    rows = looked_at(dataset, runs)
    scores = (np.asarray(loaders.scores(run, dataset)[rows]) for run in runs)
    return suspects(dataset.labels[rows], *scores)


def table(
    dataset: Dataset, runs: tuple[Run, Run], names: tuple[str, str], kind: str, genres: list[str]
) -> pd.DataFrame:
    """Return one line a contradicted label, the strongest contradiction first.

    Args:
        dataset: the films.
        runs: two runs with different inputs.
        names: what they are called.
        kind: one of `KINDS`.
        genres: only these; none for all.
    """
    rows, found = looked_at(dataset, runs), found_in(dataset, runs)
    wanted = [dataset.genres.index(genre) for genre in genres] or range(len(dataset.genres))
    is_in = (found.is_labelled == (kind == WRONG)) & np.isin(found.genres, list(wanted))
    films, columns = rows[found.films[is_in]], found.genres[is_in]
    support = dataset.labels[rows].sum(axis=0)
    frame = pd.DataFrame(
        {
            "Film": [dataset.films.ids[row] for row in films],
            "Genre": [dataset.genres[column] for column in columns],
            "Strength": found.strength[is_in],
        }
    )
    for run, name in zip(runs, names, strict=True):
        frame[f"Score: {name}"] = np.asarray(loaders.scores(run, dataset))[films, columns]
    frame["True genres"] = [_true(dataset, row) for row in films]
    frame["Split"] = [SPLIT_NAMES[str(dataset.split[row])] for row in films]
    frame["Films of the genre"] = support[columns]
    frame["Unreliable"] = support[columns] < FEW_FILMS
    frame["Overview"] = [dataset.films.overviews[row][:LETTERS] for row in films]
    here = address.parameters()
    frame["Open"] = [_link(dataset.films.ids[row], here) for row in films]
    return frame


def columns(names: tuple[str, str]) -> dict[str, object]:
    """Return the column configuration of `table`."""
    return {
        "Film": st.column_config.TextColumn(pinned=True),
        "Strength": st.column_config.ProgressColumn(
            min_value=0, max_value=1, format="%.2f", help=STRENGTH
        ),
        **{f"Score: {name}": st.column_config.NumberColumn(format="%.2f") for name in names},
        "Unreliable": st.column_config.CheckboxColumn(
            help=f"The genre has fewer than {FEW_FILMS} validation and test films."
        ),
        "Overview": st.column_config.TextColumn(width=360),
        "Open": st.column_config.LinkColumn(display_text="open"),
    }


def sentence(dataset: Dataset, runs: tuple[Run, Run]) -> str:
    """Return how many labels both runs contradict, and which genres are left out."""
    rows, found = looked_at(dataset, runs), found_in(dataset, runs)
    n_wrong = int(found.is_labelled.sum())
    labels = dataset.labels[rows]
    out = [
        literal(genre)
        for genre, is_in in zip(dataset.genres, audited_genres(labels), strict=True)
        if not is_in
    ]
    words = (
        f"{count(len(rows), 'validation and test film')} with {int(labels.sum()):,} labels: "
        f"{count(len(found.films) - n_wrong, 'possibly missing label')}, "
        f"{count(n_wrong, 'possibly wrong label')}."
    )
    return f"{words} Left out, too few films: {', '.join(out)}." if out else words


def _true(dataset: Dataset, row: int) -> str:
    return ", ".join(
        genre for genre, has in zip(dataset.genres, dataset.labels[row], strict=True) if has
    )


def _link(film: str, here: Mapping[str, str]) -> str:
    return f"/films?{urlencode({**here, 'split': 'all', 'film': film})}"
