"""Owner of `artifacts/thresholds/saved/`: thresholds that users saved under a name.

A set has one threshold per genre for one or more runs. It is never changed once saved, so metrics
computed with it can be reproduced.
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
from genre_core.files import read_sealed, write_sealed
from genre_core.runs import threshold_origins
from genre_core.runs.folder import Run
from genre_core.runs.threshold_origins import Origin
from genre_core.runs.thresholds import FORMER_RULES, KEYS, RULES

SAVED = "saved:"  # before a name, where a rule could stand too
RESERVED = ("half", "top3", *RULES, *KEYS, *FORMER_RULES)  # keys of decision rules, now or before
MAX_LENGTH = 60  # characters of a name
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)  # raised by invalid files


@dataclass(frozen=True)
class ThresholdSet:
    """Thresholds saved under a name.

    Attributes:
        name: name given by the user.
        thresholds: in [0, 1] by run id and genre name.
        how: key of the origin of the thresholds, by run id.
    """

    name: str
    thresholds: Mapping[str, Mapping[str, float]]
    how: Mapping[str, Origin]

    def thresholds_of(self, run: Run) -> np.ndarray:
        """Return the thresholds for a run, (n_genres,) float64.

        Raises:
            DataError: the set has no thresholds for this run.
        """
        try:
            limits = self.thresholds[run.id]
            return np.array([limits[genre] for genre in run.genres], dtype=np.float64)
        except KeyError as error:
            raise DataError(
                f"The saved thresholds '{self.name}' are not for run '{run.id}' but for "
                f"{', '.join(self.thresholds)}. Save thresholds for this run on the page "
                "Thresholds."
            ) from error

    def origin_of(self, run: Run) -> Origin:
        """Return how the thresholds for a run came about."""
        return self.how.get(run.id, Origin("unknown"))


def save(artifacts: Artifacts, values: ThresholdSet) -> None:
    """Save thresholds under their name.

    Raises:
        DataError: the name is empty, too long, a rule, a number, or already in use.
    """
    name = values.name
    if not name.strip() or len(name) > MAX_LENGTH or name != " ".join(name.split()):
        raise DataError(
            f"'{name[:MAX_LENGTH]}' is not a valid name. Expected 1 to {MAX_LENGTH} characters, "
            "without leading, trailing or repeated spaces."
        )
    if name in RESERVED or name.startswith(SAVED) or _is_number(name):
        raise DataError(f"'{name}' is a value of --threshold already. Choose another name.")
    path = _path(artifacts, name)
    if path.exists():
        raise DataError(
            f"Thresholds named '{name}' already exist. Choose another name, or remove them first."
        )
    limits = {run: dict(genres) for run, genres in values.thresholds.items()}
    how = {run: str(origin) for run, origin in values.how.items()}
    write_sealed(path, {"name": name, "limits": limits, "how": how})


def saved(artifacts: Artifacts) -> list[ThresholdSet]:
    """Return all saved thresholds, sorted by name; unreadable files are left out."""
    found = []
    for path in _folder(artifacts).glob("*.json"):
        with contextlib.suppress(OSError, *UNREADABLE):
            found.append(_read(path))
    return sorted(found, key=lambda values: values.name.casefold())


def find(artifacts: Artifacts, name: str) -> ThresholdSet:
    """Return the saved thresholds with a name.

    Args:
        artifacts: folder of runs and thresholds.
        name: theirs, with or without `SAVED` before it.

    Raises:
        DataError: they do not exist, or their file is damaged.
    """
    name = name.removeprefix(SAVED)
    path = _path(artifacts, name)
    try:
        return _read(path)
    except FileNotFoundError:
        names = [values.name for values in saved(artifacts)]
        raise DataError(
            f"'{name}' is neither a number in [0, 1], nor one of {', '.join(KEYS)}, nor the name "
            f"of saved thresholds.{nearest(name, [*KEYS, *names])}"
        ) from None
    except (OSError, *UNREADABLE) as error:
        raise DataError(
            f"'{path}' is damaged ({error}). Remove it and save the thresholds again."
        ) from error


def remove(artifacts: Artifacts, name: str) -> None:
    """Remove saved thresholds, if they exist."""
    _path(artifacts, name).unlink(missing_ok=True)


def names_for(artifacts: Artifacts, runs: Sequence[Run]) -> list[str]:
    """Return the names of the saved thresholds that cover all of the given runs."""
    return [
        values.name
        for values in saved(artifacts)
        if all(set(run.genres) <= set(values.thresholds.get(run.id, ())) for run in runs)
    ]


def _read(path: Path) -> ThresholdSet:
    values = read_sealed(path)
    limits = {
        str(run): {str(genre): _share(limit) for genre, limit in genres.items()}
        for run, genres in values["limits"].items()
    }
    how = {str(run): threshold_origins.parse(str(text)) for run, text in values["how"].items()}
    return ThresholdSet(str(values["name"]), limits, how)


def _share(value: Any) -> float:
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{value} is not a threshold in [0, 1]")
    return number


def _is_number(name: str) -> bool:
    with contextlib.suppress(ValueError):
        float(name)
        return True
    return False


def _folder(artifacts: Artifacts) -> Path:
    return artifacts.saved_thresholds


def _path(artifacts: Artifacts, name: str) -> Path:
    # A name may contain characters that file names cannot.
    key = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:16]
    return _folder(artifacts) / f"{key}.json"
