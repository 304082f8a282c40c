"""The state of a running training, refreshed by itself, with a way to stop it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.errors import RunError
from genre_core.jobs import process
from genre_core.runs.content import MARKER
from genre_core.runs.folder import Run, find_run
from genre_core.ui.parts import notices, run_names
from genre_core.ui.parts.text import literal

WHILE_RUNNING = 1.0  # seconds between two looks
WHILE_IDLE = 5.0  # a training may be started in another tab or in a terminal


def finished_names(artifacts: Artifacts) -> frozenset[str]:
    """Return the names of the folders that have a completion marker, read or not."""
    return frozenset(path.parent.name for path in (artifacts.runs).glob(f"*/{MARKER}"))


def watch_training(artifacts: Artifacts, finished: frozenset[str]) -> None:
    """Show what is being trained; run the app again when a run finishes or a training starts.

    Args:
        artifacts: folder of the runs.
        finished: names of the runs that were finished when the page was built.
    """
    under_way = _under_way(artifacts)

    def look() -> None:
        if (finished_names(artifacts), _under_way(artifacts)) != (finished, under_way):
            st.rerun()
        job = process.look(artifacts)
        if job and job.is_running:
            _show(artifacts, job.record)

    st.fragment(look, run_every=WHILE_RUNNING if under_way else WHILE_IDLE)()


def start(artifacts: Artifacts, words: Sequence[str]) -> None:
    """Start a training command and show it; show who runs what if one is running already."""
    with notices.acting():
        process.start(artifacts, words)
        st.rerun()


def _under_way(artifacts: Artifacts) -> tuple[str, str] | None:
    """Return which training runs, and which of its runs; None while none does."""
    job = process.look(artifacts)
    if job is None or not job.is_running:
        return None
    return str(job.record.get("started")), str(job.record.get("run"))


def _show(artifacts: Artifacts, record: dict[str, Any]) -> None:
    run = _run(artifacts, record.get("run"))
    st.markdown(f"**:material/model_training: Training now**{_place(record)}")
    progress = record.get("progress")
    if run is not None:
        st.markdown(literal(f"{run_names.description(run)}"))
    if run is not None and progress:
        _progress(progress)
    else:
        st.caption(f"{str(record.get('phase') or 'starting').capitalize()}.")
    if run is not None and (history := run.history()):
        st.caption(_losses(history[-1]))
    if st.button("Cancel", key="cancel_training", icon=":material/stop_circle:"):
        with notices.acting():
            with st.spinner("Stopping the training"):
                process.cancel(artifacts)
            st.rerun()


def _progress(progress: dict[str, Any]) -> None:
    """Show the bar; a batch is the smallest step."""
    epoch, n_epochs = int(progress["epoch"]), int(progress["n_epochs"])
    batch, n_batches = int(progress["batch"]), int(progress["n_batches"])
    done = (epoch - 1 + batch / n_batches) / n_epochs
    left = f", {progress['left']}" if progress["left"] else ""
    st.progress(min(done, 1.0), f"Epoch {epoch} of {n_epochs}, batch {batch} of {n_batches}{left}")


def _losses(row: dict[str, Any]) -> str:
    losses = {"loss": "training loss {:.4f} under dropout", "val_loss": "validation loss {:.4f}"}
    parts = [words.format(row[name]) for name, words in losses.items() if name in row]
    return f"After epoch {row['epoch']}: {', '.join(parts)}."


def _place(record: dict[str, Any]) -> str:
    n_models = record.get("n_models", 1)
    return f", model {record['place']} of {n_models}" if n_models > 1 else ""


def _run(artifacts: Artifacts, name: object) -> Run | None:
    """Return the run that is being trained; None while it has no folder yet."""
    try:
        run = find_run(artifacts, str(name)) if name else None
    except RunError:
        return None
    return run if run and run.config else None
