"""What the thresholds in the editor do: sentences, tables and dots, validation beside test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.charts.colours import Role, Theme
from genre_core.charts.shares import Bars, Shares
from genre_core.data.films import Dataset
from genre_core.evaluation.confusions import predicted_instead
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.fitting import ENOUGH, Objective
from genre_core.evaluation.metrics import METRICS
from genre_core.runs import threshold_sets
from genre_core.runs.folder import Run
from genre_core.runs.threshold_origins import Origin
from genre_core.ui.parts import loaders, rules, threshold_editor
from genre_core.ui.parts.text import literal
from genre_core.ui.parts.threshold_editor import GLOBAL, PER_GENRE, EditedThresholds
from genre_core.ui.parts.threshold_outcome import SPLITS, Outcome, tuned

N_CONFUSIONS = 8
AVERAGES = {"micro": "Micro", "macro": "Macro"}
TUNINGS = {GLOBAL: "Tune globally", PER_GENRE: "Tune per genre"}
OTHER = {GLOBAL: PER_GENRE, PER_GENRE: GLOBAL}
NOISY = (
    "An open circle far above its bar: the threshold was fitted to a handful of films. Genres with "
    f"fewer than {ENOUGH} positive validation films take the common threshold."
)
CHOOSING = (
    "A genre is predicted where its score reaches the threshold. A threshold chosen by test "
    "metrics would look better than it is."
)
SHORT = {GLOBAL: "tuned globally", PER_GENRE: "tuned per genre"}
STYLE = Path(__file__).with_suffix(".css")
CROSS_FITTED = (
    "Validation metrics are cross-fitted: each film is predicted with thresholds tuned on other "
    "validation films."
)


def show_tuning(run: Run, dataset: Dataset, objective: Objective) -> None:
    """Show global tuning beside tuning per genre, with what each gives on validation."""
    st.caption(
        "F1 on validation. Choose by validation metrics, never by test metrics.", help=CHOOSING
    )
    found = {scope: tuned(run, dataset, objective, scope) for scope in TUNINGS}
    for (scope, other), column in zip(OTHER.items(), st.columns(2, border=True), strict=True):
        values = threshold_editor.tuned(run, dataset, objective, scope).thresholds
        with column:
            st.button(
                TUNINGS[scope],
                key=f"tune_{scope}",
                icon=":material/tune:",
                width="stretch",
                help=f"{_spread(values)}. {CROSS_FITTED}",
                on_click=threshold_editor.tune,
                args=(run, dataset, objective, scope),
            )
            st.markdown(_f1_words(found[scope], found[other]))


def _f1_words(found: Outcome, other: Outcome) -> str:
    """Return F1 on validation, with a mark where it is higher than that of the other tuning."""
    parts = []
    for average, label in AVERAGES.items():
        f1 = found.f1("validation", average)
        is_higher = round(f1 - other.f1("validation", average), 3) > 0
        parts.append(f"{label} F1 **{f1:.3f}**{' :green[▲ higher]' if is_higher else ''}")
    return " · ".join(parts)


def _spread(values: np.ndarray) -> str:
    low, high = float(values.min()), float(values.max())
    return f"Threshold {low:.2f}" if low == high else f"Thresholds from {low:.2f} to {high:.2f}"


def f1_table(found: Outcome, other: Outcome, scope: str) -> str:
    """Return F1 at the edited thresholds, and its change against 0.5 and against another tuning.

    Args:
        found: their outcome.
        other: the outcome of the other tuning.
        scope: that of the other tuning.
    """
    places = [(split, average) for split in SPLITS for average in AVERAGES]
    f1 = [found.f1(*place) for place in places]
    against = {
        "vs. 0.5": [found.half[split].overall[f"f1_{average}"] for split, average in places],
        f"vs. {SHORT[scope]}": [other.f1(*place) for place in places],
    }
    lines = [
        ["F1", *(f"{AVERAGES[average]}, {split}" for split, average in places)],
        [":-", *["-:"] * len(places)],
        ["now", *(f"**{value:.3f}**" for value in f1)],
        *(
            [words, *(_change(value - before) for value, before in zip(f1, others, strict=True))]
            for words, others in against.items()
        ),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _change(difference: float) -> str:
    """Return a difference with an arrow."""
    if abs(difference) < 0.0005:
        return "0.000"
    colour, arrow = ("green", "▲ +") if difference > 0 else ("red", "▼ −")
    return f":{colour}[{arrow}{abs(difference):.3f}]"


def origin(values: EditedThresholds) -> str:
    """Return how the edited thresholds came about."""
    return f"Thresholds: **{literal(rules.origin_label(values.how))}**"


def about(values: EditedThresholds, found: Outcome) -> str:
    """Return how the validation figures are to be read."""
    if found.crossed:
        return CROSS_FITTED
    if values.how.is_tuned:
        return "Tuned on these validation films, so validation metrics are too optimistic."
    return "Not tuned here, so validation metrics need no cross-fitting."


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
        "test at 0.5": found.half["test"],
    }
    return pd.DataFrame(
        [
            {
                "Films": name,
                **{m.label: one.overall[m.name] for m in METRICS if m.name in one.overall},
                "Thresholds": rules.origin_label(
                    Origin("half") if one is found.half["test"] else how
                ),
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
    table["F1, test at 0.5"] = found.half["test"].genres["f1"]
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


def show_save(artifacts: Artifacts, runs: list[Run]) -> None:
    """Offer to save the edited thresholds of some runs, and to apply those saved last."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.text_input(
            "Name of these thresholds",
            key=threshold_editor.NAME,
            max_chars=threshold_sets.MAX_LENGTH,
            width=190,
            label_visibility="collapsed",
            placeholder="Name of these thresholds",
        )
        st.button(
            "Save",
            key="save_set",
            icon=":material/save:",
            help="Saves the thresholds of both runs in the sidebar under this name.",
            on_click=threshold_editor.save,
            args=(runs,),
        )
    if name.strip() in threshold_sets.names_for(artifacts, runs):
        _apply_button(name.strip(), key="apply_named")


def show_saved(artifacts: Artifacts, runs: list[Run]) -> None:
    """Show the saved thresholds that some runs have, with what can be done with them."""
    names = threshold_sets.names_for(artifacts, runs)
    if not names:
        st.caption("No thresholds have been saved for these runs.")
    for name in names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(name, width=200)
            _apply_button(name, key=f"apply_{name}")
            st.page_link(
                "pages/films.py",
                label="Show films with these predictions",
                icon=":material/movie:",
                query_params={threshold_editor.RULE: threshold_sets.SAVED + name},
            )
            st.button(
                "Remove",
                key=f"remove_{name}",
                icon=":material/delete:",
                on_click=threshold_editor.remove,
                args=(artifacts, name),
            )


def _apply_button(name: str, *, key: str) -> None:
    st.button(
        "Apply on all pages",
        key=key,
        icon=":material/done_all:",
        on_click=threshold_editor.apply,
        args=(name,),
    )
