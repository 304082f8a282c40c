"""What a training's curves mean, in words: judged from losses alone, by rules that are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

RISE = 0.01  # of the lowest validation loss: less is noise
LATE = 2  # epochs after the best one: one worse epoch is noise
FALL = 0.005  # of the loss, over the last fifth of the epochs: less has levelled off
LAST_PART = 5
GAP = 0.05  # of the trivial loss: a smaller gap to training is little memorised

RULES = f"""
- **Overfits**: the validation loss ends {RISE:.0%} or more above its lowest value, {LATE} epochs or
  more after it, while the training loss went on falling.
- **Rises**: the same, while the training loss did not fall.
- **Still improving**: the last epoch has the lowest validation loss, or the lowest one fell by
  {FALL:.1%} or more over the last fifth of the epochs and the last is less than {RISE:.0%} above.
- **Levelled off**: none of these.
- **Memorised**: the gap of the kept weights between training and validation films, both without
  dropout, is {GAP:.0%} or more of the loss of the genre frequencies.
"""


@dataclass(frozen=True)
class Training:
    """What is known of one training.

    Attributes:
        rows: one mapping an epoch with "loss" (under dropout) and "val_loss".
        trivial: validation loss of the training split's genre frequencies.
        is_running: whether more epochs may follow.
        without_dropout: loss of the kept weights on training and validation films; None until the
            training has finished.
    """

    rows: Sequence[dict[str, Any]]
    trivial: float
    is_running: bool = False
    without_dropout: tuple[float, float] | None = None


def reading(training: Training) -> tuple[str, str]:
    """Return a verdict of a few words, and the sentences with the numbers behind it.

    >>> rows = [{"loss": 0.4, "val_loss": 0.3}, {"loss": 0.3, "val_loss": 0.25}]
    >>> reading(Training(rows, 0.24))
    ('Still improving when it stopped; never better than the genre frequencies', 'Validation \
loss is lowest in epoch 2 of 2 (0.2500) and never below the genre frequencies (0.2400).')
    """
    if not training.rows:
        return _without_epochs(training)
    losses = [row["val_loss"] for row in training.rows]
    best = losses.index(min(losses)) + 1
    n_below = sum(loss < training.trivial for loss in losses)
    course = _course(training, losses, best)
    if n_below == 0:
        course += "; never better than the genre frequencies"
        below = f"never below the genre frequencies ({training.trivial:.4f})"
    else:
        below = (
            f"below the genre frequencies ({training.trivial:.4f}) in {n_below} of {len(losses)}"
        )
    so_far = " so far" if training.is_running else ""
    rise = f"; it ends {losses[-1] - losses[best - 1]:.4f} higher" if best < len(losses) else ""
    numbers = (
        f"Validation loss is lowest in epoch {best} of {len(losses)}{so_far} "
        f"({losses[best - 1]:.4f}) and {below}{rise}."
    )
    return course, " ".join([numbers, *_gap(training)])


def _course(training: Training, losses: Sequence[float], best: int) -> str:
    lowest, last = losses[best - 1], losses[-1]
    if len(losses) - best >= LATE and last >= lowest * (1 + RISE):
        falls = training.rows[-1]["loss"] < training.rows[best - 1]["loss"]
        what = "Overfits" if falls else "Validation loss rises"
        return f"{what} from epoch {best + 1} on"
    part = max(1, len(losses) // LAST_PART)
    before = min(losses[:-part], default=lowest)
    is_down = last < lowest * (1 + RISE)
    if best == len(losses) or (is_down and lowest <= before * (1 - FALL)):
        return "Still improving" if training.is_running else "Still improving when it stopped"
    return "Levelled off"


def _gap(training: Training) -> list[str]:
    if training.without_dropout is None:
        return []
    train, validation = training.without_dropout
    gap = (validation - train) / training.trivial
    word = "memorised" if gap >= GAP else "little memorised"
    return [
        f"Without dropout the kept weights have {train:.4f} on training and {validation:.4f} on "
        f"validation films: a gap of {gap:.0%} of the trivial loss, {word}."
    ]


def _without_epochs(training: Training) -> tuple[str, str]:
    if training.is_running:
        return "No epoch is through yet", "Its curve appears after the first one."
    if training.without_dropout is None:
        return "No curve", "No epoch was through when it stopped, or it has none."
    train, validation = training.without_dropout
    return (
        "Fitted at once, no epochs",
        f"Its loss is {train:.4f} on training and {validation:.4f} on validation films; the genre "
        f"frequencies have {training.trivial:.4f} there.",
    )
