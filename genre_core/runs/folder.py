"""Owner of `artifacts/runs/`: one folder per run, with the completion marker written last.

A run is a folder with `config.json`. During training, `history.jsonl`, `log.txt` and
`checkpoint.npz` are added; at the end weights, scores and labels of the films, `metrics.json`, and
finally `run.json`, which contains the SHA-256 of each file. docs/run-format.md documents every file
for other programs.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.artifacts import Artifacts
from genre_core.catalogue import Kind, Modality
from genre_core.errors import RunError, command, nearest
from genre_core.files import (
    map_array,
    read_json,
    read_sealed_cached,
    sha256_cached,
)
from genre_core.jobs import lock
from genre_core.runs import content
from genre_core.runs.config import DECISIONS, FORMAT, Config, checked
from genre_core.runs.content import (
    FILM_IDS,
    LABELS,
    MARKER,
    METRICS,
    SCORES,
    SPLIT,
    read_marker,
    read_metrics,
)
from genre_core.runs.history import HistoryRow, kept_epoch, parse
from genre_core.runs.metrics import ScoredFilms, evaluate_splits

CONFIG, HISTORY, LOG, CHECKPOINT = "config.json", "history.jsonl", "log.txt", "checkpoint.npz"
SCORED = {SCORES, FILM_IDS, LABELS, SPLIT}  # all of them, or none
DELETED = ".deleted-"  # prefix of the name of a folder that is being deleted


@dataclass(frozen=True)
class Run:
    """One model on disk, with its description and, if present, its history and scores.

    Attributes:
        id: name of the run's folder.
        artifacts: the artifacts folder that contains it.
        state: "running", "finished", "unfinished" or "damaged".
        config: its description, see `runs.config`.
        problem: what is wrong with a damaged run, else an empty string.
    """

    id: str
    artifacts: Artifacts
    state: str
    config: Config
    problem: str = ""

    def summary(self) -> dict[str, Any]:
        """Return the summary for lists of runs, as plain data."""
        names = ("label", "modality", "kind", "model", "recipe", "seed", "dataset", "created")
        values = {name: self.config.get(name) for name in (*names, "epochs")}
        return {"id": self.id, **values, "state": self.state, "problem": self.problem}

    @property
    def folder(self) -> Path:
        """Return the run's own folder."""
        return self.artifacts.runs / self.id

    @property
    def label(self) -> str:
        """Return the name of the model that is shown to users."""
        return str(self.config.get("label") or self.id)

    @property
    def modality(self) -> Modality:
        """Return the input of the model."""
        modality: Modality = self.config.get("modality", "unknown")
        return modality

    @property
    def kind(self) -> Kind:
        """Return the type of the model."""
        kind: Kind = self.config.get("kind", "imported")
        return kind

    @property
    def model(self) -> str:
        """Return the stable name of its model; empty where it names none."""
        return str(self.config.get("model") or "")

    @property
    def seed(self) -> int | None:
        """Return the random seed of the training; None if there is none or it is unknown."""
        seed: int | None = self.config.get("seed")
        return seed

    @property
    def dataset(self) -> str:
        """Return the fingerprint of the dataset; empty if the run does not name one."""
        return str(self.config.get("dataset") or "")

    @property
    def genres(self) -> tuple[str, ...]:
        """Return the genre names in column order; empty for a run without scores."""
        return tuple(self.config.get("genres", ()))

    @property
    def parents(self) -> tuple[str, ...]:
        """Return the ids of the parent runs."""
        return tuple(map(str, self.config.get("parents", ())))

    @property
    def has_scores(self) -> bool:
        """Return whether the run has scores or decisions for films; a history alone has none."""
        return self.state == "finished" and (self.folder / SCORES).exists()

    @property
    def is_decided(self) -> bool:
        """Return whether the run has decisions (0 or 1) instead of scores."""
        return self.config.get("outputs") == DECISIONS

    def history(self) -> list[HistoryRow]:
        """Return one row per completed epoch, see `runs.history`."""
        try:
            text = (self.folder / HISTORY).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        return parse(text)

    def scores(self) -> np.ndarray:
        """Return the scores of the films, (n_films, n_genres) float32, memory-mapped.

        Raises:
            RunError: it is not finished, or has no scores.
        """
        self._require_scores()
        return map_array(self.folder / SCORES)

    def film_ids(self) -> tuple[str, ...]:
        """Return the ids of the films in the order of the scores.

        Raises:
            RunError: it is not finished, or has no scores.
        """
        self._require_scores()
        return tuple(read_json(self.folder / FILM_IDS))

    def films(self) -> ScoredFilms | None:
        """Return the films with labels and scores; None for format 1, which stores no labels.

        Raises:
            RunError: it is not finished, or has no scores.
        """
        self._require_scores()
        if not (self.folder / LABELS).exists():
            return None
        splits = tuple(read_json(self.folder / SPLIT))
        return ScoredFilms(self.film_ids(), splits, map_array(self.folder / LABELS), self.scores())

    def metrics(self) -> dict[str, Any]:
        """Return the metrics of each split at the threshold 0.5, see `runs.metrics`.

        They are read from `metrics.json` if that holds such metrics, else computed from the scores.
        A run without scores has no splits.

        Raises:
            RunError: it is not finished.
        """
        self._require_finished()
        written = read_metrics(self.folder, self.genres)
        if written is not None:
            return written
        films = self.films() if self.has_scores else None
        return evaluate_splits(films, self.config) if films else {"splits": {}}

    def marker(self) -> dict[str, Any]:
        """Return the completion marker: versions, durations, kept epoch, hashes."""
        self._require_finished()
        marker = read_marker(self.folder / MARKER)
        history = self.history()
        # Another program may have scored the films with the weights of any epoch.
        kept = None if self.kind == "imported" else kept_epoch(history)
        defaults = {"kept_epoch": kept, "epochs_done": len(history)}
        written = {name: value for name, value in marker.items() if value is not None}
        return {**defaults, "seconds": {}, "versions": {}, **written}

    def _require_scores(self) -> None:
        self._require_finished()
        if not self.has_scores:
            raise RunError(
                f"Run '{self.id}' has a history but no scores. Expected '{self.folder / SCORES}'. "
                "Choose a run with scores."
            )

    def _require_finished(self) -> None:
        if self.state == "finished":
            return
        again = command("train", "--resume", self.id, artifacts=self.artifacts)
        if self.state == "damaged":
            raise RunError(
                f"Run '{self.id}' is damaged: {self.problem}. Remove '{self.folder}' and train it "
                "again."
            )
        raise RunError(
            f"Run '{self.id}' is {self.state} and has no scores yet. Expected "
            f"'{self.folder / MARKER}'. "
            + ("Wait until it is finished." if self.state == "running" else f"Resume it: {again}")
        )


def list_runs(artifacts: Artifacts) -> list[Run]:
    """Return all runs, newest first, damaged and unfinished ones included."""
    held = lock.holder(artifacts) or {}
    found = (_open(artifacts, name, held.get("run")) for name in _names(artifacts))
    return sorted((run for run in found if run), key=place, reverse=True)


def place(run: Run) -> tuple[int, str]:
    """Return what runs are sorted by: when they were made, whatever the clock said since."""
    order = run.config.get("order")
    return (microseconds(run.config.get("created")) if order is None else order, run.id)


def microseconds(created: object) -> int:
    """Return a date and time in ISO 8601 as microseconds since 1970; 0 if it is none."""
    try:
        moment = datetime.fromisoformat(str(created))
    except ValueError:  # a damaged run, or one of a program that does not say it
        return 0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def find_run(artifacts: Artifacts, run_id: str) -> Run:
    """Return the run with that id, or the only run whose id starts with it.

    Raises:
        RunError: no run matches, or several runs do.
    """
    names = _names(artifacts)
    found = [name for name in names if name == run_id]
    found = found or [name for name in names if run_id and name.startswith(run_id)]
    if len(found) == 1:
        run = _open(artifacts, found[0], (lock.holder(artifacts) or {}).get("run"))
        if run:
            return run
    elif found:
        raise RunError(
            f"Several runs start with '{run_id}': {', '.join(sorted(found))}. Give more of the id."
        )
    raise RunError(
        f"Run '{run_id}' was not found in '{artifacts.runs}'.{nearest(run_id, names)} "
        f"List the runs with: {command('runs', artifacts=artifacts)}"
    )


def delete_run(artifacts: Artifacts, run_id: str) -> None:
    """Delete a run permanently.

    Raises:
        RunError: the run does not exist, is being trained, or is a parent of another run.
    """
    runs = list_runs(artifacts)
    run = next((run for run in runs if run.id == run_id), None)
    if run is None:
        raise _gone(artifacts, run_id)
    if run.state == "running":
        raise RunError(
            f"Run '{run_id}' is being trained. Cancel the training before deleting the run."
        )
    children = [other.id for other in runs if run_id in other.parents]
    if children:
        raise RunError(
            f"Run '{run_id}' is a parent of {', '.join(children)}. Delete its children first."
        )
    # Renamed first, so that a run disappears at once, and an interrupted deletion leaves none that
    # is damaged. Of two that delete it, the rename of one succeeds.
    try:
        run.folder.rename(run.folder.with_name(f"{DELETED}{secrets.token_hex(4)}-{run_id}"))
    except FileNotFoundError:
        raise _gone(artifacts, run_id) from None
    for leftover in (artifacts.runs).glob(f"{DELETED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _gone(artifacts: Artifacts, run_id: str) -> RunError:
    return RunError(
        f"Run '{run_id}' is no longer in '{artifacts.runs}', so there is nothing to delete."
    )


def _open(artifacts: Artifacts, run_id: str, running: str | None) -> Run | None:
    """Return a run; None if it was deleted meanwhile."""
    run = open_run(artifacts, run_id, running)
    return run if run.state != "damaged" or run.folder.is_dir() else None


def open_run(artifacts: Artifacts, run_id: str, running: str | None = None) -> Run:
    """Return the run of a folder below `runs/`, damaged where it cannot be read.

    Args:
        artifacts: the folder of runs.
        run_id: name of the run's folder, which may be hidden.
        running: id of the run that is being trained, if one is.
    """
    folder = artifacts.runs / run_id
    try:
        with os.scandir(folder) as entries:
            odd = [entry.name for entry in entries if not entry.is_file(follow_symlinks=False)]
        if odd:  # a link could lead outside the run, a pipe would never end
            return Run(run_id, artifacts, "damaged", {}, f"{odd[0]} is not a regular file")
        config = read_config(folder)
    except (OSError, ValueError) as error:
        return Run(run_id, artifacts, "damaged", {}, f"{CONFIG} cannot be read ({error})")
    if not (folder / MARKER).exists():
        state = "running" if run_id == running else "unfinished"
        return Run(run_id, artifacts, state, config)
    problem = _problem(folder, config)
    return Run(run_id, artifacts, "damaged" if problem else "finished", config, problem)


def _names(artifacts: Artifacts) -> list[str]:
    """Return the names of the run folders, without hidden ones, which are being deleted."""
    folders = (artifacts.runs).glob("*")
    return [path.name for path in folders if path.is_dir() and not path.name.startswith(".")]


def read_config(folder: Path) -> dict[str, Any]:
    """Return a run's config.

    Raises:
        OSError: the file cannot be read.
        ValueError: the format or a value is invalid.
    """
    return checked(read_sealed_cached(folder / CONFIG))


def _problem(folder: Path, config: Config) -> str:
    """Return what is wrong with a finished run's files, or an empty string."""
    try:
        marker = read_marker(folder / MARKER)
        if marker["format"] not in (1, FORMAT):
            return f"{MARKER} has format {marker['format']}, expected {FORMAT} or 1"
        hashes = marker["files"]
        needed = {CONFIG, SCORES, FILM_IDS, METRICS} if marker["format"] == 1 else {CONFIG}
        if marker["format"] == FORMAT and SCORED & hashes.keys():
            needed |= SCORED
        if lacking := needed - hashes.keys():
            return f"{MARKER} does not name {', '.join(sorted(lacking))}"
        known = {*SCORED, METRICS, HISTORY}
        if unnamed := {name for name in known if (folder / name).exists()} - hashes.keys():
            return f"{MARKER} does not name {', '.join(sorted(unnamed))}"
        for name, expected in hashes.items():
            if Path(name).name != name:
                return f"{MARKER} names '{name}', which is not a file of the run"
            if sha256_cached(folder / name) != expected:
                return f"{name} was changed after it was saved"
    except FileNotFoundError as error:
        return f"{Path(str(error.filename)).name} is missing"
    except (OSError, ValueError) as error:
        return f"{MARKER} cannot be read ({error})"
    try:
        return content.problem(folder, config)
    except (OSError, ValueError) as error:
        return f"its files cannot be read ({error})"
