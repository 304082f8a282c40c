"""Comparison of two recipes by the mean over seeds, with intervals over films and seeds.

A bootstrap over films ignores the variation between trainings. Here the variance of a difference
has two components: the variance over films of the mean over seeds, and the variance over seeds
divided by their number. With three seeds the second component is itself uncertain, which is
accounted for by Satterthwaite's degrees of freedom; a hierarchical bootstrap under-covers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student_t

from genre_core.evaluation.bootstrap import Scored, Tables, on_the_films, resample, tables_of
from genre_core.evaluation.checks import Values
from genre_core.evaluation.draws import N_DRAWS
from genre_core.evaluation.intervals import LEVEL, NOISE, Interval, agreeing, clipped
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.paired import (
    HEADLINE,
    LEAST_DIFFERENT,
    equivalence,
    family,
    with_verdicts,
)
from genre_core.evaluation.results import RecipeComparison, RunDifference
from genre_core.evaluation.swaps import n_different
from genre_core.evaluation.verdicts import MARGINS

LEAST_SEEDS = 3
COMPARED = ("map", "bce", "bce_to_prior")
SAME = ("bce", "bce_to_prior")
_ROW = {metric.name: row for row, metric in enumerate(METRICS)}
_HIGHEST = {metric.name: metric.highest for metric in METRICS}


@dataclass(frozen=True)
class Seeds:
    """The runs of one recipe on the same films.

    Attributes:
        names: Names of the runs, in the order of their seeds.
        runs: Their scores; thresholds are not used.
    """

    names: tuple[str, ...]
    runs: tuple[Scored, ...]


@dataclass(frozen=True)
class RecipePair:
    """Two recipes to compare.

    Attributes:
        first: Name of the reference.
        second: Name of the other.
        is_paired: Whether seed i of one recipe is a parent of seed i of the other, as in fusion.
    """

    first: str
    second: str
    is_paired: bool = False


@dataclass(frozen=True)
class _Look:
    """The metrics of every recipe and seed, on the films and on resamples."""

    tables: Tables
    values: dict[str, Values]  # (n_seeds, n_metrics)
    resampled_means: dict[str, Values]  # (n_metrics, n_resamples), means over the seeds
    names: dict[str, tuple[str, ...]]


def compare_recipes(
    y_true: npt.ArrayLike,
    recipes: Mapping[str, Seeds],
    pairs: Sequence[RecipePair],
    *,
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> list[RecipeComparison]:
    """Return comparisons in mAP and BCE, without verdicts: see `corrected`, `paired.corrected`.

    A recipe with one run has no variance over seeds. This is correct for a deterministic model;
    otherwise the comparison is about that run, not about its recipe.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        recipes: One or more by name.
        pairs: Which to compare.
        macro: Genres that macro averages go over, bool (n_genres,).
        prior: Prevalence of each genre in the training split, (n_genres,) in [0, 1].
        n_draws: Resamples of the films, 40 or more.
        seed: Of the resamples.

    Returns:
        One for each pair, in their order.

    Raises:
        DataError: See `paired.compare_runs`.

    Source: Satterthwaite, "An approximate distribution of estimates of variance components", 1946.
    """
    look = _looked_at(y_true, recipes, macro=macro, prior=prior, n_draws=n_draws, seed=seed)
    return [_compared(look, pair) for pair in pairs]


def _looked_at(
    y_true: npt.ArrayLike,
    recipes: Mapping[str, Seeds],
    *,
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    n_draws: int,
    seed: int,
) -> _Look:
    runs = {
        f"{recipe} {place}": run
        for recipe, seeds in recipes.items()
        for place, run in enumerate(seeds.runs)
    }
    tables = tables_of(y_true, runs, macro=macro, prior=prior, n_draws=n_draws)
    values, _ = on_the_films(tables)
    resampled = resample(tables, n_resamples=n_draws, seed=seed).metrics
    keys = {
        recipe: [f"{recipe} {place}" for place in range(len(seeds.runs))]
        for recipe, seeds in recipes.items()
    }
    return _Look(
        tables,
        {recipe: np.stack([values[key] for key in keys[recipe]]) for recipe in recipes},
        {recipe: np.mean([resampled[key] for key in keys[recipe]], axis=0) for recipe in recipes},
        {recipe: seeds.names for recipe, seeds in recipes.items()},
    )


def _compared(look: _Look, pair: RecipePair) -> RecipeComparison:
    n_films = _n_different(look, pair)
    parts = {name: _difference(look, pair, name) for name in COMPARED}
    # BCE and its ratio to the BCE of the base rates are equivalent, so they share a p-value.
    p_values = {name: _p_value(*part) for name, part in parts.items()}
    p_values |= dict.fromkeys(SAME, max(p_values[name] for name in SAME))
    tests, intervals_90 = {}, {}
    for name, (value, error, df) in parts.items():
        intervals_90[name] = _interval(value, error, df, 0.9, name)
        tests[name] = RunDifference(value, withheld="few_different", n_different=n_films)
        if n_films >= LEAST_DIFFERENT:
            tests[name] = RunDifference(
                value=value,
                interval=agreeing(_interval(value, error, df, LEVEL, name), p_values[name]),
                p_value=p_values[name],
                n_different=n_films,
                standard_error=error,
                degrees_of_freedom=df,
            )
    both = (look.values[pair.first], look.values[pair.second])
    names = (pair.first, pair.second)
    return RecipeComparison(
        n_seeds=(len(both[0]), len(both[1])),
        runs=(look.names[pair.first], look.names[pair.second]),
        is_paired=pair.is_paired,
        values={
            name: (float(both[0][:, _ROW[name]].mean()), float(both[1][:, _ROW[name]].mean()))
            for name in COMPARED
        },
        spreads={
            name: (_spread(look, names[0], name), _spread(look, names[1], name))
            for name in COMPARED
        },
        metrics=tests,
        equivalence=equivalence({name: intervals_90[name] for name in MARGINS}),
    )


def _n_different(look: _Look, pair: RecipePair) -> int:
    """Return the number of films on which the first seeds of two recipes differ."""
    first, second = (look.tables.runs[f"{name} 0"] for name in (pair.first, pair.second))
    return n_different(first, second)["bce"]


def _difference(look: _Look, pair: RecipePair, name: str) -> tuple[float, float, float]:
    """Return second minus first, its standard error, and Satterthwaite's degrees of freedom."""
    row = _ROW[name]
    seeds = [look.values[recipe][:, row] for recipe in (pair.first, pair.second)]
    value = float(seeds[1].mean() - seeds[0].mean())
    drawn = look.resampled_means[pair.second][row] - look.resampled_means[pair.first][row]
    n_films = len(look.tables.y_true)
    parts = [(float(drawn.var(ddof=1)), n_films - 1)]
    paired = [seeds[1] - seeds[0]] if pair.is_paired else seeds
    parts += [
        (float(values.var(ddof=1)) / len(values), len(values) - 1)
        for values in paired
        if len(values) > 1
    ]
    variance = sum(part for part, _ in parts)
    if abs(value) < NOISE or variance == 0:
        return 0.0, 0.0, float(max(n_films - 1, 1))
    over_films, over_seeds = parts[0][0], parts[1:]
    # Where one recipe's seeds vary more than the films, the formula is too liberal with three of
    # them (simulated: 7.6% false alarms at 5%), and only the parts of the seeds are taken.
    is_large = max((part for part, _ in over_seeds), default=0.0) > over_films
    return value, float(np.sqrt(variance)), _satterthwaite(over_seeds if is_large else parts)


def _satterthwaite(parts: Sequence[tuple[float, int]]) -> float:
    """Return the degrees of freedom of a sum of variances, each with its own."""
    return float(sum(part for part, _ in parts) ** 2 / sum(part**2 / df for part, df in parts))


def _interval(value: float, error: float, df: float, level: float, name: str) -> Interval:
    half = float(student_t.ppf((1 + level) / 2, df)) * error
    return clipped(Interval(value - half, value + half), -_HIGHEST[name], _HIGHEST[name])


def _p_value(value: float, error: float, df: float) -> float:
    if error == 0:
        return 1.0
    return float(2 * student_t.sf(abs(value) / error, df))


def _spread(look: _Look, recipe: str, name: str) -> float | None:
    values = look.values[recipe][:, _ROW[name]]
    return float(values.std(ddof=1)) if len(values) > 1 else None


def corrected(found: Sequence[RecipeComparison]) -> list[RecipeComparison]:
    """Return comparisons with p-values corrected over all of them and both headline metrics."""
    headlines = family([{name: one.metrics[name] for name in HEADLINE} for one in found])
    return [with_verdicts(one, tests) for one, tests in zip(found, headlines, strict=True)]
