"""Who may reach the dashboard, asked of the guard itself and of a small application behind it."""

import contextlib
from pathlib import Path

import pytest
import streamlit as st
from starlette.datastructures import Headers

from genre_core.ui.frame import shell
from genre_core.ui.server import LOCAL, OLD_PATHS, Guard, OldPaths, Preload

OWN = "http://127.0.0.1:8501"
POLICY = (b"content-security-policy", b"script-src 'self'")


async def behind(scope, _receive, send):
    """Stand behind the guard, as an application that answers everything."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [POLICY]})
    await send({"type": "http.response.body", "body": b"hello"})


def ask(*headers, method="GET", kind="http", hosts=(), ancestors=()):
    """Return the messages with which a request is answered."""
    guard = Guard(behind, hosts=[*LOCAL, *hosts], ancestors=ancestors)
    sent = []

    async def send(message):
        sent.append(message)

    encoded = [(name.encode(), value.encode()) for name, value in headers]
    scope = {"type": kind, "method": method, "path": "/", "headers": encoded}
    with contextlib.suppress(StopIteration):  # there may be a loop of another test
        guard(scope, None, send).send(None)
    return sent


def status(*headers, **how):
    return ask(*headers, **how)[0]["status"]


def is_accepted(*headers, **how):
    """Whether a WebSocket is accepted; one that is closed before that gets status 403."""
    (message,) = ask(*headers, kind="websocket", **how)
    return message["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8501", "LOCALHOST:1", "127.0.0.1:8501", "[::1]:8501", "localhost."],
)
def test_this_machine_is_answered(host):
    assert status(("host", host)) == 200
    assert is_accepted(("host", host))


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost.evil.example"),
        *("localhost@evil.example", "evil.example#localhost", "localhost/..", "localhost:x", ""),
        *("::1", "[::1", "127.0.0.2", "0.0.0.0:8501", "localhost:99999", "localhost, evil.example"),
    ],
)
def test_another_host_is_refused_with_a_way_out(host):
    start, body = ask(("host", host))
    assert start["status"] == 403
    assert b"marquee app --allow-host NAME" in body["body"]
    assert not is_accepted(("host", host))


def test_no_host_and_two_hosts_are_refused():
    assert status() == 403
    assert status(("host", "localhost"), ("host", "evil.example")) == 403


def test_a_configured_host_is_answered():
    headers = [("host", "Films.example"), ("origin", "https://films.example")]
    assert status(*headers, method="PUT", hosts=["films.example"]) == 200
    assert is_accepted(*headers, hosts=["films.example"])
    assert status(*headers, method="PUT") == 403


@pytest.mark.parametrize(
    ("origin", "is_own"),
    [
        (OWN, True),
        ("http://127.0.0.1:8502", False),
        ("http://localhost:8501", False),  # another name is another origin
        ("https://evil.example", False),
        ("null", False),
        ("file://", False),
        ("http://127.0.0.1:x", False),
    ],
)
def test_an_origin_has_to_be_the_servers_own(origin, is_own):
    headers = [("host", "127.0.0.1:8501"), ("origin", origin)]
    assert status(*headers) == 200  # a link may lead here
    assert status(*headers, method="PUT") == (200 if is_own else 403)
    assert is_accepted(*headers) == is_own


def test_a_port_left_out_is_that_of_the_scheme():
    assert is_accepted(("host", "localhost"), ("origin", "http://localhost:80"))
    assert is_accepted(("host", "localhost:443"), ("origin", "https://localhost"))
    assert not is_accepted(("host", "localhost:8501"), ("origin", "http://localhost"))


def test_nothing_may_frame_the_dashboard_unless_it_is_configured():
    headers = Headers(raw=ask(("host", "localhost"))[0]["headers"])
    policies = headers.getlist("content-security-policy")
    assert policies == ["script-src 'self'", "frame-ancestors 'none'"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    answer = ask(("host", "localhost"), ancestors=["https://lms.example"])
    headers = Headers(raw=answer[0]["headers"])
    assert "frame-ancestors https://lms.example" in headers.getlist("content-security-policy")
    assert "x-frame-options" not in headers


def asked_for(path, query=b""):
    """Return status and target of a request for a path."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}
    with contextlib.suppress(StopIteration):
        OldPaths(behind)(scope, None, send).send(None)
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"location")


@pytest.mark.parametrize(("path", "name"), OLD_PATHS.items())
def test_pages_of_before_lead_to_those_of_today(path, name):
    query = b"compared=a&compared=b&by=score+of+.5"
    assert asked_for(f"/{path}", query) == (308, f"/{name}?".encode() + query)
    assert asked_for(f"/{path}/") == (308, f"/{name}".encode())
    assert name in {"", *shell.HEADS}


@pytest.mark.parametrize(
    "path", ["/", "/films", "/comparison/x", "//comparison.example", "/Comparison"]
)
def test_other_paths_are_answered(path):
    assert asked_for(path) == (200, None)


@pytest.mark.parametrize(("kind", "is_named"), [(b"text/html", True), (b"text/javascript", False)])
def test_a_page_names_the_scripts_of_charts_which_are_there(kind, is_named):
    sent = []

    async def page(_scope, _receive, send):
        await send({"type": "http.response.start", "headers": [(b"content-type", kind)]})

    async def send(message):
        sent.append(message)

    with contextlib.suppress(StopIteration):
        Preload(page)({"type": "http", "path": "/"}, None, send).send(None)
    links = Headers(raw=sent[0]["headers"]).get("link", "")
    assert bool(links) is is_named
    for link in links.split(", ") if links else ():
        path = link.removeprefix("<./").split(">")[0]
        assert (Path(st.__file__).parent / "static" / path).is_file()
