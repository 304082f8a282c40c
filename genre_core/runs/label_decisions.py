"""Owner of `artifacts/label_decisions/`: what users decided about labels that runs contradict.

There is one file per dataset. Decisions are added to a list and never overwrite the labels of the
dataset; of several about one label the last is in force. The format is in docs/run-format.md.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np

from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.files import Stamp, read_sealed, stamp, write_sealed
from genre_core.schemas import SHARE, TEXT, list_of, map_of, object_of, valid

FORMAT = 1
Action = Literal["keep", "change"]
LabelKey = tuple[str, str]  # id of the film, name of the genre
SCHEMA = object_of(
    {
        "format": {"const": FORMAT},
        "dataset": TEXT,
        "decisions": list_of(
            object_of(
                {
                    "id": TEXT,
                    "film": TEXT,
                    "genre": TEXT,
                    "label": {"enum": [0, 1]},
                    "decision": {"enum": ["keep", "change"]},
                    "decided_at": TEXT,
                    "scores": map_of(SHARE),
                }
            )
        ),
    }
)


@dataclass(frozen=True)
class Decision:
    """What a user decided about one label.

    Attributes:
        film: id of the film.
        genre: name of the genre.
        label: the label in the dataset, 0 or 1.
        decision: "keep" or "change".
        scores: score of each run that contradicted the label, by run id.
        decided_at: date and time, ISO 8601 in UTC.
        id: distinguishes it from every other decision.
    """

    film: str
    genre: str
    label: int
    decision: Action
    scores: Mapping[str, float]
    decided_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def key(self) -> LabelKey:
        """Return which label it is about."""
        return self.film, self.genre

    @property
    def new_label(self) -> int:
        """Return the label as decided, 0 or 1."""
        return 1 - self.label if self.decision == "change" else self.label


def read(artifacts: Artifacts, dataset: Dataset) -> tuple[Decision, ...]:
    """Return every decision about the labels of a dataset, in the order in which they were made.

    Raises:
        DataError: their file is damaged, or about other labels.
    """
    path = _path(artifacts, dataset)
    try:
        found = _read_at(path, stamp(path))
        _check(found, dataset)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise DataError(
            f"The label decisions in '{path}' cannot be read ({error}). Restore the file from a "
            "backup, or move it away to start the review again; the labels of the dataset are not "
            "affected."
        ) from error
    return found


def add(artifacts: Artifacts, dataset: Dataset, decision: Decision) -> None:
    """Add a decision after all others, also those of other sessions.

    Raises:
        DataError: the file is damaged; it is left as it is.
        OSError: it cannot be written.
    """
    with _locked(_path(artifacts, dataset)) as path:
        _write(path, dataset, [*read(artifacts, dataset), decision])


def remove(artifacts: Artifacts, dataset: Dataset, decision_id: str) -> None:
    """Remove a decision, if it exists; the one about the same label before it is in force again.

    Raises:
        DataError: the file is damaged; it is left as it is.
        OSError: it cannot be written.
    """
    with _locked(_path(artifacts, dataset)) as path:
        rest = [made for made in read(artifacts, dataset) if made.id != decision_id]
        _write(path, dataset, rest)


def in_force(decisions: Iterable[Decision]) -> dict[LabelKey, Decision]:
    """Return the last decision about each label."""
    return {decision.key: decision for decision in decisions}


def changes(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions in force that change a label."""
    return [made for made in in_force(decisions).values() if made.decision == "change"]


def corrected(dataset: Dataset, decisions: Iterable[Decision]) -> np.ndarray:
    """Return the labels as decided, (n_films, n_genres) uint8; those of the dataset stay."""
    labels = dataset.labels.copy()
    rows = {film: row for row, film in enumerate(dataset.films.ids)}
    for made in changes(decisions):
        labels[rows[made.film], dataset.genres.index(made.genre)] = made.new_label
    return labels


def _write(path: Path, dataset: Dataset, decisions: Iterable[Decision]) -> None:
    plain = [asdict(decision) for decision in decisions]
    write_sealed(path, {"format": FORMAT, "dataset": dataset.fingerprint, "decisions": plain})


@functools.lru_cache(maxsize=16)
def _read_at(path: Path, _stamp: Stamp) -> tuple[Decision, ...]:
    content = valid(read_sealed(path), SCHEMA)
    if content["dataset"] != path.stem:
        raise ValueError(f"it is about dataset {content['dataset']}")
    names = Decision.__dataclass_fields__
    return tuple(Decision(**{name: made[name] for name in names}) for made in content["decisions"])


def _check(decisions: Iterable[Decision], dataset: Dataset) -> None:
    """Raise a ValueError for a decision about a label that the dataset does not have."""
    rows = {film: row for row, film in enumerate(dataset.films.ids)}
    columns = {genre: column for column, genre in enumerate(dataset.genres)}
    for made in decisions:
        if made.film not in rows or made.genre not in columns:
            raise ValueError(f"the dataset has no label '{made.genre}' of film '{made.film}'")
        if dataset.labels[rows[made.film], columns[made.genre]] != made.label:
            raise ValueError(f"the label '{made.genre}' of film '{made.film}' is another one")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[Path]:
    """Hold the lock of a file of decisions; other sessions and processes wait for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


def _path(artifacts: Artifacts, dataset: Dataset) -> Path:
    return artifacts.label_decisions / f"{dataset.fingerprint}.json"
