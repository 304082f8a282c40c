"""The interface of a model: films in, one score per genre out.

A model is created with its genres and config, fitted once, and saved as plain arrays and JSON,
including its preprocessing. One contract test covers every model of the catalogue.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np

from genre_core import catalogue
from genre_core.data.decoding import Size
from genre_core.data.films import Films
from genre_core.errors import RunError, TrainingError
from genre_core.files import Arrays, read_arrays, read_json, write_arrays, write_json
from genre_core.runs.history import HistoryRow

ARRAYS = "weights.npz"
PREPROCESSING = "preprocessing.json"
WEIGHT = "weight"  # begin of the names of a network's own arrays


class Monitor(Protocol):
    """Callbacks of a fit, which report progress and save and restore its state."""

    def restore(self) -> tuple[list[HistoryRow], Arrays] | None:
        """Return the history and state of the last completed epoch; None for a new run."""

    def step_done(self, epoch: int, step: int, n_steps: int) -> None:
        """Report a completed training step."""

    def epoch_done(self, history: list[HistoryRow], state: Arrays) -> None:
        """Save the state after an epoch."""


class NullMonitor:
    """A monitor that does nothing, for fits that take seconds."""

    def restore(self) -> None:
        """Return None: there is no saved state."""

    def step_done(self, epoch: int, step: int, n_steps: int) -> None:
        """Do nothing."""

    def epoch_done(self, history: list[HistoryRow], state: Arrays) -> None:
        """Do nothing."""


class Model(ABC):
    """Base class of all models. Subclasses set `Config` and, if they use posters, `poster_size`.

    Args:
        genres: genre names in column order.
        config: values of the config class that differ from its defaults.
        seed: random seed of the fit.

    Attributes:
        poster_size: height and width of its posters in pixels; None if it does not use posters.
    """

    Config: ClassVar[type]
    poster_size: ClassVar[Size | None] = None

    def __init__(
        self, genres: tuple[str, ...], config: Mapping[str, Any] | None = None, *, seed: int = 0
    ) -> None:
        known = {field.name for field in fields(self.Config)}
        unknown = sorted(set(config or {}) - known)
        if unknown:
            raise TrainingError(
                f"{type(self).__name__} has no option {', '.join(unknown)}. "
                f"Options: {', '.join(sorted(known)) or 'none'}."
            )
        self.genres = genres
        self.config = self.Config(**(config or {}))
        self.seed = seed

    @abstractmethod
    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Fit on `train`, select on `validation`, and return the history, one row per epoch."""

    @abstractmethod
    def predict_scores(self, films: Films) -> np.ndarray:
        """Return scores in [0, 1], (n_films, n_genres) float32."""

    def held_out_scores(self, validation: Films) -> np.ndarray | None:
        """Return cross-fitted scores of the validation films; None if nothing is fitted on them.

        Selecting an epoch or a single hyperparameter on them does not count as fitting.
        """
        del validation
        return None

    @abstractmethod
    def arrays(self) -> Arrays:
        """Return the learned arrays."""

    @abstractmethod
    def set_arrays(self, arrays: Arrays) -> None:
        """Restore the result of `arrays`; preprocessing is restored first."""

    def preprocessing(self) -> dict[str, Any]:
        """Return everything learned that is not an array, as plain data."""
        return {}

    def set_preprocessing(self, values: dict[str, Any]) -> None:
        """Restore the result of `preprocessing`; does nothing by default."""
        del values

    def options(self) -> dict[str, Any]:
        """Return the whole config as plain data."""
        return asdict(self.config)

    def save(self, folder: Path) -> None:
        """Write everything learned to `folder`, without pickle."""
        write_arrays(folder / ARRAYS, self.arrays())
        write_json(folder / PREPROCESSING, self.preprocessing())

    def load(self, folder: Path) -> None:
        """Restore a model that `save` wrote.

        Raises:
            RunError: the files are missing or invalid.
        """
        try:
            self.set_preprocessing(read_json(folder / PREPROCESSING))
            self.set_arrays(read_arrays(folder / ARRAYS))
        except (OSError, ValueError, KeyError) as error:
            raise RunError(
                f"The weights in '{folder}' cannot be loaded: {error}. Train the run again."
            ) from error


def make_model(
    recipe: catalogue.Recipe,
    genres: tuple[str, ...],
    options: Mapping[str, Any] | None = None,
    *,
    seed: int,
) -> Model:
    """Return a new model of a recipe; `options` override those of the recipe."""
    module, _, name = recipe.implementation.partition(":")
    with muted():
        cls: type[Model] = getattr(importlib.import_module(module), name)
    return cls(genres, {**recipe.options, **(options or {})}, seed=seed)


@contextlib.contextmanager
def muted() -> Iterator[None]:
    """Suppress what TensorFlow's libraries print on import, unless the import fails.

    They write to the file descriptor directly, before any log level can be set.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as output:
        os.dup2(output.fileno(), 2)
        try:
            yield
        except BaseException:
            output.seek(0)
            os.write(kept, output.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def model_of(config: Mapping[str, Any]) -> Model:
    """Return the untrained model described by the config of a run."""
    recipe = catalogue.entry(config["model"]).recipe(config["recipe"])
    return make_model(recipe, tuple(config["genres"]), config["options"], seed=config["seed"])
