"""The format of TensorBoard's event files, as far as scalars need it, without TensorFlow.

A file is a sequence of records. A record is the length of its content (uint64, little-endian), a
checksum of these 8 bytes, the content, and a checksum of it. The content is an `Event` in the wire
format of Protocol Buffers.

Source: TensorFlow, "TFRecord and tf.train.Example" (the framing), its `core/util/event.proto` and
`core/framework/summary.proto` (the fields); RFC 3720, appendix B.4 (CRC-32C).
"""

from __future__ import annotations

import struct

import numpy as np

POLYNOMIAL = 0x82F63B78  # of CRC-32C, bits reversed
MASK = 0xA282EAD8
VERSION = "brain.Event:2"  # what the first event of a file says


def first_record(wall_time: float) -> bytes:
    """Return the record that every event file begins with.

    Args:
        wall_time: seconds since 1970.
    """
    return record(_time(wall_time) + _part(3, VERSION.encode()))


def scalar_record(tag: str, value: float, *, step: int, wall_time: float) -> bytes:
    """Return the record of one scalar.

    Args:
        tag: name of the chart.
        value: stored with 32 bits.
        step: its place on the horizontal axis.
        wall_time: seconds since 1970.
    """
    with np.errstate(over="ignore"):  # beyond 32 bits is infinite
        number = np.float64(value).astype("<f4").tobytes()
    scalar = _part(1, tag.encode()) + _key(2, 5) + number
    return record(_time(wall_time) + _key(2, 0) + _varint(step) + _part(5, _part(1, scalar)))


def record(content: bytes) -> bytes:
    """Return a content with its length and both checksums."""
    length = struct.pack("<Q", len(content))
    return length + masked_checksum(length) + content + masked_checksum(content)


def crc32c(content: bytes) -> int:
    """Return the CRC-32C (Castagnoli) of some bytes.

    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    crc = 0xFFFFFFFF
    for byte in content:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def masked_checksum(content: bytes) -> bytes:
    """Return the checksum that stands behind some bytes: their CRC-32C, rotated and shifted."""
    crc = crc32c(content)
    rotated = ((crc >> 15) | (crc << 17)) & 0xFFFFFFFF
    return struct.pack("<I", (rotated + MASK) & 0xFFFFFFFF)


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (POLYNOMIAL if byte & 1 else 0)
    return byte


TABLE = tuple(_remainder(byte) for byte in range(256))


def _time(seconds: float) -> bytes:
    return _key(1, 1) + struct.pack("<d", seconds)


def _part(field: int, content: bytes) -> bytes:
    """Return a field that holds text or another message."""
    return _key(field, 2) + _varint(len(content)) + content


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(number: int) -> bytes:
    """Return a whole number in groups of seven bits, the lowest first."""
    number &= 2**64 - 1  # the two's complement of a negative one
    groups = []
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])
