"""A Marquee run from elsewhere: the ZIP that `marquee export --to zip` writes."""

from __future__ import annotations

import re
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from genre_core.artifacts import Artifacts
from genre_core.errors import DataError, RunError
from genre_core.files import sync_folder
from genre_core.runs.content import MARKER
from genre_core.runs.folder import CONFIG, Run, open_run
from genre_core.runs.writer import BEGUN

ENDING = ".zip"
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
MOST_FILES = 100
MOST_BYTES = 4 * 2**30  # of all files, unpacked


def import_archive(path: Path, artifacts: Artifacts) -> list[Run]:
    """Copy the runs of a ZIP, bit for bit, after verifying their checksums.

    Args:
        path: the ZIP, with a folder for each run.
        artifacts: where they go; runs that are there already are left as they are.

    Returns:
        The runs of the ZIP.

    Raises:
        DataError: it is no such ZIP, or one of its files is damaged.
        RunError: another run has the same id.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            by_run = _by_run(archive.infolist(), path)
            return [_copy(archive, run, files, artifacts, path) for run, files in by_run.items()]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DataError(
            f"'{path}' is no ZIP that can be read ({error!s:.100}). Expected one that "
            "'marquee export --to zip' wrote. Export or copy it again."
        ) from error


def _by_run(entries: Sequence[zipfile.ZipInfo], path: Path) -> dict[str, list[zipfile.ZipInfo]]:
    """Return the files of each run; a ZIP with anything else is refused."""
    files = [entry for entry in entries if not entry.is_dir()]
    by_run: dict[str, list[zipfile.ZipInfo]] = {}
    for entry in files:
        parts = entry.filename.split("/")
        if len(parts) != 2 or not all(NAME.fullmatch(part) for part in parts):
            raise DataError(
                f"'{path}' holds '{entry.filename:.100}', which is no file of a run. Expected a "
                f"folder for each run with {CONFIG} and {MARKER}."
            )
        by_run.setdefault(parts[0], []).append(entry)
    if not by_run or len(files) > MOST_FILES or sum(one.file_size for one in files) > MOST_BYTES:
        raise DataError(
            f"'{path}' holds {len(files):,} files. Expected the few files of a run below a folder "
            "with its id, as 'marquee export --to zip' writes them."
        )
    return by_run


def _copy(
    archive: zipfile.ZipFile,
    run_id: str,
    entries: Sequence[zipfile.ZipInfo],
    artifacts: Artifacts,
    path: Path,
) -> Run:
    begun = artifacts.runs / f"{BEGUN}{secrets.token_hex(8)}"
    begun.mkdir(parents=True)
    try:
        for entry in entries:
            with (
                archive.open(entry) as source,
                (begun / Path(entry.filename).name).open("xb") as to,
            ):
                shutil.copyfileobj(source, to)
        copied = open_run(artifacts, begun.name)
        if why := _problem(copied):
            raise DataError(
                f"The run '{run_id}' in '{path}' is damaged: {why}. Expected the files that its "
                f"{MARKER} names. Export or copy it again."
            )
        if (artifacts.runs / run_id).exists():
            return _same(artifacts, run_id, begun)
        begun.rename(artifacts.runs / run_id)
        sync_folder(artifacts.runs)
        return open_run(artifacts, run_id)
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def _problem(run: Run) -> str:
    """Return why a run is not whole, or has files that its marker does not name; else empty."""
    if run.state != "finished":
        return run.problem or f"it has no {MARKER}, so it is not finished"
    known = {*run.marker()["files"], MARKER}
    unnamed = [path.name for path in run.folder.iterdir() if path.name not in known]
    return f"its {MARKER} does not name {min(unnamed)}" if unnamed else ""


def _same(artifacts: Artifacts, run_id: str, begun: Path) -> Run:
    there = artifacts.runs / run_id / MARKER
    if there.exists() and there.read_bytes() == (begun / MARKER).read_bytes():
        return open_run(artifacts, run_id)
    raise RunError(
        f"Another run called '{run_id}' is in '{artifacts.runs}' already. Expected none, or the "
        "same one. Import into another folder with --artifacts."
    )
