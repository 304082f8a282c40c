"""How sure a figure is: the paired bootstrap over films.

All runs see the same resamples of the films, so what is hard about a film cancels in differences.
Thresholds are fixed beforehand: the intervals say nothing about another training or another choice.

What an interval is about is the mean of the figure over test sets of this size. mAP lies higher
the fewer films there are, so figures of test sets of different sizes are no match for each other.
The resampled values are centred on the figure of the films (see `intervals.centred`). One metric
stays shaky: macro precision jumps where a genre is predicted for a handful of films, since a genre
that is never predicted counts 0.
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
from genre_core.evaluation.intervals import Compared, compare
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS, evaluate, evaluate_genres
from genre_core.evaluation.totals import FilmTable, film_table, weigh

# Fewer resamples leave no order statistic below the 2.5 % point.
MINIMUM_RESAMPLES = 40
# Films x resamples at once: 1 MB of float32, which stays in the cache of one core.
CHUNK_CELLS = 2**18
# Positive films below which a single genre has no interval: `make coverage` shows why.
LEAST_SUPPORT = 30


class Scored(NamedTuple):
    """One run as it is compared.

    Attributes:
        y_score: Scores in [0, 1], float (n_films, n_genres).
        threshold: One, or one for each genre (n_genres,), fixed on other films.
    """

    y_score: npt.NDArray[np.floating]
    threshold: Threshold = 0.5


@dataclass(frozen=True)
class GenreCompared:
    """One macro genre of all runs.

    Attributes:
        column: Its column.
        support: Positive films.
        values: The value of each run by metric, see `GENRE_METRICS`.
        metrics: The comparison by metric; empty for a genre with fewer positive films than
            `least_support`, whose intervals would not hold.
    """

    column: int
    support: int
    values: dict[str, dict[str, float]]
    metrics: dict[str, Compared]


class Resampled(NamedTuple):
    """What `resample` returns.

    Attributes:
        metrics: For each run float64 (n_metrics, n_resamples), rows in the order of `METRICS`.
        genres: For each run float64 (n_genre_metrics, n_macro, n_resamples), in the order of
            `GENRE_METRICS` and of the macro genres with a positive film; of no meaning where a
            resample lacks the genre.
        missing: Whether a genre of the macro average has no film, bool (n_genres, n_resamples).
    """

    metrics: dict[str, Values]
    genres: dict[str, Values]
    missing: Mask


@dataclass(frozen=True)
class PairedBootstrap:
    """What `paired_bootstrap` found; `dataclasses.asdict` of it is ready for JSON.

    Attributes:
        metrics: Metric name to its comparison, in the order of `METRICS`.
        genres: The macro genres with a positive film, in column order.
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
    genres: tuple[GenreCompared, ...]
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
    least_support: int = LEAST_SUPPORT,
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
        least_support: Positive films below which a single genre has no interval.

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
    resampled = resample(labels, tables, n_resamples=n_resamples, seed=seed)
    missing = resampled.missing
    return PairedBootstrap(
        metrics=_compare_all(points, resampled.metrics),
        genres=_compare_genres(labels, runs, facts["macro"], resampled, least_support),
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
    resampled = resample(labels, tables, n_resamples=n_resamples, seed=seed).metrics
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
            highest=metric.highest,
        )
        for row, metric in enumerate(METRICS)
    }


def _compare_genres(
    y_true: Labels,
    runs: Mapping[str, Scored],
    macro: Mask,
    resampled: Resampled,
    least_support: int,
) -> tuple[GenreCompared, ...]:
    names = [str(column) for column in range(y_true.shape[1])]
    rows = {
        name: evaluate_genres(
            y_true, run.y_score, genres=names, macro=macro, threshold=run.threshold
        )
        for name, run in runs.items()
    }
    compared = []
    for place, column in enumerate(np.flatnonzero(defined_macro(y_true, macro))):
        values: dict[str, dict[str, float]] = {
            metric.name: {name: float(rows[name][column][metric.name] or 0) for name in runs}
            for metric in GENRE_METRICS
        }
        support = int(y_true[:, column].sum())
        is_drawn = ~resampled.missing[column]
        metrics: dict[str, Compared] = {
            metric.name: compare(
                values[metric.name],
                {name: resampled.genres[name][row, place, is_drawn] for name in runs},
                highest=1.0,
            )
            for row, metric in enumerate(GENRE_METRICS)
            if support >= least_support
        }
        compared.append(GenreCompared(int(column), support, values, metrics))
    return tuple(compared)


def resample(
    y_true: Labels, tables: Mapping[str, FilmTable], *, n_resamples: int, seed: int
) -> Resampled:
    """Return the resampled metrics of each run, and which genres the resamples left out.

    Args:
        y_true: uint8 (n_films, n_genres).
        tables: One for each run.
        n_resamples: Resamples of the films.
        seed: Of the resamples.

    Raises:
        DataError: A resample holds no film of any macro genre.
    """
    macro = next(iter(tables.values())).macro
    values: dict[str, list[Values]] = {name: [] for name in tables}
    genres: dict[str, list[Values]] = {name: [] for name in tables}
    missing = []
    for film_counts in draw_counts(len(y_true), n_resamples, seed):
        absent = y_true.T.astype(np.float32) @ film_counts == 0
        _check_resamples(absent[macro], len(y_true))
        missing.append(absent & macro[:, None])
        for name, table in tables.items():
            totals = weigh(table, film_counts)
            values[name].append(np.stack([metric.resampled(totals) for metric in METRICS]))
            genres[name].append(np.stack([metric.resampled(totals) for metric in GENRE_METRICS]))
    return Resampled(
        {name: np.hstack(parts) for name, parts in values.items()},
        {name: np.concatenate(parts, axis=2) for name, parts in genres.items()},
        np.hstack(missing),
    )


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
