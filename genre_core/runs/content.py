"""What the files of a finished run have to hold, whoever wrote them.

Hashes tell that a file is as it was written, not that what was written makes sense.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.data.films import SPLITS
from genre_core.evaluation.metrics import METRICS as EVERY_METRIC
from genre_core.files import Stamp, map_array, read_json, read_sealed, stamp
from genre_core.runs.config import DECISIONS, Config
from genre_core.schemas import (
    COUNT,
    NUMBER,
    SHARE,
    TEXT,
    list_of,
    map_of,
    object_of,
    optional,
    valid,
)

SCORES, FILM_IDS, METRICS, MARKER = "scores.npy", "film_ids.json", "metrics.json", "run.json"
LABELS, SPLIT = "labels.npy", "splits.json"
ROWS = 10_000  # films that are checked at once, so that a large array is never in memory

MARKER_SCHEMA = object_of(
    {"format": COUNT, "files": map_of(TEXT)},
    kept_epoch=optional(COUNT),
    epochs_done=optional(COUNT),
    seconds=optional(map_of(optional(NUMBER))),
    versions=optional(map_of(optional(TEXT))),
)
GENRE_SCHEMA = object_of(
    {
        "genre": TEXT,
        "support": COUNT,
        "in_macro": {"type": "boolean"},
        **dict.fromkeys(("prevalence", "recall", "f1", "predicted_share"), SHARE),
        **dict.fromkeys(("ranked_first_share", "top3_share"), SHARE),
        **dict.fromkeys(("ap", "precision"), optional(SHARE)),
    }
)
SPLIT_SCHEMA = object_of(
    {
        "n_films": COUNT,
        "n_macro_genres": COUNT,
        "threshold": {"anyOf": [NUMBER, list_of(NUMBER)]},
        "metrics": object_of({metric.name: optional(NUMBER) for metric in EVERY_METRIC}),
        "genres": list_of(GENRE_SCHEMA),
    }
)
METRICS_SCHEMA = object_of(
    {"splits": {**map_of(SPLIT_SCHEMA), "propertyNames": {"enum": list(SPLITS)}}},
    threshold=NUMBER,
    macro_genres=list_of(TEXT),
)


def read_metrics(folder: Path, genres: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the metrics that a run's folder has; None without any, or if they are no such metrics.

    Args:
        folder: of the run.
        genres: its genre names in column order.
    """
    try:
        found: dict[str, Any] = valid(read_json(folder / METRICS), METRICS_SCHEMA)
    except (OSError, ValueError):
        return None
    rows = [tuple(row["genre"] for row in split["genres"]) for split in found["splits"].values()]
    return found if all(row == genres for row in rows) else None


def read_marker(path: Path) -> dict[str, Any]:
    """Return what a completion marker says; it must not be changed.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no marker, or its checksum does not match.
    """
    return _marker_at(path, stamp(path))


@functools.lru_cache(maxsize=4096)
def _marker_at(path: Path, _stamp: Stamp) -> dict[str, Any]:
    marker: dict[str, Any] = valid(read_sealed(path), MARKER_SCHEMA)
    return marker


def problem(folder: Path, config: Config) -> str:
    """Return what is wrong with the arrays and lists of a run, or an empty text.

    Args:
        folder: of the run; its hashes match.
        config: its config, see `runs.config`.

    Raises:
        OSError: a file cannot be read.
        ValueError: a file is not of its type.
    """
    is_decided = config["outputs"] == DECISIONS
    return _problem(folder, len(config["genres"]), is_decided, stamp(folder / MARKER))


@functools.lru_cache(maxsize=4096)
def _problem(folder: Path, n_genres: int, is_decided: bool, _stamp: Stamp) -> str:
    if not (folder / SCORES).exists():
        return ""
    ids = _texts(folder / FILM_IDS)
    n_films = len(ids)
    if len(set(ids)) < n_films:
        return f"{FILM_IDS} names a film twice"
    if (folder / SPLIT).exists():
        splits = _texts(folder / SPLIT)
        if unknown := set(splits).difference(SPLITS):
            return f"{SPLIT} names the split {min(unknown)!r:.50}, expected {', '.join(SPLITS)}"
        if len(splits) != n_films:
            return f"{SPLIT} has {len(splits)} films, {FILM_IDS} {n_films}"
    shape = (n_films, n_genres)
    return _array_problem(folder / SCORES, shape, is_binary=is_decided) or (
        _array_problem(folder / LABELS, shape, is_binary=True) if (folder / LABELS).exists() else ""
    )


def _texts(path: Path) -> list[str]:
    """Return a list of texts; of many films, for which a schema takes long."""
    found = read_json(path)
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError(f"{path.name} is not a list of texts")
    return found


def _array_problem(path: Path, shape: tuple[int, int], *, is_binary: bool) -> str:
    array = map_array(path)
    if array.shape != shape:
        return f"{path.name} has the shape {array.shape}, expected {shape} (films, genres)"
    if array.dtype.kind not in "fiub":
        return f"{path.name} holds {array.dtype}, expected numbers"
    for start in range(0, len(array), ROWS):
        part = array[start : start + ROWS]
        is_fine = (part == 0) | (part == 1) if is_binary else (part >= 0) & (part <= 1)
        if not is_fine.all():
            row, column = np.argwhere(~is_fine)[0].tolist()
            expected = "0 or 1" if is_binary else "a number from 0 to 1"
            return (
                f"{path.name} holds {part[row, column]} for film {start + row + 1}, genre "
                f"{column + 1}; expected {expected}"
            )
    return ""
