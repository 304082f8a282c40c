"""Genres: which of two runs ranks each genre better, by how much, and how well calibrated."""

from dataclasses import replace
from functools import partial

import streamlit as st

from genre_core.charts.colours import styles
from genre_core.charts.dumbbell import dumbbell
from genre_core.charts.genre_curves import precision_recall, reliability
from genre_core.ui.frame import shell
from genre_core.ui.parts import (
    changed_films,
    claims,
    comparing,
    export,
    notices,
    rules,
    run_names,
    what_counts,
)
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.parts.text import literal, percent
from genre_core.ui.views import by_genre

shell.heading("by_genre")
now, dataset, meta = shell.chosen_films()
theme = page_theme()
runs = shell.two_runs(now, meta)
names = run_names.names(list(runs))
called = (names[runs[0].id], names[runs[1].id])
looks = styles([run_names.role(run) for run in runs], theme)
rule = rules.common(now.rule, runs, now.artifacts, has_top=False)
result = comparing.compared(runs, rule, now.usable)
trace = comparing.trace_of(result, rule, now.artifacts)
st.markdown(comparing.genre_sentence(result.pairs[0], "ap", names))
st.markdown(claims.chance_sentence(result, names))

drawn, listed, claimed = st.tabs(["Chart", "Table", "Claims of two student reports"])
with drawn:
    st.caption(
        f"Average precision of each genre, {result.n_films:,} test films. Thick lines: significant "
        "after correction."
    )
    export.chart(
        figure_of(dumbbell, comparing.genre_pairs(result), called, looks, theme, title="AP ↑"),
        "ap_by_genre",
        "Average precision by genre",
        replace(trace, rule=""),
        alt="Average precision of each genre by both runs, the largest lead on top",
    )
table = by_genre.table(result, names)
with listed:
    st.caption(
        f"AP difference: {literal(called[1])} minus {literal(called[0])}.", help=by_genre.TABLE_HELP
    )
    export.table(
        table,
        "by_genre",
        trace,
        "Average precision of each genre by both runs, its difference and test",
        comparing.columns(table),
    )
    with st.expander("Precision, recall, F1 and calibration"):
        st.caption(f"Decision rule: {literal(rules.label(rule))}.", help=by_genre.DETAILS_HELP)
        details = by_genre.details(result, runs, names, dataset)
        export.table(
            details,
            "by_genre_details",
            trace,
            "Precision, recall, F1 and calibration error of each genre by both runs",
            comparing.columns(details),
        )
with claimed:
    if [run.modality for run in runs] == ["poster", "overview"]:
        judged = [claims.sentence(claim, claims.judge(claim, result)) for claim in claims.CLAIMS]
        st.markdown("\n".join(f"- {words}" for words in judged))
    else:
        st.info(
            "The claims are about a poster network and an overview network. Choose one of each in "
            "the sidebar.",
            icon=":material/visibility:",
        )
    with st.expander("How claims are judged"):
        st.markdown(claims.RULES)

st.header("One genre", anchor="genre")
if notices.needs_scores(runs):
    shell.stop()
frequent = list(table.sort_values("Films", ascending=False, kind="stable")["Genre"])
genre = st.selectbox("Genre", frequent, key="genre", bind="query-params", width=220)
column = dataset.genres.index(genre)
decide = partial(rules.decisions_of, dataset=dataset, rule=rule)
on = [by_genre.test_of(run, dataset, column) for run in runs]
y_pred = [decide(run, dataset.rows("test"))[:, column] for run in runs]
support, n_films = int(on[0][0].sum()), len(on[0][0])
left, right = st.columns(2)
with left:
    st.caption(
        f"{support} of {n_films:,} test films are {literal(genre)}.",
        help=f"The dotted line is their share, {percent(support / n_films)}. The markers are the "
        "predictions by the decision rule.",
    )
    export.chart(
        figure_of(
            precision_recall,
            [by_genre.curve(*parts) for parts in zip(called, looks, on, y_pred, strict=True)],
            support / n_films,
            theme,
        ),
        "precision_recall",
        f"Precision and recall for {genre}",
        trace,
        alt=f"Precision over recall of both runs for {genre}",
    )
with right:
    st.caption(
        "Share of films with the genre, by score.",
        help="Films in bins of their score, with 95% intervals. The dotted line is perfect "
        "calibration.",
    )
    export.chart(
        figure_of(
            reliability,
            [by_genre.calibrated(*parts) for parts in zip(called, looks, on, strict=True)],
            theme,
        ),
        "reliability",
        f"Reliability of the scores for {genre}",
        replace(trace, rule=""),
        alt=f"Share of films that are {genre} over the score of both runs",
    )
what_counts.show(runs, genre, theme)
changed_films.show(runs, dataset.fingerprint, theme)
export.sources(trace)
