"""What changes of the films cost a run: typed results, kept beside the runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from genre_core import caches
from genre_core.evaluation.bootstrap import Scored, on_the_films, resample, tables_of
from genre_core.evaluation.decisions import defined_macro
from genre_core.evaluation.intervals import Interval, centred, percentile_interval
from genre_core.evaluation.metrics import METRICS
from genre_core.files import sha256_cached
from genre_core.runs.content import MARKER
from genre_core.runs.folder import Run

FORMAT = "robustness 2"
N_RESAMPLES = 2_000
SHOWN = ("map", "bce")


class Named(NamedTuple):
    """A change of films, see `Robustness`."""

    key: str
    label: str
    input: str
    place: int


class Change(NamedTuple):
    """A metric on changed films minus that on the same films as they are.

    Attributes:
        value: the difference.
        interval: its 95% interval over films, not corrected.
    """

    value: float
    interval: Interval


@dataclass(frozen=True)
class Robustness:
    """What one change of the films does to one run.

    Attributes:
        run: id of the run.
        key: stable name of the change, as "blur_3".
        label: what people read.
        input: what is changed, "poster" or "overview".
        place: of the change among those of the run, from 0.
        n_films: test films that were looked at.
        original: mAP and BCE of the films as they are, by name.
        changes: mAP and BCE of the changed films minus those, by name.
        genres: AP of each genre in the average on the changed films minus that as they are.
    """

    run: str
    key: str
    label: str
    input: str
    place: int
    n_films: int
    original: dict[str, float]
    changes: dict[str, Change]
    genres: dict[str, Change]

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the result of `to_json`.

        Raises:
            KeyError: a field is missing.
            TypeError: a field has another type.
        """
        changes, genres = (
            {
                name: Change(float(value), Interval(*map(float, ends)))
                for name, (value, ends) in dict(values[field]).items()
            }
            for field in ("changes", "genres")
        )
        return cls(**{**values, "changes": changes, "genres": genres})


def compare_changed(
    run: Run,
    change_of: Named,
    y_true: npt.ArrayLike,
    scores: tuple[np.ndarray, np.ndarray],
    *,
    macro: np.ndarray,
    prior: np.ndarray,
) -> Robustness:
    """Return what a change of the films does to a run.

    Args:
        run: the run.
        change_of: the change.
        y_true: 0 or 1, (n_films, n_genres).
        scores: of the films as they are, and changed, (n_films, n_genres) each.
        macro: genres in averages, bool (n_genres,).
        prior: base rates, (n_genres,).

    Raises:
        DataError: a resample of the films has no genre in averages.
    """
    both = {name: Scored(found) for name, found in zip("ab", scores, strict=True)}
    tables = tables_of(y_true, both, macro=macro, prior=prior, n_draws=N_RESAMPLES)
    values, by_genre = on_the_films(tables)
    drawn = resample(tables, n_resamples=N_RESAMPLES, seed=0)
    place = {metric.name: row for row, metric in enumerate(METRICS)}
    columns = np.flatnonzero(defined_macro(tables.y_true, tables.macro))
    names = [run.genres[column] for column in columns]

    def change(whole: Mapping[str, np.ndarray], parts: Mapping[str, np.ndarray]) -> Change:
        value = float(whole["b"] - whole["a"])
        return Change(value, percentile_interval(centred(parts["b"] - parts["a"], value)))

    def at(found: Mapping[str, np.ndarray], *index: int) -> dict[str, np.ndarray]:
        return {name: array[index] for name, array in found.items()}

    return Robustness(
        run=run.id,
        **change_of._asdict(),
        n_films=len(tables.y_true),
        original={name: float(values["a"][place[name]]) for name in SHOWN},
        changes={
            name: change(at(values, place[name]), at(drawn.metrics, place[name])) for name in SHOWN
        },
        genres={
            name: change(at(by_genre, 0, row), at(drawn.genres, 0, row))
            for row, name in enumerate(names)
        },
    )


def kept(run: Run, key: str, make: Callable[[], Robustness]) -> Robustness:
    """Return the result of a change for a finished run, made and kept if it is not there."""
    return caches.remembered(
        _path(run, key),
        FORMAT,
        make,
        to_json=Robustness.to_json,
        from_json=Robustness.from_json,
    )


def found(run: Run) -> list[Robustness]:
    """Return what is kept of a finished run, in the order of the changes."""
    paths = sorted(_folder(run).glob("*.json"))
    kept_ones = [caches.recalled(path, FORMAT, Robustness.from_json) for path in paths]
    return sorted((one for one in kept_ones if one), key=lambda one: one.place)


def _path(run: Run, key: str) -> Path:
    return _folder(run) / f"{key}.json"


def _folder(run: Run) -> Path:
    """Return a folder that is another one if the run is another one of the same name."""
    return run.artifacts.robustness / f"{run.id}-{sha256_cached(run.folder / MARKER)[:8]}"
