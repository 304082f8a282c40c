"""One run: its state, what people call it, its settings, its files, and its end."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.data import cells
from genre_core.data.films import SPLITS, Dataset
from genre_core.runs import thresholds
from genre_core.runs.folder import LOG, Run, delete_run
from genre_core.runs.notes import Note, read_note, write_note
from genre_core.ui.frame import live
from genre_core.ui.parts import loaders, notices, run_table
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal

NAME_LETTERS, NOTE_LETTERS = 60, 2000
LOG_LINES = 200


def select(run_id: str) -> None:
    """Choose a run, which the page then shows."""
    st.session_state["runs"] = [run_id]


def show(run: Run) -> None:
    """Show everything about one run and what can be done with it."""
    st.text(run.id)
    notices.state(run)
    if run.has_scores:
        st.caption(scored_sentence(run))
    _actions(run)
    _note_form(run)
    if run.state != "damaged":
        with st.expander("Settings"):
            settings = run_table.settings_of(run)
            table = pd.DataFrame(settings.items(), columns=["Setting", "Value"])
            st.dataframe(table, hide_index=True, height="content", alt="Settings of the run")
    _downloads(run)
    _log(run)


def scored_sentence(run: Run) -> str:
    """Return how many films of each split a run has scores for, and what follows without any."""
    films = run.films()
    if films is None:  # format 1: of all films of its dataset
        return "Scores of all films."
    splits = Counter(films.splits)
    parts = [
        count(splits[split], f"{SPLIT_NAMES[split]} film") for split in SPLITS if splits[split]
    ]
    sentence = f"Scores of {', '.join(parts)}."
    if not splits["test"]:
        sentence += " Without test films it gets no verdict, so other pages do not offer it."
    elif splits["train"] and run.kind == "imported":
        sentence += " Those of films that a model was trained on say nothing about new films."
    return sentence


def history_csv(run: Run) -> str:
    """Return the history as CSV, one line an epoch."""
    return cells.csv_of(pd.DataFrame(run.history()))


def metrics_csv(run: Run) -> str:
    """Return every metric of every split as CSV: overall lines have no genre."""
    saved, lines = loaders.metrics(run), []
    for split, values in saved["splits"].items():
        overall = values["metrics"].items()
        lines += [(split, values["n_films"], "", name, value) for name, value in overall]
        for row in values["genres"]:
            figures = {name: value for name, value in row.items() if name != "genre"}
            lines += [
                (split, values["n_films"], row["genre"], name, value)
                for name, value in figures.items()
            ]
    header = ("split", "n_films", "genre", "metric", "value")
    table = pd.DataFrame(lines, columns=header)
    about = {"run": run.id, "dataset": run.dataset, "threshold": saved.get("threshold")}
    return cells.csv_of(table.assign(**about))


def scores_csv(run: Run, dataset: Dataset) -> str:
    """Return the scores of all films as CSV: id, split and one column a genre."""
    scores = np.asarray(loaders.scores(run, dataset))
    return cells.scores_csv(dataset.films.ids, dataset.genres, scores, split=dataset.split)


def _actions(run: Run) -> None:
    """Show what can be done with a run in its state."""
    with st.container(horizontal=True):
        if run.state == "unfinished":
            if st.button("Resume", icon=":material/resume:"):
                live.start(run.artifacts, ["train", "--resume", run.id])
            label = "Finish with the best weights"
            if run.history() and st.button(label, icon=":material/flag:"):
                live.start(run.artifacts, ["finish", run.id])
        is_running = run.state == "running"
        if st.button(
            "Delete",
            key="delete",
            icon=":material/delete:",
            disabled=is_running,
            help="A run cannot be deleted while it is trained." if is_running else None,
        ):
            _confirm(run)


@st.dialog("Delete this run?")
def _confirm(run: Run) -> None:
    st.text(run.id)
    st.markdown("Weights, scores, history and notes are deleted permanently. The films are kept.")
    with st.container(horizontal=True):
        if st.button("Delete run", key="delete_it", type="primary", icon=":material/delete:"):
            with notices.acting():
                delete_run(run.artifacts, run.id)
                write_note(run.artifacts, run.id, Note())
                thresholds.forget(run.artifacts, run.id)
                st.rerun()
        if st.button("Cancel", key="keep_it"):
            st.rerun()


def _note_form(run: Run) -> None:
    note = read_note(run.artifacts, run.id)
    if note.problem:
        st.warning(literal(note.problem), icon=":material/edit_off:")
    with st.form(f"note_{run.id}"):
        name = st.text_input("Display name", note.name, max_chars=NAME_LETTERS)
        text = st.text_area("Note", note.text, max_chars=NOTE_LETTERS)
        if st.form_submit_button("Save", icon=":material/save:"):
            with notices.acting():
                write_note(run.artifacts, run.id, Note(name.strip(), text.strip()))
                st.toast("Saved.", icon=":material/check:")
                st.rerun()


def _downloads(run: Run) -> None:
    """Offer the run as CSV; nothing is made before it is asked for."""
    files = {}
    if run.history():
        files["History"] = lambda: history_csv(run)
    if run.state == "finished":
        files["Metrics"] = lambda: metrics_csv(run)
        files["Scores"] = lambda: scores_csv(run, loaders.dataset(run.artifacts, run.dataset))
    with st.container(horizontal=True):
        for label, make in files.items():
            st.download_button(
                f"{label} (CSV)",
                make,
                file_name=f"{run.id}-{label.lower()}.csv",
                mime="text/csv",
                key=f"download_{label}",
                on_click="ignore",
                icon=":material/download:",
            )


def _log(run: Run) -> None:
    try:
        lines = (run.folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    with st.expander("Log"):
        if len(lines) > LOG_LINES:
            st.caption(f"The last {LOG_LINES} of {len(lines):,} lines.")
        st.code("\n".join(lines[-LOG_LINES:]), language=None, wrap_lines=True)
        st.download_button(
            "Whole log",
            "\n".join(lines),
            file_name=f"{run.id}.log",
            key="download_log",
            on_click="ignore",
            icon=":material/download:",
        )
