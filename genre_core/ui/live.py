"""The state of a running training, refreshed by itself."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from genre_core import lock
from genre_core.errors import RunError
from genre_core.runs import MARKER, Run, find_run
from genre_core.ui import models
from genre_core.ui.text import literal

WHILE_RUNNING = 2.0  # seconds between two looks; an epoch takes longer
WHILE_IDLE = 10.0  # a training may be started in a terminal


def finished_names(artifacts: Path) -> frozenset[str]:
    """Return the names of the folders that have a completion marker, read or not."""
    return frozenset(path.parent.name for path in (artifacts / "runs").glob(f"*/{MARKER}"))


def watch_training(artifacts: Path, finished: frozenset[str]) -> None:
    """Show what is being trained; run the app again when a run finishes or a training starts.

    Args:
        artifacts: folder of the runs.
        finished: names of the runs that were finished when the page was built.
    """
    is_running = lock.holder(artifacts) is not None

    def look() -> None:
        held = lock.holder(artifacts)
        if finished_names(artifacts) != finished or (held is not None) != is_running:
            st.rerun()
        if held is not None:
            _show(artifacts, held.get("run"))

    st.fragment(look, run_every=WHILE_RUNNING if is_running else WHILE_IDLE)()


def progress(run: Run) -> tuple[int, int | None]:
    """Return the epochs done and the epochs planned; None planned for a model without epochs."""
    planned = run.config.get("epochs")
    return len(run.history()), planned if isinstance(planned, int) else None


def _show(artifacts: Path, name: object) -> None:
    st.markdown("**:material/model_training: Training now**")
    try:
        run = find_run(artifacts, str(name)) if name else None
    except RunError:
        run = None  # its folder is made a moment after the lock is taken
    if run is None:
        st.caption("A training is starting.")
        return
    done, planned = progress(run)
    text = literal(models.label(run))
    if planned:
        st.progress(min(done / planned, 1.0), f"{text}: epoch {done} of {planned} done")
    else:
        st.caption(f"{text}: being fitted")
