"""Weighted metrics, vectorised over thousands of bootstrap resamples.

A resample is a weight for each film, the number of times it was drawn. Every metric is computed
from weighted totals: sums of per-film values, weighted hits of each genre, and the average
precision of each genre from its ranking, which is sorted only once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from genre_core.evaluation.checks import Labels, Mask, Scores, Threshold, Values
from genre_core.evaluation.counts import Counts, Measure, count, f1, precision, ratio, recall
from genre_core.evaluation.decisions import decide, defined_macro
from genre_core.evaluation.formulas import film_bce, film_lrap, film_top_hit


class Ranking(NamedTuple):
    """One genre's films, sorted by score and split after each tie group with a positive.

    Attributes:
        films: Films down to the last positive, int (n_ranked,).
        starts: Where each group starts in `films`, int (n_groups,).
        positives: Positive films in the same order, int (n_positives,).
        positive_starts: Where each group starts in `positives`, int (n_groups,).
    """

    films: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    positives: npt.NDArray[np.intp]
    positive_starts: npt.NDArray[np.intp]


@dataclass(frozen=True)
class FilmTable:
    """One run's results film by film, ready to be weighted.

    Attributes:
        names: The per-film values, in the order of the first rows.
        rows: The values, then hits, predicted and support of each genre, float64
            (n_values + 3 * n_genres, n_films).
        rankings: One for each macro genre with a positive film.
        macro: These genres, bool (n_genres,).
        positives: Their labels, uint8 (n_macro, n_films).
        scores: Their scores, float (n_macro, n_films).
        ranks: Their films ranked by score, the highest 1, ties averaged, (n_macro, n_films).
        decisions: Of all genres, uint8 (n_genres, n_films).
    """

    names: tuple[str, ...]
    rows: Values
    rankings: tuple[Ranking, ...]
    macro: Mask
    positives: Labels
    scores: Scores
    ranks: Values
    decisions: Labels


@dataclass(frozen=True)
class Totals:
    """Weighted totals of one run for `n_resamples` weightings.

    Attributes:
        means: Weighted mean over films of each per-film value, float64 (n_resamples,).
        counts: Weighted counts of each genre, float64 (n_genres, n_resamples).
        average_precisions: float64 (n_macro, n_resamples), 0 where the genre has no weight.
        macro: The macro genres with a positive film, bool (n_genres,), `n_macro` of them.
    """

    means: dict[str, Values]
    counts: Counts
    average_precisions: Values
    macro: Mask


def film_table(
    y_true: Labels, y_score: Scores, *, macro: Mask, prior: Values, threshold: Threshold
) -> FilmTable:
    """Return the table of one run.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores in [0, 1], float (n_films, n_genres).
        macro: bool (n_genres,).
        prior: Training prevalences, float64 (n_genres,).
        threshold: One, or one for each genre.
    """
    y_pred = decide(y_score, threshold)
    values = film_values(y_true, y_score, y_pred)
    values["bce_of_prior"] = film_bce(y_true, prior)
    defined = defined_macro(y_true, macro)
    return FilmTable(
        names=tuple(values),
        rows=np.vstack([*values.values(), (y_true & y_pred).T, y_pred.T, y_true.T], dtype=float),
        rankings=tuple(
            rank_films(y_true[:, column], y_score[:, column]) for column in np.flatnonzero(defined)
        ),
        macro=defined,
        positives=y_true.T[defined],
        scores=y_score.T[defined],
        ranks=rankdata(-y_score.T[defined], axis=1),
        decisions=y_pred.T,
    )


def film_values(y_true: Labels, y_score: Scores, y_pred: Labels) -> dict[str, Any]:
    """Return the metrics that are means over films, film by film: name to (n_films,).

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores in [0, 1], float (n_films, n_genres).
        y_pred: uint8 (n_films, n_genres).
    """
    counts = count(y_true, y_pred, axis=1)
    return {
        "bce": film_bce(y_true, y_score),
        "lrap": film_lrap(y_true, y_score),
        "precision_samples": precision(counts),
        "recall_samples": recall(counts),
        "f1_samples": f1(counts),
        "hamming_loss": (y_true != y_pred).mean(axis=1),
        "subset_accuracy": (y_true == y_pred).all(axis=1),
        "top1_hit": film_top_hit(y_true, y_score, 1),
        "top3_hit": film_top_hit(y_true, y_score, 3),
    }


def rank_films(is_true: Labels, score: Scores) -> Ranking:
    """Return the ranking of one genre with at least one positive film.

    Args:
        is_true: uint8 (n_films,).
        score: float (n_films,).
    """
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    group_ends = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), ranked.size - 1)
    positives = np.flatnonzero(is_true[order])
    # Recall grows only in groups with a positive, so the other groups end no step of the curve.
    groups, positive_starts = np.unique(np.searchsorted(group_ends, positives), return_index=True)
    ends = group_ends[groups] + 1
    return Ranking(
        films=order[: ends[-1]],
        starts=np.append(0, ends[:-1]),
        positives=order[positives],
        positive_starts=positive_starts,
    )


def weigh(table: FilmTable, film_counts: npt.NDArray[np.float32]) -> Totals:
    """Return the totals of one run for each weighting of the films.

    Args:
        table: The run.
        film_counts: How often each film was drawn, whole numbers, float32 (n_films, n_resamples);
            the same total in every column.
    """
    totals = table.rows @ film_counts.astype(np.float64)
    n_values = len(table.names)
    return Totals(
        means=dict(
            zip(table.names, totals[:n_values] / film_counts[:, 0].sum(dtype=float), strict=True)
        ),
        counts=Counts(*np.split(totals[n_values:], 3)),
        average_precisions=np.stack(
            [_average_precision(ranking, film_counts) for ranking in table.rankings]
        ),
        macro=table.macro,
    )


def _average_precision(ranking: Ranking, film_counts: npt.NDArray[np.float32]) -> Values:
    films = np.add.reduceat(film_counts[ranking.films], ranking.starts, axis=0)
    hits = np.add.reduceat(film_counts[ranking.positives], ranking.positive_starts, axis=0)
    return average_precision_of(hits, hits.cumsum(axis=0), films.cumsum(axis=0))


def average_precision_of(
    hits: npt.NDArray[np.float32],
    hits_above: npt.NDArray[np.float32],
    films_above: npt.NDArray[np.float32],
) -> Values:
    """Return the average precision of a ranking under several weightings, (n_weightings,).

    float32 is exact for whole numbers up to 2**24 and moves half the memory of float64.

    Args:
        hits: Weight of the positive films in each group of equal ranks, (n_groups, n_weightings).
        hits_above: The same down to each group.
        films_above: Weight of all films down to each group.
    """
    precisions = np.divide(hits_above, np.maximum(films_above, 1), dtype=np.float64)
    found: Values = (hits * precisions).sum(axis=0) / np.maximum(hits_above[-1], 1)
    return found


def film_mean(totals: Totals, name: str) -> Values:
    """Return the weighted mean over films of a per-film value, (n_resamples,)."""
    return totals.means[name]


def bce_ratio(totals: Totals) -> Values:
    """Return `bce_to_prior`, a ratio of two weighted means, (n_resamples,)."""
    return totals.means["bce"] / totals.means["bce_of_prior"]


def macro_map(totals: Totals) -> Values:
    """Return mAP over the genres with a positive film in the resample, (n_resamples,)."""
    return _mean_defined(totals.average_precisions, totals)


def micro(totals: Totals, measure: Measure) -> Values:
    """Return a measure of the counts pooled over all genres, (n_resamples,)."""
    return measure(Counts(*(values.sum(axis=0) for values in totals.counts)))


def macro(totals: Totals, measure: Measure) -> Values:
    """Return the mean of a measure over the genres with a positive film, (n_resamples,)."""
    return _mean_defined(measure(totals.counts)[totals.macro], totals)


def weighted(totals: Totals, measure: Measure) -> Values:
    """Return the mean of a measure over all genres, weighted by support, (n_resamples,)."""
    support = totals.counts.support
    return ratio((measure(totals.counts) * support).sum(axis=0), support.sum(axis=0))


def genre_measure(totals: Totals, measure: Measure) -> Values:
    """Return a measure of each macro genre, (n_macro, n_resamples)."""
    return measure(totals.counts)[totals.macro]


def genre_average_precision(totals: Totals) -> Values:
    """Return the average precision of each macro genre, (n_macro, n_resamples)."""
    return totals.average_precisions


def _mean_defined(values: Values, totals: Totals) -> Values:
    defined = totals.counts.support[totals.macro] > 0  # (n_macro, n_resamples)
    result: Values = (values * defined).sum(axis=0) / defined.sum(axis=0)
    return result
