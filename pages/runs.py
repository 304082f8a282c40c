"""Runs: every training with config, state, name, note, downloads and log."""

import streamlit as st

from genre_core.ui import notices, shell

st.title("Runs")
now, dataset, meta = shell.chosen_films()
others = [run for run in now.runs if run.state != "finished"]
for run in others:
    notices.not_finished(run, now.artifacts)
