"""Comparison of runs on the same films: intervals, tests, families of tests, and verdicts.

Each difference has p = max(swap, centred bootstrap, uncentred bootstrap), see
`intervals.PValues`. Differences in too few films are not tested. Verdicts are based on p-values
that are corrected over a family of tests:

- the headline: mAP and BCE of all pairs, or of their recipes if there are enough seeds;
- every other metric of all pairs, with a verdict only if the headline of the pair has one;
- the genres of all pairs within one metric. If two runs have different thresholds, precision,
  recall and F1 of a genre differ by the thresholds alone, so their verdicts also require one in the
  headline.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from genre_core.evaluation.bootstrap import (
    Resampled,
    Scored,
    Tables,
    on_the_films,
    resample,
    tables_of,
)
from genre_core.evaluation.checks import Values
from genre_core.evaluation.draws import draws_for
from genre_core.evaluation.intervals import (
    Difference,
    Interval,
    centred,
    clipped,
    difference,
    percentile_interval,
)
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS, Metric
from genre_core.evaluation.results import (
    Comparison,
    Equivalence,
    GenreValues,
    PairComparison,
    RecipeComparison,
    RunDifference,
    Withheld,
)
from genre_core.evaluation.swaps import (
    SwapPValues,
    discordance,
    exact_p_values,
    n_different,
    ranked_differently,
    swap_p_values,
)
from genre_core.evaluation.verdicts import (
    MARGINS,
    detectable_difference,
    holm,
    is_equivalent,
    verdict,
)

HEADLINE = ("map", "bce")
OTHERS = tuple(
    metric.name for metric in METRICS if metric.name not in HEADLINE and metric.alias is None
)
# Positive films below which a single genre has no interval: `make coverage` shows why.
LEAST_SUPPORT = 30
# Films decided differently below which no decision of a genre is tested, and predicted films below
# which its precision is not: the smallest number that can pass Holm over some twenty genres.
LEAST_DIFFERENT = LEAST_PREDICTED = 10

Run = str
Pair = tuple[Run, Run]
Tests = dict[str, RunDifference]


def compare_runs(
    y_true: npt.ArrayLike,
    runs: Mapping[Run, Scored],
    *,
    genres: Sequence[str],
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    n_draws: int | None = None,
    seed: int = 0,
) -> Comparison:
    """Return every metric of each run with an interval, and every difference with a verdict.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        runs: One run or more by name, all on the films of `y_true`.
        genres: Genre names in column order.
        macro: Genres that macro averages go over, bool (n_genres,).
        prior: Prevalence of each genre in the training split, (n_genres,) in [0, 1].
        n_draws: Number of resamples, and of swaps per pair, 40 or more; as many as the largest
            family needs if None.
        seed: Random seed of the draws.

    Raises:
        DataError: An array does not fit (see `figures.evaluate`), there is no run, there are fewer
            than 40 draws, or so few films that a resample has no macro genre.
    """
    pairs = list(itertools.combinations(runs, 2))
    wanted = n_draws or draws_for(len(pairs) * max(len(OTHERS), int(np.sum(macro))))
    tables = tables_of(y_true, runs, macro=macro, prior=prior, n_draws=wanted)
    overall, by_genre = on_the_films(tables)
    drawn = resample(tables, n_resamples=wanted, seed=seed)
    limits = {
        name: np.broadcast_to(run.threshold, tables.macro.shape) for name, run in runs.items()
    }
    look = _Look(tables, genres, limits, overall, by_genre, drawn)
    compared = [_pair(look, pair, n_swaps=wanted, seed=seed) for pair in pairs]
    return Comparison(
        runs=tuple(runs),
        n_films=len(tables.y_true),
        n_macro_genres=len(look.columns),
        n_draws=wanted,
        seed=seed,
        n_resamples_with_missing_genre=int(look.drawn.missing.any(axis=0).sum()),
        values={
            metric.name: {run: float(overall[run][row]) for run in runs}
            for row, metric in enumerate(METRICS)
        },
        intervals={
            metric.name: {run: look.interval(row, metric, run) for run in runs}
            for row, metric in enumerate(METRICS)
        },
        genres=tuple(_genre_values(look, place) for place in range(len(look.columns))),
        pairs=tuple(corrected(compared)),
    )


def corrected(pairs: Sequence[PairComparison]) -> list[PairComparison]:
    """Return pairs with corrected p-values and verdicts, in families over all pairs.

    If a pair has a comparison of recipes, that is its headline, and mAP and BCE of the two runs
    have no separate verdict.
    """
    headline = family([{name: pair.headline[name] for name in HEADLINE} for pair in pairs])
    others = family([{name: pair.metrics[name] for name in OTHERS} for pair in pairs])
    genres: dict[str, list[Tests]] = {
        metric.name: family([pair.genres[metric.name] for pair in pairs])
        for metric in GENRE_METRICS
    }
    found = []
    for place, pair in enumerate(pairs):
        own = headline[place]
        if pair.recipes:
            own = {name: _of_recipes(pair.metrics[name]) for name in HEADLINE}
        known = {**own, **_after_headline(headline[place], others[place])}
        metrics = {metric.name: _with_alias(metric, pair.metrics, known) for metric in METRICS}
        recipes = with_verdicts(pair.recipes, headline[place]) if pair.recipes else None
        by_genre = {name: family[place] for name, family in genres.items()}
        if pair.has_own_thresholds:
            by_genre |= {
                name: _after_headline(headline[place], tests)
                for name, tests in by_genre.items()
                if name != "ap"
            }
        found.append(replace(pair, metrics=metrics, genres=by_genre, recipes=recipes))
    return found


def with_verdicts(
    recipes: RecipeComparison, headline: Mapping[str, RunDifference]
) -> RecipeComparison:
    """Return recipes with the verdicts of the headline; the BCE ratio has the verdict of BCE."""
    by_ratio = replace(
        recipes.metrics["bce_to_prior"],
        p_corrected=headline["bce"].p_corrected,
        verdict=headline["bce"].verdict,
        withheld=headline["bce"].withheld,
    )
    return replace(recipes, metrics={**recipes.metrics, **headline, "bce_to_prior": by_ratio})


def _of_recipes(test: RunDifference) -> RunDifference:
    return replace(test, p_corrected=None, verdict="withheld", withheld="recipes", detectable=None)


def family(members: Sequence[Tests]) -> list[Tests]:
    """Return tests with the corrections and verdicts of one family."""
    places = [
        (place, name)
        for place, tests in enumerate(members)
        for name, test in tests.items()
        if test.p_value is not None
    ]
    p_values = [members[place][name].p_value or 0.0 for place, name in places]
    judged = [dict(tests) for tests in members]
    for (place, name), p in zip(places, holm(p_values).tolist(), strict=True):
        judged[place][name] = judge(name, members[place][name], p, len(places))
    return judged


def judge(name: str, test: RunDifference, p_corrected: float, n_tests: int) -> RunDifference:
    """Return a test with its verdict.

    Args:
        name: Of the metric, overall or of a genre.
        test: The difference.
        p_corrected: Its p-value, corrected over its family.
        n_tests: In the family.
    """
    return replace(
        test,
        p_corrected=p_corrected,
        verdict=verdict(test.value or 0.0, p_corrected, higher_is_better=_HIGHER.get(name, True)),
        detectable=None
        if test.interval is None or test.standard_error is None
        else detectable_difference(test.standard_error, n_tests, test.degrees_of_freedom),
    )


def _after_headline(headline: Tests, others: Tests) -> Tests:
    """Return the other metrics, without verdicts if the headline has none.

    Runs with decisions instead of scores have no headline, so none is required of them.
    """
    if any(test.is_significant for test in headline.values()):
        return others
    if all(test.withheld == "decisions" for test in headline.values()):
        return others
    return {
        name: test
        if test.p_value is None
        else replace(test, verdict="withheld", withheld="no_headline")
        for name, test in others.items()
    }


def _with_alias(metric: Metric, own: Tests, known: Tests) -> RunDifference:
    if metric.alias is None:
        return known[metric.name]
    same = known[metric.alias]
    test = own[metric.name]
    per_error = (same.detectable or 0.0) / same.standard_error if same.standard_error else 0.0
    return replace(
        test,
        p_corrected=same.p_corrected,
        verdict=same.verdict,
        withheld=same.withheld,
        detectable=None
        if same.detectable is None or test.standard_error is None
        else per_error * test.standard_error,
    )


_HIGHER = {metric.name: metric.higher_is_better for metric in METRICS}


@dataclass(frozen=True)
class _Look:
    """Data shared by the comparisons of all pairs."""

    tables: Tables
    genres: Sequence[str]
    thresholds: dict[Run, Values]  # (n_genres,)
    overall: dict[Run, Values]
    by_genre: dict[Run, Values]
    drawn: Resampled

    @property
    def columns(self) -> list[int]:
        """Return the columns of the macro genres with a positive film."""
        return np.flatnonzero(next(iter(self.tables.runs.values())).macro).tolist()

    def support(self, place: int) -> int:
        """Return the positive films of a macro genre."""
        return int(self.tables.y_true[:, self.columns[place]].sum())

    def n_predicted(self, run: Run, place: int) -> int:
        """Return the number of films for which a run predicts a macro genre."""
        return int(self.tables.runs[run].decisions[self.columns[place]].sum())

    def is_rare(self, run: Run) -> bool:
        """Return whether a run predicts a genre of the average for fewer than 10 films."""
        places = range(len(self.columns))
        return any(self.n_predicted(run, place) < LEAST_PREDICTED for place in places)

    def interval(self, row: int, metric: Metric, run: Run) -> Interval | None:
        """Return the interval of a metric of one run; None where it is withheld."""
        if metric.name == "precision_macro" and self.is_rare(run):
            return None
        values = centred(self.drawn.metrics[run][row], self.overall[run][row])
        return clipped(percentile_interval(values), 0.0, metric.highest)


def _pair(look: _Look, pair: Pair, *, n_swaps: int, seed: int) -> PairComparison:
    first, second = (look.tables.runs[name] for name in pair)
    swaps = swap_p_values(first, second, n_swaps=n_swaps, seed=seed)
    found = _metric_differences(look, pair, swaps)
    counts = n_different(first, second)
    is_rare = any(look.is_rare(run) for run in pair)
    metrics = {
        name: _tested(one, counts[name], "few_predicted")
        if name == "precision_macro" and is_rare
        else _tested(one, counts[name])
        for name, one in found.items()
    }
    places = range(len(look.columns))
    rows = [_genre_differences(look, pair, place, swaps) for place in places]
    names = [look.genres[column] for column in look.columns]
    return PairComparison(
        first=pair[0],
        second=pair[1],
        metrics=metrics,
        genres={
            metric.name: {genre: row[metric.name] for genre, row in zip(names, rows, strict=True)}
            for metric in GENRE_METRICS
        },
        equivalence=equivalence({name: found[name].interval_90 for name in MARGINS}),
        has_own_thresholds=not np.array_equal(look.thresholds[pair[0]], look.thresholds[pair[1]]),
    )


def equivalence(intervals_90: Mapping[str, Interval]) -> Equivalence:
    """Return whether two runs are equivalent within the margins.

    Args:
        intervals_90: By metric of `MARGINS`.
    """
    is_shown = is_equivalent([intervals_90[name] for name in MARGINS], list(MARGINS.values()))
    return Equivalence(dict(intervals_90), dict(MARGINS), is_shown)


def _metric_differences(look: _Look, pair: Pair, swaps: SwapPValues) -> dict[str, Difference]:
    """Return the differences in all metrics; those of a metric and its alias share a p-value."""

    def differ(row: int, metric: Metric, least_p: float = 0.0) -> Difference:
        return _difference(
            [look.overall[run][row] for run in pair],
            [look.drawn.metrics[run][row] for run in pair],
            swaps.metrics[metric.name],
            metric.highest,
            least_p,
        )

    alone = {metric.name: differ(row, metric) for row, metric in enumerate(METRICS)}
    shared = dict.fromkeys(alone, 0.0)
    for metric in METRICS:
        if metric.alias:
            group = (metric.name, metric.alias)
            shared |= dict.fromkeys(group, max(alone[name].p_values.largest for name in group))
    return {
        metric.name: differ(row, metric, shared[metric.name])
        if shared[metric.name]
        else alone[metric.name]
        for row, metric in enumerate(METRICS)
    }


def _genre_differences(look: _Look, pair: Pair, place: int, swaps: SwapPValues) -> Tests:
    """Return the differences of one macro genre, by metric of `GENRE_METRICS`."""
    column = look.columns[place]
    first, second = (look.tables.runs[run] for run in pair)
    y_true = look.tables.y_true[:, column]
    decided = discordance(y_true, first.decisions[column], second.decisions[column])
    n_predicted = min(look.n_predicted(run, place) for run in pair)
    counts = {
        "ap": int(ranked_differently(first, second)[place].sum()),
        "precision": decided.n_films,
        "recall": decided.n_positives,
        "f1": decided.n_films,
    }
    p_swap = {"ap": float(swaps.average_precision[place]), **exact_p_values(decided)}
    is_drawn = ~look.drawn.missing[column]
    tests: Tests = {}
    for row, metric in enumerate(GENRE_METRICS):
        found = _difference(
            [look.by_genre[run][row, place] for run in pair],
            [look.drawn.genres[run][row, place, is_drawn] for run in pair],
            p_swap[metric.name],
            1.0,
        )
        reason = _guard(metric.name, counts[metric.name], n_predicted)
        test = _tested(found, counts[metric.name], reason)
        if metric.name == "precision" and n_predicted == 0:
            test = replace(test, value=None)
        if look.support(place) < LEAST_SUPPORT:
            test = replace(test, interval=None)
        tests[metric.name] = test
    return tests


def _guard(metric: str, n_films: int, n_predicted: int) -> Withheld:
    """Return why a metric of a genre is not tested; an empty string if it is."""
    if metric == "precision" and n_predicted < LEAST_PREDICTED:
        return "few_predicted"
    if metric != "ap" and n_films < LEAST_DIFFERENT:
        return "few_different"
    return ""


def _difference(
    values: Sequence[float],
    resampled: Sequence[Values],
    swap: float,
    highest: float,
    least_p: float = 0.0,
) -> Difference:
    return difference(
        float(values[1] - values[0]),
        resampled[1] - resampled[0],
        swap=swap,
        highest=highest,
        least_p=least_p,
    )


def _tested(found: Difference, n_films: int, reason: Withheld = "") -> RunDifference:
    if reason:
        return RunDifference(found.value, withheld=reason, n_different=n_films)
    return RunDifference(
        value=found.value,
        interval=found.interval,
        p_value=found.p_values.largest,
        n_different=n_films,
        standard_error=found.standard_error,
        p_values=found.p_values,
    )


def _genre_values(look: _Look, place: int) -> GenreValues:
    column, runs = look.columns[place], look.tables.runs
    n_predicted = {run: look.n_predicted(run, place) for run in runs}

    values: dict[str, dict[str, float | None]] = {}
    intervals: dict[str, dict[str, Interval | None]] = {}
    is_drawn = ~look.drawn.missing[column]
    for row, metric in enumerate(GENRE_METRICS):
        values[metric.name], intervals[metric.name] = {}, {}
        for run in runs:
            value = float(look.by_genre[run][row, place])
            n_least = n_predicted[run] if metric.name == "precision" else LEAST_PREDICTED
            is_shown = look.support(place) >= LEAST_SUPPORT and n_least >= LEAST_PREDICTED
            drawn = centred(look.drawn.genres[run][row, place, is_drawn], value)
            ends = clipped(percentile_interval(drawn), 0.0, 1.0) if is_shown else None
            is_undefined = metric.name == "precision" and n_predicted[run] == 0
            values[metric.name][run] = None if is_undefined else value
            intervals[metric.name][run] = ends
    return GenreValues(
        genre=look.genres[column],
        support=look.support(place),
        values=values,
        intervals=intervals,
        n_predicted=n_predicted,
        n_resamples_missing=int((~is_drawn).sum()),
    )
