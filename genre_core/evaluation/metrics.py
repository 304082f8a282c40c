"""The table of metrics, and the evaluation of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypedDict, cast

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation import counts, decided, formulas, totals
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


@dataclass(frozen=True)
class Metric:
    """One row of the table of metrics, used by pages, tooltips and intervals.

    Attributes:
        name: Key in `metrics.json`.
        label: Name shown in tables and charts.
        function: (y_true, y_score or y_pred, **context) -> float.
        resampled: The same from weighted totals, for the bootstrap: Totals -> (n_resamples,).
        sentence: Its meaning, in one sentence.
        needs: Type of the second argument of `function`.
        context: The keyword arguments of `function`.
        higher_is_better: Whether higher values are better.
        highest: The highest possible value; the lowest is 0.
        compared_by: What is swapped film by film to test a difference: values of films, ranks
            within genres, or decisions.
        alias: An equivalent metric, with which it counts as one test.
    """

    name: str
    label: str
    function: Callable[..., float]
    resampled: Callable[[totals.Totals], Values]
    sentence: str
    needs: Literal["score", "decision"] = "decision"
    context: tuple[Literal["macro", "prior"], ...] = ()
    higher_is_better: bool = True
    highest: float = 1.0
    compared_by: Literal["films", "ranks", "decisions"] = "decisions"
    alias: str | None = None


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


METRICS: tuple[Metric, ...] = (
    Metric(
        name="bce",
        label="BCE",
        function=formulas.bce,
        resampled=partial(totals.film_mean, name="bce"),
        sentence="Mean binary cross-entropy over all films and genres, in nats: "
        "high if scores are confident but wrong.",
        needs="score",
        higher_is_better=False,
        highest=-math.log(formulas.EPSILON),
        compared_by="films",
    ),
    Metric(
        name="bce_to_prior",
        label="BCE / base rates",
        function=formulas.bce_to_prior,
        resampled=totals.bce_ratio,
        sentence="BCE divided by the BCE of the training base rates: below 1, the scores are more "
        "informative than the base rates.",
        needs="score",
        context=("prior",),
        higher_is_better=False,
        highest=np.inf,
        compared_by="films",
        alias="bce",
    ),
    Metric(
        name="map",
        label="mAP",
        function=formulas.mean_average_precision,
        resampled=totals.macro_map,
        sentence="How well each genre's films are ranked above the others: "
        "average precision, averaged over the macro genres.",
        needs="score",
        context=("macro",),
        compared_by="ranks",
    ),
    Metric(
        name="lrap",
        label="LRAP",
        function=formulas.lrap,
        resampled=partial(totals.film_mean, name="lrap"),
        sentence="How well each film's genres are ranked above its other genres, averaged over "
        "films; 1 for a film without a genre.",
        needs="score",
        compared_by="films",
    ),
    Metric(
        name="precision_micro",
        label="Precision, micro",
        function=partial(decided.micro, measure=counts.precision),
        resampled=partial(totals.micro, measure=counts.precision),
        sentence="Share of all predicted genres that are true.",
    ),
    Metric(
        name="precision_macro",
        label="Precision, macro",
        function=partial(decided.macro, measure=counts.precision),
        resampled=partial(totals.macro, measure=counts.precision),
        sentence="Share of the films predicted for a genre that have it, averaged over the macro "
        "genres.",
        context=("macro",),
    ),
    Metric(
        name="precision_weighted",
        label="Precision, weighted",
        function=partial(decided.weighted, measure=counts.precision),
        resampled=partial(totals.weighted, measure=counts.precision),
        sentence="Share of the films predicted for a genre that have it, averaged over all genres "
        "weighted by support.",
    ),
    Metric(
        name="precision_samples",
        label="Precision, samples",
        function=partial(decided.samples, measure=counts.precision),
        resampled=partial(totals.film_mean, name="precision_samples"),
        sentence="Share of a film's predicted genres that are true, averaged over films.",
        compared_by="films",
    ),
    Metric(
        name="recall_micro",
        label="Recall, micro",
        function=partial(decided.micro, measure=counts.recall),
        resampled=partial(totals.micro, measure=counts.recall),
        sentence="Share of all true genres that are predicted.",
    ),
    Metric(
        name="recall_macro",
        label="Recall, macro",
        function=partial(decided.macro, measure=counts.recall),
        resampled=partial(totals.macro, measure=counts.recall),
        sentence="Share of a genre's films that are predicted, averaged over the macro genres.",
        context=("macro",),
    ),
    Metric(
        name="recall_weighted",
        label="Recall, weighted",
        function=partial(decided.weighted, measure=counts.recall),
        resampled=partial(totals.weighted, measure=counts.recall),
        sentence="Share of a genre's films that are predicted, averaged over all genres weighted "
        "by support; always equal to micro recall.",
        alias="recall_micro",
    ),
    Metric(
        name="recall_samples",
        label="Recall, samples",
        function=partial(decided.samples, measure=counts.recall),
        resampled=partial(totals.film_mean, name="recall_samples"),
        sentence="Share of a film's true genres that are predicted, averaged over films.",
        compared_by="films",
    ),
    Metric(
        name="f1_micro",
        label="F1, micro",
        function=partial(decided.micro, measure=counts.f1),
        resampled=partial(totals.micro, measure=counts.f1),
        sentence="Harmonic mean of micro precision and micro recall.",
    ),
    Metric(
        name="f1_macro",
        label="F1, macro",
        function=partial(decided.macro, measure=counts.f1),
        resampled=partial(totals.macro, measure=counts.f1),
        sentence="Harmonic mean of a genre's precision and recall, averaged over the macro genres: "
        "rare genres count as much as frequent ones.",
        context=("macro",),
    ),
    Metric(
        name="f1_weighted",
        label="F1, weighted",
        function=partial(decided.weighted, measure=counts.f1),
        resampled=partial(totals.weighted, measure=counts.f1),
        sentence="Harmonic mean of a genre's precision and recall, averaged over all genres "
        "weighted by support.",
    ),
    Metric(
        name="f1_samples",
        label="F1, samples",
        function=partial(decided.samples, measure=counts.f1),
        resampled=partial(totals.film_mean, name="f1_samples"),
        sentence="Harmonic mean of a film's precision and recall, averaged over films.",
        compared_by="films",
    ),
    Metric(
        name="hamming_loss",
        label="Hamming loss",
        function=decided.hamming_loss,
        resampled=partial(totals.film_mean, name="hamming_loss"),
        sentence="Share of all film-genre pairs that are predicted wrongly; low even if nothing is "
        "predicted.",
        higher_is_better=False,
        compared_by="films",
    ),
    Metric(
        name="subset_accuracy",
        label="Subset accuracy",
        function=decided.subset_accuracy,
        resampled=partial(totals.film_mean, name="subset_accuracy"),
        sentence="Share of films whose genres are predicted exactly, without missed or extra ones.",
        compared_by="films",
    ),
    Metric(
        name="top1_hit",
        label="Top-1 hit",
        function=partial(formulas.top_hit, k=1),
        resampled=partial(totals.film_mean, name="top1_hit"),
        sentence="Share of films whose highest-scoring genre is true.",
        needs="score",
        compared_by="films",
    ),
    Metric(
        name="top3_hit",
        label="Top-3 hit",
        function=partial(formulas.top_hit, k=3),
        resampled=partial(totals.film_mean, name="top3_hit"),
        sentence="Share of films with at least one true genre among the three highest-scoring.",
        needs="score",
        compared_by="films",
    ),
)


@dataclass(frozen=True)
class GenreMetric:
    """A metric of a single genre; higher is better for all of them.

    Attributes:
        name: Key in `GenreRow`.
        label: Name shown in tables and charts.
        resampled: From weighted totals: Totals -> (n_macro, n_resamples).
        sentence: Its meaning, in one sentence.
    """

    name: Literal["ap", "precision", "recall", "f1"]
    label: str
    resampled: Callable[[totals.Totals], Values]
    sentence: str


GENRE_METRICS: tuple[GenreMetric, ...] = (
    GenreMetric(
        name="ap",
        label="AP",
        resampled=totals.genre_average_precision,
        sentence="How well the genre's films are ranked above the others: average precision.",
    ),
    GenreMetric(
        name="precision",
        label="Precision",
        resampled=partial(totals.genre_measure, measure=counts.precision),
        sentence="Share of the films predicted for the genre that have it.",
    ),
    GenreMetric(
        name="recall",
        label="Recall",
        resampled=partial(totals.genre_measure, measure=counts.recall),
        sentence="Share of the genre's films that are predicted.",
    ),
    GenreMetric(
        name="f1",
        label="F1",
        resampled=partial(totals.genre_measure, measure=counts.f1),
        sentence="Harmonic mean of the genre's precision and recall.",
    ),
)


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
