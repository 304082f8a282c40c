"""Reading films: speed, memory, and the layouts that need no option."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.layouts import LAYOUTS, films_in
from benchmarks.speed.figure import Figure
from benchmarks.speed.stopwatch import stopwatch
from genre_core.artifacts import Artifacts
from genre_core.data.opening import open_dataset
from genre_core.data.readers import find_films
from genre_core.sample import generate_sample

N_ROWS = 1_000_000
N_GENRES = 25
WORDS = (
    *("a", "ghost", "in", "the", "cellar", "finds", "her", "old", "love", "letter", "and"),
    *("must", "leave", "town", "before", "winter"),
)
GIGABYTE = 1e9
READ = """
import resource, sys, time
from pathlib import Path
from genre_core.data.readers import find_films
began = time.perf_counter()
n_films = len(find_films(Path(sys.argv[1])).read().rows)
seconds = time.perf_counter() - began
with open("/proc/self/status") as status:
    peak = next(line for line in status if line.startswith("VmHWM")).split()[1]
print(n_films, seconds, peak)
"""


def run(folder: Path, split_file: Path | None) -> Iterator[Figure]:
    """Yield the lines of the table, measured in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as name:
        scratch = Path(name)
        yield _opening_again(folder, split_file, scratch)
        yield _layouts(scratch)
        yield from _million(scratch / "million.csv")


def _opening_again(folder: Path, split_file: Path | None, scratch: Path) -> Figure:
    artifacts = Artifacts(scratch / "artifacts")
    open_dataset(folder, artifacts, split_file=split_file)
    with stopwatch() as seconds:
        open_dataset(folder, artifacts, split_file=split_file)
    return Figure("opening the same films again", seconds(), "s", 0.2, at_least=False)


def _layouts(scratch: Path) -> Figure:
    """Count the layouts in which the same films are read back whole."""
    generate_sample(scratch / "sample", n_films=60)
    films = films_in(scratch / "sample")
    n_read = 0
    for name, layout in LAYOUTS.items():
        layout.write(films, scratch / name)
        n_read += len(find_films(scratch / name).read().rows) == len(films)
    return Figure("layouts read without an option", n_read, "", 8, at_least=True)


def _million(path: Path) -> Iterator[Figure]:
    _write(path)
    with stopwatch() as plain, path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass
    base = plain()
    command = [sys.executable, "-c", READ, str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    seconds, size = float(said[1]), int(said[2]) * 1024 / GIGABYTE
    yield Figure(f"reading {int(said[0]):,} rows", seconds, "s", 19.6, at_least=False)
    yield Figure("reading them / the csv module alone", seconds / base, "x", None, at_least=False)
    yield Figure("memory of reading them", size, "GB", 1.7, at_least=False)


def _write(path: Path) -> None:
    random = np.random.default_rng(0)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "Overview", *(f"Genre {number}" for number in range(N_GENRES))])
        for start in range(0, N_ROWS, 10_000):
            labels = (random.random((10_000, N_GENRES)) < 0.1).astype(int).tolist()
            words = random.choice(WORDS, (10_000, 20)).tolist()
            writer.writerows(
                [f"tt{start + row:07d}", f"{' '.join(words[row])} {start + row}.", *labels[row]]
                for row in range(10_000)
            )
