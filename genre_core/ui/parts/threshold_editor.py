"""The desk on which thresholds are set: what each run's are now, how they came about, what they do.

What is on the desk belongs to the session; saved thresholds belong to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.fitting import Objective, best_common_threshold, best_genre_thresholds
from genre_core.runs import threshold_origins, threshold_sets, thresholds
from genre_core.runs.folder import Run
from genre_core.runs.scores import threshold_of
from genre_core.runs.threshold_origins import Origin
from genre_core.runs.threshold_sets import ThresholdSet
from genre_core.ui.parts import loaders, rules
from genre_core.ui.parts.text import literal

STORE = "_desk"
GLOBAL, PER_GENRE = "global", "per_genre"
SCOPES = {GLOBAL: "One for all genres", PER_GENRE: "One for each genre"}
FORMER_SCOPES = {"one for all genres": GLOBAL, "one for each genre": PER_GENRE}  # in URLs before


@dataclass(frozen=True)
class Setting:
    """One run's thresholds as they are on the desk.

    Attributes:
        limits: (n_genres,) in [0, 1].
        how: how they came about.
        fit: the objective and whether each genre has its own, if they were fitted here.
    """

    limits: np.ndarray
    how: Origin
    fit: tuple[Objective, bool] | None = None


def setting(run: Run) -> Setting:
    """Return what is on the desk for a run; at first the common threshold fitted for F1."""
    store = st.session_state.setdefault(STORE, {})
    if run.id not in store:
        limit = threshold_of(run, thresholds.TUNED)
        limits = np.full(len(run.genres), limit)
        store[run.id] = Setting(limits, Origin("tuned"), (Objective(), False))
    result: Setting = store[run.id]
    return result


def put(run: Run, values: Setting) -> None:
    """Put thresholds for a run on the desk, and under its sliders."""
    st.session_state.setdefault(STORE, {})[run.id] = values
    for column, limit in enumerate(values.limits.tolist()):
        st.session_state[key(run, column)] = limit
    st.session_state[key(run, None)] = float(values.limits[0])


def key(run: Run, column: int | None) -> str:
    """Return the key of a slider; without a column of the one for all genres."""
    return f"limit_{run.id}_{'all' if column is None else column}"


def moved(run: Run, column: int | None) -> None:
    """Take over what a slider was moved to."""
    value = float(st.session_state[key(run, column)])
    limits = setting(run).limits.copy()
    limits[slice(None) if column is None else column] = value
    put(run, Setting(limits, Origin("by_hand")))


def fit(run: Run, dataset: Dataset, objective: Objective, is_each: bool) -> None:
    """Put thresholds on the desk that are fitted on the validation films."""
    rows = dataset.rows("validation")
    y_true = dataset.labels[rows]
    y_score = np.asarray(loaders.scores(run, dataset)[rows])
    if is_each:
        limits = best_genre_thresholds(y_true, y_score, objective)
    else:
        limits = np.full(y_true.shape[1], best_common_threshold(y_true, y_score, objective))
    origin = threshold_origins.tuned(objective, is_per_genre=is_each)
    put(run, Setting(limits, origin, (objective, is_each)))


def start_from(run: Run, rule: str) -> None:
    """Put the thresholds of a rule on the desk."""
    limit = threshold_of(run, rules.threshold(rule))
    limits = np.broadcast_to(np.asarray(limit, dtype=np.float64), len(run.genres)).copy()
    fits = {rules.TUNED: (Objective(), False), rules.TUNED_PER_GENRE: (Objective(), True)}
    if rule.startswith(threshold_sets.SAVED):  # what was tuned stays tuned under a name
        how = threshold_sets.find(run.artifacts, rule).origin_of(run)
    else:
        how = threshold_origins.parse(rule)
    put(run, Setting(limits, how, fits.get(rule)))


def sliders(run: Run, dataset: Dataset, is_each: bool) -> None:
    """Show the slider of all genres, or one for each, most frequent first."""
    limits = setting(run).limits
    if not is_each:
        _slider(run, None, "Threshold of all genres", float(limits[0]))
        if len(set(limits.tolist())) > 1:
            st.caption("The genres have different thresholds now; moving this one sets them all.")
        return
    order = np.argsort(-dataset.train_support, kind="stable")
    with st.grid("auto", min_column_width=200):
        for column in order.tolist():
            label = literal(dataset.genres[column])
            _slider(run, column, label, float(limits[column]))


def decisions(run: Run, rows: np.ndarray, *, dataset: Dataset) -> np.ndarray:
    """Return what the thresholds on the desk make of some films, (n_rows, n_genres) uint8."""
    y_score = np.asarray(loaders.scores(run, dataset)[rows])
    return decide(y_score, setting(run).limits)


def save(name: str, runs: list[Run]) -> None:
    """Save what is on the desk for some runs under a name, and say whether that worked."""
    now = {run.id: setting(run) for run in runs}
    limits = {
        run.id: dict(zip(run.genres, now[run.id].limits.tolist(), strict=True)) for run in runs
    }
    how = {run_id: values.how for run_id, values in now.items()}
    try:
        threshold_sets.save(runs[0].artifacts, ThresholdSet(name, limits, how))
    except DataError as error:
        st.toast(literal(str(error)), icon=":material/error:")
        return
    st.toast("Saved.", icon=":material/check:")


def _slider(run: Run, column: int | None, label: str, limit: float) -> None:
    st.session_state.setdefault(key(run, column), limit)
    st.slider(
        label,
        0.0,
        1.0,
        step=0.01,
        key=key(run, column),
        on_change=moved,
        args=(run, column),
    )
