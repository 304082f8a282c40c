"""Writes the folder of a run, the completion marker last; every source of runs uses it."""

from __future__ import annotations

import contextlib
import errno
import json
import secrets
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from genre_core import __version__
from genre_core.artifacts import Artifacts
from genre_core.errors import RunError
from genre_core.files import (
    LEFTOVER_AGE,
    Arrays,
    array_text,
    atomic_write,
    read_arrays,
    sha256,
    sync_folder,
    text_array,
    write_arrays,
    write_json,
    write_sealed,
)
from genre_core.runs.config import FORMAT, checked
from genre_core.runs.content import FILM_IDS, LABELS, MARKER, METRICS, SCORES, SPLIT
from genre_core.runs.folder import (
    CHECKPOINT,
    CONFIG,
    HISTORY,
    LOG,
    list_runs,
    microseconds,
    place,
    read_config,
)
from genre_core.runs.history import HistoryRow
from genre_core.runs.metrics import ScoredFilms, evaluate_splits

BEGUN = ".begun-"  # prefix of the name of a folder that is being made
TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)  # the name of a folder or a file


class RunWriter:
    """Writes the folder of a run; every source of runs uses it."""

    def __init__(self, artifacts: Artifacts, run_id: str) -> None:
        self.artifacts, self.id = artifacts, run_id
        self.folder = artifacts.runs / run_id

    @classmethod
    def create(cls, artifacts: Artifacts, config: dict[str, Any]) -> RunWriter:
        """Create the folder of a new run, named by model, recipe, seed and time.

        Args:
            artifacts: the folder of runs.
            config: description of the run, see `runs.config`.

        Raises:
            ValueError: a required value is missing, or a value is invalid.
        """
        now = datetime.now(UTC)
        made_of = [config.get(part) for part in ("model", "recipe")]
        seed = [f"s{config['seed']}"] if config.get("seed") is not None else []
        name = "-".join([*(part for part in made_of if part), *seed, f"{now:%Y%m%d-%H%M%S}"])
        whole = {
            "format": FORMAT,
            "created": now.isoformat(timespec="seconds"),
            "order": _next_order(artifacts, now),
            "marquee": __version__,
            **config,
        }
        checked(whole)
        # Under a name that is not listed until the config is there: a run without one is damaged.
        for leftover in artifacts.runs.glob(f"{BEGUN}*"):  # of a process that was killed
            with contextlib.suppress(FileNotFoundError):  # it has its name by now
                if time.time() - leftover.stat().st_mtime > LEFTOVER_AGE:
                    shutil.rmtree(leftover, ignore_errors=True)
        begun = artifacts.runs / f"{BEGUN}{secrets.token_hex(8)}"
        try:
            write_sealed(begun / CONFIG, whole)
            return cls(artifacts, _named(begun, name))
        except OSError:
            shutil.rmtree(begun, ignore_errors=True)
            raise

    def log(self, line: str) -> None:
        """Append a line with a timestamp to the run's log, unless the run is finished."""
        if (self.folder / MARKER).exists():
            return
        with (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {line}\n")

    def restore(self) -> tuple[list[HistoryRow], Arrays] | None:
        """Return history and state of the last completed epoch, and rewrite the history file.

        Raises:
            RunError: the checkpoint exists but cannot be read.
        """
        path = self.folder / CHECKPOINT
        if not path.exists():
            (self.folder / HISTORY).unlink(missing_ok=True)
            return None
        try:
            state = read_arrays(path)
            history = array_text(state.pop("history"))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise RunError(
                f"The checkpoint of run '{self.id}' is damaged ({error}). "
                f"Remove '{path}' to restart the training of that run."
            ) from error
        self._write_history(history)
        return history, state

    def keep(self, history: list[HistoryRow], state: Arrays) -> None:
        """Save the state after an epoch: first the checkpoint, then the history file."""
        write_arrays(self.folder / CHECKPOINT, {**state, "history": text_array(history)})
        with (self.folder / HISTORY).open("a", encoding="utf-8") as file:
            file.write(json.dumps(history[-1]) + "\n")

    def finish(
        self,
        films: ScoredFilms | None = None,
        **facts: Any,
    ) -> dict[str, Any]:
        """Write scores, metrics and the completion marker, and remove the checkpoint.

        Returns the metrics of each split; none without films.

        Args:
            films: the films with labels and scores; None for a history alone.
            facts: further values of the marker, such as kept_epoch and seconds.
        """
        metrics: dict[str, Any] = {"splits": {}}
        if films is not None:
            self._write_films(films)
            metrics = evaluate_splits(films, read_config(self.folder))
            write_json(self.folder / METRICS, metrics)
        for leftover in self.folder.glob(".*.tmp"):  # of a write that was killed
            leftover.unlink()
        kept = [path for path in sorted(self.folder.iterdir()) if path.name != CHECKPOINT]
        hashes = {path.name: sha256(path) for path in kept}
        write_sealed(self.folder / MARKER, {"format": FORMAT, **facts, "files": hashes})
        (self.folder / CHECKPOINT).unlink(missing_ok=True)
        return metrics

    def add_history(self, history: Sequence[HistoryRow]) -> None:
        """Write the complete history of a training."""
        self._write_history(history)

    def _write_films(self, films: ScoredFilms) -> None:
        for name, values, kind in (
            (SCORES, films.y_score, np.float32),
            (LABELS, films.y_true, np.uint8),
        ):
            with atomic_write(self.folder / name) as file:
                np.save(file, np.asarray(values, dtype=kind), allow_pickle=False)
        write_json(self.folder / FILM_IDS, list(films.ids))
        write_json(self.folder / SPLIT, list(films.splits))

    def _write_history(self, history: Sequence[HistoryRow]) -> None:
        with atomic_write(self.folder / HISTORY) as file:
            file.write("".join(json.dumps(row) + "\n" for row in history).encode())


def _named(begun: Path, name: str) -> str:
    """Give the folder of a new run its name, with a number where that is taken; return it."""
    run_id, number = name, 1
    while True:
        try:
            begun.rename(begun.with_name(run_id))
        except OSError as error:
            if error.errno not in TAKEN:
                raise
            number += 1
            run_id = f"{name}-{number}"
            continue
        sync_folder(begun.parent)
        return run_id


def _next_order(artifacts: Artifacts, now: datetime) -> int:
    """Return the order of a new run: the time in microseconds, but above that of every other run.

    The newest run is the one made last, also where the clock was set back.
    """
    newest = next(iter(list_runs(artifacts)), None)
    return max(microseconds(now.isoformat()), place(newest)[0] + 1 if newest else 0)
