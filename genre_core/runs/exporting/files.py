"""Writes exported files; what is there already is never overwritten."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from genre_core.errors import DataError
from genre_core.files import atomic_write
from genre_core.runs.folder import Run

Write = Callable[[IO[bytes]], object]
Files = Mapping[str, Write]  # by path below the destination, with `/` between folders


def write_files(files_of: Callable[[Run], Files], runs: Sequence[Run], folder: Path) -> list[Path]:
    """Write the files of some runs and return their paths.

    Nothing is written if any of them exists.

    Args:
        files_of: returns the files of a run.
        runs: finished runs, each once.
        folder: the destination, created if necessary.

    Raises:
        DataError: a file exists, or the destination is no folder.
        RunError: a run cannot be exported like that.
    """
    files = {folder / name: write for run in runs for name, write in files_of(run).items()}
    refuse_existing(files, folder)
    for path, write in files.items():
        with atomic_write(path) as file:
            write(file)
    return list(files)


def refuse_existing(paths: Mapping[Path, object] | Sequence[Path], folder: Path) -> None:
    """Raise a DataError if one of the paths exists, or the destination is no folder."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise DataError(
            f"'{folder}' exists already and is not a folder. Expected a folder for the exported "
            "files, which need not exist yet. Choose another one with --out."
        )
    for path in paths:
        if os.path.lexists(path):
            raise DataError(
                f"'{path}' exists already and is not overwritten. Choose another folder with "
                "--out, or remove it first."
            )
