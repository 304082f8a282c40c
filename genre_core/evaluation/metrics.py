"""The table of metrics."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from genre_core.evaluation import counts, decided, formulas, totals
from genre_core.evaluation.checks import (
    Values,
)


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
