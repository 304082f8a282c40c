"""What counts as predicted: the rules that pages offer, and the decisions that they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.evaluation.decisions import decide, top_k
from genre_core.runs import thresholds
from genre_core.runs.folder import Run
from genre_core.runs.scores import threshold_of
from genre_core.runs.threshold_sets import names_for
from genre_core.ui.parts import loaders

N_TOP = 3
TOP = f"top {N_TOP}"
HALF = "score of .5"
FITTED = "one threshold, fitted"
FITTED_EACH = "one a genre, fitted"
SAVED = "saved: "
THRESHOLDS: dict[str, float | str] = {
    HALF: 0.5,
    FITTED: thresholds.COMMON,
    FITTED_EACH: thresholds.GENRES,
}
HELP = (
    "What counts as predicted. Fitted thresholds have the best F1 on the validation films; saved "
    "ones come from the page Thresholds."
)


def pick(
    runs: Sequence[Run],
    artifacts: Artifacts,
    *,
    first: str = FITTED,
    has_top: bool = True,
    key: str = "by",
) -> str:
    """Return the rule chosen, one that all of some runs can be decided by.

    Args:
        runs: the runs.
        artifacts: folder of runs and thresholds.
        first: the rule of a page that nothing is asked of.
        has_top: whether the highest-scored genres are a choice beside the thresholds.
        key: of the widget and in the address. That of the page of films differs from that of the
            pages that lead there: a page cannot send what it has bound itself.
    """
    names = [SAVED + name for name in names_for(artifacts, runs)]
    options = [*([TOP] if has_top else []), *THRESHOLDS, *names]
    return st.selectbox(
        "Counts as predicted",
        options,
        index=options.index(first),
        key=key,
        bind="query-params",
        width=230,
        help=HELP,
    )


def threshold(rule: str) -> float | str:
    """Return a rule other than `TOP` as the threshold that comparisons and commands take."""
    return rule.removeprefix(SAVED) if rule.startswith(SAVED) else THRESHOLDS[rule]


def decisions_of(run: Run, rows: np.ndarray, *, dataset: Dataset, rule: str) -> np.ndarray:
    """Return what a run predicts for some films of its dataset, (n_rows, n_genres) uint8.

    Args:
        run: a finished run.
        rows: positions of the films.
        dataset: its films.
        rule: one of those that `pick` offers.
    """
    y_score = np.asarray(loaders.scores(run, dataset)[rows])
    if rule != TOP:
        return decide(y_score, threshold_of(run, threshold(rule)))
    y_pred = np.zeros(y_score.shape, dtype=np.uint8)
    np.put_along_axis(y_pred, top_k(y_score, N_TOP), 1, axis=1)
    return y_pred
