"""Unpacks downloaded archives: bounded, nothing outside the folder, all of it or nothing."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from genre_core.errors import DataError
from genre_core.files import sync_folder

MOST_FILES = 500_000
MOST_BYTES = 200 * 2**30  # of all files, unpacked
RESERVE = 64 * 2**20  # bytes of the disk that are left free
CHUNK = 2**20  # bytes
UNPACKING = ".unpacking"
BY_OTHERS = "__MACOSX"  # folder that macOS adds to its ZIPs

Entry = tuple[str, IO[bytes]]  # name in the archive, and its content until the next entry
Entries = Callable[[Path], Iterator[Entry]]


def target_of(archive: Path) -> Path | None:
    """Return what an archive is unpacked to, by its name; None if it is no archive.

    `films.zip` and `films.tar.gz` become the folder `films`, `films.csv.gz` becomes `films.csv`.
    """
    ending = _ending(archive)
    return None if ending is None else archive.with_name(archive.name.removesuffix(ending))


def unpack(archive: Path) -> Path | None:
    """Unpack an archive beside itself, unless it is unpacked already.

    If all its files lie in one folder, the content of that folder is what the target gets.

    Returns:
        The folder or file; None if it is no archive.

    Raises:
        DataError: it is damaged, would write elsewhere, or has no room.
    """
    ending, target = _ending(archive), target_of(archive)
    if ending is None or target is None:
        return None
    if not os.path.lexists(target):
        _unpack(archive, target, READ[ending], is_one_file=ending == ".gz")
    return target


def _ending(archive: Path) -> str | None:
    return next((ending for ending in READ if archive.name.endswith(ending)), None)


def _unpack(archive: Path, target: Path, entries: Entries, *, is_one_file: bool) -> None:
    """Unpack into a folder of its own, and give it the name of the target at the end."""
    begun = target.with_name(f".{target.name}{UNPACKING}")
    shutil.rmtree(begun, ignore_errors=True)  # of a start that was interrupted
    begun.mkdir()
    try:
        _write_all(entries(archive), begun, archive)
        os.sync()  # one call instead of one for each of many posters
        (begun / target.name if is_one_file else _root(begun)).rename(target)
        sync_folder(target.parent)
    except DAMAGES as error:
        raise DataError(
            f"'{archive}' cannot be unpacked ({error!s:.100}). Expected a whole archive. Remove it "
            "to download it again."
        ) from error
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def _root(begun: Path) -> Path:
    """Return the only folder in a folder, or the folder itself."""
    inside = list(begun.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else begun


def _write_all(entries: Iterator[Entry], folder: Path, archive: Path) -> None:
    """Write the files of an archive, as far as there is room for them."""
    room = min(MOST_BYTES, shutil.disk_usage(folder).free - RESERVE)
    for count, (name, source) in enumerate(entries, start=1):
        if count > MOST_FILES:
            raise DataError(f"'{archive}' has more than {MOST_FILES:,} files and is not unpacked.")
        path = folder / _safe(name, archive)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as to:
            while chunk := source.read(CHUNK):
                room -= len(chunk)
                if room < 0:
                    raise _no_room(archive)
                to.write(chunk)


def _safe(name: str, archive: Path) -> PurePosixPath:
    """Return the path of an entry below the folder."""
    path = PurePosixPath(name)
    is_outside = path.is_absolute() or ".." in path.parts or not path.parts
    if is_outside or "\\" in name or "\0" in name:
        raise DataError(
            f"'{archive}' has a file '{name:.100}', which would lie outside its folder. Expected "
            "files below it. It is not unpacked; nothing was written."
        )
    return path


def _no_room(archive: Path) -> DataError:
    return DataError(
        f"'{archive}' does not fit on the disk when unpacked, or has more than {MOST_BYTES:,} "
        "bytes. What was unpacked is removed again. Free some space, then run the same command."
    )


def _zip_entries(archive: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            if entry.is_dir() or entry.filename.startswith(f"{BY_OTHERS}/"):
                continue
            if stat.S_ISLNK(entry.external_attr >> 16) or entry.flag_bits & 1:
                raise _unusable(archive, entry.filename)
            with opened.open(entry) as source:
                yield entry.filename, source


def _tar_entries(archive: Path) -> Iterator[Entry]:
    with tarfile.open(archive, "r:gz") as opened:
        for entry in opened:
            if entry.isdir():
                continue
            source = opened.extractfile(entry) if entry.isreg() else None
            if source is None:
                raise _unusable(archive, entry.name)
            yield entry.name.removeprefix("./"), source


def _gzip_entries(archive: Path) -> Iterator[Entry]:
    with gzip.open(archive) as source:
        yield archive.name.removesuffix(".gz"), cast("IO[bytes]", source)


def _unusable(archive: Path, name: str) -> DataError:
    return DataError(
        f"'{archive}' has '{name:.100}', which is a link, encrypted, or no plain file. Expected "
        "plain files. It is not unpacked; nothing was written."
    )


DAMAGES = (
    *(zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error),
    *(EOFError, NotImplementedError, UnicodeDecodeError),
    *(FileExistsError, NotADirectoryError, IsADirectoryError),  # two entries with one name
)
READ: dict[str, Entries] = {  # by ending, the longest first
    ".tar.gz": _tar_entries,
    ".tgz": _tar_entries,
    ".zip": _zip_entries,
    ".gz": _gzip_entries,
}
