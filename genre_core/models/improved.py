"""Base class of the improved networks: two paths, AdamW and averaged weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from genre_core.models.network import SCORES, Network, NetworkConfig
from genre_core.models.unrolled import OwnLayer

LINEAR = "linear_logits"
NO_DECAY = ("bias", "gamma", "beta", LINEAR)  # parts of names; the linear path has its own penalty
LEAST_SHARE = 1e-4  # smallest base rate, for genres without training films
LAST_RATE = 0.01  # of the highest learning rate, at the end
BATCH_SIZE = 64  # films per step, for which learning rate and average are given


@dataclass(frozen=True)
class ImprovedConfig(NetworkConfig):
    """Settings shared by the improved networks; subclasses set those without a default here.

    Attributes:
        learning_rate: the highest learning rate, for steps of 64 films.
        weight_decay: decoupled weight decay of AdamW.
        average: momentum of the moving average of the weights, which is used for scoring, for steps
            of 64 films.
        clip_norm: maximum gradient norm of a weight array.
        warm_up: epochs of linear warm-up of the learning rate.
        pooled_dropout: dropout rate of the deep path's pooled features.
        linear_path: whether there is a linear path, "on" or "off".
        strength: inverse regularisation strength C of the linear path, as in `models.linear`.
        path_weights: weights of the deep and the linear path in the sum of the log-odds.
    """

    weight_decay: float = 0.02
    average: float = 0.99
    clip_norm: float = 1.0
    warm_up: float = 1.0
    pooled_dropout: float = 0.5
    linear_path: str = "on"
    strength: float = 1.0
    path_weights: tuple[float, ...] = (0.5, 0.5)


class ImprovedNetwork(Network):
    """A deep path beside a linear one, trained with AdamW and scored with averaged weights.

    With a joint loss the linear path overfits the training films, and the deep path learns little.
    So each path has its own loss, and the scores are the sigmoid of a weighted sum of their
    log-odds. The linear path is a logistic regression with the penalty of `models.linear`, trained
    by the same optimizer.

    Attributes:
        path_names: names of the outputs of the deep and the linear path.
        stretch: scale of the linear path's inputs, larger if its weights have to become large,
            because Adam changes a weight by at most the learning rate per step.

    Sources: Cheng et al., "Wide & deep learning for recommender systems", 2016 (two paths);
    Loshchilov & Hutter, "SGDR", ICLR 2017 and "Decoupled weight decay regularization", ICLR 2019;
    Polyak & Juditsky, "Acceleration of stochastic approximation by averaging", 1992; Malladi et
    al., "On the SDEs and scaling rules for adaptive gradient algorithms", NeurIPS 2022 (a rate
    that grows with the root of the batch); Busbridge et al., "How to scale your EMA", NeurIPS 2023.
    """

    path_names: tuple[str, str]
    stretch: float = 1.0

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the outputs that carry the loss."""
        return self.path_names if self.config.linear_path == "on" else (SCORES,)

    def outputs(
        self, features: keras.KerasTensor, inputs: keras.KerasTensor
    ) -> dict[str, keras.KerasTensor]:
        """Return the scores of the network and of each path, (batch, n_genres) each.

        Args:
            features: pooled features of the deep path, (batch, n_features).
            inputs: inputs of the linear path, (batch, n_inputs).
        """
        features = layers.Dropout(self.config.pooled_dropout)(features)
        deep = layers.Dense(len(self.genres), name="deep_logits")(features)
        if self.config.linear_path == "off":
            return {SCORES: Scores(self.log_odds(), name=SCORES)([deep])}
        linear = layers.Dense(
            len(self.genres),
            kernel_initializer="zeros",
            kernel_regularizer=keras.regularizers.L2(self._penalty()),
            name=LINEAR,
        )(inputs * self.stretch)
        paths = dict(zip(self.path_names, (deep, linear), strict=True))
        outputs = {
            name: Scores(self.log_odds(), name=name)([logits]) for name, logits in paths.items()
        }
        both = Scores(self.log_odds(), self.config.path_weights, name=SCORES)
        return {**outputs, SCORES: both([deep, linear])}

    def learning_rate(self, epoch: int, done: float = 0.0) -> float:
        """Return the learning rate in an epoch, counted from 1, after a fraction `done` of it."""
        place = epoch - 1 + done
        # Half a step of an epoch early, so that the first step moves at all.
        warm = min(1.0, (place + 0.02) / self.config.warm_up)
        fallen = 0.5 * (1 + math.cos(math.pi * min(1.0, place / self.config.epochs)))
        highest = self.config.learning_rate * math.sqrt(self._batches_in_one)
        return float(highest * warm * (LAST_RATE + (1 - LAST_RATE) * fallen))

    def optimizer(self) -> keras.optimizers.Optimizer:
        """Return AdamW with a moving average of the weights."""
        optimizer = keras.optimizers.AdamW(
            self.config.learning_rate,
            weight_decay=self.config.weight_decay,
            beta_2=0.99,  # 0.999 averages over 1,000 steps, about the length of the training
            clipnorm=self.config.clip_norm,
            use_ema=True,
            ema_momentum=self.config.average**self._batches_in_one,
        )
        optimizer.exclude_from_weight_decay(var_names=list(NO_DECAY))
        return optimizer

    @property
    def _batches_in_one(self) -> float:
        """Return the ratio of the batch size to the reference batch size."""
        result: float = self.config.batch_size / BATCH_SIZE
        return result

    def _penalty(self) -> float:
        """Return the L2 penalty of the linear path that corresponds to its C.

        scikit-learn adds half the squared weights to C times the sum over films; the loss here is
        the mean over films and genres, and the inputs are scaled by `stretch`.
        """
        n_films = 1 if self.train_labels is None else len(self.train_labels)
        result: float = self.stretch**2 / (2 * self.config.strength * n_films * len(self.genres))
        return result

    def log_odds(self) -> np.ndarray:
        """Return the log-odds of the base rates, (n_genres,) float32.

        A network that is only loaded gets zeros, which its saved weights replace.
        """
        if self.train_labels is None:
            return np.zeros(len(self.genres), dtype=np.float32)
        share = np.clip(self.train_labels.mean(axis=0), LEAST_SHARE, 1 - LEAST_SHARE)
        odds: np.ndarray = np.log(share / (1 - share)).astype(np.float32)
        return odds


class Scores(OwnLayer):
    """Convert logits to scores, relative to the base rates.

    Scores are the sigmoid of the base rates' log-odds plus a weighted sum of the logits. The
    log-odds, (n_genres,), are a non-trainable weight.
    """

    def __init__(self, log_odds: np.ndarray, weights: tuple[float, ...] = (1.0,), **options: Any):
        super().__init__(**options)
        self.start, self.shares = log_odds, weights

    def build(self, input_shape: Any) -> None:
        """Create the weight of the log-odds."""
        del input_shape
        self.log_odds = self.add_weight(
            shape=self.start.shape,
            initializer=keras.initializers.Constant(self.start),
            trainable=False,
            name="log_odds",
        )

    def call(self, logits: Any) -> Any:
        """Return scores (batch, n_genres) for a list of logits of that shape."""
        return self._of(self.log_odds, logits)

    def unrolled(self, logits: Any) -> Any:
        """Return the same, with the log-odds as constants."""
        return self._of(ops.convert_to_numpy(self.log_odds), logits)

    def _of(self, total: Any, logits: Any) -> Any:
        for share, part in zip(self.shares, logits, strict=True):
            total = ops.add(total, share * part)
        return ops.sigmoid(total)
