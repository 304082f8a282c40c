"""The real dashboard on a free port."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from genre_core.artifacts import Artifacts
from genre_core.ui.server import PORT

ROOT = Path(__file__).parents[2]
START = 60.0  # seconds; longer means that the server does not come up


@contextlib.contextmanager
def server(artifacts: Artifacts) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve the dashboard for the length of the block; yield its address and its process.

    Raises:
        TimeoutError: it does not answer.
    """
    port = free_port()
    settings = {"MARQUEE_ARTIFACTS": str(artifacts), PORT: str(port)}
    with started(["-m", "genre_core.ui.server"], port, folder=ROOT, settings=settings) as process:
        yield f"http://127.0.0.1:{port}", process


@contextlib.contextmanager
def started(
    words: Sequence[str], port: int, *, folder: Path, settings: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Streamlit server for the length of the block; yield its process.

    Args:
        words: what Python is called with.
        port: the port on which it answers.
        folder: its working folder.
        settings: further environment variables.

    Raises:
        TimeoutError: it does not answer.
    """
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}")
        yield process
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(address: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            return
        time.sleep(0.02)
    raise TimeoutError(f"The dashboard did not answer at {address} within {START} seconds.")
