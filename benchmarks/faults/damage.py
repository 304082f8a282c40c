"""One file of an artifacts folder is damaged: nothing crashes, nothing is silently different."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from benchmarks.faults.ground import PAGES, Ground, command, page, random_of
from genre_core.artifacts import Artifacts

# Figures of everything that is kept, as the command line prints them.
COMMANDS = (
    ("runs", "--json"),
    ("show", "poster_cnn", "--json", "--threshold", "tuned"),
    ("show", "fusion", "--json", "--threshold", "mine"),
    ("compare", "poster_cnn", "overview_lstm", "--json"),
)
REBUILT = ("comparisons", "thresholds", "posters")  # folders of caches


def truncate(path: Path, random: np.random.Generator) -> None:
    """Cut a file off somewhere."""
    content = path.read_bytes()
    path.write_bytes(content[: int(random.integers(len(content) + 1))])


def flip(path: Path, random: np.random.Generator) -> None:
    """Flip one bit."""
    content = bytearray(path.read_bytes())
    if content:
        content[random.integers(len(content))] ^= 1 << int(random.integers(8))
    path.write_bytes(content)


def empty(path: Path, _random: np.random.Generator) -> None:
    """Leave no byte."""
    path.write_bytes(b"")


def folder(path: Path, _random: np.random.Generator) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


def remove(path: Path, _random: np.random.Generator) -> None:
    """Take it away."""
    path.unlink()


def nest(path: Path, _random: np.random.Generator) -> None:
    """Put JSON of endless depth in its place."""
    path.write_bytes(b"[" * 100_000)


KINDS: tuple[Callable[[Path, np.random.Generator], None], ...] = (
    truncate,
    flip,
    empty,
    folder,
    remove,
    nest,
)


def attempt(ground: Ground, seed: int) -> str:
    """Damage one file; return what crashed, or which figure changed without a word."""
    random = random_of(seed)
    expected = _figures_of(ground)
    with ground.copy() as artifacts:
        files = sorted(path for path in artifacts.root.rglob("*") if path.is_file())
        path = files[seed % len(files)]
        kind = KINDS[seed // len(files) % len(KINDS)]
        kind(path, random)
        what = f"{kind.__name__} of {path.relative_to(artifacts.root)}"
        try:
            found = _figures(artifacts)
            st.cache_data.clear()
            st.cache_resource.clear()
            page(PAGES[seed % len(PAGES)], artifacts)
        except AssertionError as error:
            return f"{what}: {error}"
        changed = [words for words in COMMANDS if found[words] and _differs(words, found, expected)]
        shutil.rmtree(artifacts.root)
    return f"{what}: other figures of {changed}" if changed else ""


@functools.lru_cache(maxsize=1)
def _figures_of(ground: Ground) -> dict[tuple[str, ...], str]:
    return _figures(ground.artifacts)


def _figures(artifacts: Artifacts) -> dict[tuple[str, ...], str]:
    """Return what each command prints; an empty text where it refuses with a message."""
    found: dict[tuple[str, ...], str] = {}
    for words in COMMANDS:
        status, text = command(*words, artifacts=artifacts)
        found[words] = "" if status else text
    return found


def _differs(
    words: tuple[str, ...], found: dict[tuple[str, ...], str], expected: dict[tuple[str, ...], str]
) -> bool:
    if words[0] != "runs":
        return bool(json.loads(found[words]) != json.loads(expected[words]))
    before = {run["id"]: run for run in json.loads(expected[words])}
    return any(
        run["state"] == "finished" and run != before.get(run["id"])
        for run in json.loads(found[words])
    )
