"""Writing files so that a kill or a full disk never leaves half a file under its final name."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

Arrays = dict[str, np.ndarray]


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Yield a binary file that takes the place of `path` only if the block ends without error.

    The data is on disk before the rename and the rename before the return, so that afterwards
    either the whole new file or the whole old one is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, atomically; NaN is refused, as JSON has none."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
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
    """Return the arrays of an .npz file; nothing in it is unpickled."""
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


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
