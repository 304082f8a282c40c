"""Three ways in for a foreign page, tried in Chromium on the dashboard and on Streamlit alone.

Streamlit alone, as it runs any script, is there to show that each attack works where nothing
stops it.
"""

import contextlib
import http.client
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from served_app import serving

from benchmarks.speed.served import ROOT, free_port, started

TALK = """address => new Promise(done => {
  const talk = new WebSocket(address, ['streamlit']);
  talk.onopen = () => done('opened');
  talk.onerror = () => done('refused');
})"""
ALONE, GUARDED, RUN = "streamlit alone", "dashboard", "streamlit run dashboard.py"


@pytest.fixture(scope="module", params=[ALONE, GUARDED, RUN])
def served(request, filled, tmp_path_factory):
    """Return which of the two it is, and its address."""
    with contextlib.ExitStack() as stack:
        if request.param == GUARDED:
            yield GUARDED, stack.enter_context(serving(filled[0]))
            return
        folder, script, port = ROOT, "dashboard.py", free_port()
        if request.param == ALONE:
            folder, script = tmp_path_factory.mktemp("alone"), "alone.py"
            (folder / script).write_text("import streamlit as st\nst.title('alone')\n")
        words = ["-m", "streamlit", "run", script, "--server.port", str(port)]
        words += ["--server.headless", "true", "--server.address", "127.0.0.1"]
        settings = {"MARQUEE_ARTIFACTS": str(filled[0])}
        stack.enter_context(started(words, port, folder=folder, settings=settings))
        yield request.param, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def foreign(served, tmp_path_factory):
    """Return the address of a page on another port, which frames the server."""
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "index.html").write_text(f"<iframe src='{served[1]}/' width=900 height=600></iframe>")
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_name_that_was_made_to_lead_here_opens_nothing(served, tab):
    which, address = served
    page = tab(address).page
    answer = page.goto(address.replace("127.0.0.1", "evil.example"))
    assert answer.status == (200 if which == ALONE else 403)
    if which != ALONE:
        assert "The host 'evil.example:" in page.content()


def test_a_foreign_page_cannot_frame_it(served, foreign, tab):
    which, address = served
    page = tab(address).page
    page.goto(foreign)
    page.wait_for_load_state("networkidle")
    shown = page.frame_locator("iframe").locator(
        "[data-testid=stApp]"
    )  # the error page has an h1 too
    if which == ALONE:
        shown.first.wait_for()
    else:
        assert shown.count() == 0


def test_a_page_of_another_port_cannot_talk_to_it(served, foreign, tab):
    which, address = served
    page = tab(address).page
    page.goto(foreign)
    stream = f"{address.replace('http', 'ws')}/_stcore/stream"
    assert page.evaluate(TALK, stream) == ("opened" if which == ALONE else "refused")


def test_a_raw_handshake_with_a_foreign_host_is_refused(served):
    which, address = served
    handshake = {
        "Host": "evil.example",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
        "Sec-WebSocket-Version": "13",
    }
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request("GET", "/_stcore/stream", headers=handshake)
    assert connection.getresponse().status == (101 if which == ALONE else 403)
    connection.close()
