"""What a training's curves mean, in words: judged from losses alone, by stated rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

RISE = 0.01  # of the lowest validation loss: less is noise
LATE = 2  # epochs after the best one: one worse epoch is noise
FALL = 0.005  # of the loss, over the last fifth of the epochs: less has levelled off
LAST_PART = 5
GAP = 0.05  # of the loss of the base rates: a smaller train-validation gap is no memorisation

RULES = f"""
- **Overfits**: the validation loss ends {RISE:.0%} or more above its lowest value, {LATE} epochs or
  more after it, while the training loss went on falling.
- **Rises**: the same, while the training loss did not fall.
- **Still improving**: the last epoch has the lowest validation loss, or the lowest one fell by
  {FALL:.1%} or more over the last fifth of the epochs and the last is less than {RISE:.0%} above.
- **Levelled off**: none of these.
- **Memorisation**: the gap between the losses of the kept weights on training and validation
  films, both without dropout, is {GAP:.0%} or more of the loss of the base rates.
"""


@dataclass(frozen=True)
class Training:
    """What is known of one training.

    Attributes:
        rows: one mapping per epoch with "loss" (under dropout) and "val_loss", each if recorded.
        baseline: validation loss of the training split's base rates; None where the run is not
            about these films.
        is_running: whether more epochs may follow.
        without_dropout: loss of the kept weights on training and validation films; None until the
            training has finished.
    """

    rows: Sequence[dict[str, Any]]
    baseline: float | None
    is_running: bool = False
    without_dropout: tuple[float, float] | None = None


def reading(training: Training) -> tuple[str, str]:
    """Return a verdict of a few words, and the sentences with the numbers behind it.

    >>> rows = [{"loss": 0.4, "val_loss": 0.3}, {"loss": 0.3, "val_loss": 0.25}]
    >>> reading(Training(rows, 0.24))
    ('Still improving when it stopped; never better than the base rates', 'Validation loss is \
lowest in epoch 2 of 2 (0.2500) and never below the base rates (0.2400).')
    """
    if not training.rows:
        return _without_epochs(training)
    losses = [float(row["val_loss"]) for row in training.rows if "val_loss" in row]
    if len(losses) < len(training.rows):
        return _without_validation(training)
    best = losses.index(min(losses)) + 1
    course = _course(training, losses, best)
    below = ""
    if training.baseline is not None:
        n_below = sum(loss < training.baseline for loss in losses)
        if n_below == 0:
            course += "; never better than the base rates"
            below = f" and never below the base rates ({training.baseline:.4f})"
        else:
            below = (
                f" and below the base rates ({training.baseline:.4f}) in {n_below} of {len(losses)}"
            )
    so_far = " so far" if training.is_running else ""
    rise = f"; it ends {losses[-1] - losses[best - 1]:.4f} higher" if best < len(losses) else ""
    numbers = (
        f"Validation loss is lowest in epoch {best} of {len(losses)}{so_far} "
        f"({losses[best - 1]:.4f}){below}{rise}."
    )
    return course, " ".join([numbers, *_gap(training)])


def _course(training: Training, losses: Sequence[float], best: int) -> str:
    lowest, last = losses[best - 1], losses[-1]
    if len(losses) - best >= LATE and last >= lowest * (1 + RISE):
        before, after = (training.rows[place].get("loss") for place in (best - 1, -1))
        falls = before is not None and after is not None and after < before
        what = "Overfits" if falls else "Validation loss rises"
        return f"{what} from epoch {best + 1} on"
    part = max(1, len(losses) // LAST_PART)
    before = min(losses[:-part], default=lowest)
    is_down = last < lowest * (1 + RISE)
    if best == len(losses) or (is_down and lowest <= before * (1 - FALL)):
        return "Still improving" if training.is_running else "Still improving when it stopped"
    return "Levelled off"


def _gap(training: Training) -> list[str]:
    if training.without_dropout is None or training.baseline is None:
        return []
    train, validation = training.without_dropout
    gap = (validation - train) / training.baseline
    word = ", memorisation" if gap >= GAP else ""
    return [
        f"Without dropout, the kept weights have a loss of {train:.4f} on training and "
        f"{validation:.4f} on validation films; train-validation gap: {gap:.0%} of the baseline "
        f"loss{word}."
    ]


def _without_validation(training: Training) -> tuple[str, str]:
    """Return the verdict on a history without the validation loss of every epoch."""
    losses = [float(row["loss"]) for row in training.rows if "loss" in row]
    numbers = f"{len(training.rows)} epochs recorded."
    if losses:
        numbers += f" Training loss went from {losses[0]:.4f} to {losses[-1]:.4f}."
    return "No validation loss recorded, so overfitting cannot be judged", numbers


def _without_epochs(training: Training) -> tuple[str, str]:
    if training.is_running:
        return "No epoch completed yet", "The curve appears after the first epoch."
    if training.without_dropout is None:
        return "No history", "No epoch was completed, or none was recorded."
    train, validation = training.without_dropout
    return (
        "Fitted without epochs",
        f"Its loss is {train:.4f} on training and {validation:.4f} on validation films"
        + ("." if training.baseline is None else f"; the base rates have {training.baseline:.4f}."),
    )
