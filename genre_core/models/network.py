"""Base class of all networks: the training loop, its state, and scoring in batches."""

from __future__ import annotations

import contextlib
import time
from abc import abstractmethod
from collections.abc import Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from genre_core.data.films import Films
from genre_core.errors import TrainingError, misfit
from genre_core.evaluation.counts import Counts, count, precision, recall
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.formulas import bce
from genre_core.files import Arrays, array_text, text_array
from genre_core.models.base import WEIGHT, Model, Monitor
from genre_core.models.losses import loss_of
from genre_core.models.sampling import epoch_rows
from genre_core.models.unrolled import unrolled
from genre_core.runs.history import HistoryRow, kept_epoch

WATCHED_THRESHOLD = 0.5  # precision and recall of the curves, as in the reports
# Keras counts scores above its threshold; a decision is a score at or above the threshold.
JUST_BELOW = float(np.nextafter(np.float32(WATCHED_THRESHOLD), np.float32(0)))
TRACED_SIZES = (2, 3)  # two sizes make a backend treat a dimension as free
SCORING_BATCH = 256  # films; larger batches are no faster on a CPU
SCORES = "scores"  # name of the output with the scores
COUNTS = ("hits", "extras", "misses")

Encoded = Sized  # one input per film
Inputs = np.ndarray | list[np.ndarray]


@dataclass(frozen=True)
class NetworkConfig:
    """Settings of every network; subclasses set those without a default here.

    Attributes:
        epochs: number of epochs; the best one is kept, see `runs.history.kept_epoch`.
        batch_size: films per step.
        learning_rate: the highest learning rate.
        loss: training loss, see `catalogue.OPTIONS`.
        sampling: selection of training films per epoch, see `catalogue.OPTIONS`.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    loss: str = "bce"
    sampling: str = "all"


class Network(Model):
    """A Keras network trained in epochs.

    Subclasses build the layers and encode films as inputs. The state after each epoch (weights,
    optimizer, dropout seeds, best weights, preprocessing) is passed to the monitor; a resumed fit
    gives bit-identical results to one that was never stopped.

    Attributes:
        network: the Keras network; its outputs are named, `SCORES` among them.
        train_labels: labels of the training films, (n_films, n_genres) uint8; None in a network
            that is only loaded.
    """

    network: keras.Model
    train_labels: np.ndarray | None = None

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the names of the outputs that have a loss."""
        return (SCORES,)

    @abstractmethod
    def build(self) -> keras.Model:
        """Return the untrained network."""

    @abstractmethod
    def encode(self, films: Films) -> Encoded:
        """Return one input per film, to be passed to `batch`."""

    @abstractmethod
    def batch(self, encoded: Any, rows: np.ndarray) -> Inputs:
        """Return the network's input for the films at `rows`."""

    @abstractmethod
    def example(self, size: int) -> Inputs:
        """Return a valid input in which every free dimension has `size`."""

    @abstractmethod
    def learning_rate(self, epoch: int, done: float = 0.0) -> float:
        """Return the learning rate in an epoch, counted from 1, after a fraction `done` of it."""

    @abstractmethod
    def optimizer(self) -> keras.optimizers.Optimizer:
        """Return a new optimizer."""

    def training_batch(self, encoded: Any, rows: np.ndarray, random: np.random.Generator) -> Inputs:
        """Return the input of a training step; subclasses may augment it."""
        del random
        return self.batch(encoded, rows)

    def training_batches(
        self, encoded: Any, order: np.ndarray, random: np.random.Generator
    ) -> list[np.ndarray]:
        """Return the films of each step of an epoch, given their random order."""
        del encoded, random
        return [*_slices(order, self.config.batch_size)]

    def scoring_order(self, encoded: Encoded) -> np.ndarray:
        """Return the order in which films are scored; any order gives the same scores."""
        return np.arange(len(encoded))

    def score_batch(self, x: Inputs) -> np.ndarray:
        """Return the scores of one batch, (batch, n_genres)."""
        scores: np.ndarray = self.network.predict_on_batch(x)[SCORES]
        return scores

    def scoring_network(self) -> keras.Model:
        """Return a network with the output of `score_batch` alone, made of layers of Keras."""
        return unrolled(self.network, SCORES)

    def prepare(self, train: Films) -> None:
        """Fit the preprocessing on the training films; does nothing by default."""

    def learned_arrays(self) -> Arrays:
        """Return the arrays of the fitted preprocessing; empty by default."""
        return {}

    def set_learned_arrays(self, arrays: Arrays) -> None:
        """Restore the result of `learned_arrays`; does nothing by default."""
        del arrays

    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Train all epochs and restore the best weights, see `runs.history.kept_epoch`."""
        started = time.perf_counter()
        restored = monitor.restore()
        keras.utils.set_random_seed(self.seed)
        self.train_labels = _labels(train)
        self.prepare(train)
        self.compile()
        self._trace_training()
        history: list[HistoryRow] = []
        best = self.network.get_weights()
        if restored:
            history, best = restored[0], self._restored(restored[1])
        sets = [(self.encode(films), _labels(films)) for films in (train, validation)]
        for epoch in range(len(history) + 1, self.config.epochs + 1):
            row, weights = self._epoch(epoch, sets, monitor)
            # The first epoch of a process includes the preparation: vocabulary, tracing.
            row["seconds"] = -started + (started := time.perf_counter())
            if not np.isfinite([row["loss"], row["val_loss"]]).all():
                raise TrainingError(
                    f"The loss is NaN or infinite in epoch {epoch}: the training diverged. Train "
                    "again with another seed, or with a recipe that has a lower learning rate."
                )
            history.append(row)
            if kept_epoch(history) == epoch:
                best = weights
            monitor.epoch_done(history, self._state(best))
        self.network.set_weights(best)
        return history

    def compile(self) -> None:
        """Build and compile the network with its optimizer, loss and metrics."""
        self.network = self.build()
        self.network.compile(
            optimizer=self.optimizer(),
            loss={head: loss_of(self.config.loss, self.train_labels) for head in self.heads},
            metrics={
                SCORES: [
                    # Curves show BCE for every training loss, so that runs can be compared.
                    keras.metrics.BinaryCrossentropy(name="bce"),
                    keras.metrics.TruePositives(JUST_BELOW, name="hits"),
                    keras.metrics.FalsePositives(JUST_BELOW, name="extras"),
                    keras.metrics.FalseNegatives(JUST_BELOW, name="misses"),
                ]
            },
            jit_compile=False,  # XLA makes the LSTM slower on a CPU; one setting serves both
        )
        self.network.optimizer.build(self.network.trainable_variables)
        self.is_traced_for_scoring = False

    def _step(self, x: Inputs, y_true: np.ndarray) -> dict[str, float]:
        """Train on one batch and return its metrics by name."""
        y = dict.fromkeys({SCORES, *self.heads}, y_true)
        logs = self.network.train_on_batch(x, y, return_dict=True)
        # With several outputs Keras puts the output's name before the metric's.
        return {name.removeprefix(f"{SCORES}_"): float(value) for name, value in logs.items()}

    def _trace_training(self) -> None:
        """Make the backend compile the training step for free dimensions, and undo the steps.

        A backend may compile a special version for the first shape, with different last bits. The
        first shape must not depend on where a training is resumed.
        """
        with _unchanged([*self.network.variables, *self.network.optimizer.variables]):
            for size in TRACED_SIZES:
                labels = np.zeros((size, len(self.genres)), dtype=np.float32)
                self._step(self.example(size), labels)

    def _trace_scoring(self) -> None:
        """Do the same for scoring, where LSTM layers also draw dropout masks, without effect."""
        with _unchanged(self.network.variables):
            for size in TRACED_SIZES:
                self.network.predict_on_batch(self.example(size))
        self.is_traced_for_scoring = True

    def _epoch(
        self, epoch: int, sets: list[tuple[Any, np.ndarray]], monitor: Monitor
    ) -> tuple[HistoryRow, list[np.ndarray]]:
        """Train one epoch and return its row of the history and its weights."""
        (encoded, labels), (val_encoded, val_labels) = sets
        logs = self._train(epoch, encoded, labels, monitor)
        with self._averaged():
            weights = self.network.get_weights()
            val_scores = self._scores(val_encoded)
        val_counts = count(val_labels, decide(val_scores, WATCHED_THRESHOLD), axis=None)
        row: HistoryRow = {
            "epoch": epoch,
            "loss": logs["loss"],
            "precision": logs["precision"],
            "recall": logs["recall"],
            "val_loss": bce(val_labels, val_scores),
            "val_precision": float(precision(val_counts)),
            "val_recall": float(recall(val_counts)),
            "learning_rate": self.learning_rate(epoch),
        }
        if self.config.loss != "bce":
            row["val_minimised"] = self._minimised(val_labels, val_scores)
        return row, weights

    def _minimised(self, y_true: np.ndarray, y_score: np.ndarray) -> float:
        """Return the training loss, averaged over films.

        Args:
            y_true: uint8 (n_films, n_genres).
            y_score: float32 (n_films, n_genres).
        """
        loss = loss_of(self.config.loss, self.train_labels)
        by_film = loss(y_true.astype(np.float32), y_score)
        return float(np.mean(keras.ops.convert_to_numpy(by_film)))

    def _train(
        self, epoch: int, encoded: Any, labels: np.ndarray, monitor: Monitor
    ) -> dict[str, float]:
        """Train one epoch and return its mean metrics, computed with dropout."""
        # Depends on seed and epoch alone, so that a resumed training has the same batches.
        random = np.random.default_rng([self.seed, epoch])
        order = epoch_rows(labels, self.config.sampling, random)
        batches = self.training_batches(encoded, order, random)
        sums = dict.fromkeys(("bce", *COUNTS), 0.0)
        for step, rows in enumerate(batches, start=1):
            rate = self.learning_rate(epoch, (step - 1) / len(batches))
            self.network.optimizer.learning_rate = rate
            x = self.training_batch(encoded, rows, np.random.default_rng([self.seed, epoch, step]))
            logs = self._step(x, labels[rows].astype(np.float32))
            logs["bce"] *= len(rows)
            sums = {name: sums[name] + logs[name] for name in sums}
            monitor.step_done(epoch, step, len(batches))
        hits, extras, misses = (np.asarray(sums[name]) for name in COUNTS)
        counts = Counts(hits, hits + extras, hits + misses)
        return {
            "loss": sums["bce"] / len(order),
            "precision": float(precision(counts)),
            "recall": float(recall(counts)),
        }

    @contextlib.contextmanager
    def _averaged(self) -> Iterator[None]:
        """Use the moving average of the weights during the block, if the optimizer has one."""
        if not self.network.optimizer.use_ema:
            yield
            return
        with _unchanged(self.network.trainable_variables):
            self.network.optimizer.finalize_variable_values(self.network.trainable_variables)
            yield

    def predict_scores(self, films: Films) -> np.ndarray:
        """Return scores (n_films, n_genres) float32."""
        return self._scores(self.encode(films))

    def _scores(self, encoded: Encoded) -> np.ndarray:
        if not self.is_traced_for_scoring:
            self._trace_scoring()
        order = self.scoring_order(encoded)
        scores = np.empty((len(order), len(self.genres)), dtype=np.float32)
        for rows in _slices(order, SCORING_BATCH):
            scores[rows] = self.score_batch(self.batch(encoded, rows))
        return scores

    def arrays(self) -> Arrays:
        """Return the network's weights by position and the arrays of the preprocessing."""
        return {**_numbered(WEIGHT, self.network.get_weights()), **self.learned_arrays()}

    def set_arrays(self, arrays: Arrays) -> None:
        """Build the network and restore saved weights."""
        self.set_learned_arrays(arrays)
        self.compile()
        self.network.set_weights(_in_order(WEIGHT, arrays))

    def _state(self, best: list[np.ndarray]) -> Arrays:
        """Return the complete state of the fit, which includes the result of `arrays`."""
        variables = [keras.ops.convert_to_numpy(variable) for variable in self.network.variables]
        optimizer = [
            keras.ops.convert_to_numpy(variable) for variable in self.network.optimizer.variables
        ]
        return {
            **_numbered("variable", variables),
            **_numbered("optimizer", optimizer),
            **_numbered(WEIGHT, best),
            **self.learned_arrays(),
            "preprocessing": text_array(self.preprocessing()),
        }

    def _restored(self, state: Arrays) -> list[np.ndarray]:
        """Restore a saved state and return the best weights so far.

        Raises:
            RunError: the state does not match the network, for example after an update.
        """
        try:
            return self._set_state(state)
        except (ValueError, KeyError) as error:
            raise misfit("the stopped training", error) from error

    def _set_state(self, state: Arrays) -> list[np.ndarray]:
        """Set the state and return the best weights so far."""
        if array_text(state["preprocessing"]) != self.preprocessing():
            raise ValueError("the training films differ from those of the stopped training")
        targets = (
            ("variable", self.network.variables),
            ("optimizer", self.network.optimizer.variables),
        )
        for prefix, variables in targets:
            for variable, value in zip(variables, _in_order(prefix, state), strict=True):
                variable.assign(value)
        return _in_order(WEIGHT, state)


@contextlib.contextmanager
def _unchanged(variables: Sequence[Any]) -> Iterator[None]:
    """Restore the values of variables, including dropout seeds, at the end of the block."""
    before = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
    yield
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)


def _slices(order: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (order[start : start + size] for start in range(0, len(order), size))


def _labels(films: Films) -> np.ndarray:
    if films.y_true is None:
        raise ValueError("training and validation films have labels")
    return films.y_true


def _numbered(prefix: str, values: Sequence[np.ndarray]) -> Arrays:
    return {f"{prefix}_{number:03d}": value for number, value in enumerate(values)}


def _in_order(prefix: str, arrays: Arrays) -> list[np.ndarray]:
    return [arrays[name] for name in sorted(arrays) if name.startswith(f"{prefix}_")]
