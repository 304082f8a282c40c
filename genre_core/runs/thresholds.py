"""Owner of `artifacts/thresholds/`: thresholds and calibration, fitted on validation films.

They are stored outside the run folders. Metrics on the validation films themselves are
cross-fitted: each film is predicted with thresholds fitted on the other folds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from genre_core import caches
from genre_core.artifacts import Artifacts
from genre_core.evaluation.calibration import (
    Calibration,
    expected_calibration_error,
    fit_calibration,
)
from genre_core.evaluation.decided import decision_metrics
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.fitting import ENOUGH, best_common_threshold, best_genre_thresholds
from genre_core.evaluation.folds import folds
from genre_core.evaluation.formulas import bce
from genre_core.files import sha256_cached
from genre_core.runs.content import MARKER
from genre_core.runs.folder import Run
from genre_core.runs.metrics import macro_of
from genre_core.schemas import COUNT, NUMBER, SHARE, Schema, list_of, object_of, valid

FORMAT = 3
TUNED, TUNED_PER_GENRE = "tuned", "tuned_per_genre"  # one threshold for all genres, one for each
KEYS = {"tuned": TUNED, "tuned-per-genre": TUNED_PER_GENRE}  # by the word of `--threshold`
FORMER_RULES = {"validation": TUNED, "genres": TUNED_PER_GENRE}  # what `--threshold` took before
Rule = Callable[[np.ndarray, np.ndarray], Any]
PAIR = list_of(NUMBER, minItems=2, maxItems=2)  # before and after calibration
RULES: dict[str, Rule] = {TUNED: best_common_threshold, TUNED_PER_GENRE: best_genre_thresholds}


def fit(
    y_true: np.ndarray, y_score: np.ndarray, genres: tuple[str, ...], macro: np.ndarray
) -> dict[str, Any]:
    """Return thresholds, calibration and their cross-fitted metrics, as plain data.

    Args:
        y_true: labels of the validation films, (n_films, n_genres) uint8.
        y_score: their scores, (n_films, n_genres) float32.
        genres: genre names in column order.
        macro: mask of the genres in macro averages, (n_genres,) bool.
    """
    support = y_true.sum(axis=0, dtype=np.int64)
    calibration = fit_calibration(y_true, y_score)
    calibrated = cross_calibrated(y_true, y_score)
    return {
        "n_films": len(y_true),
        TUNED: best_common_threshold(y_true, y_score),
        TUNED_PER_GENRE: dict(
            zip(genres, best_genre_thresholds(y_true, y_score).tolist(), strict=True)
        ),
        "common_for": [
            genre for genre, films in zip(genres, support, strict=True) if films < ENOUGH
        ],
        "calibration": calibration._asdict(),
        "cross_fitted": {
            **{
                name: _f1(y_true, cross_decided(y_true, y_score, rule), macro)
                for name, rule in RULES.items()
            },
            "calibration": {
                "bce": [bce(y_true, y_score), bce(y_true, calibrated)],
                "ece": [
                    expected_calibration_error(y_true, scores) for scores in (y_score, calibrated)
                ],
            },
        },
    }


def kept(run: Run, held_out: Callable[[], tuple[Any, Any]]) -> dict[str, Any]:
    """Return the result of `fit` for a run, cached on disk.

    Args:
        run: a finished run.
        held_out: returns labels and scores of its validation films; called only if needed.
    """
    marker = sha256_cached(run.folder / MARKER)
    return caches.remembered(
        _path(run.artifacts, run.id),
        f"thresholds {FORMAT}, run.json {marker}",
        lambda: fit(*held_out(), run.genres, macro_of(run.config)),
        to_json=dict,
        from_json=partial(valid, schema=_schema(run.genres)),
    )


def forget(artifacts: Artifacts, run_id: str) -> None:
    """Remove the fitted thresholds of a deleted run."""
    _path(artifacts, run_id).unlink(missing_ok=True)


def thresholds_of(values: dict[str, Any], name: str, genres: tuple[str, ...]) -> float | np.ndarray:
    """Return the thresholds of a rule from the result of `fit`."""
    if name == TUNED:
        return float(values[TUNED])
    return np.array([values[TUNED_PER_GENRE][genre] for genre in genres], dtype=np.float64)


def calibration_of(values: dict[str, Any]) -> Calibration:
    """Return the calibration from the result of `fit`."""
    return Calibration(**values["calibration"])


def word(threshold: float | str) -> str:
    """Return a threshold, be it a number, a rule or a saved name, as `--threshold` takes it.

    >>> word(0.5), word("tuned_per_genre")
    ('0.5', 'tuned-per-genre')
    """
    words = {key: word for word, key in KEYS.items()}
    return words.get(str(threshold), str(threshold))


def cross_decided(y_true: np.ndarray, y_score: np.ndarray, rule: Rule) -> np.ndarray:
    """Return cross-fitted decisions, (n_films, n_genres) uint8."""
    y_pred = np.zeros(y_true.shape, dtype=np.uint8)
    for others, held_out in folds(len(y_true)):
        if y_true[others].any():
            limit = rule(y_true[others], y_score[others])
            y_pred[held_out] = decide(y_score[held_out], limit)
    return y_pred


def cross_calibrated(y_true: np.ndarray, y_score: np.ndarray) -> np.ndarray:
    """Return cross-fitted calibrated scores, (n_films, n_genres)."""
    calibrated = np.empty_like(y_score)
    for others, held_out in folds(len(y_true)):
        fitted = fit_calibration(y_true[others], y_score[others])
        calibrated[held_out] = fitted.apply(y_score[held_out])
    return calibrated


def _schema(genres: tuple[str, ...]) -> Schema:
    f1 = object_of({"f1_micro": SHARE, "f1_macro": SHARE})
    return object_of(
        {
            "n_films": COUNT,
            TUNED: SHARE,
            TUNED_PER_GENRE: object_of(dict.fromkeys(genres, SHARE)),
            "common_for": list_of({"enum": list(genres)}),
            "calibration": object_of(dict.fromkeys(Calibration._fields, NUMBER)),
            "cross_fitted": object_of(
                {
                    **dict.fromkeys(RULES, f1),
                    "calibration": object_of(dict.fromkeys(("bce", "ece"), PAIR)),
                }
            ),
        }
    )


def _f1(y_true: np.ndarray, y_pred: np.ndarray, macro: np.ndarray) -> dict[str, float]:
    overall = decision_metrics(y_true, y_pred, macro).overall
    return {name: overall[name] for name in ("f1_micro", "f1_macro")}


def _path(artifacts: Artifacts, run_id: str) -> Path:
    return artifacts.thresholds / f"{run_id}.json"
