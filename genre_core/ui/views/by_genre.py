"""What the page By genre shows of two runs: the table and the curves of one genre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from sklearn.metrics import precision_recall_curve

from genre_core.charts.colours import Style
from genre_core.charts.genre_curves import Calibrated, PrecisionRecall
from genre_core.comparison.results import RunComparison
from genre_core.comparison.wording import verdict_text
from genre_core.data.films import Dataset
from genre_core.evaluation.calibration import (
    CalibrationSlope,
    calibration_band,
    calibration_slope,
    expected_calibration_error,
)
from genre_core.evaluation.counts import count, precision, recall
from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.metrics import GENRE_METRICS
from genre_core.evaluation.paired import LEAST_SUPPORT
from genre_core.evaluation.reliability import reliability
from genre_core.evaluation.results import GenreValues, PairComparison, RunDifference
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders
from genre_core.ui.parts.comparing import COLUMNS, interval_text

DIFFERENCE = "AP difference"
TABLE_HELP = f"Intervals from {LEAST_SUPPORT} test films of a genre."
DETAILS_HELP = (
    f"{TABLE_HELP} ECE: expected calibration error, beside the 95% band that a perfectly "
    "calibrated model with these scores would have. A calibration slope below 1 means "
    "overconfident scores."
)


def table(result: RunComparison, names: Mapping[str, str]) -> pd.DataFrame:
    """Return one line a macro genre with the AP of both runs, largest difference first."""
    (pair,) = result.pairs
    lines = []
    for genre in result.genres:
        test = pair.genres["ap"][genre.genre]
        low, high = test.interval or (None, None)
        lines.append(
            {
                "Genre": genre.genre,
                DIFFERENCE: test.value,
                "Ahead": _ahead(test, pair, names),
                "Low": low,
                "High": high,
                COLUMNS["p_corrected"].header: test.p_corrected,
                COLUMNS["p_value"].header: test.p_value,
                "Films": genre.support,
                **_values(genre, "ap", "AP", names),
            }
        )
    return pd.DataFrame(lines).sort_values(DIFFERENCE, ascending=False, ignore_index=True)


def details(
    result: RunComparison, runs: tuple[Run, Run], names: Mapping[str, str], dataset: Dataset
) -> pd.DataFrame:
    """Return one line a macro genre with what is not in `table`, in the order of the films."""
    lines = []
    for genre in sorted(result.genres, key=lambda genre: -genre.support):
        line: dict[str, Any] = {"Genre": genre.genre, "Films": genre.support}
        for metric in (metric for metric in GENRE_METRICS if metric.name != "ap"):
            line |= _values(genre, metric.name, metric.label, names)
        for run in (run for run in runs if run.id not in result.decided):
            chance = result.chance[genre.genre][run.id]
            line[f"p (Holm) vs chance: {names[run.id]}"] = chance.p_corrected
            line |= _calibration(run, names[run.id], dataset, dataset.genres.index(genre.genre))
        lines.append(line)
    return pd.DataFrame(lines)


def _values(
    genre: GenreValues, metric: str, label: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return a metric of a genre by each run, with its interval."""
    values: dict[str, Any] = {}
    for run_id, value in genre.values[metric].items():
        called = f"{label}: {names[run_id]}"
        values[called] = value
        values[f"{called}, 95%"] = interval_text(genre.intervals[metric][run_id])
    return values


def _calibration(run: Run, name: str, dataset: Dataset, column: int) -> dict[str, Any]:
    """Return calibration error and slope of a genre, each beside what to hold it against."""
    error, band, slope = _calibrated(
        run.id + dataset.subset, column, *test_of(run, dataset, column)
    )
    has_slope = not np.isnan(slope.slope)
    return {
        f"ECE: {name}": error,
        f"ECE if calibrated: {name}": interval_text(band),
        f"Calibration slope: {name}": slope.slope if has_slope else None,
        f"Calibration slope, 95%: {name}": interval_text(Interval(slope.low, slope.high))
        if has_slope
        else "",
    }


@st.cache_data(max_entries=1024, show_spinner=False)
def _calibrated(
    key: str, column: int, _y_true: np.ndarray, _y_score: np.ndarray
) -> tuple[float, Interval, CalibrationSlope]:
    return (
        expected_calibration_error(_y_true, _y_score),
        calibration_band(_y_score),
        calibration_slope(_y_true, _y_score),
    )


def test_of(run: Run, dataset: Dataset, column: int) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and scores of one genre on the test films, (n_films,) each."""
    rows = dataset.rows("test")
    return dataset.labels[rows, column], np.asarray(loaders.scores(run, dataset)[rows, column])


def curve(
    name: str, style: Style, on: tuple[np.ndarray, np.ndarray], y_pred: np.ndarray
) -> PrecisionRecall:
    """Return the precision-recall curve of one genre, with what its decisions reach.

    Args:
        name: how the run is called.
        style: its colour and line.
        on: labels and scores, (n_films,) each, with a positive.
        y_pred: decisions, (n_films,).
    """
    y_true, y_score = on
    precisions, recalls, _ = precision_recall_curve(y_true, y_score)
    counts = count(y_true, y_pred)
    decided = float(recall(counts)), float(precision(counts))
    return PrecisionRecall(name, style, precisions.tolist(), recalls.tolist(), decided)


def calibrated(name: str, style: Style, on: tuple[np.ndarray, np.ndarray]) -> Calibrated:
    """Return the reliability curve of one genre."""
    found = reliability(*on)
    return Calibrated(name, style, *(values.tolist() for values in found))


def _ahead(test: RunDifference, pair: PairComparison, names: Mapping[str, str]) -> str:
    run = {"ahead": pair.second, "behind": pair.first}.get(test.verdict)
    return verdict_text(test) if run is None else names[run]
