"""The improved poster network: a residual CNN beside a linear path on statistics."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

from genre_core.data.films import Films
from genre_core.data.posters import Size
from genre_core.files import Arrays
from genre_core.models.improved import BATCH_SIZE, ImprovedConfig, ImprovedNetwork
from genre_core.models.network import Inputs
from genre_core.models.poster.augmentation import augmented
from genre_core.models.poster.features import poster_features
from genre_core.models.poster.patches import Patches

SIZE: Size = (96, 64)  # height and width in pixels, the true shape of a poster

SCALED_ON = 1000  # training posters that give mean and deviation of the statistics: as good as all


@dataclass(frozen=True)
class PosterTwoPathsConfig(ImprovedConfig):
    """Settings; all were chosen on the validation films of the real dataset.

    Attributes:
        augmentation: how training posters are varied, see `catalogue.OPTIONS`.
        stem: channels of the first convolution, which halves the poster.
        stages: channels of the residual stages, each of which halves it again.
        precision: of the CNN's arithmetic, a Keras policy; its weights are float32 in any case.
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

    The statistics are those of `models.poster_features`, and how much a part of the poster looks
    like each of some hundred patches that were found in training posters without their labels.
    A poster is scored as the mean of itself and its mirror image.

    Sources: He et al., "Deep residual learning", CVPR 2016; Coates, Ng & Lee, "An analysis of
    single-layer networks in unsupervised feature learning", AISTATS 2011 (patches).
    """

    Config = PosterTwoPathsConfig
    poster_size = SIZE
    path_names = ("pixels", "statistics")
    patches: Patches

    def prepare(self, train: Films) -> None:
        """Find patches in the training posters, and the scale of the statistics."""
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
            # Averaging before the 1 x 1 convolution: with a stride it would skip three in four.
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
        pixels = encoded.posters[rows].astype(np.float32) / np.float32(255)
        return [pixels, encoded.statistics[rows]]

    def training_batch(
        self, encoded: EncodedPosters, rows: np.ndarray, random: np.random.Generator
    ) -> Inputs:
        """Return a batch with posters varied at random; their statistics are as they are."""
        pixels, statistics = self.batch(encoded, rows)
        return [augmented(pixels, self.config.augmentation, random), statistics]

    def score_batch(self, x: Inputs) -> np.ndarray:
        """Return the mean of the scores of each poster and of its mirror image."""
        pixels, statistics = x
        mirrored = super().score_batch([pixels[:, :, ::-1], statistics])
        return (super().score_batch(x) + mirrored) / 2

    def example(self, size: int) -> Inputs:
        """Return black posters, (size, 96, 64, 3) float32, without statistics."""
        statistics = np.zeros((size, len(self.mean)), dtype=np.float32)
        return [np.zeros((size, *SIZE, 3), dtype=np.float32), statistics]

    def learned_arrays(self) -> Arrays:
        """Return patches and the scale of the statistics."""
        scale = {"statistics_mean": self.mean, "statistics_deviation": self.deviation}
        return {
            **scale,
            **{f"patch_{name}": array for name, array in self.patches.arrays().items()},
        }

    def set_learned_arrays(self, arrays: Arrays) -> None:
        """Take over saved patches and the scale of the statistics."""
        self.mean, self.deviation = arrays["statistics_mean"], arrays["statistics_deviation"]
        names = ("mean", "whitening", "centres")
        self.patches = Patches(*(arrays[f"patch_{name}"] for name in names))

    def _raw_statistics(self, posters: np.ndarray) -> np.ndarray:
        parts = [poster_features(posters), self.patches.encode(posters)]
        return np.concatenate(parts, axis=1, dtype=np.float32, casting="same_kind")


class EncodedPosters:
    """Posters and their statistics.

    Attributes:
        posters: (n_films, 96, 64, 3) uint8.
        statistics: (n_films, n_statistics) float32, scaled by the training films.
    """

    def __init__(self, posters: np.ndarray, statistics: np.ndarray) -> None:
        self.posters, self.statistics = posters, statistics

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.posters)


@contextlib.contextmanager
def _policy(name: str) -> Iterator[None]:
    """Let Keras make layers with a policy of numbers in the block."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _normalised(
    x: keras.KerasTensor, channels: int, *, kernel: int = 3, strides: int = 1
) -> keras.KerasTensor:
    """Return a convolution without bias and the normalisation over the batch that follows it."""
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
