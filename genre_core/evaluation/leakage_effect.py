"""Effect of leakage on mAP, measured by removing the affected test films."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import (
    Labels,
    Mask,
    Scores,
    Values,
    check_average,
    checked_labels,
    checked_macro,
    checked_scores,
)

N_DRAWS = 200  # the standard deviation of the mAP then has a standard error of 5% of itself
DRAWS_AT_ONCE = 50


@dataclass(frozen=True)
class Effect:
    """The mAP of a run with and without the flagged films.

    Attributes:
        n_films: number of films.
        n_flagged: number of flagged films.
        n_draws: number of random draws of as many films.
        map_all: mAP on all films.
        map_without: mAP without the flagged films.
        map_random: mean mAP without as many random films.
        map_random_sd: standard deviation over the draws.
    """

    n_films: int
    n_flagged: int
    n_draws: int
    map_all: float
    map_without: float
    map_random: float
    map_random_sd: float


def effect_of_removing(
    y_true: npt.ArrayLike,
    y_score: npt.ArrayLike,
    is_flagged: npt.ArrayLike,
    *,
    macro: npt.ArrayLike,
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> Effect:
    """Return the mAP of a run with and without some films, and without as many random films.

    mAP depends on the number of films, so removing the flagged films is compared with removing
    random films. A mAP well below that of the random draws means that the run is better on the
    flagged films than on others.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: scores in [0, 1], (n_films, n_genres).
        is_flagged: films to leave out, bool (n_films,).
        macro: genres that mAP goes over, bool (n_genres,); without a positive film among the films
            that are left, a genre is left out of the mean.
        n_draws: draws of random films, 2 or more.
        seed: of the draws.

    Raises:
        DataError: an array does not fit, all films are flagged, there are fewer than two draws, or
            no macro genre has a positive film.

    >>> effect = effect_of_removing(
    ...     [[1, 0], [0, 1], [0, 1]], [[0.9, 0.1], [0.4, 0.2], [0.6, 0.3]],
    ...     [True, False, False], macro=[True, True],
    ... )
    >>> effect.map_all, effect.map_without, effect.n_flagged
    (1.0, 1.0, 1)
    """
    labels = checked_labels(y_true)
    scores = checked_scores(y_score, labels)
    defined = checked_macro(macro, labels.shape[1]) & labels.any(axis=0)
    check_average(defined)
    flagged = _checked_flags(is_flagged, len(labels), n_draws)
    kept = np.stack([np.ones_like(flagged), ~flagged], axis=1)
    on_all, without = _mean_average_precisions(labels[:, defined], scores[:, defined], kept)
    random = _of_random(labels[:, defined], scores[:, defined], int(flagged.sum()), n_draws, seed)
    return Effect(
        n_films=len(labels),
        n_flagged=int(flagged.sum()),
        n_draws=n_draws,
        map_all=float(on_all),
        map_without=float(without),
        map_random=float(np.nanmean(random)),
        map_random_sd=float(np.nanstd(random, ddof=1)),
    )


def _checked_flags(is_flagged: npt.ArrayLike, n_films: int, n_draws: int) -> Mask:
    flagged = np.asarray(is_flagged)
    if flagged.dtype != np.bool_ or flagged.shape != (n_films,):
        raise DataError(
            f"is_flagged is {flagged.dtype} {flagged.shape}. Expected bool ({n_films},), one value "
            "per film. Make it with np.isin(film_ids, flagged_ids)."
        )
    if flagged.all():
        raise DataError(
            f"All {n_films} films are flagged, so none is left to evaluate on. Expected some that "
            "are not. Use a split with less leakage from the training films."
        )
    if n_draws < 2:
        raise DataError(
            f"n_draws is {n_draws}. Expected 2 or more, to compute a standard deviation. "
            f"The default is {N_DRAWS}."
        )
    return flagged


def _of_random(y_true: Labels, y_score: Scores, n_removed: int, n_draws: int, seed: int) -> Values:
    """Return the mAP without random films, one value a draw, float64 (n_draws,)."""
    random = np.random.default_rng(seed)
    parts = []
    for start in range(0, n_draws, DRAWS_AT_ONCE):
        kept = np.ones((len(y_true), min(DRAWS_AT_ONCE, n_draws - start)), dtype=bool)
        for draw in range(kept.shape[1]):
            kept[random.choice(len(y_true), n_removed, replace=False), draw] = False
        parts.append(_mean_average_precisions(y_true, y_score, kept))
    return np.concatenate(parts)


def _mean_average_precisions(y_true: Labels, y_score: Scores, kept: Mask) -> Values:
    """Return mAP on several sets of films; NaN for one without any positive film.

    Args:
        y_true: uint8 (n_films, n_macro).
        y_score: float (n_films, n_macro).
        kept: the films of each set, bool (n_films, n_sets).

    Returns:
        float64 (n_sets,).
    """
    values = np.stack(
        [
            _average_precisions(y_true[:, column] == 1, y_score[:, column], kept)
            for column in range(y_true.shape[1])
        ]
    )
    has_positive = np.isfinite(values).sum(axis=0)
    total = np.nansum(values, axis=0)
    result: Values = np.divide(
        total, has_positive, out=np.full(len(total), np.nan), where=has_positive > 0
    )
    return result


def _average_precisions(is_true: Mask, score: Scores, kept: Mask) -> Values:
    """Return the average precision of one genre on several sets of films, NaN without a positive.

    Source: sklearn.metrics.average_precision_score (step-wise area, tied scores taken together).
    """
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)  # of tied scores
    ranked = kept[order]
    n_films = ranked.cumsum(axis=0)[ends]  # (n_ends, n_sets)
    n_hits = (ranked & is_true[order, None]).cumsum(axis=0)[ends]
    gained = np.diff(n_hits, axis=0, prepend=0)
    area = (gained * n_hits / np.maximum(n_films, 1)).sum(axis=0)
    result: Values = np.divide(
        area, n_hits[-1], out=np.full(len(area), np.nan), where=n_hits[-1] > 0
    )
    return result
