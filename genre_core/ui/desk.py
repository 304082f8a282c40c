"""The desk on which thresholds are set: what each run's are now, how they came about, what they do.

What is on the desk belongs to the session; saved thresholds belong to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from genre_core import threshold_sets, thresholds
from genre_core.charts.colours import Role, Theme
from genre_core.charts.shares import Bars, Shares
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.evaluation.confusions import predicted_instead
from genre_core.evaluation.decided import Decided, decided
from genre_core.evaluation.decisions import decide, macro_genres
from genre_core.evaluation.fitting import (
    ENOUGH,
    Objective,
    best_common_threshold,
    best_genre_thresholds,
)
from genre_core.run_scores import threshold_of
from genre_core.runs import Run
from genre_core.threshold_sets import ThresholdSet
from genre_core.ui import loaders, rules
from genre_core.ui.text import count, literal

STORE = "_desk"
ALL, EACH = "one for all genres", "one for each genre"
OBJECTIVES = {
    "F1": "f1",
    "precision of at least": "precision",
    "recall of at least": "recall",
}
BY_HAND = "set by hand"
SHOWN = {
    "precision_micro": "Precision, micro",
    "recall_micro": "Recall, micro",
    "f1_micro": "F1, micro",
    "precision_macro": "Precision, macro",
    "recall_macro": "Recall, macro",
    "f1_macro": "F1, macro",
    "hamming_loss": "Hamming loss",
    "subset_accuracy": "Subset accuracy",
}
N_CONFUSIONS = 8


@dataclass(frozen=True)
class Setting:
    """One run's thresholds as they are on the desk.

    Attributes:
        limits: (n_genres,) in [0, 1].
        how: how they came about, in words.
        fit: the objective and whether each genre has its own, if they were fitted here.
    """

    limits: np.ndarray
    how: str
    fit: tuple[Objective, bool] | None = None


@dataclass(frozen=True)
class Outcome:
    """What the thresholds of a run do.

    Attributes:
        validation: on the validation films, on which they may have been fitted.
        crossed: there too, each film decided by a fit on the others; None unless fitted here.
        test: on the test films.
        half: on the test films at a threshold of .5.
    """

    validation: Decided
    crossed: Decided | None
    test: Decided
    half: Decided


def setting(run: Run, artifacts: Path) -> Setting:
    """Return what is on the desk for a run; at first the common threshold fitted for F1."""
    store = st.session_state.setdefault(STORE, {})
    if run.id not in store:
        limit = threshold_of(run, artifacts, thresholds.COMMON)
        fit = (Objective(), False)
        store[run.id] = Setting(np.full(len(run.genres), limit), _fitted_words(*fit), fit)
    return store[run.id]


def put(run: Run, values: Setting) -> None:
    """Put thresholds for a run on the desk, and under its sliders."""
    st.session_state.setdefault(STORE, {})[run.id] = values
    for column, limit in enumerate(values.limits.tolist()):
        st.session_state[key(run, column)] = limit
    st.session_state[key(run, None)] = float(values.limits[0])


def key(run: Run, column: int | None) -> str:
    """Return the key of a slider; without a column of the one for all genres."""
    return f"limit_{run.id}_{'all' if column is None else column}"


def moved(run: Run, artifacts: Path, column: int | None) -> None:
    """Take over what a slider was moved to."""
    value = float(st.session_state[key(run, column)])
    limits = setting(run, artifacts).limits.copy()
    limits[slice(None) if column is None else column] = value
    put(run, Setting(limits, BY_HAND))


def fit(run: Run, dataset: Dataset, objective: Objective, is_each: bool) -> None:
    """Put thresholds on the desk that are fitted on the validation films."""
    rows = dataset.rows("validation")
    y_true = dataset.labels[rows]
    y_score = np.asarray(loaders.scores(run, dataset)[rows])
    if is_each:
        limits = best_genre_thresholds(y_true, y_score, objective)
    else:
        limits = np.full(y_true.shape[1], best_common_threshold(y_true, y_score, objective))
    put(run, Setting(limits, _fitted_words(objective, is_each), (objective, is_each)))


def start_from(run: Run, artifacts: Path, rule: str) -> None:
    """Put the thresholds of a rule on the desk."""
    limit = threshold_of(run, artifacts, rules.threshold(rule))
    limits = np.broadcast_to(np.asarray(limit, dtype=np.float64), len(run.genres)).copy()
    fits = {rules.FITTED: (Objective(), False), rules.FITTED_EACH: (Objective(), True)}
    put(run, Setting(limits, rule, fits.get(rule)))


def sliders(run: Run, dataset: Dataset, artifacts: Path, is_each: bool) -> None:
    """Show the slider of all genres, or one for each, most frequent first."""
    limits = setting(run, artifacts).limits
    if not is_each:
        _slider(run, artifacts, None, "Threshold of all genres", float(limits[0]))
        if len(set(limits.tolist())) > 1:
            st.caption("The genres have different thresholds now; moving this one sets them all.")
        return
    order = np.argsort(-dataset.train_support, kind="stable")
    with st.grid("auto", min_column_width=200):
        for column in order.tolist():
            label = literal(dataset.genres[column])
            _slider(run, artifacts, column, label, float(limits[column]))


def outcome(run: Run, dataset: Dataset, values: Setting) -> Outcome:
    """Return what thresholds do on validation and on test."""
    macro = macro_genres(dataset.genres, dataset.train_support)
    scores = loaders.scores(run, dataset)
    y_true, y_score = (
        {split: np.asarray(of[dataset.rows(split)]) for split in ("validation", "test")}
        for of in (dataset.labels, scores)
    )
    crossed = None
    if values.fit:
        y_pred = _cross_decided(run.id, values.fit, y_true["validation"], y_score["validation"])
        crossed = decided(y_true["validation"], y_pred, macro)
    on = {
        split: decided(y_true[split], decide(y_score[split], values.limits), macro)
        for split in y_true
    }
    half = decided(y_true["test"], decide(y_score["test"], 0.5), macro)
    return Outcome(on["validation"], crossed, on["test"], half)


def decisions(run: Run, rows: np.ndarray, *, dataset: Dataset, artifacts: Path) -> np.ndarray:
    """Return what the thresholds on the desk make of some films, (n_rows, n_genres) uint8."""
    y_score = np.asarray(loaders.scores(run, dataset)[rows])
    return decide(y_score, setting(run, artifacts).limits)


def sentence(values: Setting, found: Outcome, n_films: dict[str, int]) -> str:
    """Return what the thresholds do, in words."""
    test, half = found.test.overall, found.half.overall
    words = (
        f"Thresholds: {literal(values.how)}. On {count(n_films['test'], 'test film')} micro F1 is "
        f"**{test['f1_micro']:.3f}** (at .5: {half['f1_micro']:.3f}), macro F1 "
        f"**{test['f1_macro']:.3f}** (at .5: {half['f1_macro']:.3f})."
    )
    if found.crossed is None:
        return f"{words} They were not fitted here, so there is no cross-fitted figure."
    seen, crossed = found.validation.overall, found.crossed.overall
    return (
        f"{words} On the {count(n_films['validation'], 'validation film')} that they are fitted "
        f"on macro F1 looks like {seen['f1_macro']:.3f}; cross-fitted it is "
        f"{crossed['f1_macro']:.3f}: what is lost was fitted to chance."
    )


def unreached(run: Run, dataset: Dataset, values: Setting, found: Outcome) -> list[str]:
    """Return the genres whose own threshold misses on validation what was asked for."""
    if not values.fit or values.fit[0].name == "f1" or not values.fit[1]:
        return []
    objective = values.fit[0]
    reached = found.validation.genres[objective.name]
    return [
        genre
        for column, genre in enumerate(dataset.genres)
        if found.validation.support[column] >= ENOUGH and reached[column] < objective.at_least
    ]


def overall_table(found: Outcome) -> pd.DataFrame:
    """Return the figures over all genres, one line a way to look."""
    lines = {
        "validation, as fitted": found.validation,
        "validation, cross-fitted": found.crossed,
        "test": found.test,
        "test at .5": found.half,
    }
    return pd.DataFrame(
        [
            {"Films": name, **{SHOWN[key]: one.overall[key] for key in SHOWN}}
            for name, one in lines.items()
            if one
        ]
    )


def genre_table(dataset: Dataset, values: Setting, found: Outcome) -> pd.DataFrame:
    """Return one line a genre, most frequent first, validation beside test."""
    table = pd.DataFrame({"Genre": dataset.genres, "Threshold": values.limits})
    for name, one in (("validation", found.validation), ("test", found.test)):
        table[f"Films, {name}"] = one.support
        table[f"Predicted, {name}"] = one.n_predicted
        for measure, label in (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1")):
            table[f"{label}, {name}"] = one.genres[measure]
    if found.crossed:
        table["F1, validation, cross-fitted"] = found.crossed.genres["f1"]
    table["F1, test at .5"] = found.half.genres["f1"]
    order = np.argsort(-dataset.train_support, kind="stable")
    return table.iloc[order].reset_index(drop=True)


def confusion_table(run: Run, dataset: Dataset, values: Setting) -> pd.DataFrame:
    """Return the most frequent pairs of a missed genre and one predicted instead, on test."""
    rows = dataset.rows("test")
    y_pred = decide(np.asarray(loaders.scores(run, dataset)[rows]), values.limits)
    found = predicted_instead(dataset.labels[rows], y_pred)
    best = np.argsort(-found.counts, axis=None, kind="stable")[:N_CONFUSIONS]
    pairs = zip(*np.unravel_index(best, found.counts.shape), strict=True)
    return pd.DataFrame(
        [
            {
                "Missed": dataset.genres[missed],
                "Predicted instead": dataset.genres[instead],
                "Films": int(found.counts[missed, instead]),
                "of missed": int(found.n_missed[missed]),
            }
            for missed, instead in pairs
            if found.counts[missed, instead]
        ],
        columns=["Missed", "Predicted instead", "Films", "of missed"],
    )


def f1_bars(table: pd.DataFrame) -> Bars:
    """Return F1 on test as bars."""
    return Bars("test", list(table["F1, test"]), [""] * len(table))


def f1_dots(table: pd.DataFrame, role: Role, theme: Theme) -> list[Shares]:
    """Return F1 on validation as dots, with and without cross-fitting, and on test at .5."""
    colour = theme.colour(role)
    kinds = [
        ("validation, as fitted", "F1, validation", colour, "circle-open"),
        ("validation, cross-fitted", "F1, validation, cross-fitted", colour, "circle"),
        ("test at .5", "F1, test at .5", theme.ink, "x-thin"),
    ]
    return [
        Shares(label, list(table[column]), paint, symbol)
        for label, column, paint, symbol in kinds
        if column in table
    ]


def save(name: str, runs: list[Run], artifacts: Path) -> None:
    """Save what is on the desk for some runs under a name, and say whether that worked."""
    now = {run.id: setting(run, artifacts) for run in runs}
    limits = {
        run.id: dict(zip(run.genres, now[run.id].limits.tolist(), strict=True)) for run in runs
    }
    how = {run_id: values.how for run_id, values in now.items()}
    try:
        threshold_sets.save(artifacts, ThresholdSet(name, limits, how))
    except DataError as error:
        st.toast(literal(str(error)), icon=":material/error:")
        return
    st.toast("Saved.", icon=":material/check:")


def _slider(run: Run, artifacts: Path, column: int | None, label: str, limit: float) -> None:
    st.session_state.setdefault(key(run, column), limit)
    st.slider(
        label,
        0.0,
        1.0,
        step=0.01,
        key=key(run, column),
        on_change=moved,
        args=(run, artifacts, column),
    )


def _fitted_words(objective: Objective, is_each: bool) -> str:
    goal = {value: label for label, value in OBJECTIVES.items()}[objective.name]
    if objective.name != "f1":
        goal = f"{goal} {objective.at_least:g}"
    return f"fitted on validation for {goal}, {EACH if is_each else ALL}"


@st.cache_data(max_entries=64, show_spinner=False)
def _cross_decided(
    run_id: str, fit: tuple[Objective, bool], _y_true: np.ndarray, _y_score: np.ndarray
) -> np.ndarray:
    objective, is_each = fit
    best = best_genre_thresholds if is_each else best_common_threshold
    return thresholds.cross_decided(_y_true, _y_score, partial(best, objective=objective))
