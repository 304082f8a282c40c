"""Marquee: the entry point, and the landing page with the verdict and every run's test figures."""

import streamlit as st

from genre_core.errors import GenreCoreError
from genre_core.ui import server
from genre_core.ui.frame import shell
from genre_core.ui.parts import address, notices, tables
from genre_core.ui.parts.text import literal
from genre_core.ui.views import summary


def summary_page() -> None:
    """Show what this is, which run is ahead, every finished run's figures, and the films."""
    shell.heading("summary")
    st.markdown(
        "One network predicts genres from a film's **poster**, another from its **overview**. A "
        "network has learned something only where it beats the genre base rates, which ignore the "
        "film, and a linear model of the same input. All figures are for **test films**, used "
        "neither for training nor for any choice."
    )
    now, dataset, meta = shell.chosen_films()
    st.header("The verdict")
    for slot, run in now.slots.items():
        if run is None and now.usable:
            notices.no_run(now.artifacts, meta, slot, now.runs)
    summary.show_verdict(now)
    if now.usable:
        st.header("All runs, test set")
        st.caption(tables.runs_caption(now.usable[0]))
        st.dataframe(
            tables.runs_table(now.usable),
            column_config=tables.runs_columns(),
            hide_index=True,
            height="content",
            alt="Test metrics of each finished run, base rates and linear models first",
        )
        with st.expander("What the columns mean"):
            for metric in tables.shown_metrics():
                st.markdown(f"- **{tables.metric_header(metric)}** {literal(metric.sentence)}")
    else:
        notices.no_runs(now.artifacts, meta)
    if states := summary.states_sentence(now.runs, dataset):
        st.page_link("pages/runs.py", label=states, icon=":material/history:")
    st.header("The films")
    st.markdown(summary.films_sentence(dataset))
    summary.show_report(dataset)


if __name__ == "__main__":
    page = shell.navigation(summary_page)
    try:
        shell.open_sidebar()
        page.run()
    except GenreCoreError as error:
        notices.problem(error)
    finally:
        address.keep()
else:  # `streamlit run` finds this, and serves the script behind the guard
    app = st.App(__file__, middleware=server.middleware())
