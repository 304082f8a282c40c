"""Training progress: a progress bar, one line per epoch, and the record beside the lock."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from genre_core.jobs.lock import TrainingLock
from genre_core.runs.history import HistoryRow
from genre_core.runs.writer import RunWriter

RECORD_EVERY = 0.5  # seconds; the dashboard looks once a second


class RunMonitor:
    """Saves a run's state after each epoch and shows epoch, batch, losses and time left."""

    def __init__(
        self, writer: RunWriter, n_epochs: int, console: Console, lock: TrainingLock
    ) -> None:
        self.writer, self.n_epochs, self.console, self.lock = writer, n_epochs, console, lock
        self.steps_done = 0
        self.steps_each = 0
        self.started = 0.0
        self.recorded = -RECORD_EVERY
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.task = self.bar.add_task(writer.folder.name, left="", total=None)

    def restore(self) -> tuple[list[HistoryRow], dict[str, Any]] | None:
        """Return history and state of the last completed epoch; None for a new run."""
        restored = self.writer.restore()
        if restored:
            self.say(f"resumed after epoch {len(restored[0])}")
        return restored

    def step_done(self, epoch: int, step: int, n_steps: int) -> None:
        """Update the bar; timing starts with the second step, as the first one compiles."""
        if self.steps_done == 0:
            self.started = time.monotonic()
        self.steps_done += 1
        self.steps_each = n_steps
        description = f"epoch {epoch}/{self.n_epochs}, batch {step}/{n_steps}"
        remaining = (self.n_epochs - epoch + 1) * n_steps - step
        total = self.n_epochs * n_steps
        self.bar.update(
            self.task,
            description=description,
            completed=total - remaining,
            total=total,
            left=self._left(remaining),
        )
        if time.monotonic() - self.recorded >= RECORD_EVERY:
            self.recorded = time.monotonic()
            self.lock.describe(
                phase="training",
                progress={
                    "epoch": epoch,
                    "n_epochs": self.n_epochs,
                    "batch": step,
                    "n_batches": n_steps,
                    "left": self._left(remaining),
                },
            )

    def epoch_done(self, history: list[HistoryRow], state: dict[str, Any]) -> None:
        """Save the state, then print the metrics of the epoch."""
        self.writer.keep(history, state)
        row = history[-1]
        left = self._left((self.n_epochs - row["epoch"]) * self.steps_each)
        self.say(
            f"epoch {row['epoch']}/{self.n_epochs}: loss {row['loss']:.4f}, "
            f"val_loss {row['val_loss']:.4f}, precision {row['val_precision']:.3f}, "
            f"recall {row['val_recall']:.3f}, {row['seconds']:.1f} s"
            + (f", {left}" if left else "")
        )

    def say(self, line: str) -> None:
        """Write a line to the terminal and to the run's log."""
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)
        self.writer.log(line)

    def _left(self, remaining_steps: int) -> str:
        """Return the time left, in words; an empty text while it is unknown."""
        if self.steps_done < 2:
            return ""
        each = (time.monotonic() - self.started) / (self.steps_done - 1)
        seconds = round(each * remaining_steps)
        if seconds >= 60:
            return f"{seconds // 60} min {seconds % 60:02d} s left"
        return f"{seconds} s left"
