"""A web server on this computer that can break off, lack ranges, redirect and refuse."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer(ThreadingHTTPServer):
    """Serves `files` by path; `requests` are the headers of what was asked for.

    Attributes:
        etag: of all files; empty for a server that sends none.
        has_ranges: whether it sends a part of a file.
        is_chunked: whether it does not say how long a file is.
        breaks: after how many bytes the next answers end too early.
        statuses: what the next requests are refused with.
        redirects: other addresses, by path.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.redirects, self.requests = {}, {}, []
        self.etag, self.has_ranges, self.is_chunked = '"1"', True, False
        self.breaks, self.statuses = [], []

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}/{path}"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        server, name = self.server, self.path.lstrip("/")
        server.requests.append(dict(self.headers))
        if name in server.redirects:
            self.send_response(302)
            self.send_header("Location", server.redirects[name])
            self.end_headers()
        elif server.statuses or name not in server.files:
            self.send_error(server.statuses.pop(0) if server.statuses else 404)
        else:
            self.send(server.files[name])

    def send(self, content):
        server, start = self.server, 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and server.has_ranges and self.headers["If-Range"] == server.etag:
            start = int(asked[1])
            if start >= len(content):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        if server.is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(content) - start))
        if server.etag:
            self.send_header("ETag", server.etag)
        self.end_headers()
        end = start + server.breaks.pop(0) if server.breaks else len(content)
        if server.is_chunked:
            self.wfile.write(f"{len(content) - start:x}\r\n".encode())
            content += b"\r\n0\r\n\r\n"
            end = len(content) if end == len(content) - 7 else end
        self.wfile.write(content[start:end])


@contextmanager
def serving():
    """Yield a server that runs in a thread."""
    server = FileServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
