"""The scoring service: it answers, and survives whatever asks it, and whoever kills it."""

import os
import signal
import socket
import threading
import time

import pytest

from genre_core.artifacts import Artifacts
from genre_core.errors import DataError
from genre_core.jobs import scores_client, scores_socket
from genre_core.jobs.scores_client import ask, scores_of
from genre_core.jobs.scores_socket import LENGTH, receive, send, socket_path
from genre_core.scoring import service
from genre_core.scoring.service import Service, serve


@pytest.fixture
def artifacts(tmp_path):
    (tmp_path / "artifacts").mkdir()
    return Artifacts(tmp_path / "artifacts")


@pytest.fixture
def served(artifacts, monkeypatch):
    """A service in this process; no run is there, so that it only has errors to say."""
    monkeypatch.setattr(service, "PATIENCE", 0.5)
    with Service(artifacts) as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def no_start(monkeypatch):
    def fail(_):
        raise AssertionError("a service is there already")

    monkeypatch.setattr(scores_client, "_start", fail)


def connected(artifacts):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(10)
    connection.connect(str(socket_path(artifacts)))
    return connection


@pytest.mark.usefixtures("served", "no_start")
def test_what_cannot_be_answered_is_said_and_the_next_is_answered(artifacts):
    with pytest.raises(DataError, match="Run 'gone' was not found"):
        scores_of(artifacts, ["gone"], poster=None, overview="A ghost.")
    with pytest.raises(DataError, match="Nothing to score"):
        scores_of(artifacts, [], poster=None, overview=" ")
    with pytest.raises(DataError, match="cannot be used: poster not readable as an image"):
        scores_of(artifacts, [], poster=b"<html>", overview="")
    assert scores_of(artifacts, [], poster=None, overview="A ghost.") == []
    for odd in (None, [], 7, {"runs": 1, "overview": "a"}, {"poster": "é"}, {"overview": "a"}):
        assert "another form" in ask(artifacts, odd)["error"]


@pytest.mark.usefixtures("served", "no_start")
def test_broken_messages_and_clients_that_end_harm_nobody(artifacts):
    with connected(artifacts) as client:
        client.sendall(LENGTH.pack(5) + b"{{{{{")
        assert "cannot be read" in receive(client)["error"]
    with connected(artifacts) as client:
        client.sendall(LENGTH.pack(scores_socket.MOST_BYTES + 1))
        assert "expected at most" in receive(client)["error"]
    for part in (b"", b"\0", LENGTH.pack(100) + b"half"):
        with connected(artifacts) as client:
            client.sendall(part)
    with connected(artifacts) as client:
        send(client, {"runs": [], "overview": "gone before the answer"})
    silent = connected(artifacts)
    assert ask(artifacts, {"runs": [], "overview": "A ghost."}) == {"runs": []}
    silent.close()


def test_the_socket_is_private_and_its_path_short(artifacts, tmp_path, monkeypatch):
    long = Artifacts(tmp_path / ("long" * 50))
    assert len(str(socket_path(long))) < 100
    assert socket_path(long) != socket_path(artifacts)
    monkeypatch.setattr(scores_socket.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = socket_path(artifacts).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    with pytest.raises(DataError, match="not private"):
        socket_path(artifacts)


def test_it_ends_when_nobody_asks_and_two_do_not_serve_at_once(artifacts):
    results = []
    first = threading.Thread(target=lambda: results.append(serve(artifacts, idle=1.0)))
    first.start()
    while not socket_path(artifacts).exists():
        time.sleep(0.01)
    assert not serve(artifacts, idle=1.0)
    first.join(10)
    assert results == [True]


@pytest.mark.thorough
def test_one_that_is_killed_is_started_again(artifacts):
    question = {"runs": [], "overview": "A ghost."}
    started = []
    original = scores_client._start

    def start(folder):
        started.append(original(folder))
        return started[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scores_client, "_start", start)
        assert ask(artifacts, question) == ask(artifacts, question) == {"runs": []}
        (process,) = started
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert ask(artifacts, question) == {"runs": []}
        assert len(started) == 2
        started[1].terminate()
        started[1].wait()


def test_a_service_that_does_not_start_is_an_error_with_its_log(artifacts, monkeypatch):
    class Ended:
        def poll(self):
            return 1

    monkeypatch.setattr(scores_client, "_start", lambda _: Ended())
    with pytest.raises(DataError, match=r"did not start. Its log is .*scores.log"):
        ask(artifacts, {})
