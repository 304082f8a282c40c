"""The thresholds that a session is editing for each run: their values, origin and effect.

Edited thresholds belong to the session; saved thresholds belong to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.fitting import Objective, best_common_threshold, best_genre_thresholds
from genre_core.runs import threshold_origins, threshold_sets, thresholds
from genre_core.runs.folder import Run
from genre_core.runs.scores import threshold_of
from genre_core.runs.threshold_origins import Origin
from genre_core.runs.threshold_sets import ThresholdSet
from genre_core.ui.parts import loaders, notices, rules
from genre_core.ui.parts.loaders import Version
from genre_core.ui.parts.text import literal

STORE = "_thresholds"
SCOPE, RULE = "each", "by"  # keys of the choices of sliders and of the decision rule
NAME = "set_name"  # key of the name to save under
GLOBAL, PER_GENRE = "global", "per_genre"
SCOPES = {GLOBAL: "One for all genres", PER_GENRE: "One for each genre"}
FORMER_SCOPES = {"one for all genres": GLOBAL, "one for each genre": PER_GENRE}  # in URLs before


@dataclass(frozen=True)
class EditedThresholds:
    """One run's thresholds as they are being edited.

    Attributes:
        thresholds: (n_genres,) in [0, 1].
        how: their origin.
        fit: the objective and whether each genre has its own, if they were fitted here.
    """

    thresholds: np.ndarray
    how: Origin
    fit: tuple[Objective, bool] | None = None


def edited(run: Run) -> EditedThresholds:
    """Return the edited thresholds of a run; at first the common one tuned for F1."""
    store = st.session_state.setdefault(STORE, {})
    if run.id not in store:
        threshold = threshold_of(run, thresholds.TUNED)
        by_genre = np.full(len(run.genres), threshold)
        store[run.id] = EditedThresholds(by_genre, Origin("tuned"), (Objective(), False))
    result: EditedThresholds = store[run.id]
    return result


def replace(run: Run, values: EditedThresholds) -> None:
    """Replace the edited thresholds of a run, and move its sliders."""
    st.session_state.setdefault(STORE, {})[run.id] = values
    for column, threshold in enumerate(values.thresholds.tolist()):
        st.session_state[key(run, column)] = threshold
    st.session_state[key(run, None)] = float(values.thresholds[0])


def key(run: Run, column: int | None) -> str:
    """Return the key of a slider; without a column of the one for all genres."""
    return f"limit_{run.id}_{'all' if column is None else column}"


def moved(run: Run, column: int | None) -> None:
    """Take over the value of a slider."""
    value = float(st.session_state[key(run, column)])
    by_genre = edited(run).thresholds.copy()
    by_genre[slice(None) if column is None else column] = value
    replace(run, EditedThresholds(by_genre, Origin("by_hand")))


def tune(run: Run, dataset: Dataset, objective: Objective, scope: str) -> None:
    """Replace the edited thresholds by ones tuned on the validation films, and show their sliders.

    Args:
        run: the run.
        dataset: its films.
        objective: what to tune for.
        scope: one of `SCOPES`.
    """
    replace(run, tuned(run, dataset, objective, scope))
    st.session_state[SCOPE] = scope


def tuned(run: Run, dataset: Dataset, objective: Objective, scope: str) -> EditedThresholds:
    """Return thresholds tuned on the validation films, for all genres or for each."""
    is_each = scope == PER_GENRE
    by_genre = _tuned(run, dataset, loaders.version(run, dataset), objective, is_each)
    origin = threshold_origins.tuned(objective, is_per_genre=is_each)
    return EditedThresholds(by_genre, origin, (objective, is_each))


def start_from(run: Run, rule: str) -> None:
    """Replace the edited thresholds by those of a decision rule."""
    threshold = threshold_of(run, rules.threshold(rule))
    by_genre = np.broadcast_to(np.asarray(threshold, dtype=np.float64), len(run.genres)).copy()
    fits = {rules.TUNED: (Objective(), False), rules.TUNED_PER_GENRE: (Objective(), True)}
    if rule.startswith(threshold_sets.SAVED):  # what was tuned stays tuned under a name
        how = threshold_sets.find(run.artifacts, rule).origin_of(run)
    else:
        how = threshold_origins.parse(rule)
    replace(run, EditedThresholds(by_genre, how, fits.get(rule)))


def sliders(run: Run, dataset: Dataset, is_each: bool) -> None:
    """Show the slider of all genres, or one for each, most frequent first."""
    by_genre = edited(run).thresholds
    if not is_each:
        _slider(run, None, "Threshold of all genres", float(by_genre[0]))
        if len(set(by_genre.tolist())) > 1:
            st.caption("Genres have different thresholds; moving this slider sets all of them.")
        return
    order = np.argsort(-dataset.train_support, kind="stable")
    with st.grid("auto", min_column_width=200):
        for column in order.tolist():
            label = literal(dataset.genres[column])
            _slider(run, column, label, float(by_genre[column]))


def decisions(run: Run, rows: np.ndarray, *, dataset: Dataset) -> np.ndarray:
    """Return the predictions at the edited thresholds, (n_rows, n_genres) uint8."""
    y_score = np.asarray(loaders.scores(run, dataset)[rows])
    return decide(y_score, edited(run).thresholds)


def save(runs: list[Run]) -> None:
    """Save the edited thresholds of some runs under the name that was entered."""
    name = str(st.session_state[NAME]).strip()  # not an argument, which would be that before
    now = {run.id: edited(run) for run in runs}
    by_genre = {
        run.id: dict(zip(run.genres, now[run.id].thresholds.tolist(), strict=True)) for run in runs
    }
    how = {run_id: values.how for run_id, values in now.items()}
    with notices.acting(notices.toast):
        threshold_sets.save(runs[0].artifacts, ThresholdSet(name, by_genre, how))
        st.toast("Saved.", icon=":material/check:")


def apply(name: str) -> None:
    """Make saved thresholds the decision rule of every page."""
    st.session_state[RULE] = threshold_sets.SAVED + name
    st.toast(f"Decision rule on all pages: {literal(name)}.", icon=":material/check:")


def remove(artifacts: Artifacts, name: str) -> None:
    """Remove saved thresholds."""
    with notices.acting(notices.toast):
        threshold_sets.remove(artifacts, name)


@st.cache_resource(max_entries=64, show_spinner=False)
def _tuned(
    _run: Run, _dataset: Dataset, version: Version, objective: Objective, is_each: bool
) -> np.ndarray:
    rows = _dataset.rows("validation")
    y_true = _dataset.labels[rows]
    y_score = np.asarray(loaders.scores(_run, _dataset)[rows])
    if is_each:
        return best_genre_thresholds(y_true, y_score, objective)
    return np.full(y_true.shape[1], best_common_threshold(y_true, y_score, objective))


def _slider(run: Run, column: int | None, label: str, threshold: float) -> None:
    st.session_state.setdefault(key(run, column), threshold)
    st.slider(
        label,
        0.0,
        1.0,
        step=0.01,
        key=key(run, column),
        on_change=moved,
        args=(run, column),
    )
