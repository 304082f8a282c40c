"""Whether a training overfits, in words: judged from losses alone, by stated rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Answer = Literal["rising", "improving", "large_gap", "small_gap", "levelled_off", "unknown"]

RISE = 0.01  # of the lowest validation loss: less is noise
LATE = 2  # epochs after the best one: one worse epoch is noise
FALL = 0.005  # of the loss, over the last fifth of the epochs: less has levelled off
LAST_PART = 5
GAP = 0.05  # of the loss of the base rates: a smaller train-validation gap is small

RULES = f"""
The first of these rules that applies:

- **Yes, rising validation loss**: it ends {RISE:.0%} or more above its lowest value, {LATE} epochs
  or more after it.
- **No, still improving**: the last epoch has the lowest validation loss, or the lowest one fell by
  {FALL:.1%} or more over the last fifth of the epochs and the last is less than {RISE:.0%} above.
- **Partly, large gap**: the losses of the kept weights on training and validation films, both
  without dropout, differ by {GAP:.0%} or more of the loss of the base rates.
- **No, small gap**: they differ by less.
- **No, levelled off**: none of these, and the gap is not known, as before the end of a training.
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
        is_imported: whether another program made the run: without rows, it may have had epochs.
    """

    rows: Sequence[dict[str, Any]]
    baseline: float | None
    is_running: bool = False
    without_dropout: tuple[float, float] | None = None
    is_imported: bool = False


class Reading(NamedTuple):
    """Whether a training overfits.

    Attributes:
        answer: the answer.
        evidence: one sentence with the numbers that the answer rests on.
        more: further sentences; empty if there is no more to say.
        is_never_better: whether the validation loss never was below that of the base rates.
    """

    answer: Answer
    evidence: str
    more: str = ""
    is_never_better: bool = False


def reading(training: Training) -> Reading:
    """Return whether a training overfits, and the numbers behind the answer.

    >>> rows = [{"loss": 0.4, "val_loss": 0.3}, {"loss": 0.3, "val_loss": 0.25}]
    >>> found = reading(Training(rows, 0.24))
    >>> found.answer, found.evidence
    ('improving', 'Validation loss is lowest in epoch 2 of 2 (0.2500).')
    >>> found.more, found.is_never_better
    ('Validation loss is never below the base rates (0.2400).', True)
    """
    if not training.rows:
        return _without_epochs(training)
    losses = [float(row["val_loss"]) for row in training.rows if "val_loss" in row]
    if len(losses) < len(training.rows):
        return _without_validation(training)
    answer = _course(training, losses)
    sentences = [_course_sentence(training, losses, answer)]
    if (gap := _gap(training)) is not None:
        sentences.append(_gap_sentence(training, gap))
        if answer == "levelled_off":
            answer = _size_of(gap)
            sentences.reverse()
    n_below = None
    if training.baseline is not None:
        n_below = sum(loss < training.baseline for loss in losses)
        often = f"in {n_below} of {len(losses)} epochs"
        sentences.append(
            f"Validation loss is {'' if n_below else 'never '}below the base rates "
            f"({training.baseline:.4f}){f' {often}' if n_below else ''}."
        )
    return Reading(answer, sentences[0], " ".join(sentences[1:]), n_below == 0)


def _course(training: Training, losses: Sequence[float]) -> Answer:
    """Return what the validation loss does at the end."""
    best = losses.index(min(losses)) + 1
    lowest, last = losses[best - 1], losses[-1]
    if len(losses) - best >= LATE and last >= lowest * (1 + RISE):
        return "rising"
    part = max(1, len(losses) // LAST_PART)
    before = min(losses[:-part], default=lowest)
    is_down = last < lowest * (1 + RISE)
    if best == len(losses) or (is_down and lowest <= before * (1 - FALL)):
        return "improving"
    return "levelled_off"


def _course_sentence(training: Training, losses: Sequence[float], answer: Answer) -> str:
    best, n_epochs = losses.index(min(losses)) + 1, len(losses)
    if answer == "rising":
        before, after = (training.rows[place].get("loss") for place in (best - 1, -1))
        falls = before is not None and after is not None and after < before
        return (
            f"Validation loss rose from {losses[best - 1]:.4f} in epoch {best} to "
            f"{losses[-1]:.4f} in epoch {n_epochs}{', while training loss fell' if falls else ''}."
        )
    so_far = " so far" if training.is_running else ""
    end = f" and ends {losses[-1] - losses[best - 1]:.4f} higher" if best < n_epochs else ""
    return (
        f"Validation loss is lowest in epoch {best} of {n_epochs}{so_far} "
        f"({losses[best - 1]:.4f}){end}."
    )


def _gap(training: Training) -> float | None:
    """Return the gap without dropout as a share of the loss of the base rates."""
    if training.without_dropout is None or training.baseline is None:
        return None
    train, validation = training.without_dropout
    return (validation - train) / training.baseline


def _size_of(gap: float) -> Answer:
    return "large_gap" if gap >= GAP else "small_gap"


def _gap_sentence(training: Training, gap: float) -> str:
    train, validation = training.without_dropout or (0.0, 0.0)
    return (
        f"Train-validation gap without dropout: {gap:.0%} of the baseline loss ({train:.4f} on "
        f"training, {validation:.4f} on validation films)."
    )


def _without_validation(training: Training) -> Reading:
    """Return what is known of a history without the validation loss of every epoch."""
    losses = [float(row["loss"]) for row in training.rows if "loss" in row]
    evidence = "No validation loss was recorded."
    if losses:
        evidence += f" Training loss went from {losses[0]:.4f} to {losses[-1]:.4f}."
    return Reading("unknown", evidence, f"{len(training.rows)} epochs recorded.")


def _without_epochs(training: Training) -> Reading:
    if training.is_running:
        return Reading("unknown", "No epoch completed yet; curves appear after the first epoch.")
    if (gap := _gap(training)) is not None:
        epochs = "No history was imported." if training.is_imported else "Fitted without epochs."
        return Reading(_size_of(gap), f"{epochs} {_gap_sentence(training, gap)}")
    return Reading("unknown", "No epoch was completed, or none was recorded.")
