"""Owner of `artifacts/thresholds/saved/`: thresholds that people set and saved under a name.

A set holds one threshold a genre for one run or more. It is never changed once saved: a figure made
with it can be made again.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.artifacts import Artifacts
from genre_core.errors import DataError, nearest
from genre_core.files import read_json, write_json
from genre_core.runs import threshold_origins
from genre_core.runs.folder import Run
from genre_core.runs.threshold_origins import Origin
from genre_core.runs.thresholds import FORMER_RULES, KEYS, RULES

SAVED = "saved:"  # before a name, where a rule could stand too
RESERVED = ("half", "top3", *RULES, *KEYS, *FORMER_RULES)  # keys of decision rules, now or before
LETTERS = 60  # of a name, at most
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)  # what a foreign file may raise


@dataclass(frozen=True)
class ThresholdSet:
    """Thresholds under a name.

    Attributes:
        name: what people call them.
        limits: by run id, a threshold in [0, 1] for each genre by its name.
        how: by run id, how they came about.
    """

    name: str
    limits: Mapping[str, Mapping[str, float]]
    how: Mapping[str, Origin]

    def limits_of(self, run: Run) -> np.ndarray:
        """Return the thresholds for a run, (n_genres,) float64.

        Raises:
            DataError: the set says nothing of this run.
        """
        try:
            limits = self.limits[run.id]
            return np.array([limits[genre] for genre in run.genres], dtype=np.float64)
        except KeyError as error:
            raise DataError(
                f"The saved thresholds '{self.name}' are not for run '{run.id}' but for "
                f"{', '.join(self.limits)}. Save some for this run on the page Thresholds."
            ) from error

    def origin_of(self, run: Run) -> Origin:
        """Return how the thresholds for a run came about."""
        return self.how.get(run.id, Origin("unknown"))


def save(artifacts: Artifacts, values: ThresholdSet) -> None:
    """Keep thresholds under their name.

    Raises:
        DataError: the name is empty, too long, that of a rule or taken.
    """
    name = values.name
    if not name.strip() or len(name) > LETTERS or name != " ".join(name.split()):
        raise DataError(
            f"'{name[:LETTERS]}' cannot be a name. Expected 1 to {LETTERS} letters, without spaces "
            "at its ends or several in a row."
        )
    if name in RESERVED or name.startswith(SAVED) or _is_number(name):
        raise DataError(f"'{name}' already means a threshold. Choose another name.")
    path = _path(artifacts, name)
    if path.exists():
        raise DataError(
            f"Thresholds are already saved as '{name}'. Choose another name, or remove those first."
        )
    limits = {run: dict(genres) for run, genres in values.limits.items()}
    how = {run: str(origin) for run, origin in values.how.items()}
    write_json(path, {"name": name, "limits": limits, "how": how})


def saved(artifacts: Artifacts) -> list[ThresholdSet]:
    """Return all saved thresholds by name; files that cannot be read are left out."""
    found = []
    for path in _folder(artifacts).glob("*.json"):
        with contextlib.suppress(OSError, *UNREADABLE):
            found.append(_read(path))
    return sorted(found, key=lambda values: values.name.casefold())


def find(artifacts: Artifacts, name: str) -> ThresholdSet:
    """Return the saved thresholds of a name.

    Args:
        artifacts: folder of runs and thresholds.
        name: theirs, with or without `SAVED` before it.

    Raises:
        DataError: there are none, or their file is damaged.
    """
    name = name.removeprefix(SAVED)
    path = _path(artifacts, name)
    try:
        return _read(path)
    except FileNotFoundError:
        known = [values.name for values in saved(artifacts)]
        raise DataError(
            f"'{name}' is neither a number in [0, 1], nor one of {', '.join(KEYS)}, nor the name "
            f"of saved thresholds.{nearest(name, [*KEYS, *known])}"
        ) from None
    except (OSError, *UNREADABLE) as error:
        raise DataError(f"'{path}' is damaged ({error}). Remove it and save them again.") from error


def remove(artifacts: Artifacts, name: str) -> None:
    """Remove saved thresholds; none is no error."""
    _path(artifacts, name).unlink(missing_ok=True)


def names_for(artifacts: Artifacts, runs: Sequence[Run]) -> list[str]:
    """Return the names of the saved thresholds that are for all of some runs."""
    return [
        values.name
        for values in saved(artifacts)
        if all(set(run.genres) <= set(values.limits.get(run.id, ())) for run in runs)
    ]


def _read(path: Path) -> ThresholdSet:
    values: dict[str, Any] = read_json(path)
    limits = {
        str(run): {str(genre): _share(limit) for genre, limit in genres.items()}
        for run, genres in values["limits"].items()
    }
    how = {str(run): threshold_origins.parse(str(text)) for run, text in values["how"].items()}
    return ThresholdSet(str(values["name"]), limits, how)


def _share(value: Any) -> float:
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{value} is no threshold in [0, 1]")
    return number


def _is_number(name: str) -> bool:
    with contextlib.suppress(ValueError):
        float(name)
        return True
    return False


def _folder(artifacts: Artifacts) -> Path:
    return artifacts.saved_thresholds


def _path(artifacts: Artifacts, name: str) -> Path:
    # A name may hold letters that file names cannot.
    key = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:16]
    return _folder(artifacts) / f"{key}.json"
