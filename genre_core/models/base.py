"""The contract of a model: films in, one score for each genre out.

A model is made with its genres and config, fitted once, and saved as plain arrays and JSON; its
preprocessing lives with it. One test holds every model of the catalogue to this.
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
from genre_core.data.films import Films
from genre_core.data.posters import Size
from genre_core.errors import RunError, TrainingError
from genre_core.files import Arrays, read_arrays, read_json, write_arrays, write_json
from genre_core.runs.history import HistoryRow

ARRAYS = "weights.npz"
PREPROCESSING = "preprocessing.json"


class Monitor(Protocol):
    """What a fit tells while it runs, and where a stopped one comes back from."""

    def restore(self) -> tuple[list[HistoryRow], Arrays] | None:
        """Return the history and the state of the last whole epoch, None at a fresh start."""

    def step_done(self, epoch: int, step: int, n_steps: int) -> None:
        """Take note of one batch."""

    def epoch_done(self, history: list[HistoryRow], state: Arrays) -> None:
        """Keep the state after an epoch, so that a stop loses nothing."""


class NullMonitor:
    """A monitor that keeps nothing, for fits that are over in seconds."""

    def restore(self) -> None:
        """Return None: there is nothing to come back from."""

    def step_done(self, epoch: int, step: int, n_steps: int) -> None:
        """Do nothing."""

    def epoch_done(self, history: list[HistoryRow], state: Arrays) -> None:
        """Do nothing."""


class Model(ABC):
    """One model. Subclasses name their config class and, if they look at posters, a size.

    Args:
        genres: genre names in column order.
        config: values of the config class that differ from its defaults.
        seed: seed of everything random in the fit.

    Attributes:
        poster_size: height and width in pixels at which the model wants posters; None if it
            looks at none.
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
                f"It has: {', '.join(sorted(known)) or 'none'}."
            )
        self.genres = genres
        self.config = self.Config(**(config or {}))
        self.seed = seed

    @abstractmethod
    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Learn from `train`, choose on `validation`; return one row an epoch, if it has any."""

    @abstractmethod
    def predict_scores(self, films: Films) -> np.ndarray:
        """Return scores in [0, 1], (n_films, n_genres) float32."""

    def held_out_scores(self, validation: Films) -> np.ndarray | None:
        """Return cross-fitted scores of the validation films; None if nothing is fitted on them.

        Choosing an epoch or one strength there does not count, as it can hardly go wrong.
        """
        del validation
        return None

    @abstractmethod
    def arrays(self) -> Arrays:
        """Return everything learned that is numbers."""

    @abstractmethod
    def set_arrays(self, arrays: Arrays) -> None:
        """Take over what `arrays` returned; preprocessing is set before."""

    def preprocessing(self) -> dict[str, Any]:
        """Return everything learned that is not numbers, as plain data."""
        return {}

    def set_preprocessing(self, values: dict[str, Any]) -> None:
        """Take over what `preprocessing` returned; by default there is nothing to take."""
        del values

    def options(self) -> dict[str, Any]:
        """Return the whole config as plain data."""
        return asdict(self.config)

    def save(self, folder: Path) -> None:
        """Write what was learned into `folder`, nothing pickled."""
        write_arrays(folder / ARRAYS, self.arrays())
        write_json(folder / PREPROCESSING, self.preprocessing())

    def load(self, folder: Path) -> None:
        """Take over what `save` wrote.

        Raises:
            RunError: the files are not what `save` writes.
        """
        try:
            self.set_preprocessing(read_json(folder / PREPROCESSING))
            self.set_arrays(read_arrays(folder / ARRAYS))
        except (OSError, ValueError, KeyError) as error:
            raise RunError(
                f"The weights in '{folder}' cannot be loaded: {error}. Train that run again."
            ) from error


def make_model(
    recipe: catalogue.Recipe,
    genres: tuple[str, ...],
    options: Mapping[str, Any] | None = None,
    *,
    seed: int,
) -> Model:
    """Return a fresh model of a recipe; `options` go before those of the recipe."""
    module, _, name = recipe.implementation.partition(":")
    with _muted():
        cls: type[Model] = getattr(importlib.import_module(module), name)
    return cls(genres, {**recipe.options, **(options or {})}, seed=seed)


@contextlib.contextmanager
def _muted() -> Iterator[None]:
    """Keep what TensorFlow's libraries write at their import, unless the import fails.

    They write to the file descriptor, whatever log level is set, before they can be told.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        except BaseException:
            said.seek(0)
            os.write(kept, said.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def model_of(config: Mapping[str, Any]) -> Model:
    """Return an untrained model as the config of a run describes it."""
    recipe = catalogue.entry(config["model"]).recipe(config["recipe"])
    return make_model(recipe, tuple(config["genres"]), config["options"], seed=config["seed"])
