"""Owner of the ablation's folder: the scores of each trial, small enough for a repository.

Scores alone, as float16: no labels, no weights. With the films they give every figure again, so
that a broken-off ablation goes on elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.ablation.trials import Trial
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.files import array_text, read_arrays, text_array, write_arrays

SPLITS = ("validation", "test")


@dataclass(frozen=True)
class Outcome:
    """What is kept of one trial.

    Attributes:
        scores: (n_films, n_genres) float32 for each split of `SPLITS`.
        facts: seconds of the training, kept epoch, epochs done.
    """

    scores: Mapping[str, np.ndarray]
    facts: Mapping[str, Any]


def write(folder: Path, trial: Trial, dataset: Dataset, outcome: Outcome) -> None:
    """Keep the outcome of a trial."""
    facts = {**outcome.facts, "dataset": dataset.fingerprint, "genres": list(dataset.genres)}
    arrays = {split: outcome.scores[split].astype(np.float16) for split in SPLITS}
    write_arrays(_path(folder, trial), {**arrays, "facts": text_array(facts)})


def read(folder: Path, trial: Trial, dataset: Dataset) -> Outcome | None:
    """Return the outcome of a trial; None if it has none yet.

    Raises:
        DataError: it is damaged, or of other films.
    """
    path = _path(folder, trial)
    if not path.exists():
        return None
    try:
        arrays = read_arrays(path)
        facts = array_text(arrays.pop("facts"))
        scores = {split: arrays[split].astype(np.float32) for split in SPLITS}
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"'{path}' is damaged ({error}). Remove it, and the trial is made again."
        ) from error
    if facts["dataset"] != dataset.fingerprint:
        raise DataError(
            f"'{path}' is about the films {facts['dataset']}, not {dataset.fingerprint}. Give an "
            "empty folder with --out for other films."
        )
    return Outcome(scores, facts)


def _path(folder: Path, trial: Trial) -> Path:
    return folder / f"{trial.name}.npz"
