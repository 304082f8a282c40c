"""Files from the web: resumed where they broke off, checked before they count, unpacked safely."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import shutil
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from genre_core.data.public_datasets import Remote
from genre_core.errors import DataError
from genre_core.files import sha256, sync_folder

CHUNK = 2**18  # bytes
TRIES = 4
WAIT = 1.0  # seconds before the next try
TIMEOUT = 60  # seconds without a byte
ROOM = 1.05  # of the size of a file that has to be free on the disk
MOST_BYTES = 200 * 2**30  # of an archive when it is unpacked
BROKEN = (http.client.HTTPException, ConnectionError, TimeoutError)
ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar")
PART, STATE = ".part", ".part.json"

Progress = Callable[[int, int], None]


def download(remote: Remote, folder: Path, progress: Progress | None = None) -> tuple[Path, str]:
    """Return a file that is there whole, downloading what is missing of it, and its SHA-256.

    Args:
        remote: its address, name and checksum.
        folder: where it is kept.
        progress: called with (bytes done, bytes in all, 0 if that is not known).

    Raises:
        DataError: it cannot be had, or is not what its checksum says.
    """
    path = folder / remote.name
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _fetch(remote, path, progress)
        found = sha256(part := _part(path))
        _check(remote, part, found)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
        path.with_name(path.name + STATE).unlink(missing_ok=True)
        sync_folder(folder)
        return path, found
    found = sha256(path)
    _check(remote, path, found)
    return path, found


def _part(path: Path) -> Path:
    return path.with_name(path.name + PART)


def _fetch(remote: Remote, path: Path, progress: Progress | None) -> None:
    """Download a file into its part; what is there of it is kept."""
    for attempt in range(TRIES):
        try:
            _append(remote, path, progress)
            return
        except BROKEN as error:
            problem = str(error) or type(error).__name__
        except urllib.error.HTTPError as error:
            raise DataError(
                f"'{remote.url}' answered with {error.code} ({error.reason}). Look at the homepage "
                f"of the dataset for its new place, and put the file into '{path.parent}'."
            ) from error
        except urllib.error.URLError as error:
            problem = str(error.reason)
        time.sleep(WAIT * attempt)
    raise DataError(
        f"'{remote.url}' could not be downloaded ({problem}), tried {TRIES} times. What came is in "
        f"'{_part(path)}'; the same command goes on from there."
    )


def _append(remote: Remote, path: Path, progress: Progress | None) -> None:
    part, state = _part(path), path.with_name(path.name + STATE)
    done = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(remote.url, headers={"User-Agent": "marquee"})
    version = _version(state)
    if done and version:
        request.add_header("Range", f"bytes={done}-")
        request.add_header("If-Range", version)  # a file that has changed comes whole
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)  # refuses to leave the web
    except urllib.error.HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        return  # the part is whole
    with response:
        is_rest = response.status == http.client.PARTIAL_CONTENT
        done = done if is_rest else 0
        length = int(response.headers.get("Content-Length") or 0)
        whole = done + length if length else 0
        _check_room(path, length)
        state.write_text(json.dumps({"version": _version_of(response)}))
        with part.open("ab" if is_rest else "wb") as file:
            while chunk := response.read(CHUNK):
                file.write(chunk)
                done += len(chunk)
                if progress:
                    progress(done, whole)
    if whole and done < whole:
        raise ConnectionError(f"{done:,} of {whole:,} bytes came")


def _version(state: Path) -> str:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return str(json.loads(state.read_bytes()).get("version") or "")
    return ""


def _version_of(response: http.client.HTTPResponse) -> str:
    """Return what stands for the version of a file, for If-Range; a weak tag does not."""
    tag = response.headers.get("ETag") or ""
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified") or ""


def _check_room(path: Path, length: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if length * ROOM > free:
        raise DataError(
            f"'{path.name}' needs {length / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free in "
            f"'{path.parent}'. Free some space, or choose another folder."
        )


def _check(remote: Remote, path: Path, found: str) -> None:
    if not remote.sha256 or found == remote.sha256.lower():
        return
    rejected = path.with_name(f"{remote.name}.rejected")
    path.replace(rejected)
    raise DataError(
        f"'{remote.url}' has another content than expected: SHA-256 {found}, expected "
        f"{remote.sha256}. It is kept as '{rejected}' and not used. Download it again, or accept a "
        f"new release with --sha256 {found}."
    )


def unpack(path: Path, folder: Path) -> Path:
    """Return the folder of what is in an archive, unpacked once; that of the file for any other.

    Args:
        path: the file.
        folder: where the folder is made.

    Raises:
        DataError: it is damaged, too large, or has a path that leads outside.
    """
    ending = next((one for one in ARCHIVES if path.name.casefold().endswith(one)), "")
    if not ending:
        return folder
    target = folder / path.name[: -len(ending)]
    if target.is_dir():
        return target
    scratch = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder))
    try:
        (_unzip if ending == ".zip" else _untar)(path, scratch)
        scratch.chmod(0o755)
        scratch.replace(target)
    except (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, EOFError, ValueError) as error:
        raise DataError(
            f"'{path}' cannot be unpacked ({error!s:.200}). Remove it and download it again."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def _untar(path: Path, target: Path) -> None:
    with tarfile.open(path) as archive:
        total = 0
        for member in archive:
            total += member.size
            if total > MOST_BYTES:
                raise ValueError(f"it has more than {MOST_BYTES >> 30} GiB")
            archive.extract(member, target, filter="data")


def _unzip(path: Path, target: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES >> 30} GiB")
        for entry in archive.infolist():
            if not (target / entry.filename).resolve().is_relative_to(target.resolve()):
                raise ValueError(f"'{entry.filename}' leads outside")
            archive.extract(entry, target)
