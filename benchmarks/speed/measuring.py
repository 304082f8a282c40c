"""Helpers to measure networks."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import keras
import numpy as np
from keras import layers, ops

from benchmarks.speed.stopwatch import stopwatch
from genre_core import catalogue
from genre_core.data.films import Dataset, Films
from genre_core.models.base import make_model
from genre_core.models.network import Network

PAIRS = 7  # timed pairs per ratio, of which the median is used


def ratio(first: Callable[[int], None], second: Callable[[int], None]) -> tuple[float, float]:
    """Return the median of first / second over alternating runs, and the seconds of second."""
    for warm_up in range(3):  # compiles each, for whole and for cut batches
        first(warm_up)
        second(warm_up)
    ratios, seconds = [], []
    for pair in range(PAIRS):
        times = []
        for work in (first, second):
            with stopwatch() as elapsed:
                work(pair)
            times.append(elapsed())
        ratios.append(times[0] / times[1])
        seconds.append(times[1])
    return statistics.median(ratios), statistics.median(seconds)


def dense_rate() -> float:
    """Return the float32 operations per second of a dense matrix product."""
    size = 2048
    matrix = ops.convert_to_tensor(np.random.default_rng(0).random((size, size), dtype=np.float32))
    rates = []
    for _ in range(PAIRS + 2):
        with stopwatch() as seconds:
            ops.convert_to_numpy(ops.matmul(matrix, matrix))
        rates.append(2 * size**3 / seconds())
    return statistics.median(rates[2:])


def step_flops(network: keras.Model, batch_size: int, n_words: float = 1) -> float:
    """Return the operations of a training step: three times those of the forward pass.

    Args:
        network: network with convolution, dense and bidirectional LSTM layers.
        batch_size: films per step.
        n_words: mean number of words per overview.
    """
    total = 0.0
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D):
            positions = int(np.prod(layer.output.shape[1:3]))
            total += 2 * positions * int(np.prod(layer.kernel.shape))
        elif isinstance(layer, layers.Bidirectional):
            kernels = [w for w in layer.trainable_weights if "kernel" in w.name]
            total += 2 * n_words * sum(int(np.prod(kernel.shape)) for kernel in kernels)
        elif isinstance(layer, layers.Dense):
            total += 2 * int(np.prod(layer.kernel.shape))
    return 3.0 * total * batch_size


def network(name: str, recipe: str, dataset: Dataset) -> Network:
    """Return an untrained network of a recipe."""
    model = make_model(catalogue.entry(name).recipe(recipe), dataset.genres, seed=0)
    if not isinstance(model, Network):
        raise TypeError(f"{name} is not a network")
    return model


def labels(films: Films) -> np.ndarray:
    """Return the films' labels, (n_films, n_genres) float32."""
    if films.y_true is None:
        raise ValueError("films of a dataset have labels")
    return films.y_true.astype(np.float32)


def rows(pair: int, n_films: int, batch_size: int) -> np.ndarray:
    """Return the films of a batch, drawn with the number of a pair as the seed."""
    return np.random.default_rng(pair).permutation(n_films)[:batch_size]
