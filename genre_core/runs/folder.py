"""Owner of `artifacts/runs/`: one folder a run, the completion marker last.

A run is a folder with `config.json`. While it trains it grows `history.jsonl`, `log.txt` and
`checkpoint.npz`; when it is done it gets weights, `scores.npy`, `film_ids.json` and
`metrics.json`, and in the end `run.json`, which names the SHA-256 of each of them.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.artifacts import Artifacts
from genre_core.errors import RunError, command, nearest
from genre_core.files import (
    Arrays,
    array_text,
    atomic_write,
    read_arrays,
    read_json,
    sha256,
    sha256_cached,
    text_array,
    write_arrays,
    write_json,
)
from genre_core.jobs import lock

FORMAT = 1
CONFIG, HISTORY, LOG, CHECKPOINT = "config.json", "history.jsonl", "log.txt", "checkpoint.npz"
SCORES, FILM_IDS, METRICS, MARKER = "scores.npy", "film_ids.json", "metrics.json", "run.json"
DELETED = ".deleted-"  # begins the name of a folder on its way out
CONFIG_TYPES = {
    "format": int,
    "model": str,
    "recipe": str,
    "seed": int,
    "dataset": str,
    "genres": list,
    "options": dict,
    "prior": list,
    "train_support": list,
}

HistoryRow = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """One training of one model on one dataset, as found on disk.

    Attributes:
        id: name of the run's folder.
        artifacts: the folder that it is in.
        state: "running", "finished", "unfinished" or "damaged".
        config: model, recipe, seed, dataset, genres, options, prior and training support.
        problem: what is wrong with a damaged run, else an empty string.
    """

    id: str
    artifacts: Artifacts
    state: str
    config: dict[str, Any]
    problem: str = ""

    def summary(self) -> dict[str, Any]:
        """Return what a list of runs shows, as plain data."""
        names = ("model", "recipe", "seed", "dataset", "created", "epochs")
        values = {name: self.config.get(name) for name in names}
        return {"id": self.id, **values, "state": self.state, "problem": self.problem}

    @property
    def folder(self) -> Path:
        """Return the run's own folder."""
        return self.artifacts.runs / self.id

    @property
    def genres(self) -> tuple[str, ...]:
        """Return the genre names in column order."""
        return tuple(self.config["genres"])

    @property
    def parents(self) -> tuple[str, ...]:
        """Return the ids of the runs that this one was made from."""
        parents = self.config.get("parents")
        return tuple(map(str, parents)) if isinstance(parents, list) else ()

    def history(self) -> list[HistoryRow]:
        """Return one row an epoch, as far as the training has come; a torn last line is not one."""
        rows = []
        try:
            text = (self.folder / HISTORY).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        for line in text.splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                break
            if not isinstance(row, dict):
                break
            rows.append(row)
        return rows

    def scores(self) -> np.ndarray:
        """Return the scores of all films, (n_films, n_genres) float32, memory-mapped."""
        self._require_finished()
        return np.load(self.folder / SCORES, mmap_mode="r", allow_pickle=False)

    def film_ids(self) -> tuple[str, ...]:
        """Return the ids of the films in the order of the scores."""
        self._require_finished()
        return tuple(read_json(self.folder / FILM_IDS))

    def metrics(self) -> dict[str, Any]:
        """Return the metrics of each split at the threshold .5, see `training.evaluated`."""
        self._require_finished()
        value: dict[str, Any] = read_json(self.folder / METRICS)
        return value

    def marker(self) -> dict[str, Any]:
        """Return what the completion marker says: versions, durations, kept epoch, hashes."""
        self._require_finished()
        value: dict[str, Any] = read_json(self.folder / MARKER)
        return value

    def _require_finished(self) -> None:
        if self.state == "finished":
            return
        again = command("train", "--resume", self.id, artifacts=self.artifacts)
        if self.state == "damaged":
            raise RunError(
                f"Run '{self.id}' is damaged: {self.problem}. Remove '{self.folder}' and train "
                "it again."
            )
        raise RunError(
            f"Run '{self.id}' is {self.state}, so it has no scores. Expected "
            f"'{self.folder / MARKER}'. "
            + ("Wait for it." if self.state == "running" else f"Take it up with: {again}")
        )


def kept_epoch(history: Sequence[HistoryRow]) -> int | None:
    """Return the epoch whose weights are kept: that of the lowest validation loss.

    Where something else than BCE was minimised, it is judged by that: BCE would choose an epoch
    before it has worked. None without epochs.
    """
    if not history:
        return None
    losses = [
        float(row["val_minimised" if "val_minimised" in row else "val_loss"]) for row in history
    ]
    return int(history[losses.index(min(losses))]["epoch"])


class RunWriter:
    """The growing folder of a run that is being trained."""

    def __init__(self, artifacts: Artifacts, run_id: str) -> None:
        self.artifacts, self.id = artifacts, run_id
        self.folder = artifacts.runs / run_id

    @classmethod
    def create(cls, artifacts: Artifacts, config: dict[str, Any]) -> RunWriter:
        """Make the folder of a new run, named by model, recipe, seed and time."""
        now = datetime.now(UTC)
        name = f"{config['model']}-{config['recipe']}-s{config['seed']}-{now:%Y%m%d-%H%M%S}"
        run_id, number = name, 1
        while (artifacts.runs / run_id).exists():
            number += 1
            run_id = f"{name}-{number}"
        created = now.isoformat(timespec="seconds")
        writer = cls(artifacts, run_id)
        write_json(writer.folder / CONFIG, {"format": FORMAT, "created": created, **config})
        return writer

    def log(self, line: str) -> None:
        """Append a line with the time to the run's log."""
        with (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {line}\n")

    def restore(self) -> tuple[list[HistoryRow], Arrays] | None:
        """Return history and state of the last whole epoch; the history file follows it.

        Raises:
            RunError: the checkpoint is there but cannot be read.
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
                f"Remove '{path}' to train that run again from its start."
            ) from error
        self._write_history(history)
        return history, state

    def keep(self, history: list[HistoryRow], state: Arrays) -> None:
        """Keep the state after an epoch; the checkpoint leads, the history file follows."""
        write_arrays(self.folder / CHECKPOINT, {**state, "history": text_array(history)})
        with (self.folder / HISTORY).open("a", encoding="utf-8") as file:
            file.write(json.dumps(history[-1]) + "\n")

    def finish(
        self, scores: np.ndarray, film_ids: tuple[str, ...], metrics: dict[str, Any], **facts: Any
    ) -> None:
        """Write scores and metrics, then the completion marker, then drop the checkpoint."""
        with atomic_write(self.folder / SCORES) as file:
            np.save(file, scores.astype(np.float32), allow_pickle=False)
        write_json(self.folder / FILM_IDS, list(film_ids))
        write_json(self.folder / METRICS, metrics)
        for leftover in self.folder.glob(".*.tmp"):  # of a write that was killed
            leftover.unlink()
        kept = [path for path in sorted(self.folder.iterdir()) if path.name != CHECKPOINT]
        hashes = {path.name: sha256(path) for path in kept}
        write_json(self.folder / MARKER, {"format": FORMAT, **facts, "files": hashes})
        (self.folder / CHECKPOINT).unlink(missing_ok=True)

    def _write_history(self, history: list[HistoryRow]) -> None:
        with atomic_write(self.folder / HISTORY) as file:
            file.write("".join(json.dumps(row) + "\n" for row in history).encode())


def list_runs(artifacts: Artifacts) -> list[Run]:
    """Return every run, newest first; a damaged or unfinished one is listed as such."""
    held = lock.holder(artifacts) or {}
    runs = [_open(artifacts, name, held.get("run")) for name in _names(artifacts)]
    return sorted(runs, key=lambda run: (str(run.config.get("created", "")), run.id), reverse=True)


def find_run(artifacts: Artifacts, run_id: str) -> Run:
    """Return the run of that name, or the only one whose name starts with it.

    Raises:
        RunError: there is none, and the nearest name is suggested; or more than one.
    """
    names = _names(artifacts)
    found = [name for name in names if name == run_id]
    found = found or [name for name in names if run_id and name.startswith(run_id)]
    if len(found) == 1:
        return _open(artifacts, found[0], (lock.holder(artifacts) or {}).get("run"))
    if found:
        raise RunError(f"Several runs start with '{run_id}': {', '.join(sorted(found))}.")
    raise RunError(
        f"There is no run '{run_id}' in '{artifacts.runs}'.{nearest(run_id, names)} "
        f"List them with: {command('runs', artifacts=artifacts)}"
    )


def delete_run(artifacts: Artifacts, run_id: str) -> None:
    """Delete a run for good.

    Raises:
        RunError: there is no such run, it is being trained, or another run was made from it.
    """
    run = next((run for run in list_runs(artifacts) if run.id == run_id), None)
    if run is None:
        raise RunError(
            f"There is no run '{run_id}' any more in '{artifacts.runs}', so there is nothing "
            "to delete."
        )
    if run.state == "running":
        raise RunError(f"Run '{run_id}' is being trained. Cancel the training, then delete it.")
    children = [other.id for other in list_runs(artifacts) if run_id in other.parents]
    if children:
        raise RunError(
            f"Run '{run_id}' is a parent of {', '.join(children)}. Delete what was made from it "
            "first."
        )
    # Hidden by one rename: a kill on the way never leaves a run that looks damaged.
    run.folder.rename(run.folder.with_name(f"{DELETED}{run_id}"))
    for leftover in (artifacts.runs).glob(f"{DELETED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _open(artifacts: Artifacts, run_id: str, running: str | None) -> Run:
    folder = artifacts.runs / run_id
    try:
        with os.scandir(folder) as entries:
            odd = [entry.name for entry in entries if not entry.is_file(follow_symlinks=False)]
        if odd:  # a link could lead outside the run, a pipe would never end
            return Run(run_id, artifacts, "damaged", {}, f"{odd[0]} is no plain file")
        config = _config(folder)
    except (OSError, ValueError) as error:
        return Run(run_id, artifacts, "damaged", {}, f"{CONFIG} cannot be read ({error})")
    if not (folder / MARKER).exists():
        state = "running" if run_id == running else "unfinished"
        return Run(run_id, artifacts, state, config)
    problem = _problem(folder)
    return Run(run_id, artifacts, "damaged" if problem else "finished", config, problem)


def _names(artifacts: Artifacts) -> list[str]:
    """Return the names of the run folders; hidden ones are being deleted."""
    folders = (artifacts.runs).glob("*")
    return [path.name for path in folders if path.is_dir() and not path.name.startswith(".")]


def _config(folder: Path) -> dict[str, Any]:
    """Return a run's config.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not what `RunWriter.create` writes.
    """
    config: Any = read_json(folder / CONFIG)
    if not isinstance(config, dict):
        raise ValueError("it holds no JSON object")
    for name, kind in CONFIG_TYPES.items():
        if not isinstance(config.get(name), kind):
            raise ValueError(f"'{name}' is {config.get(name)!r}")
    if config["format"] != FORMAT:
        raise ValueError(f"format {config['format']}, expected {FORMAT}")
    return config


def _problem(folder: Path) -> str:
    """Return what is wrong with a finished run's files, or an empty string."""
    try:
        marker = read_json(folder / MARKER)
        if marker["format"] != FORMAT:
            return f"{MARKER} has format {marker['format']}, expected {FORMAT}"
        hashes = marker["files"]
        if lacking := {CONFIG, SCORES, FILM_IDS, METRICS} - hashes.keys():
            return f"{MARKER} does not name {', '.join(sorted(lacking))}"
        for name, expected in hashes.items():
            if Path(name).name != name:
                return f"{MARKER} names '{name}', which is no file of the run"
            if sha256_cached(folder / name) != expected:
                return f"{name} is not what was saved"
    except FileNotFoundError as error:
        return f"{Path(str(error.filename)).name} is missing"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"{MARKER} cannot be read ({error})"
    return ""
