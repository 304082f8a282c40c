"""Networks as layers of Keras alone, so that they can be loaded without this program."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers


class OwnLayer(layers.Layer):  # type: ignore[misc]  # keras has no types
    """Base class of this program's own layers."""

    def unrolled(self, *inputs: Any) -> Any:
        """Return the output for symbolic inputs, made of operations that Keras itself has."""
        raise NotImplementedError


def unrolled(network: keras.Model, output: str) -> keras.Model:
    """Return a network with one output and without own layers; weights are shared.

    Args:
        network: a functional network whose outputs are named.
        output: name of the output to keep.
    """

    def call(layer: Any, *inputs: Any, **options: Any) -> Any:
        return layer.unrolled(*inputs) if isinstance(layer, OwnLayer) else layer(*inputs, **options)

    # Cloned layers would have new weights.
    copy = keras.models.clone_model(network, clone_function=lambda layer: layer, call_function=call)
    return keras.Model(copy.inputs, copy.output[output], name=network.name)
