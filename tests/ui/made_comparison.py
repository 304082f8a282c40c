"""Comparisons of two runs made by hand, without a run or a film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from genre_core.comparison.results import GenreChance, RunComparison
from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.evaluation.results import (
    Equivalence,
    GenreValues,
    PairComparison,
    RecipeComparison,
    RunDifference,
)
from genre_core.evaluation.verdicts import MARGINS, Verdict

FIRST, SECOND = "first-id", "second-id"
P_OF = {"ahead": 0.004, "behind": 0.004, "no_difference": 0.4}
HIGHER = {metric.name: metric.higher_is_better for metric in METRICS}


def difference(name: str, verdict: Verdict = "no_difference", size: float = 0.1) -> RunDifference:
    """A difference with this verdict: of `size`, or of a tenth of it where there is none."""
    if verdict == "withheld":
        return RunDifference(0.0, withheld="few_different", n_different=1)
    is_up = (verdict == "ahead") == HIGHER.get(name, True)
    value = size / 10 if verdict == "no_difference" else size if is_up else -size
    return RunDifference(
        value=value,
        interval=Interval(value - size / 2, value + size / 2),
        p_value=P_OF[verdict] / 2,
        p_corrected=P_OF[verdict],
        verdict=verdict,
        n_different=100,
        standard_error=size / 4,
        detectable=0.7 * size,
    )


def equivalence(is_shown: bool = False) -> Equivalence:
    ends = 0.005 if is_shown else 0.5
    return Equivalence(dict.fromkeys(MARGINS, Interval(-ends, ends)), dict(MARGINS), is_shown)


def recipes(
    by_map: Verdict = "no_difference",
    by_bce: Verdict = "no_difference",
    *,
    n_seeds: tuple[int, int] = (3, 5),
    is_paired: bool = False,
    is_equivalent: bool = False,
) -> RecipeComparison:
    """Recipes whose means are 0.25 and 0.35 by mAP, 0.15 and 0.16 by BCE."""
    metrics = {"map": difference("map", by_map), "bce": difference("bce", by_bce)}
    return RecipeComparison(
        n_seeds=n_seeds,
        runs=tuple(
            tuple(f"{name}-{place}" for place in range(n))
            for name, n in zip("ab", n_seeds, strict=True)
        ),
        is_paired=is_paired,
        values={"map": (0.25, 0.35), "bce": (0.15, 0.16), "bce_to_prior": (0.8, 0.9)},
        spreads=dict.fromkeys(("map", "bce", "bce_to_prior"), (0.01, None)),
        metrics={**metrics, "bce_to_prior": difference("bce_to_prior", by_bce)},
        equivalence=equivalence(is_equivalent),
    )


def pair(
    by_map: Verdict = "no_difference",
    by_bce: Verdict = "no_difference",
    *,
    runs: tuple[str, str] = (FIRST, SECOND),
    is_equivalent: bool = False,
    of_recipes: RecipeComparison | None = None,
    others: Mapping[str, RunDifference] | None = None,
    genres: Mapping[str, Mapping[str, RunDifference]] | None = None,
    has_own_thresholds: bool = False,
) -> PairComparison:
    """Two runs with these verdicts on the second one."""
    metrics = {metric.name: difference(metric.name) for metric in METRICS}
    headline = {"map": difference("map", by_map), "bce": difference("bce", by_bce)}
    return PairComparison(
        first=runs[0],
        second=runs[1],
        metrics={**metrics, **headline, **(others or {})},
        genres={metric.name: {} for metric in GENRE_METRICS}
        | {name: dict(found) for name, found in (genres or {}).items()},
        equivalence=equivalence(is_equivalent),
        has_own_thresholds=has_own_thresholds,
        recipes=of_recipes,
    )


def result(
    *pairs: PairComparison,
    base_rates: Mapping[str, RunDifference] | None = None,
    chance: Mapping[str, Mapping[str, GenreChance]] | None = None,
    lone_seeds: Sequence[str] = (),
    deterministic: Sequence[str] = (),
) -> RunComparison:
    """A comparison of the runs of some pairs; mAP 0.2 and 0.3, BCE 0.1 and 0.12, BCE ratio 0.9.

    A third run and later ones have the values of the second.
    """
    runs = tuple(dict.fromkeys(run for one in pairs for run in (one.first, one.second)))
    of_first = {metric.name: 0.5 for metric in METRICS} | {"map": 0.2, "bce": 0.1}
    of_second = {metric.name: 0.6 for metric in METRICS} | {"map": 0.3, "bce": 0.12}
    of_first["bce_to_prior"] = of_second["bce_to_prior"] = 0.9
    values: dict[str, dict[str, Any]] = {
        name: {run: (of_second if place else of_first)[name] for place, run in enumerate(runs)}
        for name in of_first
    }
    return RunComparison(
        runs=runs,
        n_films=853,
        n_macro_genres=20,
        n_draws=10_000,
        seed=0,
        n_resamples_with_missing_genre=0,
        values=values,
        intervals={name: dict.fromkeys(runs, None) for name in of_first},
        genres=tuple(_genre(name, runs) for name in chance or {}),
        pairs=pairs,
        dataset="0123456789abcdef",
        datasets={},
        n_own_films={},
        split="test",
        threshold="validation",
        thresholds=dict.fromkeys(runs, 0.3),
        chance={genre: dict(found) for genre, found in (chance or {}).items()},
        base_rates=dict(base_rates or dict.fromkeys(runs, difference("bce_to_prior", "ahead"))),
        lone_seeds=tuple(lone_seeds),
        deterministic=tuple(deterministic),
        decided=(),
    )


def _genre(name: str, runs: Sequence[str]) -> GenreValues:
    names = [metric.name for metric in GENRE_METRICS]
    return GenreValues(
        genre=name,
        support=50,
        values={metric: dict.fromkeys(runs, 0.4) for metric in names},
        intervals={metric: dict.fromkeys(runs, None) for metric in names},
        n_predicted=dict.fromkeys(runs, 40),
        n_resamples_missing=0,
    )
