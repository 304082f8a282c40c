"""Typed results of comparing runs on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from genre_core.evaluation.results import Comparison, RunDifference

Threshold = float | str


@dataclass(frozen=True)
class GenreChance:
    """The average precision of one run on a genre, compared with a random ranking.

    Attributes:
        value: The average precision.
        expected: The expected average precision of a random ranking.
        p_value: One-sided, labels permuted against scores.
        p_corrected: Corrected by Holm over all genres and runs.
        verdict: "better" than a random ranking; "equivalent" to one, if the interval lies within
            the margin; else "undecided".
    """

    value: float
    expected: float
    p_value: float
    p_corrected: float
    verdict: Literal["better", "equivalent", "undecided"]


@dataclass(frozen=True, kw_only=True)
class RunComparison(Comparison):
    """A comparison of runs on their common test films.

    Attributes:
        dataset: Fingerprint of the first run's films.
        datasets: By run, the fingerprint of its films and their split.
        n_own_films: By run, the number of its own test films.
        split: Always "test".
        threshold: The requested threshold: a number, a rule or a saved name.
        thresholds: By run, the threshold, or one per genre.
        chance: By genre and run with scores.
        base_rates: By run with scores, its BCE minus that of the base rates, in units of the
            latter, corrected over the runs.
        lone_seeds: Runs of recipes with fewer than three seeds, and runs that were cut short;
            conclusions about them do not extend to their recipes.
        deterministic: Runs that do not depend on the seed.
        decided: Runs that have decisions instead of scores, so that no metric of scores is defined.
    """

    dataset: str
    datasets: dict[str, str]
    n_own_films: dict[str, int]
    split: str
    threshold: Threshold
    thresholds: dict[str, float | list[float]]
    chance: dict[str, dict[str, GenreChance]]
    base_rates: dict[str, RunDifference]
    lone_seeds: tuple[str, ...]
    deterministic: tuple[str, ...]
    decided: tuple[str, ...]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the comparison from the result of `to_json`.

        Raises:
            KeyError: A field is missing.
            TypeError: A field has the wrong type.
        """
        chance = {
            genre: {run: GenreChance(**found) for run, found in runs.items()}
            for genre, runs in values["chance"].items()
        }
        base_rates = {
            run: RunDifference.from_json(found) for run, found in values["base_rates"].items()
        }
        return super().from_json(
            {
                **values,
                "chance": chance,
                "base_rates": base_rates,
                "lone_seeds": tuple(values["lone_seeds"]),
                "deterministic": tuple(values["deterministic"]),
                "decided": tuple(values["decided"]),
            }
        )
