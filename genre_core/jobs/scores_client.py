"""Asks the scoring service of an artifacts folder, and starts it where none runs."""

from __future__ import annotations

import base64
import contextlib
import socket
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from genre_core.artifacts import Artifacts
from genre_core.errors import DataError
from genre_core.jobs.process import launch
from genre_core.jobs.scores_socket import receive, send, socket_path

LOG = "scores.log"
START = 60.0  # seconds that a service may take until it answers
ANSWER = 120.0  # seconds for an answer; a first one loads a network
STEP = 0.05  # seconds between two tries
GONE = (FileNotFoundError, ConnectionRefusedError, ConnectionResetError, BrokenPipeError)
TRIES = 2  # a service may end between two questions


def scores_of(
    artifacts: Artifacts, runs: Sequence[str], *, poster: bytes | None, overview: str
) -> list[dict[str, Any]]:
    """Return what runs say of one film, each as `run`, `scores` by genre or None, and `missing`.

    Args:
        artifacts: folder of the runs.
        runs: ids of finished runs.
        poster: an image file's content; None for none.
        overview: empty for none.

    Raises:
        DataError: the film or a run cannot be used, or no service could be started.
    """
    return _answers(artifacts, _film(runs, poster, overview))


def explanations_of(
    artifacts: Artifacts,
    runs: Sequence[str],
    *,
    poster: bytes | None,
    overview: str,
    method: str = "",
) -> list[dict[str, Any]]:
    """Return why runs give one film its scores, see `scoring.explanations.one_film.explain`.

    Args:
        artifacts: folder of the runs.
        runs: ids of finished runs, which can all score the film.
        poster: an image file's content; None for none.
        overview: empty for none.
        method: of the explanation; the most exact one by default.

    Raises:
        DataError: the film or a run cannot be used, or no service could be started.
    """
    question = {**_film(runs, poster, overview), "explain": True, "method": method}
    return _answers(artifacts, question)


def _film(runs: Sequence[str], poster: bytes | None, overview: str) -> dict[str, Any]:
    return {
        "runs": list(runs),
        "poster": base64.b64encode(poster).decode() if poster is not None else None,
        "overview": overview,
    }


def _answers(artifacts: Artifacts, question: dict[str, Any]) -> list[dict[str, Any]]:
    answer = ask(artifacts, question)
    if "error" in answer:
        raise DataError(str(answer["error"]))
    found: list[dict[str, Any]] = answer["runs"]
    return found


def ask(artifacts: Artifacts, question: Any) -> dict[str, Any]:
    """Return the answer to a question, from a service that is started if none runs.

    Raises:
        DataError: no service could be started, or it gave no answer.
    """
    for attempt in range(TRIES):
        try:
            with _connected(artifacts) as connection:
                send(connection, question)
                answer: dict[str, Any] = receive(connection)
                return answer
        except (OSError, ValueError) as error:
            if attempt + 1 == TRIES:
                raise DataError(
                    f"The scoring service gave no answer ({error}). Try again; its log is "
                    f"'{artifacts.root / LOG}'."
                ) from error
    raise ValueError("there is at least one try")


def _connected(artifacts: Artifacts) -> socket.socket:
    """Return a connection to the service."""
    with contextlib.suppress(*GONE):
        return _connect(artifacts)
    process = _start(artifacts)
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        with contextlib.suppress(*GONE):
            return _connect(artifacts)
        if process.poll():  # 0: another one serves already
            break
        time.sleep(STEP)
    raise DataError(f"The scoring service did not start. Its log is '{artifacts.root / LOG}'.")


def _connect(artifacts: Artifacts) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWER)
    try:
        connection.connect(str(socket_path(artifacts)))
    except OSError:
        connection.close()
        raise
    return connection


def _start(artifacts: Artifacts) -> subprocess.Popen[bytes]:
    """Start a service that outlives this process."""
    with (artifacts.root / LOG).open("ab") as log:
        return launch(artifacts, ["serve-scores"], log)
