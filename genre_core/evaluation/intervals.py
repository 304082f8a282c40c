"""How sure a figure is: the paired bootstrap over films.

All runs see the same resamples of the films, so what is hard about a film cancels in differences.
Thresholds are fixed beforehand: the intervals say nothing about another training or another choice.

Two metrics are shifted by resampling. A film drawn twice is two hits in a row, so mAP lies somewhat
higher (its differences hardly move). And a genre predicted for one or two films is often predicted
for none, which counts as a precision of 0: macro and weighted precision lie lower, also in
differences, so read them beside the `predicted_share` of `evaluate_genres`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError
from genre_core.evaluation.checks import (
    Labels,
    Mask,
    Threshold,
    Values,
    check_average,
    checked_labels,
    checked_macro,
    checked_prior,
    checked_scores,
)
from genre_core.evaluation.decisions import defined_macro
from genre_core.evaluation.metrics import METRICS, evaluate
from genre_core.evaluation.totals import FilmTable, film_table, weigh

# Fewer resamples leave no order statistic below the 2.5 % point.
MINIMUM_RESAMPLES = 40
# Films x resamples at once: 1 MB of float32, which stays in the cache of one core.
CHUNK_CELLS = 2**18


class Scored(NamedTuple):
    """One run as it is compared.

    Attributes:
        y_score: Scores in [0, 1], float (n_films, n_genres).
        threshold: One, or one for each genre (n_genres,), fixed on other films.
    """

    y_score: npt.NDArray[np.floating]
    threshold: Threshold = 0.5


class Interval(NamedTuple):
    """A 95 % interval, both ends included."""

    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """A run's value minus that of the reference, on the same films.

    Attributes:
        value: The difference.
        interval: Where 95 % of the resampled differences lie.
        p_value: Two-sided, in (0, 1]; below 0.05 exactly when `interval` excludes 0.
    """

    value: float
    interval: Interval
    p_value: float


@dataclass(frozen=True)
class Compared:
    """One metric of all runs, each by its name.

    Attributes:
        values: The value of each run, as `evaluate` gives it.
        intervals: The interval of each run's value.
        differences: Of each run but the reference to the reference.
    """

    values: dict[str, float]
    intervals: dict[str, Interval]
    differences: dict[str, Difference]


@dataclass(frozen=True)
class PairedBootstrap:
    """What `paired_bootstrap` found; `dataclasses.asdict` of it is ready for JSON.

    Attributes:
        metrics: Metric name to its comparison, in the order of `METRICS`.
        reference: The run that differences are taken to.
        n_films: Films compared on.
        n_resamples: Resamples drawn.
        seed: Of the resamples.
        n_undefined_genres: Macro genres without a positive film here, left out everywhere.
        n_resamples_with_missing_genre: Resamples that left out one more macro genre, since they
            drew none of its films.
        n_resamples_missing: The same for each genre in column order, 0 outside the average.
    """

    metrics: dict[str, Compared]
    reference: str
    n_films: int
    n_resamples: int
    seed: int
    n_undefined_genres: int
    n_resamples_with_missing_genre: int
    n_resamples_missing: tuple[int, ...]


def paired_bootstrap(
    y_true: npt.ArrayLike,
    runs: Mapping[str, Scored],
    *,
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> PairedBootstrap:
    """Return every metric of each run with its interval, and the differences to the first run.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        runs: One run or more by name, all on the films of `y_true`; the first is the reference.
        macro: Genres that macro averages go over, bool (n_genres,). A resample without a film of
            such a genre leaves the genre out for all runs, which is counted.
        prior: Prevalence of each genre in the training split, (n_genres,) in [0, 1].
        n_resamples: Resamples of the films, 40 or more.
        seed: Same seed, same intervals.

    Raises:
        DataError: An array does not fit (see `evaluate`), there is no run, there are fewer than 40
            resamples, or so few films that a resample holds no macro genre at all.

    Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13, for the
    percentile interval; Davison & Hinkley, "Bootstrap Methods and their Application" (1997),
    section 4.2, for counting the sample itself in p-values.
    """
    labels = checked_labels(y_true)
    facts = _checked_facts(labels, macro, prior)
    runs = _checked_runs(runs, labels, n_resamples)
    tables = {
        name: film_table(labels, run.y_score, threshold=run.threshold, **facts)
        for name, run in runs.items()
    }
    points = {
        name: evaluate(labels, run.y_score, threshold=run.threshold, **facts)
        for name, run in runs.items()
    }
    resampled, missing = resample(labels, tables, n_resamples=n_resamples, seed=seed)
    return PairedBootstrap(
        metrics=_compare_all(points, resampled),
        reference=next(iter(runs)),
        n_films=len(labels),
        n_resamples=n_resamples,
        seed=seed,
        n_undefined_genres=int((facts["macro"] & ~labels.any(axis=0)).sum()),
        n_resamples_with_missing_genre=int(missing.any(axis=0).sum()),
        n_resamples_missing=tuple(missing.sum(axis=1).tolist()),
    )


def bootstrap_of_means(
    y_true: npt.ArrayLike,
    groups: Mapping[str, Sequence[Scored]],
    *,
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> dict[str, Compared]:
    """Return every metric of groups of runs, each the mean over the group's runs.

    A group is the seeds of one recipe. In each resample of the films the metric is computed for
    every seed and then averaged, so that the interval is about films; how far the seeds lie apart
    is another question.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        groups: One group or more by name; the first is the reference of the differences.
        macro: See `paired_bootstrap`.
        prior: See `paired_bootstrap`.
        n_resamples: Resamples of the films, 40 or more.
        seed: Same seed, same intervals.

    Returns:
        Metric name to its comparison, in the order of `METRICS`.

    Raises:
        DataError: See `paired_bootstrap`.
    """
    labels = checked_labels(y_true)
    facts = _checked_facts(labels, macro, prior)
    keys = {name: [f"{name} {place}" for place in range(len(groups[name]))] for name in groups}
    runs = {key: run for name in groups for key, run in zip(keys[name], groups[name], strict=True)}
    runs = _checked_runs(runs, labels, n_resamples)
    tables = {
        key: film_table(labels, run.y_score, threshold=run.threshold, **facts)
        for key, run in runs.items()
    }
    resampled, _ = resample(labels, tables, n_resamples=n_resamples, seed=seed)
    return _compare_all(
        {name: _mean_figures(labels, [runs[key] for key in keys[name]], facts) for name in groups},
        {name: np.mean([resampled[key] for key in keys[name]], axis=0) for name in groups},
    )


def _mean_figures(
    y_true: Labels, group: Sequence[Scored], facts: Mapping[str, Any]
) -> dict[str, float]:
    figures = [evaluate(y_true, run.y_score, threshold=run.threshold, **facts) for run in group]
    return {name: float(np.mean([one[name] for one in figures])) for name in figures[0]}


def _compare_all(
    points: Mapping[str, Mapping[str, float]], resampled: Mapping[str, Values]
) -> dict[str, Compared]:
    return {
        metric.name: compare(
            {name: figures[metric.name] for name, figures in points.items()},
            {name: values[row] for name, values in resampled.items()},
        )
        for row, metric in enumerate(METRICS)
    }


def percentile_interval(resampled: Values) -> Interval:
    """Return the 95 % percentile interval of resampled values.

    Its ends are the k-th smallest and the k-th largest value with k = n_resamples // 40, which
    makes it exclude 0 exactly when `p_value` is below 0.05.

    Args:
        resampled: float64 (n_resamples,), 40 or more.

    >>> percentile_interval(np.arange(1.0, 101.0))
    Interval(low=2.0, high=99.0)
    """
    rank = resampled.size // 40
    ordered = np.sort(resampled)
    return Interval(float(ordered[rank - 1]), float(ordered[-rank]))


def p_value(resampled: Values) -> float:
    """Return the two-sided p-value of no difference, in (0, 1].

    2 (m + 1) / (n_resamples + 1), at most 1, where m is how many resampled differences are at or
    beyond 0 on the rarer side.

    Args:
        resampled: Differences, float64 (n_resamples,).

    >>> p_value(np.array([-1.0] + 98 * [1.0]))
    0.04
    """
    rarer = int(min(np.count_nonzero(resampled <= 0), np.count_nonzero(resampled >= 0)))
    return min(1.0, 2 * (rarer + 1) / (resampled.size + 1))


def compare(values: Mapping[str, float], resampled: Mapping[str, Values]) -> Compared:
    """Return one metric with its intervals, and its differences to the first run.

    Args:
        values: The value of each run.
        resampled: The resampled values of each run, float64 (n_resamples,), same resamples.
    """
    reference, *others = values
    return Compared(
        values=dict(values),
        intervals={name: percentile_interval(resampled[name]) for name in values},
        differences={
            name: _difference(
                values[name] - values[reference], resampled[name] - resampled[reference]
            )
            for name in others
        },
    )


def _difference(value: float, resampled: Values) -> Difference:
    # Runs that are equally good on a resample must differ by 0, not by the rounding of their sums.
    # Adding 0 turns -0.0, which would be shown with its sign, into 0.
    resampled = np.round(resampled, 12) + 0.0
    return Difference(round(value, 12) + 0.0, percentile_interval(resampled), p_value(resampled))


def resample(
    y_true: Labels, tables: Mapping[str, FilmTable], *, n_resamples: int, seed: int
) -> tuple[dict[str, Values], Mask]:
    """Return the resampled metrics of each run, and which genres the resamples left out.

    Args:
        y_true: uint8 (n_films, n_genres).
        tables: One for each run.
        n_resamples: Resamples of the films.
        seed: Of the resamples.

    Returns:
        The metrics of each run, float64 (n_metrics, n_resamples), rows in the order of `METRICS`;
        and whether a genre of the macro average has no film, bool (n_genres, n_resamples).

    Raises:
        DataError: A resample holds no film of any macro genre.
    """
    macro = next(iter(tables.values())).macro
    values: dict[str, list[Values]] = {name: [] for name in tables}
    missing = []
    for film_counts in draw_counts(len(y_true), n_resamples, seed):
        absent = y_true.T.astype(np.float32) @ film_counts == 0
        _check_resamples(absent[macro], len(y_true))
        missing.append(absent & macro[:, None])
        for name, table in tables.items():
            totals = weigh(table, film_counts)
            values[name].append(np.stack([metric.resampled(totals) for metric in METRICS]))
    return {name: np.hstack(parts) for name, parts in values.items()}, np.hstack(missing)


def draw_counts(n_films: int, n_resamples: int, seed: int) -> Iterator[npt.NDArray[np.float32]]:
    """Yield how often each resample drew each film, in chunks.

    A resample draws `n_films` films with replacement. Chunking does not change what is drawn.

    Args:
        n_films: Films to draw from.
        n_resamples: Resamples in all.
        seed: Of the draws.

    Yields:
        Whole numbers, float32 (n_films, n_resamples of the chunk).
    """
    random = np.random.default_rng(seed)
    n_chunk = max(1, CHUNK_CELLS // n_films)
    for start in range(0, n_resamples, n_chunk):
        n_columns = min(n_chunk, n_resamples - start)
        films = random.integers(n_films, size=(n_columns, n_films))
        cells = films * n_columns + np.arange(n_columns)[:, None]
        counts = np.bincount(cells.ravel(), minlength=n_films * n_columns)
        yield counts.reshape(n_films, n_columns).astype(np.float32)


def _checked_facts(y_true: Labels, macro: npt.ArrayLike, prior: npt.ArrayLike) -> dict[str, Any]:
    n_genres = y_true.shape[1]
    mask = checked_macro(macro, n_genres)
    check_average(defined_macro(y_true, mask))
    return {"macro": mask, "prior": checked_prior(prior, n_genres)}


def _checked_runs(
    runs: Mapping[str, Scored], y_true: Labels, n_resamples: int
) -> dict[str, Scored]:
    if not runs:
        raise DataError("There is no run to compare. Expected one or more. Choose a finished run.")
    if n_resamples < MINIMUM_RESAMPLES:
        raise DataError(
            f"n_resamples is {n_resamples}. Expected {MINIMUM_RESAMPLES} or more, since fewer have "
            "no 95 % interval. Leave it out for 10,000."
        )
    return {
        name: Scored(checked_scores(y_score, y_true, f"y_score of '{name}'"), threshold)
        for name, (y_score, threshold) in runs.items()
    }


def _check_resamples(absent: Mask, n_films: int) -> None:
    n_empty = int(absent.all(axis=0).sum())
    if n_empty:
        raise DataError(
            f"{n_empty} resamples of the {n_films} films hold no film of any macro genre, so mAP "
            "and the macro averages have no interval. Expected none. Compare on more films."
        )
