"""Errors that a user can fix, and helpers for their messages.

Every message states what happened, what was expected and what to do. The command line and the pages
show a `GenreCoreError` without a traceback; any other exception is a bug and keeps its traceback.
"""

from __future__ import annotations

import difflib
import errno
import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

DEFAULT_ARTIFACTS = "artifacts"
NO_ROOM = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EPERM),
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG),
)


class GenreCoreError(Exception):
    """Base class of errors caused by input, files or the state of the artifacts folder."""


class DataError(GenreCoreError):
    """A folder, table, poster or split file cannot be used as given."""


class RunError(GenreCoreError):
    """A run is unknown, damaged, unfinished, or cannot be used for the requested purpose."""


class TrainingError(GenreCoreError):
    """A training cannot start or cannot continue."""


class BusyError(TrainingError):
    """Another training is running in the artifacts folder."""


class PackageError(GenreCoreError):
    """A package of an optional extra is not installed."""


def not_written(error: OSError) -> str:
    """Return what to say of a file that cannot be written; an empty string for another error."""
    if error.errno not in NO_ROOM:
        return ""
    return (
        f"'{error.filename or 'a file'}' cannot be written: {error.strerror}. Files saved earlier "
        "are intact. Free some space or choose another folder with --artifacts, then try again; "
        "resume a training with --resume."
    )


def misfit(what: str, error: Exception) -> RunError:
    """Return the error for saved weights that do not match the network built by this version.

    Args:
        what: the owner of the weights, for the message.
        error: the original error.
    """
    return RunError(
        f"The saved weights of {what} do not match its network ({error}). Delete the run, on the "
        "Runs page or by removing its folder, and train it again."
    )


def command(*words: str, artifacts: os.PathLike[str] | None = None) -> str:
    """Return a command line of this program that can be pasted into the current folder's shell."""
    own = Path(os.path.relpath(sys.prefix)) / "bin" / "python"
    python = "python" if sys.prefix == sys.base_prefix else str(own)
    folder = DEFAULT_ARTIFACTS if artifacts is None else os.fspath(artifacts)
    where = [] if folder == DEFAULT_ARTIFACTS else ["--artifacts", folder]
    return shlex.join([python, "-m", "genre_core", *words, *where])


def nearest(name: str, names: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the closest match to `name`, or an empty string."""
    matches = difflib.get_close_matches(name, list(names), n=1, cutoff=0.4)
    return f" Did you mean '{matches[0]}'?" if matches else ""
