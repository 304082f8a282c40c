"""Run a command of `genre_core` in a process of its own and take its answer.

What people upload is read there: a file that needs too much memory, or an optional package that is
slow to import, never harms the server.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from genre_core.artifacts import Artifacts
from genre_core.errors import DataError
from genre_core.jobs.process import ROOT

LONGEST = 600.0  # seconds
SAID = "Error: "  # how a command begins to say what is wrong


def answer_of(artifacts: Artifacts, arguments: Sequence[str]) -> Any:
    """Return the JSON that a command prints.

    Args:
        artifacts: folder of datasets and runs.
        arguments: command-line arguments, such as "import" and a path.

    Raises:
        DataError: the command failed, with what it said; or it took longer than ten minutes.
    """
    folder = str(artifacts.root.resolve())
    words = [sys.executable, "-m", "genre_core", *arguments, "--artifacts", folder, "--json"]
    try:
        done = subprocess.run(
            words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        raise DataError(
            f"'{arguments[0]}' took longer than {LONGEST / 60:.0f} minutes and was stopped. "
            "Expected less data. Use the command line, which has no limit."
        ) from None
    if done.returncode == 0:
        return json.loads(done.stdout)
    said = done.stderr.decode(errors="replace").strip()
    _, found, problem = said.rpartition(SAID)
    if not found:
        problem = f"'{arguments[0]}' ended unexpectedly: {said.splitlines()[-1:] or 'no words'}"
    raise DataError(" ".join(problem.split()))
