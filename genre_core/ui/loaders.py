"""Cached reads from `artifacts/`: keyed on what is read and its time, and bounded in number."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import streamlit as st

from genre_core import comparison
from genre_core.comparison import SplitScores
from genre_core.data import store
from genre_core.data.films import Dataset
from genre_core.runs import MARKER, Run

DEFAULT_ARTIFACTS = "artifacts"


def artifacts_folder() -> Path:
    """Return the folder of datasets and runs: MARQUEE_ARTIFACTS, or "artifacts"."""
    return Path(os.environ.get("MARQUEE_ARTIFACTS") or DEFAULT_ARTIFACTS)


def dataset(artifacts: Path, fingerprint: str) -> Dataset:
    """Return a dataset that was read before.

    Raises:
        DataError: it is not there, or its files are damaged.
    """
    folder = artifacts / "datasets" / fingerprint
    times = tuple(_modified(folder / name) for name in (store.META, store.TABLE))
    return _dataset(str(artifacts), fingerprint, times)


def metrics(run: Run) -> dict[str, Any]:
    """Return the metrics of each split of a finished run at the threshold .5."""
    return _metrics(run, str(run.folder), _modified(run.folder / MARKER))


def marker(run: Run) -> dict[str, Any]:
    """Return what the completion marker of a finished run says."""
    return _marker(run, str(run.folder), _modified(run.folder / MARKER))


def split_scores(run: Run, artifacts: Path, split: str) -> SplitScores:
    """Return labels and scores of a finished run on one split.

    Raises:
        RunError: the run is not finished, or its film order is not that of its dataset.
    """
    modified = _modified(run.folder / MARKER)
    return _split_scores(run, str(run.folder), modified, str(artifacts), split)


def _modified(path: Path) -> int:
    """Return a file's time in nanoseconds; 0 where there is none, so that reading it says so."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


# A run and a dataset are never changed once written, so all sessions share one object; a name
# with an underscore is left out of the key.


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(artifacts: str, fingerprint: str, times: tuple[int, ...]) -> Dataset:
    return store.load_dataset(Path(artifacts), fingerprint)


@st.cache_resource(max_entries=64, show_spinner=False)
def _metrics(_run: Run, folder: str, modified: int) -> dict[str, Any]:
    return _run.metrics()


@st.cache_resource(max_entries=64, show_spinner=False)
def _marker(_run: Run, folder: str, modified: int) -> dict[str, Any]:
    return _run.marker()


@st.cache_resource(max_entries=24, show_spinner=False)
def _split_scores(_run: Run, folder: str, modified: int, artifacts: str, split: str) -> SplitScores:
    return comparison.split_scores(_run, Path(artifacts), split)
