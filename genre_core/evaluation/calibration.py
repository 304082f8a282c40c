"""Calibration of scores: temperature scaling with a bias, and calibration errors."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import binom, norm

from genre_core.errors import DataError
from genre_core.evaluation.checks import (
    Labels,
    Mask,
    Scores,
    Values,
    checked_labels,
    checked_scores,
)
from genre_core.evaluation.intervals import LEVEL, Interval, percentile_interval

EPSILON = 1e-6  # scores are taken to lie this far from 0 and 1
N_BINS = 15
MINIMUM_DRAWS = 40  # fewer leave no order statistic below the 2.5 % point
# Cells x draws at once: 8 MB of float64.
CHUNK_CELLS = 2**20
LEAST_SPREAD = 1e-6  # of the log-odds; constant scores differ by rounding only


class Calibration(NamedTuple):
    """A calibration map on log-odds: log-odds / temperature + bias."""

    temperature: float
    bias: float

    def apply(self, y_score: Scores) -> Scores:
        """Return calibrated scores of the same shape and type, with the same ranking."""
        calibrated: Scores = expit(log_odds(y_score) / self.temperature + self.bias)
        return calibrated.astype(y_score.dtype)


def log_odds(y_score: Scores) -> Scores:
    """Return the log-odds of scores, float64 of the same shape.

    >>> log_odds(np.array([0.5]))
    array([0.])
    """
    score = np.clip(np.asarray(y_score, dtype=np.float64), EPSILON, 1 - EPSILON)
    odds: Scores = np.log(score / (1 - score))
    return odds


def fit_calibration(y_true: Labels, y_score: Scores) -> Calibration:
    """Return the temperature and bias, common to all genres, with the lowest BCE.

    Args:
        y_true: 0 or 1, (n_films, n_genres), of films that were not used for training.
        y_score: scores in [0, 1], (n_films, n_genres).

    Source: Platt, "Probabilistic outputs for support vector machines", 1999; Guo et al., "On
    calibration of modern neural networks", ICML 2017.
    """
    labels = checked_labels(y_true)
    odds = log_odds(checked_scores(y_score, labels))

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        logits = values[0] * odds + values[1]
        rest = expit(logits) - labels
        value = float((np.logaddexp(0, logits) - labels * logits).sum())
        return value, np.array([(rest * odds).sum(), rest.sum()])

    limits = [(0.05, 20.0), (-10.0, 10.0)]
    slope, bias = minimize(loss, [1.0, 0.0], jac=True, method="L-BFGS-B", bounds=limits).x
    return Calibration(1 / float(slope), float(bias))


def expected_calibration_error(y_true: Labels, y_score: Scores) -> float:
    """Return the expected calibration error over all film-genre pairs, in [0, 1].

    The pairs are binned by score into bins of equal width; bins are weighted by their size.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        y_score: scores in [0, 1], (n_films, n_genres).

    Source: Naeini, Cooper & Hauskrecht, AAAI 2015.

    >>> round(expected_calibration_error(np.array([[1, 0]]), np.array([[0.9, 0.1]])), 3)
    0.1
    """
    labels, scores = np.ravel(y_true).astype(np.float64), np.ravel(y_score).astype(np.float64)
    gaps = np.bincount(_bins(scores), scores - labels, minlength=N_BINS)
    return float(np.abs(gaps).sum() / len(labels))


def calibration_band(y_score: Scores, *, n_draws: int = 1000, seed: int = 0) -> Interval:
    """Return the 95% band of the calibration error of a perfectly calibrated model.

    The expected calibration error is above 0 even if the scores are the true probabilities, and
    larger for fewer scores. Labels are drawn independently from the scores, and the band contains
    95% of the resulting errors. An error within the band is no evidence of miscalibration.

    Args:
        y_score: scores in [0, 1], any shape; (n_films,) for one genre.
        n_draws: draws of the labels, 40 or more.
        seed: of the draws.

    Raises:
        DataError: there is no score, or there are fewer than 40 draws.

    Source: Bröcker & Smith, "Increasing the reliability of reliability diagrams", 2007
    (consistency resampling).

    >>> calibration_band(np.array([0.0, 1.0]))  # labels that are certain
    Interval(low=0.0, high=0.0)
    """
    if n_draws < MINIMUM_DRAWS or np.size(y_score) == 0:
        raise DataError(
            f"{n_draws} draws for {np.size(y_score)} scores. Expected at least {MINIMUM_DRAWS} "
            "draws and one score. Pass the scores of the test films."
        )
    scores = np.sort(np.ravel(y_score).astype(np.float64))
    bins = _bins(scores)  # ascend with the scores
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    expected = np.add.reduceat(scores, starts)
    random, errors = np.random.default_rng(seed), np.empty(n_draws)
    n_at_once = max(1, CHUNK_CELLS // scores.size)
    for first in range(0, n_draws, n_at_once):
        chunk = errors[first : first + n_at_once]
        drawn = random.random((chunk.size, scores.size)) < scores
        n_true = np.add.reduceat(drawn, starts, axis=1, dtype=np.int64)
        chunk[:] = np.abs(expected - n_true).sum(axis=1) / scores.size
    return percentile_interval(errors)


def is_within_band(y_true: Labels, y_score: Scores) -> bool:
    """Return whether the calibration error is no larger than chance explains, see the band.

    Args:
        y_true: 0 or 1, (n_films,).
        y_score: scores in [0, 1], (n_films,).
    """
    return expected_calibration_error(y_true, y_score) <= calibration_band(y_score).high


def most_outside(n_genres: int) -> int:
    """Return how many genres of a perfectly calibrated model may lie above their bands.

    Each does so with a probability of 2.5%; more than this number is rarer than 5% in all.

    >>> most_outside(1), most_outside(20)
    (0, 2)
    """
    return int(binom.ppf(0.95, n_genres, (1 - LEVEL) / 2))


class CalibrationSlope(NamedTuple):
    """Slope of the labels on the log-odds of the scores; all NaN where it is undefined.

    Attributes:
        slope: 1 if calibrated, below 1 if scores are too extreme, above 1 if not extreme enough.
        low: lower end of its 95% Wald interval.
        high: upper end.
    """

    slope: float
    low: float
    high: float


UNDEFINED = CalibrationSlope(math.nan, math.nan, math.nan)


def calibration_slope(y_true: Labels, y_score: Scores) -> CalibrationSlope:
    """Return the calibration slope of one genre with its 95% Wald interval.

    The slope of the logistic regression, with intercept, of the labels on the log-odds of the
    scores. The interval is the slope ± 1.96 standard errors, from the Hessian at the maximum of
    the likelihood.

    Args:
        y_true: 0 or 1, (n_films,).
        y_score: scores in [0, 1], (n_films,); clipped to [1e-6, 1 - 1e-6].

    Returns:
        Slope and interval; all NaN if the films have one class only, the scores are constant, or
        they separate the classes, so that no finite slope has the highest likelihood.

    Source: Cox, "Two further applications of a model for binary regression", 1958; Van Calster et
    al., "Calibration: the Achilles heel of predictive analytics", 2019; Albert & Anderson, "On the
    existence of maximum likelihood estimates in logistic regression models", 1984 (separation).

    >>> y_true = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    >>> y_score = np.array([0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75])
    >>> round(calibration_slope(y_true, y_score).slope, 3)  # shares are the scores
    1.0
    """
    is_true, odds = np.asarray(y_true) == 1, log_odds(y_score)
    if not _has_slope(is_true, odds):
        return UNDEFINED
    centre, spread = odds.mean(), odds.std()
    design = np.stack([np.ones(odds.size), (odds - centre) / spread], axis=1)
    values = _logistic(design, is_true.astype(np.float64))
    weight = expit(design @ values) * expit(-(design @ values))
    covariance = np.linalg.inv((design * weight[:, None]).T @ design)
    slope, error = values[1] / spread, np.sqrt(covariance[1, 1]) / spread
    margin = norm.ppf(0.975) * error
    return CalibrationSlope(float(slope), float(slope - margin), float(slope + margin))


def _bins(scores: Values) -> npt.NDArray[np.int64]:
    """Return the bin of equal width that each score is in."""
    return np.minimum((scores * N_BINS).astype(np.int64), N_BINS - 1)


def _has_slope(is_true: Mask, odds: Scores) -> bool:
    """Return whether the classes overlap, so that the slope is finite."""
    if is_true.all() or not is_true.any() or odds.std() < LEAST_SPREAD:
        return False
    with_it, without = odds[is_true], odds[~is_true]
    return bool(without.max() > with_it.min() and with_it.max() > without.min())


def _logistic(design: Values, labels: Values) -> Values:
    """Return the coefficients with the highest likelihood, (n_columns,)."""

    def loss(values: Values) -> float:
        logits = design @ values
        return float((np.logaddexp(0, logits) - labels * logits).sum())

    def gradient(values: Values) -> Values:
        slope: Values = design.T @ (expit(design @ values) - labels)
        return slope

    def hessian(values: Values) -> Values:
        logits = design @ values
        curvature: Values = (design * (expit(logits) * expit(-logits))[:, None]).T @ design
        return curvature

    start = np.zeros(design.shape[1])
    found: Values = minimize(
        loss, start, jac=gradient, hess=hessian, method="trust-exact", options={"gtol": 1e-8}
    ).x
    return found
