"""One name for each metric, whatever the program that logged it calls it.

Metrics of training films have the plain name, those of validation films the prefix `val_`, as in
Keras; Lightning, TensorBoard and W&B say `val/loss`, `Loss/train`, `epoch/val_loss` and so on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# A second metric object of one of Keras' classes, as in precision_1; others keep their numbers.
COUNTED = re.compile(
    r"^((?:val_)?(?:precision|recall|auc|accuracy|binary_accuracy|f1_score|hamming_loss))_\d+$"
)
LEARNING_RATE = ("lr", "learning_rate", "lr-adam", "lr-adamw", "lr-sgd")
TRAINING = {"train", "training"}
VALIDATION = {"val", "valid", "validation", "eval", "dev"}
OF_VALIDATION = "val_"

Row = dict[str, float]


def plainly(values: Mapping[str, float]) -> Row:
    """Return metrics by their plain names; a name that two would share is left as it is.

    >>> plainly({"precision_1": 0.5, "val_precision_1": 0.4, "lr": 0.1})
    {'precision': 0.5, 'val_precision': 0.4, 'learning_rate': 0.1}
    >>> plainly({"precision": 0.5, "precision_1": 0.4, "top_3": 0.9})
    {'precision': 0.5, 'precision_1': 0.4, 'top_3': 0.9}
    """
    for shorter in (plain, _uncounted):
        short = [shorter(name) for name in values]
        values = dict(zip(_unambiguous(list(values), short), values.values(), strict=True))
    return dict(values)


def plain(name: str) -> str:
    """Return the plain name of a metric.

    >>> [plain(name) for name in ("epoch/val_loss", "Loss/valid", "train_f1", "epoch_loss")]
    ['val_loss', 'val_loss', 'f1', 'loss']
    >>> plain("top_3"), plain("lr-Adam"), plain("val_loss_epoch")
    ('top_3', 'learning_rate', 'val_loss')
    """
    if name.strip().casefold() in LEARNING_RATE:
        return "learning_rate"
    words = [word for word in re.split(r"[/_ ]", name.strip()) if word]
    kept = [word for word in words if word.casefold() not in {"epoch", *TRAINING, *VALIDATION}]
    if not kept:
        return name
    part = OF_VALIDATION if any(word.casefold() in VALIDATION for word in words) else ""
    short = "_".join(kept)
    if short.casefold() in LEARNING_RATE:
        return "learning_rate"
    return part + (short.casefold() if short.casefold() == "loss" else short)


def _uncounted(name: str) -> str:
    return COUNTED.sub(r"\1", name)


def _unambiguous(names: Sequence[str], short: Sequence[str]) -> list[str]:
    return [
        brief if short.count(brief) == 1 else name for name, brief in zip(names, short, strict=True)
    ]
