"""The socket of the scoring service of an artifacts folder, and the messages on it.

A message is JSON, after its length in four bytes. Only this user's processes reach the socket: it
lies in a folder that nobody else may enter.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import struct
import tempfile
from pathlib import Path
from typing import Any

from genre_core.artifacts import Artifacts
from genre_core.errors import DataError

LENGTH = struct.Struct(">I")
MOST_BYTES = 32 * 2**20  # of a message; a poster of 10 MB in base64 fits
PRIVATE = 0o700


def socket_path(artifacts: Artifacts) -> Path:
    """Return the path of the socket, short enough for one; its folder is there afterwards.

    Raises:
        DataError: the folder belongs to somebody else.
    """
    folder = Path(tempfile.gettempdir()) / f"marquee-{os.getuid()}"
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
        raise DataError(
            f"'{folder}' is not private to this user. Remove it, or set TMPDIR to another folder."
        )
    name = hashlib.sha256(os.fsencode(artifacts.root.resolve())).hexdigest()[:24]
    return folder / f"{name}.sock"


def send(connection: socket.socket, message: Any) -> None:
    """Send a message."""
    content = json.dumps(message, allow_nan=False).encode()
    connection.sendall(LENGTH.pack(len(content)) + content)


def receive(connection: socket.socket) -> Any:
    """Return the next message.

    Raises:
        ConnectionError: the other side ended before it was whole.
        ValueError: it is too large, or no JSON.
    """
    (length,) = LENGTH.unpack(_exactly(connection, LENGTH.size))
    if length > MOST_BYTES:
        raise ValueError(f"a message of {length:,} bytes; expected at most {MOST_BYTES:,}")
    return json.loads(_exactly(connection, length))


def _exactly(connection: socket.socket, n_bytes: int) -> bytes:
    content = bytearray()
    while len(content) < n_bytes:
        part = connection.recv(min(2**16, n_bytes - len(content)))
        if not part:
            raise ConnectionError("the connection ended in the middle of a message")
        content += part
    return bytes(content)
