"""What thresholds do to a run's predictions: metrics on validation and test, beside 0.5."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from genre_core.data.films import Dataset
from genre_core.evaluation.decided import DecisionMetrics, decision_metrics
from genre_core.evaluation.decisions import decide, macro_genres
from genre_core.evaluation.fitting import Objective, best_common_threshold, best_genre_thresholds
from genre_core.runs import thresholds
from genre_core.runs.folder import Run
from genre_core.runs.metrics import HALF
from genre_core.ui.parts import loaders, threshold_editor
from genre_core.ui.parts.loaders import Version
from genre_core.ui.parts.threshold_editor import EditedThresholds

SPLITS = ("validation", "test")


@dataclass(frozen=True)
class Outcome:
    """What the thresholds of a run do.

    Attributes:
        validation: on the validation films, on which they may have been fitted.
        crossed: there too, each film decided by a fit on the others; None unless fitted here.
        test: on the test films.
        half: on the films of each split at a threshold of 0.5.
    """

    validation: DecisionMetrics
    crossed: DecisionMetrics | None
    test: DecisionMetrics
    half: dict[str, DecisionMetrics]

    def f1(self, split: str, average: str) -> float:
        """Return the micro or macro F1 on a split, cross-fitted where fitted here."""
        found = self.test if split == "test" else self.crossed or self.validation
        return found.overall[f"f1_{average}"]


def outcome(run: Run, dataset: Dataset, values: EditedThresholds) -> Outcome:
    """Return what thresholds do on validation and on test."""
    films = {split: _films(run, dataset, split) for split in SPLITS}
    macro = macro_genres(dataset.genres, dataset.train_support)
    on = {
        split: decision_metrics(y_true, decide(y_score, values.thresholds), macro)
        for split, (y_true, y_score) in films.items()
    }
    crossed = None
    if values.fit:
        y_true, y_score = films["validation"]
        y_pred = _cross_decided(loaders.version(run, dataset), values.fit, y_true, y_score)
        crossed = decision_metrics(y_true, y_pred, macro)
    half = {
        split: _half(loaders.version(run, dataset), split, *films[split], macro) for split in SPLITS
    }
    return Outcome(on["validation"], crossed, on["test"], half)


def tuned(run: Run, dataset: Dataset, objective: Objective, scope: str) -> Outcome:
    """Return what thresholds do that are tuned on validation.

    Args:
        run: the run.
        dataset: its films.
        objective: what they are tuned for.
        scope: for all genres or for each, one of `threshold_editor.SCOPES`.
    """
    return _tuned(run, dataset, loaders.version(run, dataset), objective, scope)


def _films(run: Run, dataset: Dataset, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and scores of the films of a split, (n_films, n_genres) each."""
    rows = dataset.rows(split)
    return dataset.labels[rows], np.asarray(loaders.scores(run, dataset)[rows])


@st.cache_resource(max_entries=64, show_spinner=False)
def _tuned(
    _run: Run, _dataset: Dataset, version: Version, objective: Objective, scope: str
) -> Outcome:
    return outcome(_run, _dataset, threshold_editor.tuned(_run, _dataset, objective, scope))


@st.cache_resource(max_entries=64, show_spinner=False)
def _half(
    version: Version,
    split: str,
    _y_true: np.ndarray,
    _y_score: np.ndarray,
    _macro: np.ndarray,
) -> DecisionMetrics:
    return decision_metrics(_y_true, decide(_y_score, HALF), _macro)


@st.cache_data(max_entries=64, show_spinner=False)
def _cross_decided(
    version: Version,
    fit: tuple[Objective, bool],
    _y_true: np.ndarray,
    _y_score: np.ndarray,
) -> np.ndarray:
    objective, is_each = fit
    best = best_genre_thresholds if is_each else best_common_threshold
    return thresholds.cross_decided(_y_true, _y_score, partial(best, objective=objective))
