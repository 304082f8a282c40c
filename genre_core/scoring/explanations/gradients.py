"""Integrated gradients of a poster network. Keras has no gradients of its own; TensorFlow has."""

from __future__ import annotations

import keras
import numpy as np

from genre_core.data.films import Films
from genre_core.models.base import Model
from genre_core.models.network import SCORES, Network

STEPS = 16  # of the path from the poster's mean colour to the poster


def integrated_gradients(model: Model, poster: np.ndarray, genres: list[int]) -> np.ndarray:
    """Return what each pixel adds to the log-odds of some genres, compared with the mean colour.

    A linear path on statistics of the poster is left as it is.

    Args:
        model: a network of posters.
        poster: (height, width, 3) uint8.
        genres: columns of the genres.

    Raises:
        ValueError: the model is no network.

    Returns:
        float32 (n_genres, height, width).

    Source: Sundararajan, Taly & Yan, "Axiomatic attribution for deep networks", ICML 2017.
    """
    import tensorflow as tf

    if not isinstance(model, Network):
        raise ValueError("only networks have gradients")
    encoded = model.encode(Films(("film",), ("",), model.genres, posters=poster[np.newaxis]))
    inputs = model.batch(encoded, np.zeros(STEPS, dtype=np.int64))
    pixels, *others = inputs if isinstance(inputs, list) else [inputs]
    start = pixels.mean(axis=(1, 2), keepdims=True)
    share = (np.arange(STEPS, dtype=np.float32) + 0.5) / STEPS
    along = tf.constant(start + share[:, None, None, None] * (pixels - start))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(along)
        scores = _scores(model.network, along, others)
        odds = tf.math.log(scores) - tf.math.log1p(-scores)
        total = tf.gather(tf.reduce_sum(odds, axis=0), genres)
    # (n_genres, STEPS, height, width, 3)
    slopes = tape.jacobian(total, along, experimental_use_pfor=False)
    result: np.ndarray = (slopes.numpy().mean(axis=1) * (pixels - start)[0]).sum(axis=-1)
    return result


def _scores(network: keras.Model, pixels: object, others: list[np.ndarray]) -> keras.KerasTensor:
    whole = [pixels, *map(keras.ops.convert_to_tensor, others)]
    outputs = network(whole if others else pixels, training=False)
    return keras.ops.clip(outputs[SCORES], 1e-7, 1 - 1e-7)
