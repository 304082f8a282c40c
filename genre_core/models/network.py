"""What the two networks share: the epoch loop, its state, and scoring in batches."""

from __future__ import annotations

import contextlib
import time
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np

from genre_core.data.films import Films
from genre_core.errors import TrainingError
from genre_core.evaluation.decisions import decide
from genre_core.evaluation.formulas import bce
from genre_core.files import Arrays, array_text, text_array
from genre_core.models.base import HistoryRow, Model, Monitor

WATCHED_THRESHOLD = 0.5  # precision and recall of the curves, as in the reports
# Keras counts scores above its threshold, a decision is a score at or above it.
JUST_BELOW = float(np.nextafter(np.float32(WATCHED_THRESHOLD), np.float32(0)))
TRACED_SIZES = (2, 3)  # two sizes tell a backend that a dimension is free
SCORING_BATCH = 256  # films; larger batches are no faster on a CPU


Encoded = Sequence[np.ndarray] | np.ndarray  # one input a film


class Network(Model):
    """A Keras network trained in epochs.

    A subclass builds the layers and turns films into inputs. The state after each epoch
    (weights, optimizer, dropout seeds, best weights, preprocessing) goes to the monitor; a fit
    that comes back from it ends with the same bits as one that was never stopped.
    """

    network: keras.Model

    @abstractmethod
    def build(self) -> keras.Model:
        """Return the untrained network."""

    @abstractmethod
    def encode(self, films: Films) -> Encoded:
        """Return one input a film, ready for `batch`."""

    @abstractmethod
    def batch(self, encoded: Encoded, rows: np.ndarray) -> np.ndarray:
        """Return the network's input for the films at `rows`."""

    @abstractmethod
    def example(self, size: int) -> np.ndarray:
        """Return an input of the right kind in which every free dimension has `size`."""

    def scoring_order(self, encoded: Encoded) -> np.ndarray:
        """Return the order in which films are scored; any order gives the same scores."""
        return np.arange(len(encoded))

    def prepare(self, train: Films) -> None:
        """Learn the preprocessing from the training films; there is none by default."""

    def learning_rate(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 1."""
        decayed = max(0, epoch - self.config.constant_epochs)
        return float(self.config.learning_rate * np.exp(-self.config.decay * decayed))

    def fit(self, train: Films, validation: Films, monitor: Monitor) -> list[HistoryRow]:
        """Train all epochs and keep the weights of the lowest validation loss."""
        restored = monitor.restore()
        keras.utils.set_random_seed(self.seed)
        self.prepare(train)
        self.compile()
        self._trace_training()
        history: list[HistoryRow] = []
        best = self.network.get_weights()
        if restored:
            history, best = restored[0], self._set_state(restored[1])
        sets = [(self.encode(films), _labels(films)) for films in (train, validation)]
        for epoch in range(len(history) + 1, self.config.epochs + 1):
            row = self._epoch(epoch, sets, monitor)
            if not np.isfinite([row["loss"], row["val_loss"]]).all():
                raise TrainingError(
                    f"The loss is no longer a number in epoch {epoch}: the training diverged. "
                    "Train again with another seed, or a recipe with a lower learning rate."
                )
            if row["val_loss"] < min([np.inf, *(before["val_loss"] for before in history)]):
                best = self.network.get_weights()
            history.append(row)
            monitor.epoch_done(history, self._state(best))
        self.network.set_weights(best)
        return history

    def compile(self) -> None:
        """Build the network with its optimizer, loss and watched counts."""
        self.network = self.build()
        self.network.compile(
            optimizer=keras.optimizers.Adam(self.config.learning_rate),
            loss=keras.losses.BinaryCrossentropy(),
            metrics=[
                keras.metrics.TruePositives(JUST_BELOW, name="hits"),
                keras.metrics.FalsePositives(JUST_BELOW, name="extras"),
                keras.metrics.FalseNegatives(JUST_BELOW, name="misses"),
            ],
            jit_compile=False,  # XLA makes the LSTM slower on a CPU; one setting serves both
        )
        self.network.optimizer.build(self.network.trainable_variables)
        self.is_traced_for_scoring = False

    def _trace_training(self) -> None:
        """Let the backend compile the training step for free dimensions, and undo the steps.

        A backend may compile the first shape that it sees for that shape alone and give it other
        last bits. Which shape a process sees first must not depend on where a training is resumed.
        """
        with _unchanged([*self.network.variables, *self.network.optimizer.variables]):
            for size in TRACED_SIZES:
                labels = np.zeros((size, len(self.genres)), dtype=np.float32)
                self.network.train_on_batch(self.example(size), labels)

    def _trace_scoring(self) -> None:
        """Do the same for scoring; the LSTM layers draw dropout masks there too, to no effect."""
        with _unchanged(self.network.variables):
            for size in TRACED_SIZES:
                self.network.predict_on_batch(self.example(size))
        self.is_traced_for_scoring = True

    def _epoch(
        self, epoch: int, sets: list[tuple[Any, np.ndarray]], monitor: Monitor
    ) -> HistoryRow:
        started = time.perf_counter()
        (encoded, labels), (val_encoded, val_labels) = sets
        rate = self.learning_rate(epoch)
        self.network.optimizer.learning_rate = rate
        logs = self._train(epoch, encoded, labels, monitor)
        val_scores = self._scores(val_encoded)
        precision, recall = _precision_recall(val_labels, val_scores)
        return {
            "epoch": epoch,
            "loss": logs["loss"],
            "precision": logs["precision"],
            "recall": logs["recall"],
            "val_loss": bce(val_labels, val_scores),
            "val_precision": precision,
            "val_recall": recall,
            "learning_rate": rate,
            "seconds": time.perf_counter() - started,
        }

    def _train(
        self, epoch: int, encoded: Encoded, labels: np.ndarray, monitor: Monitor
    ) -> dict[str, float]:
        """Train one epoch; return the running means over it, under dropout."""
        # A function of seed and epoch alone, so that a resumed training sees the same batches.
        order = np.random.default_rng([self.seed, epoch]).permutation(len(encoded))
        starts = range(0, len(order), self.config.batch_size)
        sums = dict.fromkeys(("loss", "hits", "extras", "misses"), 0.0)
        for step, start in enumerate(starts, start=1):
            rows = order[start : start + self.config.batch_size]
            x, y = self.batch(encoded, rows), labels[rows].astype(np.float32)
            logs = self.network.train_on_batch(x, y, return_dict=True)
            logs["loss"] *= len(rows)
            sums = {name: sums[name] + float(logs[name]) for name in sums}
            monitor.step_done(epoch, step, len(starts))
        return {
            "loss": sums["loss"] / len(order),
            "precision": sums["hits"] / max(1.0, sums["hits"] + sums["extras"]),
            "recall": sums["hits"] / max(1.0, sums["hits"] + sums["misses"]),
        }

    def predict_scores(self, films: Films) -> np.ndarray:
        """Return scores (n_films, n_genres) float32."""
        return self._scores(self.encode(films))

    def _scores(self, encoded: Encoded) -> np.ndarray:
        if not self.is_traced_for_scoring:
            self._trace_scoring()
        order = self.scoring_order(encoded)
        scores = np.empty((len(order), len(self.genres)), dtype=np.float32)
        for start in range(0, len(order), SCORING_BATCH):
            rows = order[start : start + SCORING_BATCH]
            scores[rows] = self.network.predict_on_batch(self.batch(encoded, rows))
        return scores

    def arrays(self) -> Arrays:
        """Return the network's weights by position."""
        return _numbered("weight", self.network.get_weights())

    def set_arrays(self, arrays: Arrays) -> None:
        """Build the network and give it saved weights."""
        self.compile()
        self.network.set_weights(_in_order("weight", arrays))

    def _state(self, best: list[np.ndarray]) -> Arrays:
        """Return all that the rest of the fit depends on; what `arrays` returns is in it."""
        variables = [keras.ops.convert_to_numpy(variable) for variable in self.network.variables]
        optimizer = [
            keras.ops.convert_to_numpy(variable) for variable in self.network.optimizer.variables
        ]
        return {
            **_numbered("variable", variables),
            **_numbered("optimizer", optimizer),
            **_numbered("weight", best),
            "preprocessing": text_array(self.preprocessing()),
        }

    def _set_state(self, state: Arrays) -> list[np.ndarray]:
        """Take over a state; return the best weights so far."""
        if array_text(state["preprocessing"]) != self.preprocessing():
            raise ValueError("the training films are not those of the stopped training")
        targets = (
            ("variable", self.network.variables),
            ("optimizer", self.network.optimizer.variables),
        )
        for prefix, variables in targets:
            for variable, value in zip(variables, _in_order(prefix, state), strict=True):
                variable.assign(value)
        return _in_order("weight", state)


@contextlib.contextmanager
def _unchanged(variables: Sequence[Any]) -> Iterator[None]:
    """Give variables, dropout seeds among them, their values back at the end of the block."""
    before = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
    yield
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)


def _precision_recall(y_true: np.ndarray, y_score: np.ndarray) -> tuple[float, float]:
    """Return micro precision and recall at the watched threshold; 0 where undefined."""
    y_pred = decide(y_score, WATCHED_THRESHOLD)
    hits = float((y_pred & y_true).sum())
    return hits / max(1.0, float(y_pred.sum())), hits / max(1.0, float(y_true.sum()))


def _labels(films: Films) -> np.ndarray:
    if films.y_true is None:
        raise ValueError("training and validation films have labels")
    return films.y_true


def _numbered(prefix: str, values: Encoded) -> Arrays:
    return {f"{prefix}_{number:03d}": value for number, value in enumerate(values)}


def _in_order(prefix: str, arrays: Arrays) -> list[np.ndarray]:
    return [arrays[name] for name in sorted(arrays) if name.startswith(f"{prefix}_")]
