"""Downloads one file: resumed after a break, verified before it gets its name, never over another.

The bytes go to `NAME.part`, and what a later start needs to resume them to `NAME.part.json`. The
complete file is verified, gets its SHA-256 in `NAME.sha256` (as `sha256sum --check` reads it), and
then its name.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from genre_core.data.public import web
from genre_core.data.public.datasets import PublicFile
from genre_core.errors import DataError
from genre_core.files import atomic_write, read_json, sha256, sync_folder, write_json

Progress = Callable[[int, int | None], None]  # bytes so far; bytes in all if known

WAITS = (1.0, 2.0, 4.0)  # seconds before each further try
CHUNK = 2**20  # bytes
RESERVE = 64 * 2**20  # bytes of the disk that are left free
PART, STATE, RECORD = ".part", ".part.json", ".sha256"


@dataclass(frozen=True)
class Received:
    """A complete file.

    Attributes:
        path: where it is.
        sha256: its SHA-256 as 64 hexadecimal digits.
        is_new: whether it was downloaded just now.
        is_verified: whether it has the checksum that is published or was given.
    """

    path: Path
    sha256: str
    is_new: bool
    is_verified: bool


def download(source: PublicFile, folder: Path, progress: Progress | None = None) -> Received:
    """Return a file in a folder, downloaded unless it is there already and whole.

    Args:
        source: its address, and what is known about it.
        folder: where it goes, created if necessary.
        progress: called with the bytes so far and in all.

    Raises:
        DataError: it cannot be had, is not what was published, has no room, or another file has
            its name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / source.name
    if os.path.lexists(path):
        return _already_there(source, path)
    with _part_of(path) as part:
        if not _is_whole(part, source, path):
            _receive(source, part, path, progress or _silent)
        digest = _verified(source, part, path)
        _keep(part, path, digest)
    return Received(path, digest, is_new=True, is_verified=bool(source.checksum))


def _silent(_done: int, _total: int | None) -> None:
    pass


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _size(part: IO[bytes]) -> int:
    return os.fstat(part.fileno()).st_size


def _already_there(source: PublicFile, path: Path) -> Received:
    """Return a file that is there, if its checksum is the published or the recorded one."""
    if not path.is_file():
        raise DataError(f"'{path}' exists and is no file. Expected none, or the downloaded file.")
    expected = source.checksum or _recorded(path)
    if not expected:
        raise DataError(
            f"'{path}' exists already and is not overwritten, and there is no checksum to verify "
            "it by. Name its SHA-256 with --sha256, remove it to download it again, or choose "
            "another folder."
        )
    if (found := _checksum(path, expected)) != expected:
        raise DataError(
            f"'{path}' exists already and is not overwritten, but it is another file: expected "
            f"{expected}, found {found}. Remove it to download it again, or choose another folder."
        )
    return Received(path, sha256(path), is_new=False, is_verified=bool(source.checksum))


def _recorded(path: Path) -> str:
    """Return the checksum that an earlier download recorded; an empty string without one."""
    try:
        words = _beside(path, RECORD).read_text(encoding="utf-8").split(maxsplit=1)
    except (OSError, UnicodeDecodeError):
        return ""
    return f"sha256:{words[0]}" if words and len(words[0]) == 64 else ""


def _checksum(path: Path, like: str) -> str:
    """Return the checksum of a file, by the algorithm of another checksum."""
    algorithm = like.partition(":")[0]
    with path.open("rb") as file:
        return f"{algorithm}:{hashlib.file_digest(file, algorithm).hexdigest()}"


@contextlib.contextmanager
def _part_of(path: Path) -> Iterator[IO[bytes]]:
    """Yield the part of a file, open for appending, for this process alone."""
    place = _beside(path, PART)
    with place.open("ab") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataError(
                f"'{place}' is being downloaded by another process. Wait until it is finished."
            ) from error
        try:
            yield part
        finally:
            if not _size(part):  # nothing was received
                place.unlink(missing_ok=True)
                _beside(path, STATE).unlink(missing_ok=True)


def _state(path: Path, source: PublicFile) -> dict[str, Any]:
    """Return what is known of the part of a file; empty if it is not from this address."""
    try:
        state = read_json(_beside(path, STATE))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) and state.get("url") == source.url else {}


def _is_whole(part: IO[bytes], source: PublicFile, path: Path) -> bool:
    """Tell whether all bytes are there already, as after a checksum that did not match."""
    return _state(path, source).get("total") == _size(part)


def _receive(source: PublicFile, part: IO[bytes], path: Path, progress: Progress) -> None:
    """Fill the part, with further tries after breaks; those that brought bytes do not count."""
    failures = 0
    while True:
        before = _size(part)
        try:
            return _try(source, part, path, progress)
        except web.BROKEN as error:
            if before and web.is_beyond_the_end(error):
                part.truncate(0)  # the file has become shorter
                continue
            failures = 1 if _size(part) > before else failures + 1
            if not web.is_temporary(error) or failures > len(WAITS):
                raise _not_received(source, error, _size(part), path) from error
            time.sleep(WAITS[failures - 1])


def _try(source: PublicFile, part: IO[bytes], path: Path, progress: Progress) -> None:
    """Ask for what is missing and append it.

    Raises:
        OSError, HTTPException: the connection broke, or the server refused.
    """
    with web.ask(source.url, _size(part), _state(path, source).get("validator", "")) as answer:
        _check_size(source, answer)
        _check_room(answer, path)
        known = {"url": source.url, "validator": answer.validator, "total": answer.total}
        with _written(path):
            part.truncate(answer.start)
            write_json(_beside(path, STATE), known)
        done = answer.start
        progress(done, answer.total)
        while chunk := answer.body.read1(CHUNK):
            with _written(path):
                part.write(chunk)
                part.flush()
            done += len(chunk)
            progress(done, answer.total)
    if answer.total not in (None, done):
        raise ConnectionError(f"it ended after {done:,} of {answer.total:,} bytes")


@contextlib.contextmanager
def _written(path: Path) -> Iterator[None]:
    """Turn an error of the disk into a DataError, as it is none of the connection."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"'{_beside(path, PART)}' cannot be written: {error.strerror}. What was received is "
            "kept. Free some space, then run the same command again."
        ) from error


def _not_received(source: PublicFile, error: Exception, size: int, path: Path) -> DataError:
    """Return the error for a download that is given up."""
    if web.is_temporary(error):
        part = f": it resumes '{_beside(path, PART)}' ({size:,} bytes)" if size else ""
        way_out = f"Check the connection and run the same command again{part}."
    else:
        way_out = "See the dataset's page whether the file has moved, or try again later."
    return DataError(
        f"'{source.url}' cannot be downloaded: {web.reason(error)}. Expected the file. {way_out}"
    )


def _check_size(source: PublicFile, answer: web.Answer) -> None:
    """Raise a DataError before gigabytes of another file are downloaded."""
    if None in (source.n_bytes, answer.total) or source.n_bytes == answer.total:
        return
    raise DataError(
        f"'{source.url}' has {answer.total:,} bytes now. Expected {source.n_bytes:,}, as "
        "published. If it is a newer release that you trust, name its SHA-256 with --sha256."
    )


def _check_room(answer: web.Answer, path: Path) -> None:
    """Raise a DataError if the rest of a file does not fit on the disk."""
    if answer.total is None:
        return
    needed = answer.total - answer.start + RESERVE
    free = shutil.disk_usage(path.parent).free
    if needed > free:
        raise DataError(
            f"'{path.parent}' has room for {free:,} bytes. Expected {needed:,} for '{path.name}'. "
            "Free some space or choose a folder on another disk."
        )


def _verified(source: PublicFile, part: IO[bytes], path: Path) -> str:
    """Return the SHA-256 of a complete part, which has to match what is published."""
    place = _beside(path, PART)
    digest = sha256(place)
    found = _checksum(place, source.checksum) if source.checksum else ""
    if found == source.checksum:
        return digest
    raise DataError(
        f"'{source.url}' is not the expected file: expected {source.checksum}, received {found} "
        f"({_size(part):,} bytes). It is kept as '{place}'. Remove that file to download it again; "
        f"if it is a newer release that you trust, accept it with --sha256 {digest}"
    )


def _keep(part: IO[bytes], path: Path, digest: str) -> None:
    """Give a verified part its name, unless something got that name meanwhile."""
    os.fsync(part.fileno())
    if os.path.lexists(path):
        raise DataError(
            f"'{path}' appeared during the download and is not overwritten. Move it away, then run "
            "the same command again."
        )
    with atomic_write(_beside(path, RECORD)) as file:
        file.write(f"{digest}  {path.name}\n".encode())
    _beside(path, PART).rename(path)
    _beside(path, STATE).unlink(missing_ok=True)
    sync_folder(path.parent)
