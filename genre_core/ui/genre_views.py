"""What the page of genres shows of two runs: table, points and curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_curve

from genre_core.charts.colours import Style
from genre_core.charts.genre_curves import Calibrated, PrecisionRecall
from genre_core.charts.genre_plane import GenrePoint
from genre_core.comparison import AHEAD, BEHIND
from genre_core.data.films import Dataset
from genre_core.evaluation.calibration import expected_calibration_error
from genre_core.evaluation.metrics import GENRE_METRICS
from genre_core.evaluation.reliability import reliability
from genre_core.runs import Run
from genre_core.ui import loaders

Result = Mapping[str, Any]  # see `comparison.compare`, of two runs
AHEAD_PLACE = {AHEAD: 1, BEHIND: 0}


def table(result: Result, runs: tuple[Run, Run], names: Mapping[str, str], dataset: Dataset) -> Any:
    """Return one line a macro genre with every figure of both runs, largest difference first."""
    lines = []
    for row in result["genres"]:
        column = dataset.genres.index(row["genre"])
        ap = row["metrics"]["ap"]
        low, high = ap.get("interval", (None, None))
        line: dict[str, Any] = {
            "Genre": row["genre"],
            "Films": row["support"],
            "AP difference": ap["values"][1] - ap["values"][0],
            "Low": low,
            "High": high,
            "p, Holm": ap.get("p_holm"),
            "Ahead": _ahead(ap, runs, names),
        }
        for metric in GENRE_METRICS:
            figure = row["metrics"][metric.name]
            ends = figure.get("intervals", ((None, None), (None, None)))
            for place, run in enumerate(runs):
                called = f"{metric.label}: {names[run.id]}"
                line[called] = figure["values"][place]
                line[f"{called}, 95%"] = _written(*ends[place])
        for run in runs:
            y_true, y_score = test_of(run, dataset, column)
            line[f"ECE: {names[run.id]}"] = expected_calibration_error(y_true, y_score)
        lines.append(line)
    frame = pd.DataFrame(lines)
    return frame.sort_values("AP difference", ascending=False, ignore_index=True)


def points(result: Result) -> list[GenrePoint]:
    """Return the average precision of both runs for each macro genre."""
    return [_point(row, row["metrics"]["ap"]) for row in result["genres"]]


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
    precision, recall, _ = precision_recall_curve(y_true, y_score)
    hits = float((y_true & y_pred).sum())
    decided = (hits / max(y_true.sum(), 1), hits / max(y_pred.sum(), 1))
    return PrecisionRecall(name, style, precision.tolist(), recall.tolist(), decided)


def calibrated(name: str, style: Style, on: tuple[np.ndarray, np.ndarray]) -> Calibrated:
    """Return the reliability curve of one genre."""
    found = reliability(*on)
    return Calibrated(name, style, *(values.tolist() for values in found))


def _point(row: Mapping[str, Any], ap: Mapping[str, Any]) -> GenrePoint:
    first, second = ap["values"]
    ends = ap.get("intervals")
    intervals = ((ends[0][0], ends[0][1]), (ends[1][0], ends[1][1])) if ends else None
    ahead = AHEAD_PLACE.get(ap.get("verdict", ""))
    return GenrePoint(row["genre"], row["support"], (first, second), intervals, ahead)


def _ahead(figure: Mapping[str, Any], runs: tuple[Run, Run], names: Mapping[str, str]) -> str:
    verdict = figure.get("verdict")
    if verdict is None:
        return "too few films"
    place = AHEAD_PLACE.get(verdict)
    return "not distinguishable" if place is None else names[runs[place].id]


def _written(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.3f} to {high:.3f}"
