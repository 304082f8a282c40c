"""Writing files so that a kill or a full disk never leaves half a file under its final name."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import secrets
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

LEFTOVER_AGE = 24 * 60 * 60.0  # seconds since the last byte; nothing here is written that slowly

Arrays = dict[str, np.ndarray]


@contextlib.contextmanager
def scratch_file(folder: Path) -> Iterator[IO[bytes]]:
    """Yield a new binary file in `folder` that is gone after the block unless `keep` was called."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        # Not mkstemp, so that the umask decides who may read it. Not "xb": NumPy would write past
        # Python's file and report a full disk without its error number.
        with path.open("x+b") as file:
            yield file
    except OSError as error:
        error.filename = error.filename or str(folder)  # a full disk does not say where it is full
        raise
    finally:
        path.unlink(missing_ok=True)


def keep(file: IO[bytes], path: Path) -> None:
    """Give a scratch file its final name, in the place of whatever had that name.

    The data is on disk before the rename and the rename before the return, so that afterwards
    either the whole new file or the whole old one is there.
    """
    file.flush()
    os.fsync(file.fileno())
    Path(file.name).replace(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Yield a binary file that takes the place of `path` only if the block ends without error."""
    with scratch_file(path.parent) as file:
        yield file
        keep(file, path)


def remove_leftovers(folder: Path) -> None:
    """Remove scratch files of killed writes in `folder`, once no write can still be under way."""
    for path in folder.glob(".*.tmp"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LEFTOVER_AGE:
                path.unlink()


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, atomically; NaN is refused, as JSON has none.

    All but ASCII is escaped, as a file name may hold bytes that UTF-8 cannot say.
    """
    text = json.dumps(value, indent=2, allow_nan=False) + "\n"
    with atomic_write(path) as file:
        file.write(text.encode())


def read_json(path: Path) -> Any:
    """Return the value in a JSON file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not JSON.
    """
    return json.loads(path.read_text(encoding="utf-8"))


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays as an .npz file, atomically."""
    with atomic_write(path) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]  # the stub takes the names for options


def read_arrays(path: Path) -> Arrays:
    """Return the arrays of an .npz file; nothing in it is unpickled.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no whole .npz file.
    """
    try:
        with path.open("rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ValueError(f"'{path.name}' is no whole .npz file: {error}") from error


def map_array(path: Path) -> np.ndarray:
    """Return the array of an .npy file, memory-mapped; nothing in it is unpickled.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no whole .npy file.
    """
    array: np.ndarray = np.lib.format.open_memmap(path, mode="r")
    return array


def text_array(value: Any) -> np.ndarray:
    """Return plain data as an array of bytes, so that it can travel beside arrays."""
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def array_text(array: np.ndarray) -> Any:
    """Return the plain data that `text_array` packed."""
    return json.loads(array.tobytes().decode())


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_cached(path: Path) -> str:
    """Return the SHA-256 of a file, computed again only when its size or time has changed."""
    stat = path.stat()
    return _sha256_at(path, stat.st_size, stat.st_mtime_ns, stat.st_ino)


@functools.lru_cache(maxsize=4096)
def _sha256_at(path: Path, _size: int, _modified: int, _inode: int) -> str:
    return sha256(path)
