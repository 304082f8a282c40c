"""Attempts to break Marquee, each with a seed: the campaign of `make faults`.

An attempt is a function of a seed that returns what went wrong, or an empty text. Results are lines
of a file, so that a campaign that was broken off goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from benchmarks.faults import damage, disk, hostile, kills, queries, races, texts
from benchmarks.faults.ground import Ground, make_ground

CODE = 2  # increased when an attempt does something else: earlier results no longer count


@dataclass(frozen=True)
class Fault:
    """A way to break something.

    Attributes:
        name: its key in the file of results.
        label: as the table shows it.
        planned: number of attempts of a whole campaign.
        attempt: makes one; returns the problem, or an empty text.
        elsewhere: whether it is the work of processes of its own, so that it can be made beside
            others.
    """

    name: str
    label: str
    planned: int
    attempt: Callable[[Ground, int], str]
    elsewhere: bool = False


BESIDE = 2  # attempts elsewhere at once
FAULTS = (
    Fault(
        "damage",
        "a file truncated, flipped, emptied, nested, removed or a folder",
        300,
        damage.attempt,
    ),
    Fault(
        "disk", "no room at a write of a run, a dataset, a comparison or a save", 200, disk.attempt
    ),
    Fault("tables", "hostile tables", 30_000, hostile.table),
    Fault("posters", "hostile posters", 40_000, hostile.poster),
    Fault("texts", "hostile texts of films and runs on every page in Chromium", 30, texts.attempt),
    Fault("queries", "hostile query parameters of a page", 3000, queries.attempt),
    Fault(
        "races", "sixteen simultaneous starts, exactly one winner", 100, races.start, elsewhere=True
    ),
    Fault("deletions", "two deletions of one run while runs are listed", 50, races.delete),
    Fault(
        "kills",
        "a training killed at a random moment and resumed, bit-equal",
        200,
        kills.resume,
        elsewhere=True,
    ),
    Fault("cancel", "a training cancelled at a random moment, gone within 5 s", 50, kills.cancel),
)


def run(
    results: Path,
    *,
    minutes: float | None = None,
    names: Sequence[str] = (),
    seed: int = 0,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> list[dict[str, Any]]:
    """Make the missing attempts, a few of each kind in turn, and return the lines of the table.

    Args:
        results: file of the results.
        minutes: time limit; None for none.
        names: only these faults; all of them if empty.
        seed: of the campaign.
        tick: called with (attempts made, attempts in all).
    """
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    made = _read(results, seed)
    total = sum(fault.planned for fault in chosen)
    deadline = None if minutes is None else time.monotonic() + 60 * minutes
    results.parent.mkdir(parents=True, exist_ok=True)
    one_at_a_time = Lock()

    def make(ground: Ground, fault: Fault, number: int) -> None:
        if deadline is not None and time.monotonic() > deadline:
            return
        line = _attempt(fault, ground, number, seed)
        with one_at_a_time:
            made[fault.name, number] = line
            with results.open("a") as file:
                file.write(json.dumps(line) + "\n")
            tick(sum(name in {one.name for one in chosen} for name, _ in made), total)

    with _quiet("genre_core", "streamlit"), TemporaryDirectory(prefix="marquee-faults-") as scratch:
        ground = make_ground(Path(scratch))
        _side_by_side(list(_in_turn(chosen, made)), lambda *one: make(ground, *one))
    return [_row(fault, made) for fault in chosen]


def _side_by_side(missing: Sequence[tuple[Fault, int]], make: Callable[[Fault, int], None]) -> None:
    """Make attempts elsewhere beside those of this process, which change what it sees."""
    pool = ThreadPoolExecutor(BESIDE)
    try:
        others = [pool.submit(make, *one) for one in missing if one[0].elsewhere]
        for one in missing:
            if not one[0].elsewhere:
                make(*one)
        for other in others:
            other.result()
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Keep loggers silent about what is broken on purpose."""
    levels = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.ERROR)
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _attempt(fault: Fault, ground: Ground, number: int, seed: int) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        problem = fault.attempt(ground, seed * 1_000_000 + number)
    except Exception as error:  # whatever escapes is a failure, not the end of the campaign
        place = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
    seconds = round(time.perf_counter() - began, 3)
    return {
        "code": CODE,
        "fault": fault.name,
        "number": number,
        "seed": seed,
        "seconds": seconds,
        "problem": problem,
    }


def _in_turn(
    chosen: Sequence[Fault], made: dict[tuple[str, int], dict[str, Any]]
) -> Iterator[tuple[Fault, int]]:
    """Yield the missing attempts so that each kind is at the same share of its plan."""
    left = [
        ((number + 0.5) / fault.planned, place, fault, number)
        for place, fault in enumerate(chosen)
        for number in range(fault.planned)
        if (fault.name, number) not in made
    ]
    for *_, fault, number in sorted(left, key=lambda one: one[:2]):
        yield fault, number


def _row(fault: Fault, made: dict[tuple[str, int], dict[str, Any]]) -> dict[str, Any]:
    lines = [line for (name, _), line in made.items() if name == fault.name]
    problems = [line for line in lines if line["problem"]]
    return {
        "fault": fault.name,
        "label": fault.label,
        "attempts": len(lines),
        "planned": fault.planned,
        "failures": len(problems),
        "seconds": round(sum(line["seconds"] for line in lines), 1),
        "problems": [
            {"number": line["number"], "problem": line["problem"]} for line in problems[:5]
        ],
    }


def _read(path: Path, seed: int) -> dict[tuple[str, int], dict[str, Any]]:
    if not path.exists():
        return {}
    found = {}
    for text in path.read_text().splitlines():
        try:
            line = json.loads(text)
        except ValueError:  # of a campaign that was killed
            continue
        if (line["code"], line["seed"]) == (CODE, seed):
            found[line["fault"], line["number"]] = line
    return found
