"""Decision rules: those that pages offer, and the predictions that they make of scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.evaluation.decided import DecisionMetrics, decision_metrics
from genre_core.evaluation.decisions import decide, macro_genres, top_k
from genre_core.evaluation.fitting import ObjectiveName
from genre_core.runs import threshold_origins, thresholds
from genre_core.runs.folder import Run
from genre_core.runs.scores import threshold_of
from genre_core.runs.threshold_origins import Origin, OriginName
from genre_core.runs.threshold_sets import SAVED, names_for
from genre_core.ui.parts import address, loaders
from genre_core.ui.parts.loaders import Version
from genre_core.ui.parts.text import literal

N_TOP = 3
TOP, HALF, TUNED, TUNED_PER_GENRE = "top3", "half", thresholds.TUNED, thresholds.TUNED_PER_GENRE
# A rule is one of these keys, or the name of saved thresholds behind `SAVED`.
RULES: dict[str, str] = {
    TOP: f"Top {N_TOP}",
    HALF: "Threshold 0.5",
    TUNED: "Tuned, global",
    TUNED_PER_GENRE: "Tuned, per genre",
}
THRESHOLDS: dict[str, float | str] = {
    HALF: 0.5,
    TUNED: thresholds.TUNED,
    TUNED_PER_GENRE: thresholds.TUNED_PER_GENRE,
}
FORMER = {  # what URLs held before
    "top 3": TOP,
    "score of .5": HALF,
    "one threshold, fitted": TUNED,
    "one a genre, fitted": TUNED_PER_GENRE,
}
FORMER_SAVED = "saved: "
ORIGINS: dict[OriginName, str] = {
    "half": RULES[HALF],
    "tuned": RULES[TUNED],
    "tuned_per_genre": RULES[TUNED_PER_GENRE],
    "by_hand": "Set by hand",
    "unknown": "Saved",
}
OBJECTIVES: dict[ObjectiveName, str] = {
    "f1": "F1",
    "precision": "Precision of at least",
    "recall": "Recall of at least",
}
HELP = (
    "How scores become predictions. Tuned thresholds have the best F1 on the validation films; "
    "saved ones come from the page Thresholds."
)


def pick(runs: Sequence[Run], artifacts: Artifacts) -> str:
    """Return the rule chosen for all pages, one that all of some runs can be decided by.

    Args:
        runs: the runs.
        artifacts: folder of runs and thresholds.
    """
    names = names_for(artifacts, runs)
    keys = [TUNED, TUNED_PER_GENRE, HALF, TOP, *(SAVED + name for name in names)]
    return address.pick(
        st.selectbox,
        "Decision rule",
        {rule: label(rule) for rule in keys},
        key="by",
        former={**FORMER, **{FORMER_SAVED + name: SAVED + name for name in names}},
        help=HELP,
    )


def common(rule: str, runs: Sequence[Run], artifacts: Artifacts, *, has_top: bool = True) -> str:
    """Return a rule that all of some runs can be decided by, and say so where it is another one.

    Args:
        rule: the one chosen.
        runs: the runs, which need not be those of the sidebar.
        artifacts: folder of runs and thresholds.
        has_top: whether the highest-scored genres will do; comparisons need thresholds.
    """
    name = rule.removeprefix(SAVED)
    is_whole = not rule.startswith(SAVED) or name in names_for(artifacts, runs)
    if is_whole and (has_top or rule != TOP):
        return rule
    why = "has no threshold" if is_whole else "lacks one of these runs"
    st.caption(f"{literal(label(rule))} {why}; this page uses: {RULES[TUNED]}.")
    return TUNED


def label(rule: str) -> str:
    """Return a rule as it is shown: its label, or the name of saved thresholds.

    The key of how thresholds came about is a rule too where they are not saved.

    >>> label("tuned"), label("saved:mine"), label("saved:Top 3")
    ('Tuned, global', 'mine', 'Top 3 (saved)')
    """
    if not rule.startswith(SAVED):
        return RULES.get(rule) or origin_label(threshold_origins.parse(rule))
    name = rule.removeprefix(SAVED)
    return f"{name} (saved)" if name in RULES.values() else name


def origin_label(origin: Origin) -> str:
    """Return how thresholds came about as it is shown.

    >>> origin_label(Origin("tuned")), origin_label(threshold_origins.parse("tuned:recall:0.8"))
    ('Tuned, global', 'Tuned, global: recall of at least 0.8')
    """
    words = ORIGINS[origin.name]
    if not origin.is_tuned or origin.objective.name == "f1":
        return words
    goal = OBJECTIVES[origin.objective.name].lower()
    return f"{words}: {goal} {origin.objective.at_least:g}"


def threshold(rule: str) -> float | str:
    """Return a rule other than `TOP` as the threshold that comparisons and commands take."""
    return rule if rule.startswith(SAVED) else THRESHOLDS[rule]


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


def test_metrics(run: Run, dataset: Dataset, rule: str) -> DecisionMetrics:
    """Return the metrics of a run's predictions on the test films of its dataset.

    Args:
        run: a finished run.
        dataset: its films.
        rule: one of those that `pick` offers.
    """
    limits = () if rule == TOP else threshold_of(run, threshold(rule))
    key = (rule, np.asarray(limits).tobytes())  # other thresholds may be saved under the name
    return _test_metrics(run, dataset, loaders.version(run, dataset), key)


@st.cache_resource(max_entries=256, show_spinner=False)
def _test_metrics(
    _run: Run, _dataset: Dataset, version: Version, key: tuple[str, bytes]
) -> DecisionMetrics:
    rows = _dataset.rows("test")
    macro = macro_genres(_dataset.genres, _dataset.train_support)
    y_pred = decisions_of(_run, rows, dataset=_dataset, rule=key[0])
    return decision_metrics(_dataset.labels[rows], y_pred, macro)
