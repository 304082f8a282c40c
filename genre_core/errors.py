"""The errors that a user can do something about, and the ways out that they name.

Every message says what happened, what was expected and what to do. A `GenreCoreError` is shown
without a traceback by the command line and the pages; any other exception is a bug and stays loud.
"""

from __future__ import annotations

import difflib
import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

DEFAULT_ARTIFACTS = "artifacts"


class GenreCoreError(Exception):
    """Base of all errors that come from input, files or the state of `artifacts/`."""


class DataError(GenreCoreError):
    """A folder, table, poster or split file cannot be used as given."""


class RunError(GenreCoreError):
    """A run is unknown, damaged, unfinished, or does not fit what is asked of it."""


class TrainingError(GenreCoreError):
    """A training cannot start or cannot go on."""


class BusyError(TrainingError):
    """Another training holds the artifacts folder."""


def misfit(what: str, error: Exception) -> RunError:
    """Return the error for kept weights that do not fit their network, as after a new version.

    Args:
        what: whose weights they are.
        error: what went wrong.
    """
    return RunError(
        f"What was kept of {what} does not fit its network ({error}). Delete that run, on the page "
        "Runs or as a folder, and train again."
    )


def command(*words: str, artifacts: os.PathLike[str] | None = None) -> str:
    """Return a command line of this program that works as it stands where this process began."""
    own = Path(os.path.relpath(sys.prefix)) / "bin" / "python"
    python = "python" if sys.prefix == sys.base_prefix else str(own)
    folder = DEFAULT_ARTIFACTS if artifacts is None else os.fspath(artifacts)
    where = [] if folder == DEFAULT_ARTIFACTS else ["--artifacts", folder]
    return shlex.join([python, "-m", "genre_core", *words, *where])


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the known name nearest to `name`, or an empty string."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f" Did you mean '{matches[0]}'?" if matches else ""
