"""Labels of a dataset that two runs contradict, ranked once for all sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from genre_core.data.films import Dataset
from genre_core.evaluation.audit import suspects
from genre_core.runs.folder import Run
from genre_core.runs.label_decisions import Decision, LabelKey, in_force
from genre_core.ui.parts import loaders
from genre_core.ui.parts.loaders import Version
from genre_core.ui.parts.text import count

SPLITS = ("validation", "test")  # scores of training films repeat the labels they were fitted to


@dataclass(frozen=True)
class Doubt:
    """A label that both runs contradict.

    Attributes:
        row: position of the film.
        column: position of the genre.
        key: id of the film and name of the genre.
        label: the label, 0 or 1.
        strength: joint log-odds of the opposite label.
        scores: score of each run, by run id.
    """

    row: int
    column: int
    key: LabelKey
    label: int
    strength: float
    scores: Mapping[str, float]


@dataclass(frozen=True)
class Progress:
    """How many of some labels are decided.

    Attributes:
        n_labels: number of labels.
        n_kept: those decided to be right.
        n_changed: those decided to be wrong.
    """

    n_labels: int
    n_kept: int
    n_changed: int

    @property
    def n_reviewed(self) -> int:
        """Return how many labels are decided."""
        return self.n_kept + self.n_changed

    @property
    def sentence(self) -> str:
        """Return it in words."""
        return (
            f"{self.n_reviewed:,} of {count(self.n_labels, 'label')} reviewed, "
            f"{self.n_changed:,} changed"
        )


def reviewed_films(dataset: Dataset, runs: tuple[Run, Run]) -> np.ndarray:
    """Return the positions of the films whose labels are reviewed, int64 (n_films,).

    Validation and test films that both runs have scores for.
    """
    rows = np.concatenate([dataset.rows(split) for split in SPLITS])
    first = (loaders.scores(run, dataset)[rows, 0] for run in runs)
    result: np.ndarray = rows[~np.isnan(np.sum(list(first), axis=0))]
    return result


def doubts(dataset: Dataset, runs: tuple[Run, Run]) -> tuple[Doubt, ...]:
    """Return the labels that both runs contradict, the strongest contradiction first."""
    return _doubts(dataset, runs, dataset.key, tuple(map(loaders.version, runs)))


def chosen(found: Iterable[Doubt], label: int, genres: Sequence[str]) -> list[Doubt]:
    """Return some labels in the same order.

    Args:
        found: labels.
        label: 0 or 1.
        genres: only these; none for all.
    """
    return [
        doubt for doubt in found if doubt.label == label and (not genres or doubt.key[1] in genres)
    ]


def progress(found: Sequence[Doubt], decisions: Iterable[Decision]) -> Progress:
    """Return how many of some labels are decided."""
    made = in_force(decisions)
    actions = [made[doubt.key].decision for doubt in found if doubt.key in made]
    return Progress(len(found), actions.count("keep"), actions.count("change"))


@st.cache_resource(max_entries=8, show_spinner=False)
def _doubts(
    _dataset: Dataset, _runs: tuple[Run, Run], films: str, versions: tuple[Version, ...]
) -> tuple[Doubt, ...]:
    rows = reviewed_films(_dataset, _runs)
    scores = {run.id: np.asarray(loaders.scores(run, _dataset)) for run in _runs}
    found = suspects(_dataset.labels[rows], *(y_score[rows] for y_score in scores.values()))
    places = zip(rows[found.films].tolist(), found.genres.tolist(), strict=True)
    return tuple(
        Doubt(
            row=row,
            column=column,
            key=(_dataset.films.ids[row], _dataset.genres[column]),
            label=int(_dataset.labels[row, column]),
            strength=float(strength),
            scores={run: float(y_score[row, column]) for run, y_score in scores.items()},
        )
        for (row, column), strength in zip(places, found.strength, strict=True)
    )
