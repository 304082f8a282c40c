"""The text of a table whatever its encoding, and what had to be assumed to read it."""

from __future__ import annotations

import codecs

import charset_normalizer

from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError

MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FEW = 0.05  # share of the lines that may hold stray bytes in a table that is UTF-8 all the same
WESTERN = 0.1  # share of bytes above 127 below which a text is taken for a Western European one
NULS = 0.05  # share of the bytes of a text in UTF-16, even in one of few spaces and commas
FALLBACK = "cp1252"
N_IDS = 5  # rows that are named


def text_of(name: str, content: bytes, report: ReadReport, encoding: str | None = None) -> str:
    """Return the text of a table.

    UTF-8, or UTF-16 with or without a byte order mark. A table that is UTF-8 but for at most one
    line in 20 stays UTF-8, and the stray bytes are read as Windows-1252. Any other table is read
    as Windows-1252 where it is almost all ASCII, else in the encoding that charset-normalizer
    detects; the report says which.

    Args:
        name: of the file, for messages.
        content: its bytes.
        report: where assumptions are noted.
        encoding: name of the encoding; detected if None.

    Raises:
        DataError: the encoding is not known or not that of the table, or none can be detected.
    """
    if encoding is not None:
        return _decoded_as(name, content, encoding)
    if content.startswith(MARKS):
        return content.decode("utf-16", errors="replace")
    if (utf_16 := _utf_16(content)) is not None:
        report.notes[f"table without a byte order mark, read as {utf_16}"] = 1
        return content.decode(utf_16, errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _not_utf_8(name, content, report)


def _decoded_as(name: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise DataError(
            f"'{encoding}' is not a known encoding. Expected a name such as utf-8, cp1251 or "
            "latin-1 for --encoding."
        ) from None
    except UnicodeError as error:
        raise DataError(
            f"'{name}' is not encoded in {encoding} ({error}). Choose another --encoding, or leave "
            "the option out to have it detected."
        ) from None


def _utf_16(content: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: of its ASCII one byte of two is NUL."""
    head = content[:4096]
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) < NULS * len(head) or min(first, second) > 0:
        return None
    return "utf-16-le" if second else "utf-16-be"


def _not_utf_8(name: str, content: bytes, report: ReadReport) -> str:
    lines = content.splitlines(keepends=True)
    odd = [line for line in lines if not _is_utf_8(line)]
    # A line of UTF-8 beyond ASCII shows that the table is not in a code page as a whole.
    is_utf_8 = any(not line.isascii() and _is_utf_8(line) for line in lines)
    if is_utf_8 and len(odd) <= max(1, FEW * len(lines)):
        ids = [printable(line.split(b",")[0].decode("ascii", "replace")) for line in odd[:N_IDS]]
        note = f"rows with bytes that are not UTF-8, read as Windows-1252 ({', '.join(ids)})"
        report.notes[note] = len(odd)
        return content.decode("utf-8-sig", errors=STRAY)
    if sum(byte > 127 for byte in content) < WESTERN * len(content):
        report.notes["table not in UTF-8, read as Windows-1252"] = 1
        return content.decode(FALLBACK, errors="replace")
    best = charset_normalizer.from_bytes(content).best()
    if best is None:
        raise DataError(
            f"The encoding of '{name}' could not be detected. Save it as UTF-8, or name its "
            "encoding with --encoding."
        )
    report.notes[f"table not in UTF-8, read as {best.encoding}"] = 1
    return content.decode(best.encoding, errors="replace")


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode(FALLBACK, errors="replace"), error.end


STRAY = "marquee.stray"
codecs.register_error(STRAY, _as_windows_1252)
