"""Run the coverage simulations in parallel, with saved results that can be continued.

The result of each simulated world is one line of a file, in a folder named by a hash of the code it
depends on. An interrupted simulation is continued, and changed code starts a new one.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.coverage import worlds
from benchmarks.coverage.studies import STUDIES, Found, Rate, Study, study

# What the findings depend on, below the root of the project.
SOURCES = (
    *(
        f"genre_core/evaluation/{name}.py"
        for name in (
            *("bootstrap", "calibration", "decisions", "draws", "fitting", "formulas"),
            *("intervals", "metrics", "paired", "recipes", "swaps", "totals", "verdicts"),
        )
    ),
    "genre_core/comparison/standings.py",
    "benchmarks/coverage/studies.py",
    "benchmarks/coverage/worlds.py",
)
CHUNK = 8  # worlds per task of a process


def run(
    folder: Path,
    *,
    n_worlds: int,
    n_draws: int,
    seed: int,
    names: Sequence[str] = (),
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> list[Rate]:
    """Return the rates of every study, after simulating its missing worlds.

    Args:
        folder: Folder of the results.
        n_worlds: Number of worlds of a study of false verdicts; other studies have a share of it.
        n_draws: Number of resamples and of swaps in each world.
        seed: Random seed of the population and the worlds.
        names: Only these studies; none for all.
        tick: Called with (worlds done, worlds in all).
    """
    kept = folder / f"{_key()}-{n_draws}-{seed}"
    kept.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in STUDIES if not names or one.name in names]
    found = {one.name: _read(_path(kept, one)) for one in chosen}
    wanted = {one.name: math.ceil(n_worlds * one.share) for one in chosen}
    missing = [
        (one.name, number)
        for one in chosen
        for number in range(wanted[one.name])
        if number not in found[one.name]
    ]
    total = sum(wanted.values())
    done = total - len(missing)
    for name, number, finding in _made(missing, n_draws, seed):
        with _path(kept, study(name)).open("a") as file:
            file.write(f"\n{json.dumps({'number': number, 'found': finding})}\n")
        found[name][number] = finding
        done += 1
        tick(done, total)
    return [rate for one in chosen for rate in one.rows(one.name, _first(found, wanted, one))]


def _first(found: dict[str, dict[int, Found]], wanted: dict[str, int], one: Study) -> list[Found]:
    return [found[one.name][number] for number in range(wanted[one.name])]


def _made(
    missing: Sequence[tuple[str, int]], n_draws: int, seed: int
) -> Iterator[tuple[str, int, Found]]:
    """Yield the results of worlds as they are completed."""
    chunks = [missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK)]
    if not chunks:
        return
    # Before the fork, so that the processes share it.
    worlds.population(seed)
    with threadpool_limits(1):
        for name in dict.fromkeys(name for name, _ in missing):
            study(name).prepare()
    with ProcessPoolExecutor() as pool:
        waiting = [pool.submit(_look, chunk, n_draws, seed) for chunk in chunks]
        try:
            for future in as_completed(waiting):
                yield from future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _look(
    chunk: Sequence[tuple[str, int]], n_draws: int, seed: int
) -> list[tuple[str, int, Found]]:
    with threadpool_limits(1):  # one thread per process, to avoid oversubscription
        return [(name, number, study(name).look(seed, number, n_draws)) for name, number in chunk]


def _path(folder: Path, one: Study) -> Path:
    return folder / f"{one.name.replace(' ', '-')}.jsonl"


def _read(path: Path) -> dict[int, Found]:
    """Return the results in a file by number; incomplete lines are left out."""
    found = {}
    if path.exists():
        for line in path.read_text().splitlines():
            with contextlib.suppress(ValueError, KeyError):
                row = json.loads(line)
                found[int(row["number"])] = row["found"]
    return found


def _key() -> str:
    """Return a hash of the code that results depend on, without comments and docstrings."""
    folder = Path(__file__).parents[2]
    whole = hashlib.sha256()
    for name in SOURCES:
        tree = ast.parse((folder / name).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
                node, clean=False
            ):
                node.body = node.body[1:]
        whole.update(ast.dump(tree).encode())
    return whole.hexdigest()[:12]
