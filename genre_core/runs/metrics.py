"""The content of `metrics.json`: metrics of every split that a run has scores for."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from genre_core.data.films import SPLITS, Dataset
from genre_core.errors import DataError, RunError
from genre_core.evaluation.decisions import macro_genres
from genre_core.evaluation.figures import figures, without_scores
from genre_core.runs.config import DECISIONS, Config

HALF = 0.5  # the threshold of the reports; others are applied when metrics are shown


class ScoredFilms(NamedTuple):
    """The outputs of a run for some films, with the labels of these films.

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
        """Return all films of a dataset with scores of shape (n_films, n_genres)."""
        return cls(dataset.films.ids, tuple(dataset.split.tolist()), dataset.labels, y_score)

    def of(self, split: str) -> ScoredFilms:
        """Return the films of a split, which may be empty."""
        rows = np.flatnonzero(np.array(self.splits) == split).tolist()
        ids = tuple(self.ids[row] for row in rows)
        return ScoredFilms(
            ids, (split,) * len(ids), np.asarray(self.y_true[rows]), np.asarray(self.y_score[rows])
        )


def evaluate_splits(films: ScoredFilms, config: Config) -> dict[str, Any]:
    """Return the metrics of each split at the threshold 0.5, as plain data.

    Splits without a positive film in any genre of the macro average are left out.

    Args:
        films: the films with labels and scores.
        config: config of the run, see `runs.config`.

    Raises:
        RunError: the config has no base rates of the training films.
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
    """Return the metrics on some films, overall and per genre, as plain data.

    Args:
        films: the films with labels and scores.
        config: config of the run, see `runs.config`.
        threshold: one, or one per genre, (n_genres,).

    Raises:
        DataError: no genre of the macro average has a positive film here.
        RunError: the config has no base rates of the training films.
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
    """Return the mask of the genres in a run's macro averages, (n_genres,) bool.

    Raises:
        RunError: the config does not have the number of training films of each genre.
    """
    return macro_genres(config["genres"], _required(config, "train_support"))


def prior_of(config: Config) -> np.ndarray:
    """Return the base rates, the share of training films with each genre, (n_genres,) float64.

    Raises:
        RunError: the config does not have them.
    """
    return np.asarray(_required(config, "prior"), dtype=np.float64)


def _required(config: Config, name: str) -> list[float]:
    values: list[float] | None = config.get(name)
    if values is None:
        raise RunError(
            f"The config.json of the run '{config['label']}' has no '{name}'. Expected a list of "
            f"{len(config['genres'])} numbers, one per genre. See docs/run-format.md."
        )
    return values
