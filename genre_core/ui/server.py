"""The server of the dashboard: Streamlit's ASGI application behind a guard.

Streamlit checks the Host of a WebSocket, but not that of other requests; it takes WebSockets from
any port of this machine, and lets any page frame the dashboard. `streamlit.App` takes middleware,
which is the supported way to add what is missing.

`marquee app` runs it as `python -m genre_core.ui.server` in the folder of `dashboard.py`. That file
has the same application, which `streamlit run` serves instead of the script.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import pkgutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from genre_core.ui import views

PORT, HOSTS, FRAMES = "MARQUEE_PORT", "MARQUEE_ALLOWED_HOSTS", "MARQUEE_FRAME_ANCESTORS"
LOCAL = ("localhost", "127.0.0.1", "::1")
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
OLD_PATHS = {  # in URLs before, and the page of today
    "scoreboard": "",
    "comparison": "head_to_head",
    "genres": "by_genre",
    "who_is_right": "agreement",
    "label_audit": "label_review",
}
PRELOADED = ("PlotlyChart",)  # names of Streamlit's files
SAFE = ("GET", "HEAD", "OPTIONS")
HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}


class Guard:
    """ASGI middleware that answers the dashboard's own pages alone.

    - A request or WebSocket with another Host than this machine's or a configured one is refused:
      a foreign name may have been made to resolve to 127.0.0.1 (DNS rebinding).
    - A WebSocket or a request that changes something is refused if its Origin is not the Host that
      it is sent to. Without an Origin it does not come from a page, as browsers always send one.
    - Responses may not be framed, but by the origins that are configured.

    Attributes:
        app: the guarded application.
        hosts: names that may stand in Host, without port, lower case.
        ancestors: origins whose pages may frame the dashboard.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str], ancestors: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.ancestors = tuple(ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        problem = self.problem(scope)
        if problem and scope["type"] == "websocket":
            await WebSocketClose(code=1008, reason="not allowed")(scope, receive, send)
        elif problem:
            refusal = PlainTextResponse(problem, status_code=403)
            await refusal(scope, receive, self._sending(send))
        else:
            await self.app(scope, receive, self._sending(send))

    def problem(self, scope: Scope) -> str:
        """Return why a request is refused, in a sentence; an empty string if it is not."""
        headers = Headers(scope=scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        name = _name(hosts[0]) if len(hosts) == 1 else None
        if name is None or name not in self.hosts:
            return (
                f"The host {', '.join(hosts)!r} is not allowed. Open the dashboard at "
                "http://localhost, or start it with: marquee app --allow-host NAME\n"
            )
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE
        if changes and any(not _is_own(origin, hosts[0]) for origin in origins):
            return f"Requests from pages of {', '.join(origins)!r} are not allowed.\n"
        return ""

    def _sending(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                allowed = " ".join(self.ancestors) or "'none'"
                headers.append("content-security-policy", f"frame-ancestors {allowed}")
                if not self.ancestors:
                    headers["x-frame-options"] = "DENY"
                headers.update(HEADERS)
            await send(message)

        return with_headers


class OldPaths:
    """ASGI middleware that redirects the paths of pages before to those of today.

    Streamlit would show that a page was not found while the first script of a server still runs.

    Attributes:
        app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or redirect it."""
        path = scope["path"].strip("/") if scope["type"] == "http" else ""
        if path not in OLD_PATHS:
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        target = f"{scope.get('root_path', '')}/{OLD_PATHS[path]}" + (f"?{query}" if query else "")
        await RedirectResponse(target, status_code=308)(scope, receive, send)


class Preload:
    """ASGI middleware that names the scripts of charts in the header of every page.

    Streamlit asks for them once the script of the page has sent a chart: a browser would wait for
    that first and then for 4.7 MB. Named in the header, they are loaded meanwhile.

    Attributes:
        app: the application.
        links: the header; empty where Streamlit has no such files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        static = Path(st.__file__).parent / "static"
        found = [path for name in PRELOADED for path in static.glob(f"static/js/{name}.*.js")]
        self.links = ", ".join(
            f"<./{path.relative_to(static).as_posix()}>; rel=modulepreload" for path in found
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; a page comes with the addresses of the scripts."""

        async def with_links(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("link", self.links)
            await send(message)

        is_page = scope["type"] == "http" and self.links
        await self.app(scope, receive, with_links if is_page else send)


def _name(host: str) -> str | None:
    """Return the name in a Host header, lower case; None where it is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # reading it raises for what is no port
    except ValueError:
        return None
    is_bare = parts.netloc == host and parts.username is None and parts.password is None
    return parts.hostname.rstrip(".") if is_bare and parts.hostname else None


def _is_own(origin: str, host: str) -> bool:
    """Return whether an Origin is that of the Host a request is sent to."""
    try:
        page, server = urlsplit(origin), urlsplit(f"//{host}")
        default = DEFAULT_PORTS.get(page.scheme)
        return (
            page.scheme in ("http", "https")
            and page.hostname is not None
            and page.hostname == server.hostname
            and (page.port or default) == (server.port or default)
        )
    except ValueError:
        return False


def hosts() -> list[str]:
    """Return the names that may stand in Host, as the environment says."""
    return [*LOCAL, *os.environ.get(HOSTS, "").split()]


def middleware() -> list[Middleware]:
    """Return what stands before the pages, the guard as the environment says."""
    guard = Middleware(Guard, hosts=hosts(), ancestors=os.environ.get(FRAMES, "").split())
    return [guard, Middleware(OldPaths), Middleware(Preload)]


def load_pages() -> None:
    """Import what pages need before the first one asks for it."""
    caches = logging.getLogger("streamlit.runtime.caching.cache_data_api")
    level = caches.level
    caches.setLevel(logging.ERROR)  # it warns that no server runs yet
    for module in pkgutil.iter_modules(views.__path__):
        importlib.import_module(f"{views.__name__}.{module.name}")
    caches.setLevel(level)


def main() -> None:
    """Serve the dashboard of the working folder, as the environment says."""
    settings: dict[str, object] = {"server.allowedHosts": hosts()}
    if port := os.environ.get(PORT):
        settings["server.port"] = int(port)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        load_pages()
        st.App(Path("dashboard.py").resolve(), middleware=middleware()).run(config=settings)


if __name__ == "__main__":
    main()
