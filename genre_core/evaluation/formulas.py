"""Metrics that scikit-learn does not have, and per-film values for the bootstrap.

Inputs are not validated: y_true and y_pred uint8, y_score float, all (n_films, n_genres).
"""

from __future__ import annotations

import numpy as np
from sklearn.metrics import average_precision_score

from genre_core.evaluation.checks import Labels, Mask, Scores, Values
from genre_core.evaluation.decisions import defined_macro, top_k

# The epsilon of Keras, so that values can be compared with its training curves.
EPSILON = 1e-7
BLOCK = 4096  # films that intermediate results are in memory for at once


def film_bce(y_true: Labels, y_score: Scores) -> Values:
    """Return the binary cross-entropy of each film, its mean over all genres, in nats.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores in [0, 1], float (n_films, n_genres) or (n_genres,) for all films; clipped
            to [1e-7, 1 - 1e-7].

    Returns:
        float64 (n_films,).

    Source: keras.losses.binary_crossentropy, which clips in float32 and so gives 15.94 where a
    score is 1 and the genre wrong; this gives 16.12, as it does for a score of 0.
    """
    found = [
        _bce_of(y_true[part], y_score[part] if y_score.ndim > 1 else y_score)
        for part in _blocks(len(y_true))
    ]
    return np.concatenate(found)


def _bce_of(y_true: Labels, y_score: Scores) -> Values:
    clipped = np.clip(y_score.astype(np.float64), EPSILON, 1 - EPSILON)
    result: Values = -np.where(y_true, np.log(clipped), np.log1p(-clipped)).mean(axis=1)
    return result


def _blocks(n_films: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, max(n_films, 1), BLOCK)]


def film_lrap(y_true: Labels, y_score: Scores) -> Values:
    """Return the label ranking average precision of each film, 1 where it has no true genre.

    For each true genre: of the genres scored at least as high, the share that is true. The mean
    over the film's true genres.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores, float (n_films, n_genres).

    Returns:
        float64 (n_films,) in (0, 1].

    Source: sklearn.metrics.label_ranking_average_precision_score, the mean of these values.

    >>> film_lrap(np.array([[1, 0], [0, 0]]), np.array([[0.2, 0.7], [0.5, 0.4]]))
    array([0.5, 1. ])
    """
    found = [_lrap_of(y_true[part], y_score[part]) for part in _blocks(len(y_true))]
    return np.concatenate(found)


def _lrap_of(y_true: Labels, y_score: Scores) -> Values:
    at_least = y_score[:, None, :] >= y_score[:, :, None]  # (n_films, genre, genre scored >= it)
    # Exact in single precision, and far faster than a sum of bools.
    n_true_above = (at_least.astype(np.float32) @ y_true[:, :, None].astype(np.float32))[..., 0]
    precision = n_true_above.astype(np.float64) / at_least.sum(axis=2)
    n_true = y_true.sum(axis=1)
    return np.where(n_true > 0, (precision * y_true).sum(axis=1) / np.maximum(n_true, 1), 1.0)


def lrap(y_true: Labels, y_score: Scores) -> float:
    """Return the label ranking average precision, the mean over films of `film_lrap`.

    Not scikit-learn's, which goes from film to film and takes fifty times as long.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores, float (n_films, n_genres).

    >>> lrap(np.array([[1, 0], [0, 0]]), np.array([[0.2, 0.7], [0.5, 0.4]]))
    0.75
    """
    return float(film_lrap(y_true, y_score).mean())


def film_top_hit(y_true: Labels, y_score: Scores, k: int) -> Mask:
    """Return for each film whether one of its `k` highest-scored genres is true, bool (n_films,).

    Equal scores stand in column order, see `top_k`; a film without a true genre is no hit.
    """
    result: Mask = np.take_along_axis(y_true, top_k(y_score, k), axis=1).max(axis=1) == 1
    return result


def bce(y_true: Labels, y_score: Scores) -> float:
    """Return the mean binary cross-entropy over all films and genres, in nats.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores in [0, 1], float (n_films, n_genres); clipped to [1e-7, 1 - 1e-7].

    Source: keras.losses.binary_crossentropy.

    >>> round(bce(np.array([[1, 0]]), np.array([[0.5, 0.5]])), 3)  # ln 2
    0.693
    """
    return float(film_bce(y_true, y_score).mean())


def bce_to_prior(y_true: Labels, y_score: Scores, *, prior: Values) -> float:
    """Return `bce` divided by the `bce` of the training base rates on the same films.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores in [0, 1], float (n_films, n_genres).
        prior: Prevalence of each genre in the training split, float (n_genres,) in [0, 1].

    Returns:
        A ratio: 1 is as good as the base rates, 0 is perfect.

    >>> y_true, y_score, prior = np.array([[1, 0]]), np.array([[0.9, 0.1]]), np.array([0.5, 0.5])
    >>> round(bce_to_prior(y_true, y_score, prior=prior), 3)  # ln 0.9 / ln 0.5
    0.152
    """
    return bce(y_true, y_score) / bce(y_true, prior)


def average_precision(y_true: Labels, y_score: Scores) -> float | None:
    """Return the average precision of one genre, or None where it has no positive film.

    Args:
        y_true: uint8 (n_films,).
        y_score: Scores, float (n_films,).

    Source: sklearn.metrics.average_precision_score (step-wise area, tied scores taken together).

    >>> y_true, y_score = np.array([1, 0, 1, 0, 1]), np.array([0.9, 0.8, 0.8, 0.1, 0.1])
    >>> round(average_precision(y_true, y_score), 3)  # (1/1 + 2/3 + 3/5) / 3
    0.756
    """
    if not y_true.any():
        return None
    return float(average_precision_score(y_true, y_score.astype(np.float64)))


def chance_average_precision(n_films: int, support: int) -> float:
    """Return the expected average precision of a random ranking.

    Args:
        n_films: Number of ranked films, 1 or more.
        support: Number of films with the genre, 1 or more.

    Source: Bestgen, "Exact expected average precision of the random baseline for system
    evaluation", 2015.

    >>> chance_average_precision(2, 1)  # the film is first or second: (1 + 1/2) / 2
    0.75
    """
    harmonic = float((1 / np.arange(1, n_films + 1)).sum())
    rest = (support - 1) / (n_films - 1) * (n_films - harmonic) if n_films > 1 else 0.0
    return (rest + harmonic) / n_films


def mean_average_precision(y_true: Labels, y_score: Scores, *, macro: Mask) -> float:
    """Return the mean over the macro genres of their average precision (mAP).

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores, float (n_films, n_genres).
        macro: bool (n_genres,); genres without a positive film are left out, one must remain.

    >>> y_true = np.array([[1, 0, 0], [0, 1, 0]])
    >>> y_score = np.array([[0.9, 0.8, 0.1], [0.2, 0.3, 0.1]])  # AP 1, 1/2 and undefined
    >>> mean_average_precision(y_true, y_score, macro=np.array([True, True, True]))
    0.75
    """
    columns = np.flatnonzero(defined_macro(y_true, macro))
    return float(
        np.mean([average_precision(y_true[:, column], y_score[:, column]) for column in columns])
    )


def top_hit(y_true: Labels, y_score: Scores, *, k: int) -> float:
    """Return the share of films with a true genre among their `k` highest-scoring genres.

    Args:
        y_true: uint8 (n_films, n_genres).
        y_score: Scores, float (n_films, n_genres); equal scores stand in column order.
        k: Number of genres.

    >>> y_true, y_score = np.array([[1, 0], [0, 1]]), np.array([[0.5, 0.5], [0.6, 0.4]])
    >>> top_hit(y_true, y_score, k=1), top_hit(y_true, y_score, k=2)
    (0.5, 1.0)
    """
    return float(film_top_hit(y_true, y_score, k).mean())
