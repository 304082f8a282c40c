"""Marquee: the entry point, and the landing page with every run and its test figures."""

import streamlit as st

from genre_core.errors import GenreCoreError
from genre_core.runs import Run
from genre_core.ui import notices, shell, tables
from genre_core.ui.text import count, literal


def runs_page() -> None:
    """Show what this is, the finished runs with their test figures, and the others' states."""
    st.title("Marquee")
    st.markdown(
        "What can a network tell of a film's genres from its **poster**, and what from its "
        "**overview**? Marquee trains a convolutional network on the one and a bidirectional LSTM "
        "on the other, and holds both against predictors that are cheap: the genre frequencies, "
        "which know nothing of a film, and linear models. A network is worth its training only "
        "where it beats those. Epochs and thresholds are chosen on validation films; every figure "
        "below is from test films, which no choice has seen."
    )
    now, dataset, meta = shell.chosen_films()
    here = [run for run in now.runs if run.config.get("dataset") == dataset.fingerprint]
    finished = [run for run in here if run.state == "finished"]
    st.header("Runs on these films")
    if finished:
        figures_of(finished)
    else:
        notices.no_runs(now.artifacts, meta)
    others = [run for run in now.runs if run.state != "finished" and run in here]
    others += [run for run in now.runs if run.state == "damaged" and run not in here]
    if others:
        st.header("Runs without figures")
        for run in others:
            notices.not_finished(run, now.artifacts)
    elsewhere = [run for run in now.runs if run not in here and run.state != "damaged"]
    if elsewhere:
        st.caption(
            f"{count(len(elsewhere), 'run')} on other films; choose their dataset in the sidebar, "
            "if it is still there."
        )


def figures_of(finished: list[Run]) -> None:
    """Show the table of finished runs and what its columns mean."""
    st.caption(tables.runs_caption(finished[0]))
    st.dataframe(
        tables.runs_table(finished),
        column_config=tables.runs_columns(),
        hide_index=True,
        height="content",
        alt="Test figures of each finished run, with trivial and linear predictors first",
    )
    with st.expander("What the columns mean"):
        for metric in tables.shown_metrics():
            st.markdown(f"- **{tables.metric_header(metric)}** {literal(metric.sentence)}")


page = shell.navigation(runs_page)
try:
    shell.open_sidebar()
    page.run()
except GenreCoreError as error:
    notices.problem(error)
