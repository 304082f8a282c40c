"""Base class of the two networks of the source reports."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

from genre_core.models.network import Network, NetworkConfig


@dataclass(frozen=True)
class ReportsConfig(NetworkConfig):
    """Settings of the source reports.

    Attributes:
        constant_epochs: epochs before the learning rate decays.
        decay: the rate is multiplied by exp(-decay) after each further epoch.
    """

    batch_size: int = 64
    learning_rate: float = 1e-4
    constant_epochs: int = 10
    decay: float = 0.01


class ReportsNetwork(Network):
    """A network trained with Adam at a rate that is constant at first and then decays."""

    def learning_rate(self, epoch: int, done: float = 0.0) -> float:
        """Return the learning rate of an epoch, counted from 1, which is the same for all steps."""
        del done
        decayed = max(0, epoch - self.config.constant_epochs)
        return float(self.config.learning_rate * np.exp(-self.config.decay * decayed))

    def optimizer(self) -> keras.optimizers.Optimizer:
        """Return Adam."""
        return keras.optimizers.Adam(self.config.learning_rate)
