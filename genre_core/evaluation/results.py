"""Typed results of comparisons, with conversion to and from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

from genre_core.evaluation.intervals import Interval, PValues
from genre_core.evaluation.verdicts import Verdict

# Why a difference has no p-value, or a p-value and no verdict.
Withheld = Literal["", "decisions", "few_different", "few_predicted", "no_headline", "recipes"]


@dataclass(frozen=True)
class RunDifference:
    """A metric of the second run minus that of the first.

    Attributes:
        value: The difference; None where one of the values is undefined.
        interval: 95% interval, not corrected; None where it is withheld.
        p_value: Not corrected, below 0.05 exactly when the interval excludes 0; None without test.
        p_corrected: By Holm over the family of the test.
        verdict: Verdict on the second run, based on the corrected p-value.
        withheld: Why there is no verdict; an empty string if there is one.
        n_different: Number of films on which the two runs differ in this metric.
        standard_error: Of the difference; None without test.
        detectable: The true difference that would be significant in 80% of samples.
        p_values: The components of `p_value`; None if it is from another test.
        degrees_of_freedom: Of a t interval over films and seeds; None for a bootstrap interval.
    """

    value: float | None
    interval: Interval | None = None
    p_value: float | None = None
    p_corrected: float | None = None
    verdict: Verdict = "withheld"
    withheld: Withheld = ""
    n_different: int = 0
    standard_error: float | None = None
    detectable: float | None = None
    p_values: PValues | None = None
    degrees_of_freedom: float | None = None

    @property
    def is_significant(self) -> bool:
        """Return whether the second run is ahead or behind."""
        return self.verdict in ("ahead", "behind")

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` made plain."""
        parts = values["p_values"]
        return cls(
            **{
                **values,
                "interval": _interval(values["interval"]),
                "p_values": PValues(*parts) if parts else None,
            }
        )


@dataclass(frozen=True)
class Equivalence:
    """Whether two runs are equivalent in mAP and in BCE relative to the base rates.

    Attributes:
        intervals_90: By metric, the 90% interval of the difference.
        margins: By metric, the margin of equivalence.
        is_shown: Whether both intervals lie within their margins.
    """

    intervals_90: dict[str, Interval]
    margins: dict[str, float]
    is_shown: bool

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` made plain."""
        intervals = {name: Interval(*ends) for name, ends in values["intervals_90"].items()}
        return cls(intervals, dict(values["margins"]), values["is_shown"])


@dataclass(frozen=True)
class RecipeComparison:
    """Two recipes, each by the mean of its seeds; for mAP, BCE and BCE relative to the base rates.

    Attributes:
        n_seeds: Of the first and of the second recipe; 1 for a deterministic model.
        runs: Ids of the runs that are averaged, of both.
        is_paired: Whether seed i of one recipe is a parent of seed i of the other.
        values: By metric, the mean of the first and of the second recipe.
        spreads: By metric, the standard deviation over the seeds of both; None for a single one.
        metrics: By metric, the difference with a t interval over films and seeds.
        equivalence: See there.
    """

    n_seeds: tuple[int, int]
    runs: tuple[tuple[str, ...], tuple[str, ...]]
    is_paired: bool
    values: dict[str, tuple[float, float]]
    spreads: dict[str, tuple[float | None, float | None]]
    metrics: dict[str, RunDifference]
    equivalence: Equivalence

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` made plain."""
        first, second = values["runs"]
        return cls(
            **{
                **values,
                "n_seeds": tuple(values["n_seeds"]),
                "runs": (tuple(first), tuple(second)),
                "values": {name: tuple(pair) for name, pair in values["values"].items()},
                "spreads": {name: tuple(pair) for name, pair in values["spreads"].items()},
                "metrics": _tested(values["metrics"]),
                "equivalence": Equivalence.from_json(values["equivalence"]),
            }
        )


@dataclass(frozen=True)
class PairComparison:
    """The comparison of two runs; differences are the second run minus the first.

    Attributes:
        first: Name of the reference.
        second: Name of the other run.
        metrics: By metric, of these two runs; without verdicts in mAP and BCE where `recipes` has
            them.
        genres: By metric of `GENRE_METRICS`, then by genre.
        equivalence: Whether the two are equivalent.
        has_own_thresholds: Whether they have different thresholds.
        recipes: Their recipes, where there are enough seeds; else None.
    """

    first: str
    second: str
    metrics: dict[str, RunDifference]
    genres: dict[str, dict[str, RunDifference]]
    equivalence: Equivalence
    has_own_thresholds: bool
    recipes: RecipeComparison | None = None

    @property
    def headline(self) -> dict[str, RunDifference]:
        """Return the tests of mAP and BCE: of the recipes, if compared, or else of the runs."""
        tests = self.recipes.metrics if self.recipes else self.metrics
        return {name: tests[name] for name in ("map", "bce")}

    @property
    def has_verdict(self) -> bool:
        """Return whether mAP or BCE is significantly different."""
        return any(test.is_significant for test in self.headline.values())

    @property
    def headline_equivalence(self) -> Equivalence:
        """Return whether the recipes, if compared, or else the runs are equivalent."""
        return self.recipes.equivalence if self.recipes else self.equivalence

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` made plain."""
        recipes = values["recipes"]
        return cls(
            first=values["first"],
            second=values["second"],
            metrics=_tested(values["metrics"]),
            genres={name: _tested(found) for name, found in values["genres"].items()},
            equivalence=Equivalence.from_json(values["equivalence"]),
            has_own_thresholds=values["has_own_thresholds"],
            recipes=RecipeComparison.from_json(recipes) if recipes else None,
        )


@dataclass(frozen=True)
class GenreValues:
    """The metrics of all runs on one macro genre.

    Attributes:
        genre: Its name.
        support: Positive films.
        values: By metric and run; None where it is undefined.
        intervals: By metric and run; None where they are withheld.
        n_predicted: By run, films for which the genre is predicted.
        n_resamples_missing: Resamples without a film of it.
    """

    genre: str
    support: int
    values: dict[str, dict[str, float | None]]
    intervals: dict[str, dict[str, Interval | None]]
    n_predicted: dict[str, int]
    n_resamples_missing: int

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `dataclasses.asdict` made plain."""
        return cls(**{**values, "intervals": _intervals(values["intervals"])})


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two or more runs on the same films.

    Attributes:
        runs: Their names; every later one is compared with every earlier one.
        n_films: Films compared on.
        n_macro_genres: Genres that averages go over.
        n_draws: Resamples of the films, and as many swaps.
        seed: Of the draws.
        n_resamples_with_missing_genre: Resamples without a film of some macro genre.
        values: By metric and run; None where a run has no scores that the metric needs.
        intervals: By metric and run; None where they are withheld.
        genres: The macro genres with a positive film, in column order.
        pairs: In the order of the runs.
    """

    runs: tuple[str, ...]
    n_films: int
    n_macro_genres: int
    n_draws: int
    seed: int
    n_resamples_with_missing_genre: int
    values: dict[str, dict[str, float | None]]
    intervals: dict[str, dict[str, Interval | None]]
    genres: tuple[GenreValues, ...]
    pairs: tuple[PairComparison, ...]

    def pair(self, first: str, second: str) -> PairComparison:
        """Return the comparison of two of the runs, the earlier one first."""
        return next(pair for pair in self.pairs if (pair.first, pair.second) == (first, second))

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_json` made plain.

        Raises:
            KeyError: A field is missing.
            TypeError: A field is of another kind.
        """
        plain = {field.name: values[field.name] for field in fields(cls)}
        return cls(
            **{
                **plain,
                "runs": tuple(values["runs"]),
                "intervals": _intervals(values["intervals"]),
                "genres": tuple(map(GenreValues.from_json, values["genres"])),
                "pairs": tuple(map(PairComparison.from_json, values["pairs"])),
            }
        )


def _interval(ends: Any) -> Interval | None:
    return Interval(*ends) if ends else None


def _intervals(values: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Interval | None]]:
    return {
        name: {run: _interval(ends) for run, ends in found.items()}
        for name, found in values.items()
    }


def _tested(values: Mapping[str, Mapping[str, Any]]) -> dict[str, RunDifference]:
    return {name: RunDifference.from_json(found) for name, found in values.items()}
