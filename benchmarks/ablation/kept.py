"""Owner of the ablation's folder: the scores of each trial, small enough for a repository.

Only scores are stored, as float16, without labels and weights. All metrics can be recomputed from
them and the films, so an interrupted ablation can be continued elsewhere.
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
    """The stored outcome of one trial.

    Attributes:
        scores: (n_films, n_genres) float32 for each split of `SPLITS`.
        facts: duration of the training in seconds, kept epoch, number of epochs.
    """

    scores: Mapping[str, np.ndarray]
    facts: Mapping[str, Any]


def write(folder: Path, trial: Trial, dataset: Dataset, outcome: Outcome) -> None:
    """Save the outcome of a trial."""
    facts = {**outcome.facts, "dataset": dataset.fingerprint, "genres": list(dataset.genres)}
    arrays = {split: outcome.scores[split].astype(np.float16) for split in SPLITS}
    write_arrays(_path(folder, trial), {**arrays, "facts": text_array(facts)})


def read(folder: Path, trial: Trial, dataset: Dataset) -> Outcome | None:
    """Return the outcome of a trial; None if it has none yet.

    Raises:
        DataError: the file is damaged, or about other films.
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
            f"'{path}' is damaged ({error}). Remove it to run the trial again."
        ) from error
    if facts["dataset"] != dataset.fingerprint:
        raise DataError(
            f"'{path}' is about dataset {facts['dataset']}, not {dataset.fingerprint}. Choose an "
            "empty folder with --out for other films."
        )
    return Outcome(scores, facts)


def _path(folder: Path, trial: Trial) -> Path:
    return folder / f"{trial.name}.npz"
