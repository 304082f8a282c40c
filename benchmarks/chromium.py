"""The Chromium that is installed, without a window."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
from collections.abc import Iterator
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-sync", "--no-first-run")
CONNECTED = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
HAS_RUN = f"{CONNECTED}[data-test-script-state=notRunning]"


def is_installed() -> bool:
    """Return whether Chromium and Playwright, which drives it, are there."""
    return CHROMIUM is not None and importlib.util.find_spec("playwright") is not None


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    """Yield a browser of Playwright for the length of the block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()
