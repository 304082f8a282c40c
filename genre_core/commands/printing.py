"""Output of the command line: JSON, or tables, lines and progress for a terminal."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import click
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.segment import Segment


class SafeConsole(Console):
    """A console to which names and texts of others send no control sequences."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Return the segments of something printed, with control characters in them escaped."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(escaped(segment.text), segment.style)


def escaped(text: str) -> str:
    r"""Return text without control characters, but for line breaks; valid in JSON.

    >>> escaped("a\x1b[31mb")
    'a\\u001b[31mb'
    """
    return "".join(
        letter
        if letter.isprintable() or letter == "\n" or unicodedata.category(letter) == "Zs"
        else json.dumps(letter)[1:-1]
        for letter in text
    )


notes = SafeConsole(stderr=True)  # progress and remarks; results go to stdout


class PosterProgress:
    """A progress bar for decoding posters, shown only if there are posters to decode."""

    def __enter__(self) -> Callable[[int, int], None]:
        self.bar = Progress(console=notes, transient=True, disable=not notes.is_terminal)
        self.task: Any = None
        return self.move

    def move(self, done: int, total: int) -> None:
        """Show that `done` of `total` posters are decoded."""
        if self.task is None:
            self.bar.start()
            self.task = self.bar.add_task("decoding posters", total=total)
        self.bar.update(self.task, completed=done)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


class DownloadProgress:
    """A progress bar for the bytes of a download, with speed and time left."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> Callable[[int, int | None], None]:
        self.bar = Progress(
            TextColumn("{task.description}", markup=False),
            *(BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()),
            console=notes,
            transient=True,
            disable=not notes.is_terminal,
        )
        self.task = self.bar.add_task(self.name, total=None)
        self.bar.start()
        return self.move

    def move(self, done: int, total: int | None) -> None:
        """Show that `done` of `total` bytes are there."""
        self.bar.update(self.task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def print_json(value: Any) -> None:
    """Print a value as JSON, in letters that the terminal knows."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    is_ascii = encoding not in ("utf8", "utf16", "utf32")
    click.echo(escaped(json.dumps(value, indent=2, ensure_ascii=is_ascii, allow_nan=False)))


def show(value: Any, as_json: bool, tables: Callable[[Any], list[Any]]) -> None:
    """Print a value as JSON, or as the tables and lines that `tables` returns for it."""
    if as_json:
        print_json(value)
        return
    console = SafeConsole()
    for table in tables(value):
        console.print(table, highlight=False, markup=False)
