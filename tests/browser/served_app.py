"""The real app on a free port, and a tab of Chromium that looks at it."""

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

ROOT = Path(__file__).parents[2]
START = 30.0  # seconds; the imports of a cold start


@contextlib.contextmanager
def serving(artifacts: Path) -> Iterator[str]:
    """Serve the app on a free port; yield its address."""
    with server(artifacts) as (address, _):
        yield address


@contextlib.contextmanager
def server(artifacts: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    """Serve the app on a free port; yield its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "MARQUEE_ARTIFACTS": str(artifacts), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(address)
        yield address, process
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_until_healthy(address: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            return
        time.sleep(0.1)
    raise TimeoutError(f"No answer from {address} within {START} seconds.")


class Visit:
    """A tab, with what its console said and what it asked of other servers."""

    def __init__(self, page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._on_request)

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.address}/{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until the app is connected, has run and shows a title."""
        connected = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
        self.page.wait_for_selector(f"{connected}[data-test-script-state=notRunning]")
        self.page.wait_for_selector("h1")

    def _on_console(self, message) -> None:
        # Streamlit looks for its server below the page's own path first, and finds it above.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            self.errors.append(f"{message.text} {message.location['url']}")

    def _on_request(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.strangers.append(request.url)
