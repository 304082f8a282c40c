"""Test metrics by the labels of the dataset, and by these labels as corrected in the review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.data.films import Dataset
from genre_core.evaluation.decided import decision_metrics
from genre_core.evaluation.decisions import macro_genres
from genre_core.evaluation.metrics import METRICS
from genre_core.runs.folder import Run
from genre_core.runs.label_decisions import Decision, changes, corrected
from genre_core.ui.parts import loaders, rules
from genre_core.ui.parts.label_doubts import Doubt, progress
from genre_core.ui.parts.loaders import Version
from genre_core.ui.parts.tables import metric_header
from genre_core.ui.parts.text import count

NAMES = ("f1_micro", "f1_macro", "map", "bce")
BIAS = (
    "**Selection bias.** Only labels that both runs contradict are reviewed, so every change "
    "agrees with both runs. The corrected metrics favour both and are no unbiased estimate."
)


def table(run: Run, dataset: Dataset, rule: str, decisions: Iterable[Decision]) -> pd.DataFrame:
    """Return the test metrics of a run by the labels of the dataset and as corrected.

    Args:
        run: the run.
        dataset: its films.
        rule: the decision rule in force.
        decisions: what was decided.
    """
    rows = dataset.rows("test")
    y_pred = rules.decisions_of(run, rows, dataset=dataset, rule=rule)
    before, after = (
        _figures(run, dataset, y_pred, labels[rows], loaders.version(run, dataset))
        for labels in (dataset.labels, corrected(dataset, decisions))
    )
    return pd.DataFrame(
        [
            {
                "Metric": metric_header(metric),
                "Original": before[metric.name],
                "Corrected": after[metric.name],
                "Difference": after[metric.name] - before[metric.name],
            }
            for metric in METRICS
            if metric.name in NAMES
        ]
    )


def columns() -> dict[str, object]:
    """Return the column configuration of `table`."""
    return {
        "Original": st.column_config.NumberColumn(format="%.4f", help="Labels of the dataset."),
        "Corrected": st.column_config.NumberColumn(format="%.4f", help="Labels as decided."),
        "Difference": st.column_config.NumberColumn(format="%+.4f"),
    }


def caption(dataset: Dataset, found: Sequence[Doubt], decisions: Sequence[Decision]) -> str:
    """Return what the corrected metrics are based on."""
    split = dict(zip(dataset.films.ids, dataset.split.tolist(), strict=True))
    changed = [split[one.film] for one in changes(decisions)]
    n_test, n_validation = changed.count("test"), changed.count("validation")
    seen = progress(found, decisions)
    return (
        f"{count(len(dataset.rows('test')), 'test film')}. {count(n_test, 'test label')} changed; "
        f"{count(n_validation, 'change')} in validation do not count here. "
        f"{seen.n_reviewed:,} of {count(seen.n_labels, 'doubted label')} reviewed."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _figures(
    _run: Run, _dataset: Dataset, y_pred: np.ndarray, y_true: np.ndarray, version: Version
) -> dict[str, float]:
    """Return some metrics on the test films by some labels of them."""
    macro = macro_genres(_dataset.genres, _dataset.train_support)
    y_score = np.asarray(loaders.scores(_run, _dataset)[_dataset.rows("test")])
    context = {"macro": macro, "prior": _dataset.prior}
    by_score = {
        metric.name: float(
            metric.function(y_true, y_score, **{name: context[name] for name in metric.context})
        )
        for metric in METRICS
        if metric.needs == "score" and metric.name in NAMES
    }
    return {**decision_metrics(y_true, y_pred, macro).overall, **by_score}
