"""What comparing runs on disk gives, beside the statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from genre_core.evaluation.results import Comparison, RunDifference

Threshold = float | str


@dataclass(frozen=True)
class GenreChance:
    """A genre's average precision of one run beside that of a random ranking.

    Attributes:
        value: The average precision.
        expected: That of a random ranking, on average.
        p_value: One-sided, labels permuted against scores.
        p_corrected: By Holm over all genres and runs.
        verdict: "better" than a random ranking; "equivalent" to one, where the interval lies
            within the margin around it; else "undecided".
    """

    value: float
    expected: float
    p_value: float
    p_corrected: float
    verdict: Literal["better", "equivalent", "undecided"]


@dataclass(frozen=True, kw_only=True)
class RunComparison(Comparison):
    """Runs on their common test films.

    Attributes:
        dataset: Fingerprint of the first run's films.
        datasets: By run, the fingerprint of its films and their split.
        n_own_films: By run, all test films that it has.
        split: Always "test".
        threshold: What the comparison was asked for: a number, a rule or a saved name.
        thresholds: By run, the threshold, or one for each genre.
        chance: By genre and run with scores.
        base_rates: By run with scores, its BCE minus that of the base rates, in units of the
            latter, corrected over the runs.
        lone_seeds: Runs of a trained recipe with fewer than three seeds here, and runs that were
            cut short, so that a headline about them is about these files.
        deterministic: Runs that another seed would not change.
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
        """Return what `to_json` made plain.

        Raises:
            KeyError: A field is missing.
            TypeError: A field is of another kind.
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
