"""Comparison of runs with predicting the base rates for every film."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from genre_core.evaluation.checks import Labels, Scores, Values
from genre_core.evaluation.draws import draw_counts, draw_swaps
from genre_core.evaluation.formulas import film_bce
from genre_core.evaluation.intervals import Interval, difference
from genre_core.evaluation.paired import LEAST_DIFFERENT, judge
from genre_core.evaluation.results import RunDifference
from genre_core.evaluation.swaps import ROUNDING, smallest_p
from genre_core.evaluation.verdicts import holm

NORMAL = float(ndtri(0.975))  # half-width of a 95% interval in standard errors


def base_rate_loss(y_true: Labels, prior: Values) -> float:
    """Return the BCE of predicting the base rates for every film.

    Args:
        y_true: uint8 (n_films, n_genres).
        prior: Prevalence of each genre in the training split, (n_genres,).
    """
    return float(film_bce(y_true, prior).mean())


class BaseRateLoss(NamedTuple):
    """The BCE of predicting the base rates for every film, and its sampling error.

    Attributes:
        value: On the films at hand, in nats.
        interval: Where it lies for 95% of samples of as many films.
    """

    value: float
    interval: Interval


def base_rate_loss_of_samples(y_true: Labels, prior: Values) -> BaseRateLoss:
    """Return the BCE of the base rates, and where it lies on other films of the same number.

    Args:
        y_true: uint8 (n_films, n_genres), two films or more.
        prior: Prevalence of each genre in the training split, (n_genres,).

    Source: normal approximation of the mean of independent films.
    """
    losses = film_bce(y_true, prior)
    value = float(losses.mean())
    margin = NORMAL * float(losses.std(ddof=1)) / math.sqrt(len(losses))
    return BaseRateLoss(value, Interval(value - margin, value + margin))


def against_base_rates(
    y_true: Labels, scores: Mapping[str, Scores], prior: Values, *, n_draws: int, seed: int
) -> dict[str, RunDifference]:
    """Return by run its BCE minus that of the base rates, in units of the latter.

    A difference of -0.1 is a BCE that is 10% lower. The tests are corrected over the runs.

    Args:
        y_true: uint8 (n_films, n_genres).
        scores: By run, in [0, 1], (n_films, n_genres).
        prior: Prevalence of each genre in the training split, (n_genres,).
        n_draws: Resamples of the films, and swaps.
        seed: Of the draws.
    """
    # In the precision of scores, so that a run of the base rates has a difference of exactly 0.
    base = film_bce(y_true, prior.astype(np.float32))
    tests = {
        run: _tested(film_bce(y_true, score) - base, float(base.mean()), n_draws, seed)
        for run, score in scores.items()
    }
    tested = [run for run, test in tests.items() if test.p_value is not None]
    corrected = holm([tests[run].p_value or 0.0 for run in tested]).tolist()
    for run, p in zip(tested, corrected, strict=True):
        tests[run] = judge("bce_to_prior", tests[run], p, len(tested))
    return tests


def _tested(excess: Values, base: float, n_draws: int, seed: int) -> RunDifference:
    """Return the difference of a run whose BCE exceeds the base rates' by `excess`, (n_films,)."""
    n_films, n_different = len(excess), int(np.count_nonzero(excess))
    value = float(excess.mean()) / base
    if n_different < LEAST_DIFFERENT:
        return RunDifference(value, withheld="few_different", n_different=n_different)
    resampled = np.concatenate(
        [excess @ counts.astype(float) for counts in draw_counts(n_films, n_draws, seed)]
    )
    flipped = np.concatenate(
        [excess @ (1 - 2 * swaps.astype(float)) for swaps in draw_swaps(n_films, n_draws, seed)]
    )
    n_extreme = int((np.abs(flipped) >= abs(excess.sum()) - ROUNDING).sum())
    swap = max((n_extreme + 1) / (n_draws + 1), smallest_p(n_different))
    found = difference(value, resampled / n_films / base, swap=swap, highest=np.inf)
    return replace(
        RunDifference(value, n_different=n_different),
        interval=found.interval,
        p_value=found.p_values.largest,
        standard_error=found.standard_error,
        p_values=found.p_values,
    )
