"""The progress lines that Keras prints while it trains, as one row per epoch.

Keras 2 and 3 print "Epoch 3/40" and then, with verbose=1, a bar that is drawn again and again by
carriage returns, backspaces and colour codes; with verbose=2, one line. Metrics follow as
" - loss: 0.21 - val_loss: 0.24". The last value of an epoch is the final one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

EPOCH = re.compile(r"^\s*Epoch (\d+)/(\d+)\s*$", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
DRAWN_AGAIN = re.compile(r"[\r\x08]+")
NUMBER = r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|nan|inf)"
METRIC = re.compile(rf"\s-\s([A-Za-z][\w/.@-]*):\s({NUMBER})(?=\s|$)")
COUNTED = re.compile(r"_\d+$")  # a second metric object of one class, as in precision_1
NAMES = {"lr": "learning_rate"}

Row = dict[str, float]


@dataclass
class PrintedFit:
    """The epochs of one training as they were printed.

    Attributes:
        n_planned: epochs that it was to have.
        rows: by epoch, the value of each metric; "epoch" counts from 1.
        n_without_values: epochs that were begun and print no metric.
    """

    n_planned: int
    rows: list[Row] = field(default_factory=list)
    n_without_values: int = 0


def printed_fits(text: str) -> list[PrintedFit]:
    r"""Return the trainings whose progress a text shows, in its order.

    Args:
        text: what a cell or a log prints.

    >>> [fit.rows for fit in printed_fits("Epoch 1/2\n9/9 - 1s - loss: 0.5 - val_loss: 0.6")]
    [[{'epoch': 1, 'loss': 0.5, 'val_loss': 0.6}]]
    """
    plain = DRAWN_AGAIN.sub("\n", COLOURS.sub("", text))
    starts = list(EPOCH.finditer(plain))
    fits: list[PrintedFit] = []
    last = 0
    for place, start in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(plain)
        epoch, n_planned = int(start[1]), int(start[2])
        if not fits or epoch <= last or n_planned != fits[-1].n_planned:
            fits.append(PrintedFit(n_planned))
        last = epoch
        values = _values(plain[start.end() : end])
        if values:
            fits[-1].rows.append({"epoch": epoch, **values})
        else:
            fits[-1].n_without_values += 1
    return fits


def _values(text: str) -> Row:
    """Return the last value of each metric in the lines of an epoch."""
    found = {name: float(value) for name, value in METRIC.findall(text)}
    return {name: value for name, value in plainly(found).items() if math.isfinite(value)}


def plainly(values: dict[str, float]) -> Row:
    """Return metrics by their own names, without the number that Keras adds to a second one.

    >>> plainly({"precision_1": 0.5, "val_precision_1": 0.4, "lr": 0.1})
    {'precision': 0.5, 'val_precision': 0.4, 'learning_rate': 0.1}
    >>> plainly({"precision": 0.5, "precision_1": 0.4})
    {'precision': 0.5, 'precision_1': 0.4}
    """
    short = [COUNTED.sub("", name) for name in values]
    return {
        NAMES.get(name, name): value
        for name, value in zip(_unambiguous(list(values), short), values.values(), strict=True)
    }


def _unambiguous(names: Sequence[str], short: Sequence[str]) -> list[str]:
    return [
        brief if short.count(brief) == 1 else name for name, brief in zip(names, short, strict=True)
    ]
