"""Values that can be made again, kept in files that are claims to be checked.

A kept value has a schema and a checksum. What does not match, or does not parse, is made again with
a note in the log. A value that cannot be written is used without being kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from genre_core.files import read_sealed, sha256_cached, write_sealed

Value = TypeVar("Value")
# What parsing plain data of another shape raises.
DAMAGED = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError)
SEAL_SUFFIX = ".sha256.json"  # of the file beside a binary one

logger = logging.getLogger(__name__)


def remembered(
    path: Path,
    schema: str,
    make: Callable[[], Value],
    *,
    to_json: Callable[[Value], Any],
    from_json: Callable[[Any], Value],
) -> Value:
    """Return a kept value, or make it and keep it.

    Args:
        path: where it is kept.
        schema: what it is and how it was computed; another one does not match.
        make: computes it.
        to_json: returns it as plain data.
        from_json: returns it from plain data, and raises one of `DAMAGED` for anything else.
    """
    found = recalled(path, schema, from_json)
    if found is not None:
        return found
    value = make()
    keep(path, schema, to_json(value))
    return value


def recalled(path: Path, schema: str, from_json: Callable[[Any], Value]) -> Value | None:
    """Return a kept value; None if there is none that can be used, see `remembered`."""
    try:
        kept = read_sealed(path, is_required=True)
        for name, expected in _claims(path, schema).items():
            if kept[name] != expected:
                raise ValueError(f"its {name} is {kept[name]!r}, expected {expected!r}")
        return from_json(kept["value"])
    except FileNotFoundError:
        return None
    except DAMAGED as error:
        logger.warning("'%s' does not match and is made again: %s", path, error)
        return None


def keep(path: Path, schema: str, value: Any) -> None:
    """Keep a value as plain data, if the folder can be written."""
    try:
        write_sealed(path, {**_claims(path, schema), "value": value})
    except OSError as error:
        logger.warning("'%s' is not kept: %s", path, error)


def _claims(path: Path, schema: str) -> dict[str, str]:
    """Return what a kept value says of itself: a copy under another name does not match."""
    return {"schema": schema, "name": path.name}


def seal(path: Path) -> None:
    """Keep the checksum of a binary file beside it."""
    keep(beside(path), "sha256", sha256_cached(path))


def is_sealed(path: Path) -> bool | None:
    """Return whether a binary file matches its checksum; None if it has none.

    Raises:
        OSError: the file cannot be read.
    """
    expected = recalled(beside(path), "sha256", str)
    return None if expected is None else sha256_cached(path) == expected


def beside(path: Path) -> Path:
    """Return the file with the checksum of a binary file."""
    return path.with_name(path.name + SEAL_SUFFIX)
