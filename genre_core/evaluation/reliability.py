"""Reliability curves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest

from genre_core.evaluation.checks import Labels, Scores, Values

N_BINS = 10
FEW = 10  # films; smaller bins are merged with the next one


class Reliability(NamedTuple):
    """Films of one genre in bins of their score, lowest first.

    Attributes:
        score: mean score of each bin, (n_bins,).
        share: share of its films that have the genre, (n_bins,).
        low: lower end of the share's 95% Wilson interval, (n_bins,).
        high: upper end, (n_bins,).
        n_films: films in each bin, int64 (n_bins,).
    """

    score: Values
    share: Values
    low: Values
    high: Values
    n_films: np.ndarray


def reliability(is_true: Labels, score: Scores) -> Reliability:
    """Return the reliability curve of one genre, in bins of equal width with enough films.

    Args:
        is_true: 0 or 1, (n_films,), one film or more.
        score: scores in [0, 1], (n_films,).

    Source: DeGroot & Fienberg, 1983; Wilson, 1927, for the interval of a share.

    >>> reliability(np.array([0, 1] * 10), np.array([0.1, 0.9] * 10)).share.tolist()
    [0.0, 1.0]
    """
    order = np.argsort(score, kind="stable")
    ranked, truth = score[order].astype(np.float64), is_true[order].astype(np.float64)
    limits = np.searchsorted(ranked, np.arange(1, N_BINS) / N_BINS)
    ends = _enough([*limits.tolist(), len(ranked)])
    starts = [0, *ends[:-1]]
    n_films = np.diff([0, *ends])
    hits = np.add.reduceat(truth, starts)
    intervals = [
        binomtest(int(k), int(n)).proportion_ci(method="wilson")
        for k, n in zip(hits, n_films, strict=True)
    ]
    return Reliability(
        np.add.reduceat(ranked, starts) / n_films,
        hits / n_films,
        np.array([interval.low for interval in intervals]),
        np.array([interval.high for interval in intervals]),
        n_films,
    )


def _enough(ends: list[int]) -> list[int]:
    """Return the ends of bins, merged so that each has enough films."""
    kept: list[int] = []
    for end in ends:
        if end - (kept[-1] if kept else 0) >= FEW:
            kept.append(end)
    if not kept or kept[-1] != ends[-1]:
        kept = [*kept[:-1], ends[-1]]
    return kept
