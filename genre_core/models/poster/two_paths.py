"""The improved poster network: a residual CNN and a linear path on statistics."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops

from genre_core.data.decoding import Size
from genre_core.data.films import Films
from genre_core.files import Arrays
from genre_core.models.improved import BATCH_SIZE, ImprovedConfig, ImprovedNetwork
from genre_core.models.network import Inputs
from genre_core.models.poster.augmentation import augmented
from genre_core.models.poster.patches import Patches
from genre_core.models.poster.prepare import (
    DEVIATION,
    MEAN,
    PATCH_ARRAYS,
    as_pixels,
    raw_statistics,
)

SIZE: Size = (96, 64)  # height and width in pixels, the aspect ratio of a poster

SCALED_ON = 1000  # training posters used for mean and deviation of the statistics


@dataclass(frozen=True)
class PosterTwoPathsConfig(ImprovedConfig):
    """Settings, selected on the validation films of the real dataset.

    Attributes:
        augmentation: augmentation of training posters, see `catalogue.OPTIONS`.
        stem: channels of the first convolution, which has stride 2.
        stages: channels of the residual stages, each of which has stride 2.
        precision: Keras dtype policy of the CNN; its weights are always float32.
    """

    epochs: int = 20
    batch_size: int = BATCH_SIZE
    learning_rate: float = 2e-3
    augmentation: str = "shift_flip"
    stem: int = 32
    stages: tuple[int, ...] = (64, 128, 192)
    precision: str = "float32"
    pooled_dropout: float = 0.4
    strength: float = 3e-4
    path_weights: tuple[float, ...] = (0.6, 0.5)


class PosterTwoPaths(ImprovedNetwork):
    """Residual CNN on the pixels, linear path on colours, edges and patches.

    The statistics are those of `models.poster.features` and the similarity of each part of the
    poster to typical patches, learned without labels. Scores are averaged over the poster and its
    mirror image.

    Sources: He et al., "Deep residual learning", CVPR 2016; Coates, Ng & Lee, "An analysis of
    single-layer networks in unsupervised feature learning", AISTATS 2011 (patches).
    """

    Config = PosterTwoPathsConfig
    poster_size = SIZE
    path_names = ("pixels", "statistics")
    patches: Patches

    def prepare(self, train: Films) -> None:
        """Learn patches and the scale of the statistics from the training posters."""
        posters = _posters(train)
        self.patches = Patches.of(posters)
        raw = self._raw_statistics(posters[:SCALED_ON])
        self.mean, self.deviation = raw.mean(axis=0), raw.std(axis=0) + np.float32(1e-6)

    def build(self) -> keras.Model:
        """Return the untrained network.

        Inputs: (batch, 96, 64, 3) in [0, 1], (batch, n_statistics). Outputs: (batch, n_genres)
        each.
        """
        pixels = keras.Input((*SIZE, 3), name="poster")
        statistics = keras.Input((len(self.mean),), name="poster_statistics")
        with _policy(self.config.precision):
            pooled = self._pooled(pixels)
        outputs = self.outputs(pooled, statistics)
        return keras.Model([pixels, statistics], outputs, name="poster_two_paths")

    def _pooled(self, pixels: keras.KerasTensor) -> keras.KerasTensor:
        """Return mean and maximum of the last stage's channels: (batch, features)."""
        x = _normalised(pixels, self.config.stem, strides=2)
        x = layers.ReLU()(x)
        for channels in self.config.stages:
            y = layers.ReLU()(_normalised(x, channels, strides=2))
            y = _normalised(y, channels)
            # Average pooling, because a 1 x 1 convolution with stride 2 would ignore 3 of 4 pixels.
            short = _normalised(layers.AveragePooling2D(2)(x), channels, kernel=1)
            x = layers.ReLU()(layers.Add()([y, short]))
        pooled = [layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)]
        return layers.Concatenate()(pooled)

    def encode(self, films: Films) -> EncodedPosters:
        """Return posters and their statistics."""
        posters = _posters(films)
        raw = self._raw_statistics(posters)
        return EncodedPosters(posters, (raw - self.mean) / self.deviation)

    def batch(self, encoded: EncodedPosters, rows: np.ndarray) -> Inputs:
        """Return posters (batch, 96, 64, 3) float32 in [0, 1] and (batch, n_statistics)."""
        return [as_pixels(encoded.posters[rows]), encoded.statistics[rows]]

    def training_batch(
        self, encoded: EncodedPosters, rows: np.ndarray, random: np.random.Generator
    ) -> Inputs:
        """Return a batch with augmented posters; their statistics are not augmented."""
        pixels, statistics = self.batch(encoded, rows)
        return [augmented(pixels, self.config.augmentation, random), statistics]

    def score_batch(self, x: Inputs) -> np.ndarray:
        """Return scores averaged over each poster and its mirror image."""
        pixels, statistics = x
        mirrored = super().score_batch([pixels[:, :, ::-1], statistics])
        result: np.ndarray = (super().score_batch(x) + mirrored) / 2
        return result

    def scoring_network(self) -> keras.Model:
        """Return a network whose scores are averaged as in `score_batch`."""
        network = super().scoring_network()
        pixels, statistics = (
            keras.Input(batch_shape=one.shape, name=one.name) for one in network.inputs
        )
        mirrored = network([ops.flip(pixels, axis=2), statistics])
        scores = (network([pixels, statistics]) + mirrored) / 2
        return keras.Model([pixels, statistics], scores, name=network.name)

    def example(self, size: int) -> Inputs:
        """Return black posters, (size, 96, 64, 3) float32, without statistics."""
        statistics = np.zeros((size, len(self.mean)), dtype=np.float32)
        return [np.zeros((size, *SIZE, 3), dtype=np.float32), statistics]

    def learned_arrays(self) -> Arrays:
        """Return patches and the scale of the statistics."""
        scale = {MEAN: self.mean, DEVIATION: self.deviation}
        return {
            **scale,
            **{f"patch_{name}": array for name, array in self.patches.arrays().items()},
        }

    def set_learned_arrays(self, arrays: Arrays) -> None:
        """Restore saved patches and the scale of the statistics."""
        self.mean, self.deviation = arrays[MEAN], arrays[DEVIATION]
        self.patches = Patches(*(arrays[f"patch_{name}"] for name in PATCH_ARRAYS))

    def _raw_statistics(self, posters: np.ndarray) -> np.ndarray:
        return raw_statistics(posters, self.patches.encode(posters))


class EncodedPosters:
    """Posters and their statistics.

    Attributes:
        posters: (n_films, 96, 64, 3) uint8.
        statistics: (n_films, n_statistics) float32, scaled by the training films.
    """

    def __init__(self, posters: np.ndarray, statistics: np.ndarray) -> None:
        self.posters, self.statistics = posters, statistics

    def __len__(self) -> int:
        """Return the number of posters."""
        return len(self.posters)


@contextlib.contextmanager
def _policy(name: str) -> Iterator[None]:
    """Set the Keras dtype policy during the block."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _normalised(
    x: keras.KerasTensor, channels: int, *, kernel: int = 3, strides: int = 1
) -> keras.KerasTensor:
    """Return a convolution without bias, followed by batch normalisation."""
    convolution = layers.Conv2D(
        channels,
        kernel,
        strides=strides,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
    )
    return layers.BatchNormalization(momentum=0.9)(convolution(x))


def _posters(films: Films) -> np.ndarray:
    if films.posters is None:
        raise ValueError("the poster network needs posters")
    return films.posters
