"""Explanations of runs as plain results: how far they can be trusted, and what they say in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from genre_core import caches
from genre_core.evaluation.intervals import Interval
from genre_core.files import sha256_cached
from genre_core.runs.content import MARKER
from genre_core.runs.folder import Run

FORMAT = "explanations 2"
RANDOM, MODEL_FREE = "random", "model_free"  # controls
METHOD_NAMES = {
    "occlusion": "occlusion",
    "gradients": "integrated gradients",
    "weights": "exact weights",
    RANDOM: "control: random",
    MODEL_FREE: "control: without the model",
}
MOST_ALIKE = 0.3  # rank correlation with explanations of shuffled weights


@dataclass(frozen=True)
class Check:
    """How one method explains one run by one input.

    Attributes:
        run: id of the run.
        input: "poster" or "overview".
        method: one of `methods_of`, or the control "random" or "model_free".
        n_films: test films that were looked at.
        gain: by how much more the score of a film's first genre falls when the units that rank
            highest are taken away than in random order, averaged over shares of the units.
        interval: its 95% interval over films.
        randomised_correlation: mean rank correlation with explanations of the same run with
            shuffled weights.
        agreement: mean rank correlation with the exact weights of a linear model; None without.
        passed: whether the interval is above 0 and the correlation below `MOST_ALIKE`.
    """

    run: str
    input: str
    method: str
    n_films: int
    gain: float
    interval: Interval
    randomised_correlation: float
    agreement: float | None
    passed: bool

    def to_json(self) -> dict[str, Any]:
        """Return the check as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the check from the result of `to_json`."""
        return cls(**{**values, "interval": Interval(*map(float, values["interval"]))})


@dataclass(frozen=True)
class Word:
    """What a word adds to the log-odds of a genre, averaged over the test films that have it.

    Attributes:
        word: in lower case.
        n_films: test films that have it.
        value: mean contribution, positive for words that speak for the genre.
        interval: its 95% interval over these films, not corrected.
    """

    word: str
    n_films: int
    value: float
    interval: Interval


@dataclass(frozen=True)
class Zone:
    """How much of the evidence for a genre lies in a part of the poster.

    Attributes:
        zone: "centre", "title" or "border".
        area: its share of the poster.
        n_films: test films with the genre.
        share: share of the sum of absolute contributions, mean over these films.
        interval: its 95% interval over them; looking everywhere alike would give `area`.
    """

    zone: str
    area: float
    n_films: int
    share: float
    interval: Interval


@dataclass(frozen=True)
class Summary:
    """What counts for each genre, over the test films.

    Attributes:
        run: id of the run.
        method: how single films were explained.
        n_films: test films that were looked at.
        words: by genre, the significant words that speak most for it and most against it, in that
            order.
        zones: by genre, the parts of the poster.
    """

    run: str
    method: str
    n_films: int
    words: dict[str, list[Word]]
    zones: dict[str, list[Zone]]

    def to_json(self) -> dict[str, Any]:
        """Return the summary as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the summary from the result of `to_json`."""
        words, zones = (
            {
                genre: [kind(**{**one, "interval": Interval(*one["interval"])}) for one in found]
                for genre, found in values[name].items()
            }
            for name, kind in (("words", Word), ("zones", Zone))
        )
        return cls(**{**values, "words": words, "zones": zones})


def kept_checks(run: Run, make: Callable[[], list[Check]]) -> list[Check]:
    """Return the checks of a finished run, made and kept if they are not there."""
    return caches.remembered(
        _path(run, "checks"),
        FORMAT,
        make,
        to_json=lambda checks: [one.to_json() for one in checks],
        from_json=_checks,
    )


def kept_summary(run: Run, make: Callable[[], Summary]) -> Summary:
    """Return the summary of a finished run, made and kept if it is not there."""
    return caches.remembered(
        _path(run, "summary"),
        FORMAT,
        make,
        to_json=Summary.to_json,
        from_json=Summary.from_json,
    )


def found_checks(run: Run) -> list[Check] | None:
    """Return the checks that are kept of a finished run; None without."""
    return caches.recalled(_path(run, "checks"), FORMAT, _checks)


def found_summary(run: Run) -> Summary | None:
    """Return the summary that is kept of a finished run; None without."""
    return caches.recalled(_path(run, "summary"), FORMAT, Summary.from_json)


def _checks(values: Any) -> list[Check]:
    return [Check.from_json(one) for one in values]


def _path(run: Run, what: str) -> Path:
    """Return a path that is another one if the run is another one of the same name."""
    name = f"{run.id}-{sha256_cached(run.folder / MARKER)[:8]}-{what}.json"
    return run.artifacts.explanations / name
