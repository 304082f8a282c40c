"""Summary: which run is best, by how much, and whether to trust it; then every run in figures."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from genre_core.charts.colours import styles
from genre_core.charts.dumbbell import dumbbell
from genre_core.charts.standings import standings
from genre_core.comparison.results import RunComparison
from genre_core.data.films import Dataset
from genre_core.errors import GenreCoreError
from genre_core.runs.folder import Run
from genre_core.ui.frame import shell
from genre_core.ui.parts import (
    comparing,
    export,
    film_cards,
    film_wall,
    notices,
    openable,
    rules,
    run_names,
    tables,
)
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.parts.text import literal
from genre_core.ui.views import summary, trust

POSTER = 96  # pixels


def show_result(now: shell.Chosen, dataset: Dataset) -> None:
    """Show headline, cards, posters, charts and checklist."""
    runs = list(shell.different_runs(now).values())
    result = summary.result_of(now)
    theme = page_theme()
    if words := summary.headline(result):
        with st.container(key="headline"):
            st.header(words, anchor=False)
    summary.show_cards(result, runs, dataset)
    left, right = st.columns(2, gap="medium")
    if result.between:
        with left:
            show_posters(runs, now, dataset)
            show_genres(result.between, runs, result.names)
    with right:
        if result.found.rows:
            export.chart(
                figure_of(standings, summary.dots(result, theme), summary.panels(), theme),
                "standings",
                "All runs by mAP and BCE",
                summary.trace([row.run for row in result.found.rows], now.whole or dataset),
                alt="mAP and BCE relative to the base rates of each run, with 95% intervals",
            )
        if dataset.subset:
            st.caption("Only runs with scores for all test films are ranked.")
        if result.between:
            linear = {run: one.pairs[0] for run, one in result.linear.items()}
            found = trust.checks(result.between, linear, result.found, runs, dataset)
            st.subheader("Can you trust them?", anchor="trust")
            st.markdown(trust.as_markdown(found, runs, result.names, theme))
    with st.expander("Evidence and method"):
        summary.show_evidence(result, runs)
        st.markdown(summary.METHOD)
        st.markdown(trust.METHOD)


def show_posters(runs: list[Run], now: shell.Chosen, dataset: Dataset) -> None:
    """Show the films that the two runs disagree on most."""
    st.subheader("Largest disagreement", anchor=False)
    rows = summary.most_different(runs, dataset)
    decide = partial(rules.decisions_of, dataset=dataset, rule=now.rule)
    film_wall.show(
        film_cards.cards(dataset, rows, runs, decide),
        dataset,
        page_theme(),
        width=POSTER,
        on_open=summary.open_film,
        key="disagreement",
    )


def show_genres(between: RunComparison, runs: list[Run], names: Mapping[str, str]) -> None:
    """Show the average precision of each genre by the two runs."""
    theme = page_theme()
    export.chart(
        figure_of(
            dumbbell,
            comparing.genre_pairs(between),
            (names[runs[0].id], names[runs[1].id]),
            styles([run_names.role(run) for run in runs], theme),
            theme,
            title="AP ↑",
        ),
        "ap_by_genre",
        "Average precision by genre",
        export.Trace(between.runs, between.dataset, between.split, between.n_films),
        alt="Average precision of each genre by both runs",
    )


def show_table(now: shell.Chosen, dataset: Dataset) -> None:
    """Show the test figures of every finished run."""
    st.header("All runs, test set")
    ranked = tables.ranked(now.usable)
    rule = rules.common(now.rule, ranked, now.artifacts)
    st.caption(tables.runs_caption(ranked[0], dataset, rule))
    export.table(
        tables.runs_table(ranked, dataset, rule),
        "all_runs",
        summary.trace([], dataset, rule),
        "Test metrics of each finished run, base rates and linear models first",
        tables.runs_columns(),
        **openable.rows([run.id for run in ranked], key="table_of_runs", on_open=summary.open_run),
    )
    with st.expander("What the columns mean"):
        for metric in tables.shown_metrics():
            st.markdown(f"- **{tables.metric_header(metric)}** {literal(metric.sentence)}")


summary.switch_to_opened()
shell.heading("summary")
now, dataset, meta = shell.chosen_films()
if now.usable:
    notices.no_runs_of(now.slots, now.artifacts, meta, now.runs)
if now.usable:
    try:
        show_result(now, dataset)
    except GenreCoreError as error:
        notices.problem(error)
    show_table(now, dataset)
else:
    notices.no_runs(now.artifacts, meta)
if states := summary.states_sentence(now.runs, dataset):
    st.page_link("pages/runs.py", label=states, icon=":material/history:")
st.header("The films")
st.markdown(summary.films_sentence(dataset))
summary.show_report(dataset)
