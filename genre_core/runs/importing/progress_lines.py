"""The progress lines that Keras prints while it trains, as one row per epoch.

Keras 2 and 3 print "Epoch 3/40" and then, with verbose=1, a bar that is drawn again and again by
carriage returns, backspaces and colour codes; with verbose=2, one line. Metrics follow as
" - loss: 0.21 - val_loss: 0.24". The last value of an epoch is the final one.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from genre_core.runs.importing.metric_names import Row, plainly

EPOCH = re.compile(r"^\s*Epoch (\d+)/(\d+)\s*$", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
DRAWN_AGAIN = re.compile(r"[\r\x08]+")
NUMBER = r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|nan|inf)"
METRIC = re.compile(rf"\s-\s([A-Za-z][\w/.@-]*):\s({NUMBER})(?=\s|$)")
STEPS = re.compile(r"^\s*(\d+)/(\d+)\s", re.MULTILINE)


@dataclass
class PrintedFit:
    """The epochs of one training as they were printed.

    Attributes:
        n_planned: epochs that it was to have.
        rows: by epoch, the value of each metric; "epoch" counts from 1. Values that are not finite
            are left out.
        n_cut: epochs that were begun and whose output ends before their last batch.
        not_finite: epochs with a metric that is not finite.
    """

    n_planned: int
    rows: list[Row] = field(default_factory=list)
    n_cut: int = 0
    not_finite: list[int] = field(default_factory=list)


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
        printed = plain[start.end() : end]
        values = plainly({name: float(value) for name, value in METRIC.findall(printed)})
        if not values or _is_cut(printed):
            fits[-1].n_cut += 1
            continue
        finite = {name: value for name, value in values.items() if math.isfinite(value)}
        fits[-1].rows.append({"epoch": epoch, **finite})
        if len(finite) < len(values):
            fits[-1].not_finite.append(epoch)
    return fits


def _is_cut(printed: str) -> bool:
    """Return whether the last bar of an epoch is one that is not full."""
    steps = STEPS.findall(printed)
    return bool(steps) and int(steps[-1][0]) < int(steps[-1][1])
