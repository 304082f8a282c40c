"""The scoring service: one process for an artifacts folder, which answers what runs say of a film.

Sessions, servers and trainings go on whatever becomes of it; whoever asks next starts another one.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from typing import Any

from genre_core.artifacts import Artifacts
from genre_core.errors import DataError, GenreCoreError
from genre_core.jobs.scores_socket import receive, send, socket_path
from genre_core.runs.folder import find_run
from genre_core.scoring.explanations.one_film import explain
from genre_core.scoring.one_film import Film, answer, film_from
from genre_core.scoring.scorer import Scorer

IDLE = 600.0  # seconds without a question after which it ends
PATIENCE = 10.0  # seconds that a client may take for its question
LOCK = "scores.lock"


class Service(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Answers questions at the socket of an artifacts folder.

    Args:
        artifacts: folder of the runs.
    """

    daemon_threads = True

    def __init__(self, artifacts: Artifacts) -> None:
        self.artifacts = artifacts
        self.scorer = Scorer()
        self.scoring = threading.Lock()  # networks are asked one at a time
        self.asked = time.monotonic()
        path = socket_path(artifacts)
        path.unlink(missing_ok=True)  # of a service that was killed
        super().__init__(str(path), _Connection)

    def answer(self, question: Any) -> dict[str, Any]:
        """Return the answer to a question: what each run says of a film, or an error in words."""
        try:
            film = film_from(_poster(question), str(question.get("overview", "")))
            of_run = self._explained if question.get("explain") else self._scored
            with self.scoring:
                return {"runs": [of_run(str(run), film, question) for run in question["runs"]]}
        except GenreCoreError as error:
            return {"error": str(error)}
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            return {"error": f"The question has another form than expected ({error!r})."}

    def _scored(self, name: str, film: Film, question: Any) -> dict[str, Any]:
        del question
        run = find_run(self.artifacts, name)
        found = answer(self.scorer, run, film)
        scores = None
        if found.y_score is not None:
            scores = dict(zip(run.genres, map(float, found.y_score), strict=True))
        return {"run": run.id, "scores": scores, "missing": list(found.missing)}

    def _explained(self, name: str, film: Film, question: Any) -> dict[str, Any]:
        method = str(question.get("method", ""))
        return explain(self.scorer, find_run(self.artifacts, name), film, method)

    def end_when_idle(self, seconds: float) -> None:
        """End the service once nobody has asked for some seconds."""
        while (left := self.asked + seconds - time.monotonic()) > 0 or self.scoring.locked():
            time.sleep(max(left, 0.05))
        self.shutdown()


class _Connection(socketserver.BaseRequestHandler):
    """One client, with one question."""

    server: Service
    request: socket.socket

    def handle(self) -> None:
        self.request.settimeout(PATIENCE)
        with contextlib.suppress(OSError):  # a client that is gone is none of ours
            try:
                question = receive(self.request)
            except ValueError as error:
                send(self.request, {"error": f"The question cannot be read: {error}."})
                return
            self.server.asked = time.monotonic()
            answer = self.server.answer(question)
            self.server.asked = time.monotonic()
            send(self.request, answer)


def _poster(question: Any) -> bytes | None:
    poster = question.get("poster")
    return None if poster is None else base64.b64decode(poster, validate=True)


def serve(artifacts: Artifacts, idle: float = IDLE) -> bool:
    """Answer questions until nobody has asked for a while.

    Args:
        artifacts: folder of the runs.
        idle: seconds without a question after which it ends.

    Returns:
        Whether it served; False if another process does already.
    """
    with _alone(artifacts) as is_alone:
        if not is_alone:
            return False
        with Service(artifacts) as service:
            threading.Thread(target=service.end_when_idle, args=(idle,), daemon=True).start()
            service.serve_forever(poll_interval=0.1)
        return True


@contextlib.contextmanager
def _alone(artifacts: Artifacts) -> Iterator[bool]:
    """Yield whether no other process serves; the kernel forgets one that is killed."""
    try:
        artifacts.root.mkdir(parents=True, exist_ok=True)
        file = (artifacts.root / LOCK).open("ab")
    except OSError as error:
        raise DataError(f"'{artifacts}' cannot be written: {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
