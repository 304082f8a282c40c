"""The real app on a free port, and a tab of Chromium that looks at it."""

import contextlib
from collections.abc import Iterator

from benchmarks.speed.served import server
from genre_core.artifacts import Artifacts
from genre_core.ui.frame import shell


@contextlib.contextmanager
def serving(artifacts: Artifacts) -> Iterator[str]:
    """Serve the app on a free port; yield its address."""
    with server(artifacts) as (address, _):
        yield address


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

    def go(self, name: str) -> None:
        """Choose a page in the navigation."""
        self.settle()
        group = next(group for group, names in shell.GROUPS.items() if name in names)
        if group:
            self.page.locator("[data-testid=stTopNavSection]", has_text=group).click()
        links = "[data-testid=stTopNavLink], [data-testid=stTopNavDropdownLink]"
        self.page.locator(links, has_text=shell.HEADS[name]["title"]).click()

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
