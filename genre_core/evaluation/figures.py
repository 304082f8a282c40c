"""The evaluation of a run: every metric of the table, overall and by genre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, cast

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation import counts, formulas
from genre_core.evaluation.checks import (
    Labels,
    Scores,
    Threshold,
    Values,
    check_average,
    checked_labels,
    checked_macro,
    checked_prior,
    checked_scores,
)
from genre_core.evaluation.decisions import decide, defined_macro, top_k
from genre_core.evaluation.metrics import METRICS


class GenreRow(TypedDict):
    """The metrics of one genre; shares are shares of the evaluated films."""

    genre: str
    support: int
    prevalence: float
    ap: float | None
    precision: float | None
    recall: float
    f1: float
    predicted_share: float
    ranked_first_share: float
    top3_share: float
    in_macro: bool


def evaluate(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    threshold: Threshold = 0.5,
    known: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Return every metric of `METRICS` for one run on some films.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: Scores in [0, 1], (n_films, n_genres).
        macro: Genres that macro averages go over, bool (n_genres,), see `macro_genres`; those
            without a positive film are left out, see `defined_macro`.
        prior: Prevalence of each genre in the training split, (n_genres,) in [0, 1].
        threshold: One, or one for each genre (n_genres,), in [0, 1].
        known: Metrics that need not be computed again.

    Returns:
        Metric name to value, in the order of `METRICS`.

    Raises:
        DataError: An array does not fit, a value is outside its range, there is no film, or no
            macro genre has a positive film.

    >>> figures = evaluate(
    ...     [[1, 0], [0, 1]], [[0.9, 0.6], [0.3, 0.8]], macro=[True, True], prior=[0.5, 0.5]
    ... )
    >>> figures["map"], figures["hamming_loss"], figures["recall_micro"]
    (1.0, 0.25, 1.0)
    """
    labels = checked_labels(y_true)
    scores = checked_scores(y_score, labels)
    mask = checked_macro(macro, labels.shape[1])
    context = {"macro": mask, "prior": checked_prior(prior, labels.shape[1])}
    check_average(mask & labels.any(axis=0))
    estimates = {"score": scores, "decision": decide(scores, threshold)}
    values = known or {}
    return {
        metric.name: values[metric.name]
        if metric.name in values
        else float(
            metric.function(
                labels, estimates[metric.needs], **{key: context[key] for key in metric.context}
            )
        )
        for metric in METRICS
    }


def evaluate_genres(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    genres: Sequence[str],
    macro: npt.ArrayLike,
    threshold: Threshold = 0.5,
) -> list[GenreRow]:
    """Return the metrics of each genre for one run on some films.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: Scores in [0, 1], (n_films, n_genres).
        genres: Genre names in column order.
        macro: Genres that macro averages go over, bool (n_genres,).
        threshold: One, or one for each genre (n_genres,), in [0, 1].

    Returns:
        One row per genre, in column order. `ap` is None for a genre without a positive film, and
        `precision` for one that is never predicted; recall and F1 are 0 where they are
        undefined.

    Raises:
        DataError: An array does not fit, a value is outside its range, or there is no film.

    >>> rows = evaluate_genres(
    ...     [[1, 0], [1, 0]], [[0.9, 0.6], [0.3, 0.8]], genres=("Drama", "War"), macro=[True, False]
    ... )
    >>> rows[0]["recall"], rows[1]["ap"], rows[1]["ranked_first_share"]
    (0.5, None, 0.5)
    """
    labels = checked_labels(y_true)
    scores = checked_scores(y_score, labels)
    if len(genres) != labels.shape[1]:
        raise DataError(
            f"There are {len(genres)} genre names for {labels.shape[1]} columns. Expected one name "
            "for each column. Pass the genres of the dataset that the labels come from."
        )
    columns = {
        "genre": list(genres),
        **_genre_columns(labels, scores, decide(scores, threshold)),
        "in_macro": checked_macro(macro, len(genres)).tolist(),
    }
    return [
        cast(GenreRow, dict(zip(columns, row, strict=True)))
        for row in zip(*columns.values(), strict=True)
    ]


def figures(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    *,
    genres: Sequence[str],
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    threshold: Threshold = 0.5,
) -> dict[str, Any]:
    """Return all metrics of one run on some films, with the numbers of films and genres.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: Scores in [0, 1], (n_films, n_genres).
        genres: Genre names in column order.
        macro: Genres that macro averages go over, bool (n_genres,).
        prior: Prevalence of each genre in the training split, (n_genres,) in [0, 1].
        threshold: One, or one for each genre (n_genres,), in [0, 1].

    Returns:
        Plain data: `n_films`, `n_macro_genres` (those with a positive film here), `threshold`,
        `metrics` and `genres`.

    Raises:
        DataError: As `evaluate`.
    """
    labels, mask = np.asarray(y_true), np.asarray(macro, dtype=bool)
    rows = evaluate_genres(y_true, y_score, genres=genres, macro=macro, threshold=threshold)
    averaged = [row["ap"] for row in rows if row["in_macro"] and row["ap"] is not None]
    # Ranking the films by every genre takes the longest of all.
    known = {"map": float(np.mean(averaged))} if averaged else {}
    metrics = evaluate(y_true, y_score, macro=macro, prior=prior, threshold=threshold, known=known)
    return {
        "n_films": len(labels),
        "n_macro_genres": int(defined_macro(labels, mask).sum()),
        "threshold": np.asarray(threshold).tolist(),
        "metrics": metrics,
        "genres": rows,
    }


def without_scores(found: dict[str, Any]) -> dict[str, Any]:
    """Return metrics with None for those that need scores, for a run that only has decisions.

    Args:
        found: what `figures` returns.

    Returns:
        The same, with None for these metrics and for the AP of each genre.
    """
    needs = {metric.name: metric.needs for metric in METRICS}
    kept = {
        name: None if needs[name] == "score" else value for name, value in found["metrics"].items()
    }
    return {**found, "metrics": kept, "genres": [{**row, "ap": None} for row in found["genres"]]}


def _genre_columns(y_true: Labels, y_score: Scores, y_pred: Labels) -> dict[str, list[Any]]:
    found = counts.count(y_true, y_pred)
    return {
        "support": found.support.astype(np.int64).tolist(),
        "prevalence": y_true.mean(axis=0).tolist(),
        "ap": [formulas.average_precision(*pair) for pair in zip(y_true.T, y_score.T, strict=True)],
        "precision": [
            value if is_predicted else None
            for value, is_predicted in zip(
                counts.precision(found).tolist(), (found.predicted > 0).tolist(), strict=True
            )
        ],
        "recall": counts.recall(found).tolist(),
        "f1": counts.f1(found).tolist(),
        "predicted_share": y_pred.mean(axis=0).tolist(),
        "ranked_first_share": _ranked_share(y_score, 1).tolist(),
        "top3_share": _ranked_share(y_score, 3).tolist(),
    }


def _ranked_share(y_score: Scores, k: int) -> Values:
    n_films, n_genres = y_score.shape
    result: Values = np.bincount(top_k(y_score, k).ravel(), minlength=n_genres) / n_films
    return result
