"""The real dashboard on a free port."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from genre_core.artifacts import Artifacts

ROOT = Path(__file__).parents[2]
START = 60.0  # seconds; longer means that the server does not come up


@contextlib.contextmanager
def server(artifacts: Artifacts) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve the dashboard for the length of the block; yield its address and its process.

    Raises:
        TimeoutError: it does not answer.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, "MARQUEE_ARTIFACTS": str(artifacts), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(address)
        yield address, process
    finally:
        process.terminate()
        process.wait()


def _wait_until_healthy(address: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            return
        time.sleep(0.02)
    raise TimeoutError(f"The dashboard did not answer at {address} within {START} seconds.")
