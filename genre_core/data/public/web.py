"""Asks a web server for a file, or for the rest of one that was received in part."""

from __future__ import annotations

import contextlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from genre_core.errors import DataError

SCHEMES = ("http", "https")
TIMEOUT = 30.0  # seconds without a byte
TRY_LATER = (408, 425, 429, 500, 502, 503, 504)  # HTTP statuses
BROKEN = (OSError, http.client.HTTPException)  # an HTTPError is an OSError, too


@dataclass(frozen=True)
class Answer:
    """What a server sends: the bytes of a file from `start` on.

    Attributes:
        body: the stream.
        start: position of its first byte in the file.
        total: size of the whole file in bytes; None if the server does not say it.
        validator: ETag or date of the file, by which a change is noticed; may be empty.
    """

    body: http.client.HTTPResponse
    start: int
    total: int | None
    validator: str


@contextlib.contextmanager
def ask(url: str, size: int = 0, validator: str = "") -> Iterator[Answer]:
    """Yield the answer to a request for a file, or for the rest of it.

    Args:
        url: address of the file.
        size: bytes that are there already.
        validator: of the file that they belong to. Without one the whole file is asked for; if the
            file has changed, the server sends the whole one.

    Raises:
        DataError: the address, or one that it redirects to, is not followed.
        OSError, HTTPException: the server cannot be reached, or refuses (`BROKEN`).
    """
    _check_scheme(url)
    request = urllib.request.Request(url)
    request.add_header("Accept-Encoding", "identity")
    request.add_header("User-Agent", "marquee")
    if size and validator:
        request.add_header("Range", f"bytes={size}-")
        request.add_header("If-Range", validator)
    with urllib.request.build_opener(_Redirects).open(request, timeout=TIMEOUT) as body:
        start, total = _extent(body)
        if start not in (0, size):
            raise ConnectionError(f"it sent bytes from {start:,} on instead of {size:,}")
        yield Answer(body, start, total, _validator(body.headers))


def is_temporary(error: Exception) -> bool:
    """Tell whether the same request may succeed a little later."""
    return not isinstance(error, urllib.error.HTTPError) or error.code in TRY_LATER


def is_beyond_the_end(error: Exception) -> bool:
    """Tell whether a server refused because more bytes are there than its file has."""
    status = http.client.REQUESTED_RANGE_NOT_SATISFIABLE
    return isinstance(error, urllib.error.HTTPError) and error.code == status


def reason(error: Exception) -> str:
    """Return in words why a request failed."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code} ({error.reason})"
    return str(getattr(error, "reason", "") or error or type(error).__name__)


def _check_scheme(url: str) -> None:
    if urlsplit(url).scheme not in SCHEMES:
        raise DataError(f"'{url}' is no address that is downloaded here. Expected http or https.")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but neither to another kind of address nor from https to http."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Return the request that follows a redirect."""
        schemes = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if schemes[1] not in SCHEMES or schemes == ("https", "http"):
            raise DataError(
                f"'{req.full_url}' redirects to '{newurl:.200}', which is not followed. Expected "
                "an https address, or http from http. Download the file with a browser if you "
                "trust that address."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _extent(body: http.client.HTTPResponse) -> tuple[int, int | None]:
    """Return the position of the first byte that is sent, and the size of the whole file."""
    if body.status == http.client.PARTIAL_CONTENT:
        span, _, total = body.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        first = span.partition("-")[0]
        if not first.isdecimal():
            raise ConnectionError("it did not say which bytes it sent")
        return int(first), _number(total)
    return 0, _number(body.headers.get("Content-Length", ""))


def _number(digits: str) -> int | None:
    return int(digits) if digits.isdecimal() else None


def _validator(headers: http.client.HTTPMessage) -> str:
    """Return what If-Range takes: a strong ETag, or else the date of the last change."""
    tag = headers.get("ETag", "")
    return tag if tag.startswith('"') else headers.get("Last-Modified", "")
