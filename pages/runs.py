"""Runs: every training with its config, state, name, note, downloads and log."""

import streamlit as st

from genre_core.ui.frame import shell
from genre_core.ui.parts import address, export, notices, openable, rules, run_names, run_table
from genre_core.ui.parts.text import count, literal
from genre_core.ui.views import importing, runs

shell.heading("runs")
now = shell.chosen()
importing.offer(now)
if not now.runs:
    if now.meta is None:
        notices.no_dataset(now.artifacts)
    else:
        notices.no_runs(now.artifacts, now.meta)
    shell.stop()
st.markdown(
    f"{count(len(now.runs), 'run')} on all datasets, newest first. Metrics are for test films at "
    "threshold 0.5. Select a row to open the run."
)
export.table(
    run_table.runs_table(now.runs, shell.dataset_names(now)),
    "runs_table",
    export.Trace((), "", "test", 0, rules.HALF),  # each line has its run, dataset and films
    "Every run with state, recipe, seed, epochs, duration and test metrics",
    run_table.columns(),
    **openable.rows([run.id for run in now.runs], key="table_of_runs", on_open=runs.select),
)
asked = address.pick_several(
    "Select one run for details, or several to compare their settings",
    run_names.titles(now.runs),
    key="runs",
    placeholder="No run chosen",
)
chosen = [run for run in now.runs if run.id in asked]
names = run_names.names(chosen)
if len(chosen) == 1:
    st.header(literal(names[chosen[0].id]), anchor=False)
    runs.show(chosen[0])
elif chosen:
    st.header("Settings that differ", anchor=False)
    whole = [run for run in chosen if run.state != "damaged"]
    if len(whole) < len(chosen):
        st.caption("Damaged runs are left out; their settings cannot be read.")
    table, n_same = run_table.differences(whole, names)
    st.caption(f"{count(n_same, 'setting')} the same in all.")
    if len(table):
        st.dataframe(table, hide_index=True, height="content", alt="Settings that differ by run")
    else:
        st.markdown("These runs have the same settings throughout.")
