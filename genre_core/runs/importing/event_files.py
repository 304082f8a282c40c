"""Scalars of TensorBoard's event files as histories, without TensorFlow.

Keras and Marquee write a folder for each training with `train/` and `validation/` below it; PyTorch
and Lightning write one file for each training. `exporting.events` describes the format.

Source: TensorFlow, `core/util/event.proto`, `core/framework/summary.proto` and `tensor.proto`.
"""

from __future__ import annotations

import os
import re
import struct
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.errors import DataError
from genre_core.runs.exporting.events import masked_checksum
from genre_core.runs.importing.histories import History, Table, history_of
from genre_core.runs.importing.metric_names import TRAINING, VALIDATION

MARK = "tfevents"  # in the name of every event file
# Tags of Keras whose step is a batch: batch_loss, evaluation_loss_vs_iterations.
BY_BATCH = re.compile(r"(?:.*/)?(?:batch_.*|evaluation_.*_vs_iterations)")
EPOCH = "epoch"  # a tag by which Lightning says which epoch a step belongs to
FLOAT, DOUBLE = 1, 2  # types of a tensor
LARGEST = 2**16  # bytes of a record; larger ones hold images and graphs, not scalars

Series = dict[str, dict[int, float]]  # by tag, the value at each step


def event_files(path: Path) -> list[Path]:
    """Return the event files at a path or below it, the oldest first."""
    if path.is_file():
        return [path] if MARK in path.name else []
    return sorted(one for one in path.rglob(f"*{MARK}*") if one.is_file())


def read_event_files(path: Path) -> list[History]:
    """Return the histories of the trainings in event files.

    Args:
        path: a file, or a folder that is searched with all its subfolders.

    Raises:
        DataError: a file is damaged, or there are no scalars by epoch.
    """
    trainings: dict[Path, Series] = defaultdict(lambda: defaultdict(dict))
    for file in event_files(path):
        part = file.parent.name.casefold()
        is_part = part in TRAINING | VALIDATION
        series = trainings[file.parent.parent if is_part else file.parent]
        for tag, step, value in _scalars(file):
            # A later file of the same folder goes on where an earlier one was stopped.
            series[f"{part}/{tag}" if is_part else tag][step] = value
    found = [_history(folder, series, path) for folder, series in sorted(trainings.items())]
    found = [history for history in found if history.rows]
    if not found:
        raise DataError(
            f"'{path}' has no scalars by epoch. Expected event files with losses, as the Keras "
            "callback TensorBoard or SummaryWriter.add_scalar write them. Name their folder."
        )
    return found


def _history(folder: Path, series: Series, path: Path) -> History:
    of_batches = [tag for tag in series if BY_BATCH.fullmatch(tag)]
    epochs = next((values for tag, values in series.items() if tag.casefold() == EPOCH), {})
    tags = [tag for tag in series if tag not in of_batches and tag.casefold() != EPOCH]
    steps = sorted({step for tag in tags for step in series[tag]})
    left_out = [f"Charts by batch: {', '.join(of_batches)}."] if of_batches else []
    counts: dict[int, float] = {step: step for step in steps}
    if epochs:
        counts = {step: epochs[step] for step in steps if step in epochs}
        if len(counts) < len(steps):
            left_out.append(f"Steps without an epoch: {len(steps) - len(counts):,}.")
    elif len(steps) > 1 and min(np.diff(steps)) > 1:
        counts = {step: place for place, step in enumerate(steps, start=1)}
        left_out.append(
            f"Steps {steps[0]:,} to {steps[-1]:,} are taken as epochs 1 to {len(steps)}."
        )
    columns: dict[str, list[float]] = {EPOCH: sorted(set(counts.values()))}
    for tag in tags:
        by_epoch = {counts[step]: value for step, value in series[tag].items() if step in counts}
        columns[tag] = [by_epoch.get(count, float("nan")) for count in columns[EPOCH]]
    name = "" if folder in (path, path.parent) else folder.name
    return history_of(Table(columns, left_out, name), path)


def _scalars(path: Path) -> Iterator[tuple[str, int, float]]:
    """Yield tag, step and value of each scalar.

    Raises:
        DataError: a checksum does not match; a last record that is cut off is left out, as a
            training may be writing it.
    """
    with path.open("rb") as file:
        while len(head := file.read(12)) == 12:
            _check(head[:8], head[8:], path)
            (length,) = struct.unpack("<Q", head[:8])
            if length > LARGEST:
                file.seek(length + 4, os.SEEK_CUR)
                continue
            record, checksum = file.read(length), file.read(4)
            if len(checksum) < 4:
                return
            _check(record, checksum, path)
            yield from _of_event(record, path)


def _check(content: bytes, checksum: bytes, path: Path) -> None:
    if masked_checksum(content) != checksum:
        raise DataError(
            f"'{path}' is damaged: a checksum does not match. Expected an event file of "
            "TensorBoard. Copy it again."
        )


def _of_event(record: bytes, path: Path) -> Iterator[tuple[str, int, float]]:
    try:
        event = _fields(record)
        step = _signed(event[2][-1]) if 2 in event else 0
        for summary in event.get(5, []):
            for value in _fields(summary).get(1, []):
                fields = _fields(value)
                number = _number(fields)
                if number is not None and 1 in fields:
                    yield fields[1][-1].decode("utf-8", errors="replace"), step, number
    except (struct.error, IndexError, ValueError, AttributeError, TypeError) as error:
        raise DataError(
            f"'{path}' is damaged: an event cannot be read. Expected an event file of "
            "TensorBoard. Copy it again."
        ) from error


def _number(fields: dict[int, list[Any]]) -> float | None:
    """Return a scalar: `simple_value`, or a tensor with one number; None for anything else."""
    if 2 in fields:
        return float(struct.unpack("<f", fields[2][-1])[0])
    if 8 not in fields:
        return None
    tensor = _fields(fields[8][-1])
    kind = tensor.get(1, [0])[-1]
    for type_, form, listed in ((FLOAT, "<f4", 5), (DOUBLE, "<f8", 6)):
        packed = b"".join([*tensor.get(4, []), *tensor.get(listed, [])])
        if kind == type_ and len(packed) == np.dtype(form).itemsize:
            return float(np.frombuffer(packed, form)[0])
    return None


def _fields(message: bytes) -> dict[int, list[Any]]:
    """Return the fields of a message of Protocol Buffers: numbers as int, all else as bytes."""
    found: dict[int, list[Any]] = defaultdict(list)
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        field, wire_type = key >> 3, key & 7
        if wire_type == 0:
            value, place = _varint(message, place)
            found[field].append(value)
            continue
        length = {1: 8, 5: 4}.get(wire_type)
        if wire_type == 2:
            length, place = _varint(message, place)
        if length is None or place + length > len(message):
            raise ValueError(f"wire type {wire_type}")
        found[field].append(message[place : place + length])
        place += length
    return found


def _varint(message: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return number, place
        if shift > 63:
            raise ValueError("a number of more than 64 bits")


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number
