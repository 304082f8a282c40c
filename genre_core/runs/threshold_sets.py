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
from genre_core.runs.folder import Run
from genre_core.runs.thresholds import RULES

FITTED = "fitted on validation"  # how thresholds came about that flatter there
LETTERS = 60  # of a name, at most
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)  # what a foreign file may raise


@dataclass(frozen=True)
class ThresholdSet:
    """Thresholds under a name.

    Attributes:
        name: what people call them.
        limits: by run id, a threshold in [0, 1] for each genre by its name.
        how: by run id, how they came about, in words.
    """

    name: str
    limits: Mapping[str, Mapping[str, float]]
    how: Mapping[str, str]

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
    if name in RULES or _is_number(name):
        raise DataError(f"'{name}' already means a threshold. Choose another name.")
    path = _path(artifacts, name)
    if path.exists():
        raise DataError(
            f"Thresholds are already saved as '{name}'. Choose another name, or remove those first."
        )
    limits = {run: dict(genres) for run, genres in values.limits.items()}
    write_json(path, {"name": name, "limits": limits, "how": dict(values.how)})


def saved(artifacts: Artifacts) -> list[ThresholdSet]:
    """Return all saved thresholds by name; files that cannot be read are left out."""
    found = []
    for path in _folder(artifacts).glob("*.json"):
        with contextlib.suppress(OSError, *UNREADABLE):
            found.append(_read(path))
    return sorted(found, key=lambda values: values.name.casefold())


def find(artifacts: Artifacts, name: str) -> ThresholdSet:
    """Return the saved thresholds of a name.

    Raises:
        DataError: there are none, or their file is damaged.
    """
    path = _path(artifacts, name)
    try:
        return _read(path)
    except FileNotFoundError:
        known = [values.name for values in saved(artifacts)]
        raise DataError(
            f"'{name}' is neither a number in [0, 1], nor one of {', '.join(RULES)}, nor the name "
            f"of saved thresholds.{nearest(name, [*RULES, *known])}"
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
    return ThresholdSet(str(values["name"]), limits, dict(values["how"]))


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
