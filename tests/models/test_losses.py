"""Losses held against their formulas, typed again in NumPy."""

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from genre_core.models.losses import loss_of

RANDOM = np.random.default_rng(0)
Y = (RANDOM.random((50, 4)) < [0.5, 0.3, 0.05, 0.0]).astype(np.float32)  # the last two are rare
P = RANDOM.uniform(0.01, 0.99, (50, 4)).astype(np.float32)
SUPPORT = Y.sum(axis=0)


def value(name: str) -> np.ndarray:
    loss = loss_of(name, Y.astype(np.uint8))
    return np.asarray(
        ops.convert_to_numpy(loss(ops.convert_to_tensor(Y), ops.convert_to_tensor(P)))
    )


def test_plain():
    expected = -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P))
    assert value("bce") == pytest.approx(expected, rel=1e-5)


def test_a_network_that_is_only_loaded_needs_no_labels():
    assert loss_of("weighted", None) is not None


def test_weighted():
    weight = np.clip((50 - SUPPORT) / np.maximum(SUPPORT, 1), 1, 10)
    expected = -np.mean(weight * Y * np.log(P) + (1 - Y) * np.log(1 - P), axis=1)
    np.testing.assert_allclose(value("weighted"), expected, rtol=1e-5)


def test_class_balanced():
    assert (SUPPORT >= 10).tolist() == [True, True, False, False]
    weight = (1 - 0.999) / (1 - 0.999 ** np.maximum(SUPPORT, 1))
    weight = np.append(weight[:2] / weight[:2].mean(), [1, 1])
    expected = -np.mean(weight * (Y * np.log(P) + (1 - Y) * np.log(1 - P)), axis=1)
    np.testing.assert_allclose(value("class_balanced"), expected, rtol=1e-5)


def test_focal():
    terms = Y * (1 - P) ** 2 * np.log(P) + (1 - Y) * P**2 * np.log(1 - P)
    np.testing.assert_allclose(value("focal"), -terms.mean(axis=1), rtol=1e-5)


def test_asymmetric():
    shifted = np.maximum(P - 0.05, 0)
    terms = Y * np.log(P) + (1 - Y) * shifted**4 * np.log(1 - np.maximum(shifted, 1e-7))
    np.testing.assert_allclose(value("asymmetric"), -terms.mean(axis=1), rtol=1e-4)


@pytest.mark.parametrize("name", ["bce", "weighted", "class_balanced", "focal", "asymmetric"])
def test_scores_of_0_and_1_leave_a_slope_to_go_on_with(name):
    labels = tf.constant([[0.0, 1.0, 0.0, 1.0]])
    scores = tf.Variable([[0.0, 0.0, 1.0, 1.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(loss_of(name, Y.astype(np.uint8))(labels, scores))
    assert np.isfinite(loss.numpy())
    assert np.isfinite(tape.gradient(loss, scores).numpy()).all()
