"""What the thresholds in the editor do: sentences, tables and dots, validation beside test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.charts.colours import Role, Theme
from genre_core.charts.shares import Bars, Shares
from genre_core.data.films import Dataset
from genre_core.evaluation.confusions import predicted_instead
from genre_core.evaluation.decided import DecisionMetrics, decision_metrics
from genre_core.evaluation.decisions import decide, macro_genres
from genre_core.evaluation.fitting import (
    ENOUGH,
    Objective,
    best_common_threshold,
    best_genre_thresholds,
)
from genre_core.evaluation.metrics import METRICS
from genre_core.runs import thresholds
from genre_core.runs.folder import Run
from genre_core.runs.threshold_origins import Origin
from genre_core.ui.parts import loaders, rules
from genre_core.ui.parts.text import count, literal
from genre_core.ui.parts.threshold_editor import EditedThresholds

N_CONFUSIONS = 8


@dataclass(frozen=True)
class Outcome:
    """What the thresholds of a run do.

    Attributes:
        validation: on the validation films, on which they may have been fitted.
        crossed: there too, each film decided by a fit on the others; None unless fitted here.
        test: on the test films.
        half: on the test films at a threshold of 0.5.
    """

    validation: DecisionMetrics
    crossed: DecisionMetrics | None
    test: DecisionMetrics
    half: DecisionMetrics


def outcome(run: Run, dataset: Dataset, values: EditedThresholds) -> Outcome:
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
        crossed = decision_metrics(y_true["validation"], y_pred, macro)
    on = {
        split: decision_metrics(y_true[split], decide(y_score[split], values.thresholds), macro)
        for split in y_true
    }
    half = decision_metrics(y_true["test"], decide(y_score["test"], 0.5), macro)
    return Outcome(on["validation"], crossed, on["test"], half)


def sentence(values: EditedThresholds, found: Outcome, n_films: dict[str, int]) -> str:
    """Return what the thresholds do, in words."""
    test, half = found.test.overall, found.half.overall
    words = (
        f"Thresholds: {literal(rules.origin_label(values.how))}. On "
        f"{count(n_films['test'], 'test film')} micro F1 is **{test['f1_micro']:.3f}** (at 0.5: "
        f"{half['f1_micro']:.3f}), macro F1 **{test['f1_macro']:.3f}** (at 0.5: "
        f"{half['f1_macro']:.3f})."
    )
    if found.crossed is None and values.how.is_tuned:
        return f"{words} Tuned on these validation films, so validation metrics are too optimistic."
    if found.crossed is None:
        return f"{words} Not tuned here, so validation metrics need no cross-fitting."
    seen, crossed = found.validation.overall["f1_macro"], found.crossed.overall["f1_macro"]
    return (
        f"{words} On the {count(n_films['validation'], 'validation film')} used for tuning, macro "
        f"F1 is {seen:.3f} as fitted and {crossed:.3f} cross-fitted."
    )


def unreached(dataset: Dataset, values: EditedThresholds, found: Outcome) -> list[str]:
    """Return the genres for which no threshold does on validation what was asked for.

    With one threshold for all genres, which pools them, they are all missed together.
    """
    if not values.fit or values.fit[0].name == "f1":
        return []
    (objective, is_each), seen = values.fit, found.validation
    if not is_each:
        reached = seen.overall[f"{objective.name}_micro"] >= objective.at_least
        return [] if reached else list(dataset.genres)
    few = seen.support < ENOUGH  # these have the common threshold: 1 where that reaches it nowhere
    missed = np.where(
        few, values.thresholds >= 1, np.asarray(seen.genres[objective.name]) < objective.at_least
    )
    return [dataset.genres[column] for column in np.flatnonzero(missed)]


def overall_table(found: Outcome, how: Origin) -> pd.DataFrame:
    """Return the figures over all genres, one line a way to look, with how thresholds came about.

    Args:
        found: what the thresholds do.
        how: how they came about.
    """
    lines = {
        on_validation(found): found.validation,
        "validation, cross-fitted": found.crossed,
        "test": found.test,
        "test at 0.5": found.half,
    }
    return pd.DataFrame(
        [
            {
                "Films": name,
                **{m.label: one.overall[m.name] for m in METRICS if m.name in one.overall},
                "Thresholds": rules.origin_label(Origin("half") if one is found.half else how),
            }
            for name, one in lines.items()
            if one
        ]
    )


def genre_table(dataset: Dataset, values: EditedThresholds, found: Outcome) -> pd.DataFrame:
    """Return one line a genre, most frequent first, validation beside test."""
    table = pd.DataFrame({"Genre": dataset.genres, "Threshold": values.thresholds})
    for name, one in (("validation", found.validation), ("test", found.test)):
        table[f"Films, {name}"] = one.support
        table[f"Predicted, {name}"] = one.n_predicted
        for measure, label in (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1")):
            table[f"{label}, {name}"] = one.genres[measure]
        # Undefined, not 0, where a genre is never predicted.
        table.loc[one.n_predicted == 0, f"Precision, {name}"] = np.nan
    if found.crossed:
        table["F1, validation, cross-fitted"] = found.crossed.genres["f1"]
    table["F1, test at 0.5"] = found.half.genres["f1"]
    order = np.argsort(-dataset.train_support, kind="stable")
    return table.iloc[order].reset_index(drop=True)


def confusion_table(run: Run, dataset: Dataset, values: EditedThresholds) -> pd.DataFrame:
    """Return the most frequent pairs of a missed genre and one predicted instead, on test."""
    rows = dataset.rows("test")
    y_pred = decide(np.asarray(loaders.scores(run, dataset)[rows]), values.thresholds)
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


def on_validation(found: Outcome) -> str:
    """Return what figures of the validation films are called."""
    return "validation, as fitted" if found.crossed else "validation"


def f1_dots(table: pd.DataFrame, found: Outcome, role: Role, theme: Theme) -> list[Shares]:
    """Return F1 on validation as dots, with and without cross-fitting, and on test at 0.5."""
    colour = theme.colour(role)
    kinds = [
        (on_validation(found), "F1, validation", colour, "circle-open"),
        ("validation, cross-fitted", "F1, validation, cross-fitted", colour, "circle"),
        ("test at 0.5", "F1, test at 0.5", theme.ink, "x-thin"),
    ]
    return [
        Shares(label, list(table[column]), paint, symbol)
        for label, column, paint, symbol in kinds
        if column in table
    ]


@st.cache_data(max_entries=64, show_spinner=False)
def _cross_decided(
    run_id: str, fit: tuple[Objective, bool], _y_true: np.ndarray, _y_score: np.ndarray
) -> np.ndarray:
    objective, is_each = fit
    best = best_genre_thresholds if is_each else best_common_threshold
    return thresholds.cross_decided(_y_true, _y_score, partial(best, objective=objective))
