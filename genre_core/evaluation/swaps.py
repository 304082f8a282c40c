"""Approximate randomisation tests: the outputs of two runs are swapped at random.

For each film the outputs of two runs are swapped with probability 1/2. The p-value is the share of
swaps with a difference at least as large as the observed one. For means over films a swap is a sign
flip; decisions are swapped together with their hits; of scores only the ranks within a genre are
swapped, because two runs may rank alike and be calibrated differently.

The null hypothesis is that outputs are exchangeable, which is stronger than equal quality: runs
that predict a genre for 15 and for 150 films are not exchangeable, even with the same precision. So
this is only one component of a p-value, see `intervals.PValues`.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from genre_core.evaluation.checks import Labels, Mask, Values
from genre_core.evaluation.counts import Counts, f1
from genre_core.evaluation.draws import Draws, draw_swaps
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.totals import (
    FilmTable,
    Ranking,
    Totals,
    average_precision_of,
    rank_films,
)

ROUNDING = 1e-10  # smaller differences are rounding errors of sums
TAIL = 9.0  # standard deviations of a binomial beyond which nothing is enumerated


class SwapPValues(NamedTuple):
    """Two-sided p-values of exchangeable outputs, in (0, 1].

    Attributes:
        metrics: By name of `METRICS`.
        average_precision: Of each macro genre with a positive film, (n_macro,).
    """

    metrics: dict[str, float]
    average_precision: Values


def swap_p_values(
    first: FilmTable, second: FilmTable, *, n_swaps: int = 10_000, seed: int = 0
) -> SwapPValues:
    """Return the p-values of every metric and of each genre's average precision.

    p is (b + 1) / (n_swaps + 1), where b is the number of swapped differences at least as far from
    0 as the observed one, and never below 2 ** (1 - k), where k is the number of films on which the
    runs differ, because there are only 2 ** k different swaps.

    Args:
        first: The reference.
        second: The other run, on the same films and macro genres.
        n_swaps: Number of random swaps, the same for all metrics.
        seed: Random seed of the swaps.

    Source: Noreen, "Computer-Intensive Methods for Testing Hypotheses", 1989 (approximate
    randomisation); Phipson & Smyth, "Permutation p-values should never be zero", 2010.
    """
    pooled = pooled_rankings(first, second)
    n_films = first.rows.shape[1]
    real = _differences(*swapped(first, second, pooled, np.zeros((n_films, 1), np.float32)))
    n_extreme = [np.zeros(len(values), dtype=np.int64) for values in real]
    for swaps in draw_swaps(n_films, n_swaps, seed):
        drawn = _differences(*swapped(first, second, pooled, swaps))
        for count, values, truth in zip(n_extreme, drawn, real, strict=True):
            count += (np.abs(values) >= np.abs(truth) - ROUNDING).sum(axis=1)
    p_metrics, p_genres = ((count + 1) / (n_swaps + 1) for count in n_extreme)
    floors = [smallest_p(n) for n in n_different(first, second).values()]
    is_ranked = ranked_differently(first, second)
    floors_of_genres = [smallest_p(int(films.sum())) for films in is_ranked]
    named = zip(METRICS, p_metrics, floors, strict=True)
    return SwapPValues(
        {metric.name: float(max(p, floor)) for metric, p, floor in named},
        np.maximum(p_genres, floors_of_genres),
    )


def smallest_p(n_different: int) -> float:
    """Return the smallest p-value of a swap test on runs that differ on `n_different` films.

    >>> smallest_p(0), smallest_p(1), smallest_p(5)
    (1.0, 1.0, 0.0625)
    """
    return float(min(1.0, 2.0 ** (1 - n_different)))


def n_different(first: FilmTable, second: FilmTable) -> dict[str, int]:
    """Return for each metric the number of films on which two runs differ."""
    is_decided = (first.decisions != second.decisions).any(axis=0)
    by_kind = {
        "ranks": int(ranked_differently(first, second).any(axis=0).sum()),
        "decisions": int(is_decided.sum()),
    }
    counts = {}
    for metric in METRICS:
        if metric.compared_by == "films":
            row = first.names.index(metric.alias or metric.name)
            counts[metric.name] = int((first.rows[row] != second.rows[row]).sum())
        else:
            counts[metric.name] = by_kind[metric.compared_by]
    return counts


def ranked_differently(first: FilmTable, second: FilmTable) -> Mask:
    """Return the films that two runs rank and score differently, bool (n_macro, n_films).

    If only the rank of a film differs, only the scores of other films differ.
    """
    result: Mask = (first.ranks != second.ranks) & (first.scores != second.scores)
    return result


def pooled_rankings(first: FilmTable, second: FilmTable) -> list[Ranking]:
    """Return for each macro genre the ranks of both runs in one order.

    A film stands there twice: at the position it has in the first run's ranking, and `n_films`
    further at that of the second run.
    """
    return [
        rank_films(np.tile(is_true, 2), -np.concatenate(ranks))
        for is_true, *ranks in zip(first.positives, first.ranks, second.ranks, strict=True)
    ]


def swapped(
    first: FilmTable, second: FilmTable, pooled: list[Ranking], swaps: Draws
) -> tuple[Totals, Totals]:
    """Return the totals of both runs after each swap.

    Args:
        first: The reference.
        second: The other run.
        pooled: See `pooled_rankings`.
        swaps: 1 where the outputs of a film are swapped, float32 (n_films, n_swaps).
    """
    moved = (second.rows - first.rows) @ swaps.astype(np.float64)
    pairs = [_average_precisions(ranking, swaps) for ranking in pooled]
    precisions = [np.stack(values) for values in zip(*pairs, strict=True)]
    return (
        _totals(first, first.rows.sum(axis=1)[:, None] + moved, precisions[0]),
        _totals(second, second.rows.sum(axis=1)[:, None] - moved, precisions[1]),
    )


def _totals(table: FilmTable, sums: Values, average_precisions: Values) -> Totals:
    n_values = len(table.names)
    means = dict(zip(table.names, sums[:n_values] / table.rows.shape[1], strict=True))
    counts = Counts(*np.split(sums[n_values:], 3))
    return Totals(means, counts, average_precisions, table.macro)


def _average_precisions(ranking: Ranking, swaps: Draws) -> tuple[Values, Values]:
    """Return the average precision of both runs after each swap, (n_swaps,) each.

    The counts of one run are the complement of those of the other.
    """
    weights = np.concatenate([1 - swaps, swaps])  # of the positions that the first run now has
    films = np.add.reduceat(weights[ranking.films], ranking.starts, axis=0)
    hits = np.add.reduceat(weights[ranking.positives], ranking.positive_starts, axis=0)
    n_films = np.diff(ranking.starts, append=len(ranking.films)).astype(np.float32)[:, None]
    n_hits = np.diff(ranking.positive_starts, append=len(ranking.positives))
    n_hits = n_hits.astype(np.float32)[:, None]
    films_above, hits_above = films.cumsum(axis=0), hits.cumsum(axis=0)
    return (
        average_precision_of(hits, hits_above, films_above),
        average_precision_of(
            n_hits - hits,
            n_hits.cumsum(axis=0) - hits_above,
            n_films.cumsum(axis=0) - films_above,
        ),
    )


def _differences(first: Totals, second: Totals) -> tuple[Values, Values]:
    """Return second minus first, (n_metrics, n_swaps) and for AP (n_macro, n_swaps)."""
    metrics = [metric.resampled(second) - metric.resampled(first) for metric in METRICS]
    return np.stack(metrics), second.average_precisions - first.average_precisions


class Discordance(NamedTuple):
    """The decisions of two runs on one genre, as counts.

    Attributes:
        hits: Positive films for which both predict it.
        false_alarms: Negative films for which both predict it.
        hits_alone: Positive films for which only the first, only the second predicts it.
        false_alarms_alone: Negative ones for which only the first, only the second does.
        support: Positive films.
    """

    hits: int
    false_alarms: int
    hits_alone: tuple[int, int]
    false_alarms_alone: tuple[int, int]
    support: int

    @property
    def n_positives(self) -> int:
        """Return how many positive films are decided differently."""
        return sum(self.hits_alone)

    @property
    def n_films(self) -> int:
        """Return how many films are decided differently."""
        return self.n_positives + sum(self.false_alarms_alone)


def discordance(y_true: Labels, first: Labels, second: Labels) -> Discordance:
    """Return the counts of the decisions of two runs on one genre.

    Args:
        y_true: uint8 (n_films,).
        first: Decisions of a run, uint8 (n_films,).
        second: Those of another run.

    >>> discordance(np.array([1, 1, 0]), np.array([1, 0, 0]), np.array([1, 1, 1]))
    Discordance(hits=1, false_alarms=0, hits_alone=(0, 1), false_alarms_alone=(0, 1), support=2)
    """
    true, a, b = y_true == 1, first == 1, second == 1

    def count(films: Mask) -> int:
        return int(np.count_nonzero(films))

    return Discordance(
        count(true & a & b),
        count(~true & a & b),
        (count(true & a & ~b), count(true & ~a & b)),
        (count(~true & a & ~b), count(~true & ~a & b)),
        count(true),
    )


def exact_p_values(found: Discordance) -> dict[str, float]:
    """Return the p-values of a genre's precision, recall and F1 over all swaps, by enumeration.

    Swapped hits are Bin(b1, 1/2) and swapped false alarms Bin(b0, 1/2), with b1 and b0 the
    positive and negative films that are decided differently; for recall this is McNemar's exact
    test. A swap that leaves a run without a prediction, so that its precision is undefined, counts
    as extreme.

    Args:
        found: How two runs decide the genre.

    Source: McNemar, "Note on the sampling error of the difference between correlated proportions
    or percentages", 1947.

    >>> exact_p_values(Discordance(5, 0, (0, 4), (0, 0), 20))["recall"]
    0.125
    """
    (hits, p_hits), (alarms, p_alarms) = (
        _binomial(sum(alone)) for alone in (found.hits_alone, found.false_alarms_alone)
    )
    weights = p_hits[:, None] * p_alarms
    rest = max(0.0, 1.0 - float(weights.sum()))  # what was not enumerated
    grid = (hits[:, None], alarms[None, :])
    observed = (np.array([[found.hits_alone[0]]]), np.array([[found.false_alarms_alone[0]]]))
    p_values = {}
    for name in ("precision", "recall", "f1"):
        drawn, real = (_difference(found, name, *counts) for counts in (grid, observed))
        is_extreme = ~(np.abs(drawn) < np.abs(real) - ROUNDING)  # NaN is extreme
        p_value = min(1.0, float((weights * is_extreme).sum()) + rest)
        p_values[name] = max(p_value, sys.float_info.min)  # never 0, however small
    return p_values


def _binomial(n: int) -> tuple[npt.NDArray[np.int64], Values]:
    """Return the values of Bin(n, 1/2) with non-negligible probability, and the probabilities."""
    spread = TAIL * np.sqrt(n) / 2 + 1
    values = np.arange(max(0, int(n / 2 - spread)), min(n, int(n / 2 + spread) + 1) + 1)
    return values, binom.pmf(values, n, 0.5)


def _difference(
    found: Discordance, name: str, hits: npt.NDArray[np.int64], alarms: npt.NDArray[np.int64]
) -> Values:
    """Return second minus first, where the first has so many of the hits and alarms in dispute."""
    n_hits, n_alarms = sum(found.hits_alone), sum(found.false_alarms_alone)
    values = []
    for own_hits, own_alarms in ((hits, alarms), (n_hits - hits, n_alarms - alarms)):
        right = np.asarray(found.hits + own_hits + 0 * own_alarms, dtype=np.float64)
        predicted = right + found.false_alarms + own_alarms
        if name == "precision":
            values.append(np.divide(right, predicted, where=predicted > 0, out=right * np.nan))
        elif name == "recall":
            values.append(right / max(found.support, 1))
        else:
            counts = Counts(right, predicted, np.full_like(right, found.support))
            values.append(f1(counts))
    difference: Values = values[1] - values[0]
    return difference
