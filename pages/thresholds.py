"""Thresholds: set or fitted, judged on validation and test, saved, and applied to the films."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from genre_core.charts.shares import genre_shares
from genre_core.evaluation.fitting import ENOUGH, Objective
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
    threshold_editor,
)
from genre_core.ui.parts.figures import figure_of
from genre_core.ui.parts.text import literal, signed
from genre_core.ui.views import thresholds

N_FILMS = 3

shell.heading("thresholds")
now, dataset, meta = shell.chosen_films()
theme = shell.theme()
slots = shell.some_runs(now, meta)
st.markdown(
    "A genre is predicted where its score reaches the threshold. Choose by **validation** "
    "metrics: a threshold chosen by test metrics would look better than it is."
)
names = run_names.names(list(slots.values()))
with st.container(horizontal=True, vertical_alignment="bottom"):
    slot = shell.pick_slot(slots, "of")
    if notices.needs_scores([slots[slot]]) or notices.needs_validation(slots[slot]):
        shell.stop()
    scope = address.pick(
        st.radio,
        "Thresholds",
        threshold_editor.SCOPES,
        key="each",
        former=threshold_editor.FORMER_SCOPES,
        horizontal=True,
    )
    is_each = scope == threshold_editor.PER_GENRE
run = slots[slot]
with st.container(horizontal=True, vertical_alignment="bottom"):
    goal = st.selectbox(
        "Fit for",
        list(rules.OBJECTIVES),
        format_func=lambda key: rules.OBJECTIVES[key],
        key="goal",
        width=210,
    )
    at_least = st.number_input(
        "At least", 0.05, 1.0, 0.6, 0.05, key="at_least", width=120, disabled=goal == "f1"
    )
    st.button(
        "Fit on validation",
        key="fit",
        icon=":material/tune:",
        on_click=threshold_editor.fit,
        args=(run, dataset, Objective(goal, at_least), is_each),
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
values = threshold_editor.edited(run)
threshold_editor.sliders(run, dataset, is_each)

found = thresholds.outcome(run, dataset, values)
n_films = {split: len(dataset.rows(split)) for split in ("validation", "test")}
trace = export.Trace(
    [run.id], dataset.fingerprint, "validation and test", sum(n_films.values()), str(values.how)
)
st.header("Effect on test metrics", anchor="figures")
st.markdown(signed(run_names.role(run), names[run.id], theme))
st.markdown(thresholds.sentence(values, found, n_films))
if lacking := thresholds.unreached(dataset, values, found):
    st.warning(
        f"No threshold reaches this on validation for {', '.join(map(literal, lacking))}: they are "
        "predicted only for a score of 1.",
        icon=":material/block:",
    )
export.table(
    overall := thresholds.overall_table(found, values.how),
    "thresholds_overall",
    replace(trace, rule=""),  # the lines differ in it
    "Figures of the decisions over all genres, validation beside test",
    genre_tables.figure_columns(overall),
)

st.header("Genre by genre", anchor="genres")
fitted_to_few = (
    " A genre whose open circle lies far above its bar has a threshold that was fitted to a "
    f"handful of films; below {ENOUGH} positive validation films a genre takes the "
    "common one."
)
st.caption(
    f"F1 of each genre. {n_films['validation']} validation and {n_films['test']} test films."
    + (fitted_to_few if values.fit else "")
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

st.header("Most common confusions", anchor="confusions")
st.caption(f"The most frequent pairs on the {n_films['test']} test films.")
export.table(
    thresholds.confusion_table(run, dataset, values),
    "thresholds_confusions",
    replace(trace, split="test", n_films=n_films["test"]),
    "Genres that are missed and what is predicted instead",
)

st.header("Example predictions", anchor="films")
draw = st.number_input("Draw", 1, 9999, key="draw", width=120, help="Other films at random.")
rows = np.random.default_rng(draw).permutation(dataset.rows("test"))[:N_FILMS]

decided = partial(threshold_editor.decisions, dataset=dataset)
with st.grid("auto", min_column_width=330, border=True):
    for card in film_cards.cards(dataset, rows, list(slots.values()), decided):
        with st.container(gap="small"):
            film_cards.show_card(card, dataset.source, theme)

st.header("Save thresholds", anchor="save")
st.caption("For every run chosen in the sidebar, as they are now; the page of films offers them.")
with st.container(horizontal=True, vertical_alignment="bottom"):
    name = st.text_input("Name", key="set_name", max_chars=threshold_sets.MAX_LENGTH, width=260)
    st.button(
        "Save",
        key="save_set",
        icon=":material/save:",
        disabled=not name.strip(),
        on_click=threshold_editor.save,
        args=(name.strip(), list(slots.values())),
    )
for known in threshold_sets.names_for(now.artifacts, list(slots.values())):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(known)
        st.page_link(
            "pages/films.py",
            label="Show films with these predictions",
            icon=":material/movie:",
            query_params={"rule": threshold_sets.SAVED + known},
        )
        st.button(
            "Remove",
            key=f"remove_{known}",
            icon=":material/delete:",
            on_click=partial(threshold_editor.remove, now.artifacts, known),
        )
export.sources(trace)
