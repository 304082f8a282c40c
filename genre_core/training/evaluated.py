"""The figures of a run: every split, scored without dropout by the weights that were kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from genre_core.data.films import SPLITS, Dataset
from genre_core.errors import DataError
from genre_core.evaluation.decisions import defined_macro, macro_genres
from genre_core.evaluation.metrics import figures

THRESHOLD = 0.5  # the reports'; other thresholds are applied when figures are looked at


def macro_mask(dataset: Dataset) -> np.ndarray:
    """Return which genres macro averages go over, (n_genres,) bool.

    Raises:
        DataError: some split has no film of any such genre, so it cannot be evaluated.
    """
    macro = macro_genres(dataset.genres, dataset.train_support)
    for split in SPLITS:
        if not defined_macro(dataset.labels[dataset.rows(split)], macro).any():
            raise DataError(
                f"No genre with at least 10 training films has a film in the {split} split "
                f"({len(dataset.films)} films in all). Expected more films; bring more, or give "
                "another split with --split."
            )
    return macro


def evaluate_splits(dataset: Dataset, scores: np.ndarray) -> dict[str, Any]:
    """Return the content of `metrics.json` for scores of all films, (n_films, n_genres)."""
    macro = macro_mask(dataset)
    splits = {}
    for split in SPLITS:
        rows = dataset.rows(split)
        splits[split] = figures(
            dataset.labels[rows],
            scores[rows],
            genres=dataset.genres,
            macro=macro,
            prior=dataset.prior,
            threshold=THRESHOLD,
        )
    macro_names = [genre for genre, is_in in zip(dataset.genres, macro, strict=True) if is_in]
    return {"threshold": THRESHOLD, "macro_genres": macro_names, "splits": splits}
