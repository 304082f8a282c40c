"""Thresholds: set or tuned, judged on validation and test, saved, and applied to all pages."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from genre_core.charts.shares import genre_shares
from genre_core.evaluation.fitting import Objective
from genre_core.runs import threshold_sets
from genre_core.ui.frame import shell
from genre_core.ui.parts import (
    address,
    export,
    film_cards,
    genre_tables,
    notices,
    rules,
    run_names,
    styles,
    threshold_editor,
    threshold_outcome,
)
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.parts.text import literal, signed
from genre_core.ui.views import thresholds

N_FILMS = 3

shell.heading("thresholds")
now, dataset, meta = shell.chosen_films()
theme = page_theme()
slots = shell.some_runs(now, meta)
runs = list(slots.values())
names = run_names.names(runs)
n_films = {split: len(dataset.rows(split)) for split in ("validation", "test")}

with st.container(horizontal=True, vertical_alignment="bottom"):
    slot = shell.pick_slot(slots, "of")
    run = slots[slot]
    if notices.needs_scores([run]) or notices.needs_validation(run):
        shell.stop()
    goal = st.selectbox(
        "Tune for",
        list(rules.OBJECTIVES),
        format_func=lambda key: rules.OBJECTIVES[key],
        key="goal",
        width=200,
    )
    at_least = st.number_input(
        "At least", 0.05, 1.0, 0.6, 0.05, key="at_least", width=120, disabled=goal == "f1"
    )
objective = Objective(goal, at_least)
thresholds.show_tuning(run, dataset, objective)
with st.container(horizontal=True, vertical_alignment="bottom"):
    scope = address.pick(
        st.radio,
        "Sliders",
        threshold_editor.SCOPES,
        key=threshold_editor.SCOPE,
        former=threshold_editor.FORMER_SCOPES,
        horizontal=True,
    )
    with st.popover("Start from", icon=":material/undo:"):
        saved = threshold_sets.names_for(now.artifacts, [run])
        for rule in (*rules.THRESHOLDS, *(threshold_sets.SAVED + name for name in saved)):
            st.button(
                literal(rules.label(rule)),
                key=f"start_{rule}",
                on_click=threshold_editor.start_from,
                args=(run, rule),
            )
threshold_editor.sliders(run, dataset, scope == threshold_editor.PER_GENRE)

values = threshold_editor.edited(run)
found = threshold_outcome.outcome(run, dataset, values)
trace = export.Trace(
    [run.id], dataset.fingerprint, "validation and test", sum(n_films.values()), str(values.how)
)
if lacking := thresholds.unreached(dataset, values, found):
    st.warning(
        f"No threshold reaches this on validation for {', '.join(map(literal, lacking))}: they are "
        "predicted only for a score of 1.",
        icon=":material/block:",
    )

by_genre_tab, overall_tab, confusions_tab, films_tab, saved_tab = st.tabs(
    ["By genre", "All metrics", "Confusions", "Example films", "Saved thresholds"], key="shown"
)
with by_genre_tab:
    st.caption(
        f"F1 by genre, {n_films['validation']:,} validation and {n_films['test']:,} test films.",
        help=thresholds.NOISY if values.fit else None,
    )
    by_genre = thresholds.genre_table(dataset, values, found)
    drawn = by_genre[by_genre["Films, test"] > 0]
    export.chart(
        figure_of(
            genre_shares,
            list(drawn["Genre"]),
            thresholds.f1_bars(drawn),
            thresholds.f1_dots(drawn, found, run_names.role(run), theme),
            theme,
            title="F1 (higher is better)",
            tickformat=".1f",
            hover="%{x:.3f}",
        ),
        "thresholds_f1",
        "F1 of each genre",
        trace,
        alt="F1 of each genre on test, on validation as fitted and cross-fitted, and at 0.5",
    )
    with st.expander("Numbers"):
        export.table(
            by_genre,
            "thresholds_genres",
            trace,
            "Threshold and figures of each genre, validation beside test",
            genre_tables.figure_columns(by_genre),
        )
with overall_tab:
    export.table(
        overall := thresholds.overall_table(found, values.how),
        "thresholds_overall",
        replace(trace, rule=""),  # the lines differ in it
        "Figures of the decisions over all genres, validation beside test",
        genre_tables.figure_columns(overall),
    )
with confusions_tab:
    st.caption(f"The most frequent pairs, {n_films['test']:,} test films.")
    export.table(
        thresholds.confusion_table(run, dataset, values),
        "thresholds_confusions",
        replace(trace, split="test", n_films=n_films["test"]),
        "Genres that are missed and what is predicted instead",
    )
with films_tab:
    draw = st.number_input("Shuffle seed", 1, 9999, key="draw", width=140)
    rows = np.random.default_rng(draw).permutation(dataset.rows("test"))[:N_FILMS]
    decided = partial(threshold_editor.decisions, dataset=dataset)
    with st.grid("auto", min_column_width=330, border=True):
        for card in film_cards.cards(dataset, rows, runs, decided):
            with st.container(gap="small"):
                film_cards.show_card(card, dataset, theme)
with saved_tab:
    thresholds.show_saved(now.artifacts, runs)
export.sources(trace)

with st.bottom, st.container(key="threshold_summary", gap="xsmall"):
    styles.use(thresholds.STYLE)
    st.markdown(
        f"{signed(run_names.role(run), names[run.id], theme)} · {thresholds.origin(values)}",
        help=thresholds.about(values, found),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        other = thresholds.OTHER[scope]
        rival = threshold_outcome.tuned(run, dataset, objective, other)
        st.markdown(thresholds.f1_table(found, rival, other), width="content")
        with st.container(width="content", gap="xsmall"):
            thresholds.show_save(now.artifacts, runs)
