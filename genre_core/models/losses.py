"""Training losses; all but binary cross-entropy address class imbalance.

Each takes labels and scores, (batch, n_genres), and returns one value per film. Except with binary
cross-entropy, the scores are not calibrated probabilities.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from genre_core.evaluation.decisions import MACRO_SUPPORT

EPSILON = 1e-7  # scores stay this far from 0 and 1
HEAVIEST = 10.0  # maximum weight of a positive label
BETA = 0.999  # of class-balanced weights: films beyond about 1 / (1 - BETA) add little
FOCUS = 2.0  # gamma of the focal loss
FOCUS_NEGATIVE, MARGIN = 4.0, 0.05  # of the asymmetric loss; its positives have no focus

Loss = Callable[[Any, Any], Any]


def loss_of(name: str, y_true: np.ndarray | None) -> Loss:
    """Return the loss with the given name.

    Args:
        name: see `catalogue.OPTIONS`.
        y_true: labels of the training films, (n_films, n_genres); None in a network that is only
            loaded and never trained.
    """
    if name == "bce" or y_true is None:
        result: Loss = keras.losses.BinaryCrossentropy()
        return result
    if name == "focal":
        return focal
    if name == "asymmetric":
        return asymmetric
    return {"weighted": weighted, "class_balanced": class_balanced}[name](
        y_true.sum(axis=0), len(y_true)
    )


def weighted(support: np.ndarray, n_films: int) -> Loss:
    """Return BCE with balanced weights of positives and negatives, up to a maximum weight."""
    balance = (n_films - support) / np.maximum(support, 1)
    weight = np.clip(balance, 1.0, HEAVIEST).astype(np.float32)

    def loss(y_true: Any, y_score: Any) -> Any:
        positive, negative = _logarithms(y_score)
        return -ops.mean(weight * y_true * positive + (1 - y_true) * negative, axis=-1)

    return loss


def class_balanced(support: np.ndarray, n_films: int) -> Loss:
    """Return BCE with genres weighted by the inverse of their effective number of films.

    Genres with too few training films for macro averages have the mean weight of the others;
    otherwise a few almost empty columns would dominate the loss.

    Source: Cui et al., "Class-balanced loss based on effective number of samples", CVPR 2019.
    """
    weight = (1 - BETA) / (1 - BETA ** np.clip(support, 1, n_films))
    is_enough = support >= MACRO_SUPPORT
    mean = weight[is_enough].mean() if is_enough.any() else 1.0
    weight = np.where(is_enough, weight / mean, 1.0).astype(np.float32)

    def loss(y_true: Any, y_score: Any) -> Any:
        positive, negative = _logarithms(y_score)
        return -ops.mean(weight * (y_true * positive + (1 - y_true) * negative), axis=-1)

    return loss


def focal(y_true: Any, y_score: Any) -> Any:
    """Return the focal loss, BCE with small weights for easy labels, (batch,).

    Source: Lin et al., "Focal loss for dense object detection", ICCV 2017, with gamma 2.
    """
    positive, negative = _logarithms(y_score)
    terms = y_true * (1 - y_score) ** FOCUS * positive + (1 - y_true) * y_score**FOCUS * negative
    return -ops.mean(terms, axis=-1)


def asymmetric(y_true: Any, y_score: Any) -> Any:
    """Return the asymmetric loss, BCE with small or zero weights for easy negatives, (batch,).

    Source: Ridnik et al., "Asymmetric loss for multi-label classification", ICCV 2021.
    """
    shifted = ops.maximum(y_score - MARGIN, 0.0)
    positive, _ = _logarithms(y_score)
    _, negative = _logarithms(shifted)
    # No factor (1 - y_score)**0 for the positives: its gradient at a score of 1 is NaN.
    terms = y_true * positive + (1 - y_true) * shifted**FOCUS_NEGATIVE * negative
    return -ops.mean(terms, axis=-1)


def _logarithms(y_score: Any) -> tuple[Any, Any]:
    score = ops.clip(y_score, EPSILON, 1 - EPSILON)
    return ops.log(score), ops.log(1 - score)
