"""A comparison in which some runs have decisions instead of scores.

Decisions rank nothing and are no probabilities: average precision, BCE and whatever else needs
scores is undefined for them, and so is every difference that one of them is part of. Where a pair
has no headline for that reason, its other metrics are judged without one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.paired import corrected
from genre_core.evaluation.results import (
    Comparison,
    GenreValues,
    PairComparison,
    RunDifference,
)

UNDEFINED = RunDifference(None, withheld="decisions")
NEEDS_SCORES = tuple(metric.name for metric in METRICS if metric.needs == "score")

Compared = TypeVar("Compared", bound=Comparison)


def without_score_metrics(found: Compared, decided: Collection[str]) -> Compared:
    """Return a comparison without what needs scores, for the runs that have decisions.

    Args:
        found: Runs compared as if all had scores.
        decided: Names of those that have decisions 0 and 1.
    """
    if not decided:
        return found
    pairs = [
        _pair(pair) if {pair.first, pair.second} & set(decided) else pair for pair in found.pairs
    ]
    return replace(
        found,
        values={
            metric: {
                run: None if metric in NEEDS_SCORES and run in decided else value
                for run, value in runs.items()
            }
            for metric, runs in found.values.items()
        },
        intervals={
            metric: {
                run: None if metric in NEEDS_SCORES and run in decided else interval
                for run, interval in runs.items()
            }
            for metric, runs in found.intervals.items()
        },
        genres=tuple(_genre(genre, decided) for genre in found.genres),
        pairs=tuple(corrected(pairs)),
    )


def _pair(pair: PairComparison) -> PairComparison:
    return replace(
        pair,
        metrics={
            name: UNDEFINED if name in NEEDS_SCORES else test for name, test in pair.metrics.items()
        },
        genres={**pair.genres, "ap": dict.fromkeys(pair.genres["ap"], UNDEFINED)},
        equivalence=replace(pair.equivalence, intervals_90={}, is_shown=False),
    )


def _genre(genre: GenreValues, decided: Collection[str]) -> GenreValues:
    undefined = dict.fromkeys(run for run in genre.values["ap"] if run in decided)
    return replace(
        genre,
        values={**genre.values, "ap": {**genre.values["ap"], **undefined}},
        intervals={**genre.intervals, "ap": {**genre.intervals["ap"], **undefined}},
    )
