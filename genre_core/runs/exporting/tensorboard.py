"""The history of a run as event files that TensorBoard shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import IO

from genre_core.runs.exporting.events import first_record, scalar_record
from genre_core.runs.exporting.files import Files
from genre_core.runs.folder import Run, microseconds
from genre_core.runs.history import EPOCH, HistoryRow

OF_VALIDATION = "val_"
Scalar = tuple[str, float, int, float]  # tag, value, step, wall time


def tensorboard_files(run: Run) -> Files:
    """Return `RUN/train/` and `RUN/validation/` with an event file each, as Keras lays them out.

    Tags are those of the Keras callback, `epoch_loss` and so on, for both parts alike, so that
    TensorBoard draws them in one chart. The step is the epoch, counted from 1. Numbers have 32
    bits.

    Raises:
        RunError: the run is not finished.
    """
    run.marker()  # refuses a run that is not finished
    begin = microseconds(run.config.get("created")) / 1e6
    files = {}
    for part, scalars in scalars_of(run.history(), begin).items():
        if scalars:
            name = f"{run.id}/{part}/events.out.tfevents.{int(begin):010d}.{run.id}.{part}.v2"
            files[name] = partial(_write, begin, scalars)
    return files


def scalars_of(history: Sequence[HistoryRow], begin: float) -> dict[str, list[Scalar]]:
    """Return the scalars of training and validation, in the order of the epochs.

    Args:
        history: its rows.
        begin: when the training began, in seconds since 1970; `seconds` of each epoch are added.
    """
    found: dict[str, list[Scalar]] = {"train": [], "validation": []}
    moment = begin
    for row in history:
        moment += row.get("seconds", 0.0)
        for name, value in row.items():
            if name == EPOCH:
                continue
            part = "validation" if name.startswith(OF_VALIDATION) else "train"
            tag = f"epoch_{name.removeprefix(OF_VALIDATION)}"
            found[part].append((tag, value, int(row[EPOCH]), moment))
    return found


def _write(begin: float, scalars: Sequence[Scalar], file: IO[bytes]) -> None:
    file.write(first_record(begin))
    for tag, value, step, moment in scalars:
        file.write(scalar_record(tag, value, step=step, wall_time=moment))
