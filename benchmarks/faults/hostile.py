"""Tables and posters that nobody should have written: counted or refused, never a crash."""

from __future__ import annotations

import io
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from benchmarks.faults.ground import Ground, command, random_of
from genre_core.artifacts import Artifacts
from genre_core.data.decoding import FORMATS
from genre_core.data.posters import POSTER_SIZE, decode_poster
from genre_core.data.readers import find_films
from genre_core.errors import DataError

# Bytes that tables trip over.
PIECES = (
    *(b'"', b'""', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\x00", b"\xff\xfe", b"\x1a"),
    *(b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"=cmd|' /C calc'!A0", b"[" * 2000),
    *(
        b"nan",
        b"inf",
        b"1e999",
        b"-0",
        b"True",
        b"1.0",
        b"NULL",
        b"\\N",
        b"../../x",
        b"a" * 200_000,
    ),
    *(
        "é".encode("utf-16"),
        "\u202e\u0000\U0001d54f".encode(),
        b"Id,Id,Id",
        b"Overview,Drama,Drama",
    ),
)
TABLES = (".csv", ".tsv", ".json", ".jsonl", ".parquet")
MEMORY = 512.0  # megabytes that an attempt may take


def mutated(content: bytes, random: np.random.Generator, pieces: tuple[bytes, ...]) -> bytes:
    """Return content with some bytes flipped, cut, repeated, or replaced by pieces."""
    whole = bytearray(content)
    for _ in range(int(random.integers(1, 12))):
        at = int(random.integers(len(whole) + 1))
        length = int(random.integers(1, 200))
        kind = int(random.integers(5))
        if kind == 0 and at < len(whole):
            whole[at] ^= 1 << int(random.integers(8))
        elif kind == 1:
            whole[at:at] = pieces[int(random.integers(len(pieces)))] if pieces else b"\x00"
        elif kind == 2:
            del whole[at : at + length]
        elif kind == 3:
            whole[at:at] = whole[at : at + length]
        elif random.random() < 0.1:
            del whole[at:]
    return bytes(whole)


def table(ground: Ground, seed: int) -> str:
    """Read a mutated table; every row is used, left out with a reason, or the table is refused."""
    return _within_memory(_table, ground, seed)


def poster(ground: Ground, seed: int) -> str:
    """Decode a mutated poster; it is an array of the right shape, or a reason to count."""
    return _within_memory(_poster, ground, seed)


def _within_memory(attempt: Callable[[Ground, int], str], ground: Ground, seed: int) -> str:
    before = _most_memory()
    problem = attempt(ground, seed)
    grown = _most_memory() - before
    return problem or ("" if grown <= MEMORY else f"took {grown:.0f} MB")


def _most_memory() -> float:
    """Return the largest memory that this process has had, in megabytes."""
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes here
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _table(ground: Ground, seed: int) -> str:
    random = random_of(seed)
    names = sorted(path.name for path in ground.layouts.iterdir())
    with TemporaryDirectory(dir=ground.folder) as scratch:
        folder = Path(scratch) / "films"
        shutil.copytree(ground.layouts / names[seed % len(names)], folder)
        tables = sorted(path for path in folder.rglob("*") if path.suffix in TABLES)
        target = tables[int(random.integers(len(tables)))]
        target.write_bytes(mutated(target.read_bytes(), random, PIECES))
        try:
            reading = find_films(folder).read()
        except DataError:
            return ""
        counts = reading.report.rows.as_dict()
        left_out = sum(counts["left_out"].values())
        if counts["read"] != len(reading.rows) + left_out:
            return f"{counts['read']} rows read, {len(reading.rows)} used, {left_out} left out"
        if seed % 20 == 0:  # the whole way now and then, as it takes a second
            artifacts = Artifacts(Path(scratch) / "artifacts")
            command("inspect", str(folder), artifacts=artifacts)
            shutil.rmtree(artifacts, ignore_errors=True)
    return ""


def _poster(ground: Ground, seed: int) -> str:
    random = random_of(seed)
    sources = sorted((ground.films / "Images").iterdir())
    content = io.BytesIO()
    with Image.open(sources[seed % len(sources)]) as image:
        image.convert("RGB").save(content, FORMATS[seed % len(FORMATS)])
    try:
        pixels = decode_poster(mutated(content.getvalue(), random, ()), POSTER_SIZE)
    except DataError:
        return ""
    return "" if pixels.shape == (*POSTER_SIZE, 3) else f"decoded to {pixels.shape}"
