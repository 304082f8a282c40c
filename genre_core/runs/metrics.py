"""The content of `metrics.json`: figures of every split that a run has scores for."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from genre_core.data.films import SPLITS, Dataset
from genre_core.errors import DataError, RunError
from genre_core.evaluation.decisions import macro_genres
from genre_core.evaluation.metrics import figures, without_scores
from genre_core.runs.config import DECISIONS, Config

HALF = 0.5  # the reports' threshold; others are applied when figures are looked at


class ScoredFilms(NamedTuple):
    """What a run gives films, beside the labels of these films.

    Attributes:
        ids: film ids, n_films of them, each once.
        splits: the split of each film.
        y_true: labels, (n_films, n_genres) uint8.
        y_score: scores in [0, 1], or decisions 0 and 1, (n_films, n_genres) float32.
    """

    ids: Sequence[str]
    splits: Sequence[str]
    y_true: np.ndarray
    y_score: np.ndarray

    @classmethod
    def of_dataset(cls, dataset: Dataset, y_score: np.ndarray) -> ScoredFilms:
        """Return all films of a dataset with what a run gives them, (n_films, n_genres)."""
        return cls(dataset.films.ids, tuple(dataset.split.tolist()), dataset.labels, y_score)

    def of(self, split: str) -> ScoredFilms:
        """Return the films of a split; none is no error."""
        rows = np.flatnonzero(np.array(self.splits) == split).tolist()
        ids = tuple(self.ids[row] for row in rows)
        return ScoredFilms(
            ids, (split,) * len(ids), np.asarray(self.y_true[rows]), np.asarray(self.y_score[rows])
        )


def evaluate_splits(films: ScoredFilms, config: Config) -> dict[str, Any]:
    """Return the figures of each split at the threshold 0.5, as plain data.

    A split of which no genre of the macro average has a film is left out.

    Args:
        films: the films with labels and scores.
        config: what the run says of itself.

    Raises:
        RunError: it does not say the base rates of its training films.
    """
    splits = {}
    for split in SPLITS:
        on = films.of(split)
        if on.ids:
            with contextlib.suppress(DataError):
                splits[split] = split_figures(on, config, HALF)
    macro = zip(config["genres"], macro_of(config), strict=True)
    names = [genre for genre, is_in in macro if is_in]
    return {"threshold": HALF, "macro_genres": names, "splits": splits}


def split_figures(
    films: ScoredFilms, config: Config, threshold: float | np.ndarray
) -> dict[str, Any]:
    """Return metrics and genre rows of some films, as plain data.

    Args:
        films: the films with labels and scores.
        config: what the run says of itself.
        threshold: one, or one for each genre, (n_genres,).

    Raises:
        DataError: no genre of the macro average has a film here.
        RunError: the run does not say the base rates of its training films.
    """
    found = figures(
        films.y_true,
        films.y_score,
        genres=config["genres"],
        macro=macro_of(config),
        prior=prior_of(config),
        threshold=threshold,
    )
    return without_scores(found) if config["outputs"] == DECISIONS else found


def macro_of(config: Config) -> np.ndarray:
    """Return which genres macro averages of a run go over, (n_genres,) bool.

    Raises:
        RunError: the run does not say how many training films each genre has.
    """
    return macro_genres(config["genres"], _said(config, "train_support"))


def prior_of(config: Config) -> np.ndarray:
    """Return the share of the training films with each genre, (n_genres,) float64.

    Raises:
        RunError: the run does not say it.
    """
    return np.asarray(_said(config, "prior"), dtype=np.float64)


def _said(config: Config, name: str) -> list[float]:
    values: list[float] | None = config.get(name)
    if values is None:
        raise RunError(
            f"The run '{config['label']}' does not say '{name}' in its config.json: one number for "
            f"each of its {len(config['genres'])} genres. docs/run-format.md says which."
        )
    return values
