"""Which runs have scores for which films, and the films that some runs share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genre_core.data.films import Dataset
from genre_core.runs.folder import Run
from genre_core.runs.scores import LEAST_COMMON
from genre_core.ui.parts import loaders


def finished_on(dataset: Dataset, runs: Sequence[Run]) -> list[Run]:
    """Return the finished runs with scores for enough test films to be compared, in their order."""
    n_test = len(dataset.rows("test"))
    return [
        run
        for run in runs
        if run.state == "finished"
        and run.dataset == dataset.fingerprint
        and 0 < min(n_test, LEAST_COMMON) <= loaders.n_scored(run, dataset, "test")
    ]


def complete_runs(dataset: Dataset, runs: Sequence[Run]) -> list[Run]:
    """Return the finished runs with scores for all test films of a dataset, in their order."""
    n_test = len(dataset.rows("test"))
    return [
        run
        for run in finished_on(dataset, runs)
        if loaders.n_scored(run, dataset, "test") == n_test
    ]


def scored_films(dataset: Dataset, runs: Sequence[Run]) -> Dataset:
    """Return a dataset without the validation and test films that one of some runs lacks.

    A run without scores for any film of a split says nothing about the films of that split.
    """
    is_gone = np.zeros(len(dataset.films), dtype=bool)
    for run in runs:
        for split in ("validation", "test"):
            if split in loaders.splits(run):
                is_gone |= (dataset.split == split) & ~loaders.is_scored(run, dataset)
    return dataset.without(is_gone)
