"""Cached reads from `artifacts/`: keyed on what is read and its time, and bounded in number."""

from __future__ import annotations

import os
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.data import store
from genre_core.data.films import NO_SPLIT, Dataset
from genre_core.errors import DEFAULT_ARTIFACTS, RunError
from genre_core.evaluation.calibration import is_within_band
from genre_core.evaluation.decisions import defined_macro, macro_genres
from genre_core.evaluation.films import FilmFigures, film_figures_of
from genre_core.runs import scores as run_scores
from genre_core.runs.content import MARKER
from genre_core.runs.folder import Run
from genre_core.runs.metrics import ScoredFilms, evaluate_splits

Version = tuple[str, int]


def artifacts_folder() -> Artifacts:
    """Return the folder of datasets and runs: MARQUEE_ARTIFACTS, or "artifacts"."""
    return Artifacts(Path(os.environ.get("MARQUEE_ARTIFACTS") or DEFAULT_ARTIFACTS))


def dataset(artifacts: Artifacts, fingerprint: str) -> Dataset:
    """Return a dataset that was read before.

    Raises:
        DataError: it is not there, or its files are damaged.
    """
    folder = artifacts.datasets / fingerprint
    times = tuple(modified_at(folder / name) for name in (store.META, store.TABLE))
    return _dataset(str(artifacts), fingerprint, times)


def metrics(run: Run, dataset: Dataset | None = None) -> dict[str, Any]:
    """Return the metrics of each split of a finished run at the threshold 0.5.

    Args:
        run: a finished run.
        dataset: its films, where some of those that it has scores for are left out.
    """
    if dataset is not None and dataset.subset:
        return _metrics_on(run, dataset, *version(run, dataset))
    return _metrics(run, *version(run))


def figures(run: Run, split: str = "test", dataset: Dataset | None = None) -> dict[str, Any]:
    """Return a finished run's metrics on a split, see `metrics`; empty without scores."""
    found: dict[str, Any] = metrics(run, dataset)["splits"].get(split, {}).get("metrics", {})
    return found


def splits(run: Run) -> tuple[str, ...]:
    """Return the splits that a finished run has scores for; none for a history alone."""
    return _splits(run, *version(run))


def n_scored(run: Run, dataset: Dataset, split: str) -> int:
    """Return for how many films of a split of its dataset a finished run has scores."""
    if split not in splits(run):
        return 0
    try:
        return int(is_scored(run, dataset)[dataset.rows(split)].sum())
    except RunError:  # of films that the dataset does not have
        return 0


def is_scored(run: Run, dataset: Dataset) -> np.ndarray:
    """Return which films of its dataset a finished run has scores for, (n_films,) bool.

    Raises:
        RunError: it has scores for other films.
    """
    return _is_scored(run, dataset, *version(run))


def marker(run: Run) -> dict[str, Any]:
    """Return what the completion marker of a finished run says."""
    return _marker(run, *version(run))


def scores(run: Run, dataset: Dataset) -> np.ndarray:
    """Return a run's scores of all films of its dataset, (n_films, n_genres), memory-mapped.

    Raises:
        RunError: the run is not finished, or its film order is not that of the dataset.
    """
    return _scores(run, dataset, *version(run))


def film_figures(run: Run, dataset: Dataset) -> FilmFigures:
    """Return what a run does with each film of its dataset."""
    return _film_figures(run, dataset, *version(run))


def disagreement(first: Run, second: Run, dataset: Dataset) -> np.ndarray:
    """Return the mean absolute difference of two runs' scores of each film, (n_films,)."""
    return _disagreement(first, second, dataset, (version(first), version(second)))


def calibrated_genres(run: Run, dataset: Dataset) -> tuple[int, int]:
    """Return for how many genres a run is calibrated on the test films, and of how many."""
    return _calibrated_genres(run, dataset, *version(run, dataset))


def folded(text: str) -> str:
    """Return what spellings of a text have in common: neither case nor spaces matter."""
    return " ".join(text.split()).casefold()


def rows_by_overview(dataset: Dataset) -> dict[str, int]:
    """Return the position of a film with each overview, by `folded`; films without are left out."""
    return _rows_by_overview(dataset, dataset.fingerprint)


def folded_texts(dataset: Dataset) -> list[str]:
    """Return the overviews as they are searched: one space between words, case folded."""
    return _folded_texts(dataset, dataset.fingerprint)


def version(run: Run, dataset: Dataset | None = None) -> Version:
    """Return the folder of a run and its time, which changes when it is written anew.

    Caches are keyed by it: a finished run never changes.

    Args:
        run: a finished run.
        dataset: its films, for what depends on which of them are left out.
    """
    subset = dataset.subset if dataset else ""
    return f"{run.folder}{subset}", modified_at(run.folder / MARKER)


def modified_at(path: Path) -> int:
    """Return a file's time in nanoseconds; 0 where there is none, so that reading it says so."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


# A run and a dataset are never changed once written, so all sessions share one object; a name
# with an underscore is left out of the key.


@st.cache_resource(max_entries=4, show_spinner=False)
def _dataset(artifacts: str, fingerprint: str, times: tuple[int, ...]) -> Dataset:
    return store.load_dataset(Artifacts(Path(artifacts)), fingerprint)


@st.cache_resource(max_entries=64, show_spinner=False)
def _metrics(_run: Run, folder: str, modified: int) -> dict[str, Any]:
    return _run.metrics()


@st.cache_resource(max_entries=64, show_spinner=False)
def _metrics_on(_run: Run, _dataset: Dataset, folder: str, modified: int) -> dict[str, Any]:
    rows = np.flatnonzero(is_scored(_run, _dataset) & (_dataset.split != NO_SPLIT))
    films = ScoredFilms(
        tuple(_dataset.films.ids[row] for row in rows.tolist()),
        tuple(_dataset.split[rows].tolist()),
        _dataset.labels[rows],
        np.asarray(scores(_run, _dataset)[rows]),
    )
    return evaluate_splits(films, {**_run.config, "genres": list(_dataset.genres)})


@st.cache_resource(max_entries=64, show_spinner=False)
def _is_scored(_run: Run, _dataset: Dataset, folder: str, modified: int) -> np.ndarray:
    found = scores(_run, _dataset)
    if isinstance(found, np.memmap):  # as they are in the file, for all films
        return np.ones(len(found), dtype=bool)
    result: np.ndarray = ~np.isnan(found[:, 0])
    return result


@st.cache_resource(max_entries=256, show_spinner=False)
def _splits(_run: Run, folder: str, modified: int) -> tuple[str, ...]:
    return run_scores.splits_of(_run)


@st.cache_resource(max_entries=64, show_spinner=False)
def _marker(_run: Run, folder: str, modified: int) -> dict[str, Any]:
    return _run.marker()


@st.cache_resource(max_entries=16, show_spinner=False)
def _scores(_run: Run, _dataset: Dataset, folder: str, modified: int) -> np.ndarray:
    return run_scores.film_scores(_run, _dataset)


@st.cache_resource(max_entries=16, show_spinner=False)
def _film_figures(_run: Run, _dataset: Dataset, folder: str, modified: int) -> FilmFigures:
    return film_figures_of(_dataset.labels, scores(_run, _dataset))


@st.cache_resource(max_entries=8, show_spinner=False)
def _disagreement(
    _first: Run,
    _second: Run,
    _dataset: Dataset,
    versions: tuple[Version, Version],
) -> np.ndarray:
    pair = (scores(run, _dataset) for run in (_first, _second))
    result: np.ndarray = np.abs(np.subtract(*pair)).mean(axis=1)
    return result


@st.cache_resource(max_entries=64, show_spinner=False)
def _calibrated_genres(_run: Run, _dataset: Dataset, folder: str, modified: int) -> tuple[int, int]:
    rows = _dataset.rows("test")
    y_true, y_score = _dataset.labels[rows], np.asarray(scores(_run, _dataset)[rows])
    macro = defined_macro(y_true, macro_genres(_dataset.genres, _dataset.train_support))
    columns = np.flatnonzero(macro).tolist()
    n_inside = sum(is_within_band(y_true[:, column], y_score[:, column]) for column in columns)
    return n_inside, len(columns)


@st.cache_resource(max_entries=2, show_spinner=False)
def _folded_texts(_dataset: Dataset, fingerprint: str) -> list[str]:
    films = _dataset.films
    titles = films.titles or repeat("")
    pairs = zip(titles, films.overviews, strict=False)
    return [folded(f"{title} {text}") for title, text in pairs]


@st.cache_resource(max_entries=2, show_spinner=False)
def _rows_by_overview(_dataset: Dataset, fingerprint: str) -> dict[str, int]:
    overviews = enumerate(_dataset.films.overviews)
    return {folded(overview): row for row, overview in overviews if overview}
