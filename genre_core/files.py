"""Atomic writes: an interruption or a full disk never leaves a partial file."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import math
import os
import secrets
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

SEAL = "sha256"  # name of the checksum in a sealed JSON object
LEFTOVER_AGE = 24 * 60 * 60.0  # seconds after which a scratch file counts as abandoned

Arrays = dict[str, np.ndarray]
Stamp = tuple[int, int, int]


@contextlib.contextmanager
def scratch_file(folder: Path) -> Iterator[IO[bytes]]:
    """Yield a new binary file in `folder` that is removed afterwards unless `keep` is called."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        # Not mkstemp, so that the umask applies. Not "xb", with which NumPy would bypass Python's
        # file object and report a full disk without its error number.
        with path.open("x+b") as file:
            yield file
    except OSError as error:
        error.filename = error.filename or str(folder)  # a full disk is reported without a path
        raise
    finally:
        path.unlink(missing_ok=True)


def keep(file: IO[bytes], path: Path) -> None:
    """Rename a scratch file to its final name, replacing an existing file.

    The data is synced before the rename and the rename before the return, so that a crash leaves
    either the complete new file or the complete old one.
    """
    file.flush()
    os.fsync(file.fileno())
    Path(file.name).replace(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Yield a binary file that replaces `path` only if the block ends without an error."""
    with scratch_file(path.parent) as file:
        yield file
        keep(file, path)


def remove_leftovers(folder: Path) -> None:
    """Remove abandoned scratch files in `folder`."""
    for path in folder.glob(".*.tmp"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LEFTOVER_AGE:
                path.unlink()


def sync_folder(folder: Path) -> None:
    """Sync the directory entries of `folder` to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, atomically; NaN is rejected.

    Non-ASCII characters are escaped, because file names may contain bytes that are not UTF-8.
    """
    text = json.dumps(value, indent=2, allow_nan=False) + "\n"
    with atomic_write(path) as file:
        file.write(text.encode())


def read_json(path: Path) -> Any:
    """Return the value in a JSON file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not JSON, contains NaN or an infinity, or is nested too deeply.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error


def _no_number(name: str) -> None:
    raise ValueError(f"the JSON contains {name}")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):  # 1e999
        _no_number(digits)
    return number


def write_sealed(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON object with a checksum of its other entries, atomically."""
    # As it will be read back: keys that are no text become text.
    plain = json.loads(json.dumps(value, allow_nan=False))
    write_json(path, {**plain, SEAL: _seal(plain)})


def read_sealed(path: Path, *, is_required: bool = False) -> dict[str, Any]:
    """Return the JSON object in a file without its checksum, which has to match.

    Args:
        path: the file.
        is_required: whether the file has to have a checksum; those of earlier versions and of
            other programs have none.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not a JSON object, or its checksum is missing or does not match.
    """
    value = read_json(path)
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    if SEAL not in value and is_required:
        raise ValueError("it has no checksum")
    if SEAL in value and value.pop(SEAL) != _seal(value):
        raise ValueError("its checksum does not match: it was changed after it was saved")
    return value


def stamp(path: Path) -> Stamp:
    """Return what changes with the content of a file: size, modification time and inode.

    Raises:
        OSError: there is no such file.
    """
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def read_sealed_cached(path: Path) -> dict[str, Any]:
    """Return the result of `read_sealed`, cached until the file changes; it must not be changed."""
    return _read_sealed_at(path, stamp(path))


@functools.lru_cache(maxsize=4096)
def _read_sealed_at(path: Path, _stamp: Stamp) -> dict[str, Any]:
    return read_sealed(path)


def _seal(value: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays as an .npz file, atomically."""
    with atomic_write(path) as file:
        save_arrays(file, arrays)


def save_arrays(file: IO[bytes], arrays: Arrays) -> None:
    """Write arrays in the format of an .npz file."""
    np.savez(file, **arrays)  # type: ignore[arg-type]  # the stub takes the names for options


def read_arrays(path: Path) -> Arrays:
    """Return the arrays of an .npz file; nothing in it is unpickled.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not a valid .npz file.
    """
    try:
        with path.open("rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ValueError(f"'{path.name}' is not a valid .npz file: {error}") from error


def map_array(path: Path) -> np.ndarray:
    """Return the array of an .npy file, memory-mapped; nothing in it is unpickled.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not a valid .npy file.
    """
    array: np.ndarray = np.lib.format.open_memmap(path, mode="r")
    return array


def text_array(value: Any) -> np.ndarray:
    """Return plain data as an array of bytes, so that it can be stored beside arrays."""
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def array_text(array: np.ndarray) -> Any:
    """Return the plain data from the result of `text_array`."""
    return json.loads(array.tobytes().decode())


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_cached(path: Path) -> str:
    """Return the SHA-256 of a file, cached until its size or modification time changes."""
    return _sha256_at(path, stamp(path))


@functools.lru_cache(maxsize=4096)
def _sha256_at(path: Path, _stamp: Stamp) -> str:
    return sha256(path)
