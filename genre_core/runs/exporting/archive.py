"""A run as one ZIP: its folder, with the completion marker that its checksums are verified by."""

from __future__ import annotations

import shutil
import zipfile
from functools import partial
from pathlib import Path
from typing import IO

from genre_core.runs.content import MARKER
from genre_core.runs.exporting.files import Files
from genre_core.runs.folder import Run

OLDEST = (1980, 1, 1, 0, 0, 0)  # the same run always becomes the same bytes
READABLE = 0o100644 << 16  # a regular file that everybody may read, for unzip


def zip_files(run: Run) -> Files:
    """Return `RUN.zip` with the folder `RUN/`: every file that the marker names, and the marker.

    Raises:
        RunError: the run is not finished.
    """
    names = [*sorted(run.marker()["files"]), MARKER]
    return {f"{run.id}.zip": partial(_write, [run.folder / name for name in names])}


def _write(paths: list[Path], file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for path in paths:
            entry = zipfile.ZipInfo(f"{path.parent.name}/{path.name}", OLDEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, READABLE
            entry.create_system = 3  # Unix, wherever it is made
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
