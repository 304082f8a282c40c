"""The paired bootstrap over films: every metric of every run on resamples of the films.

All runs are evaluated on the same resamples, so the difficulty of films cancels in differences.
Thresholds are fixed beforehand. The intervals do not cover the variation between trainings.

Intervals are for the mean of a metric over test sets of this size. mAP is higher on smaller test
sets, so values on test sets of different sizes cannot be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

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
from genre_core.evaluation.draws import draw_counts
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.evaluation.totals import FilmTable, film_table, weigh

# Fewer resamples leave no order statistic below the 2.5% point.
MINIMUM_RESAMPLES = 40


class Scored(NamedTuple):
    """The scores and the threshold of one run.

    Attributes:
        y_score: Scores in [0, 1], float (n_films, n_genres).
        threshold: One, or one per genre (n_genres,), fitted on other films.
    """

    y_score: npt.NDArray[np.floating]
    threshold: Threshold = 0.5


class Resampled(NamedTuple):
    """The resampled metrics of some runs, see `resample`.

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


class Tables(NamedTuple):
    """Checked runs, ready to be resampled and swapped.

    Attributes:
        y_true: uint8 (n_films, n_genres).
        macro: Macro genres, bool (n_genres,).
        runs: The table of each run by its name.
    """

    y_true: Labels
    macro: Mask
    runs: dict[str, FilmTable]


def tables_of(
    y_true: npt.ArrayLike,
    runs: Mapping[str, Scored],
    *,
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    n_draws: int,
) -> Tables:
    """Return the tables of some runs.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        runs: One run or more by name, all on the films of `y_true`.
        macro: Mask of the genres in macro averages, bool (n_genres,). A genre without a film in a
            resample is left out of it for all runs, and counted.
        prior: Prevalence of each genre in the training split, (n_genres,) in [0, 1].
        n_draws: Number of resamples that will be drawn, 40 or more.

    Raises:
        DataError: An array does not fit (see `figures.evaluate`), there is no run, or there are
            fewer than 40 resamples.
    """
    labels = checked_labels(y_true)
    mask = checked_macro(macro, labels.shape[1])
    check_average(defined_macro(labels, mask))
    if not runs:
        raise DataError("There is no run to compare. Expected one or more. Choose a finished run.")
    if n_draws < MINIMUM_RESAMPLES:
        raise DataError(
            f"n_draws is {n_draws}. Expected {MINIMUM_RESAMPLES} or more, because a 95% interval "
            "cannot be computed from fewer. Omit it for the default of 10,000."
        )
    prevalences = checked_prior(prior, labels.shape[1])
    tables = {
        name: film_table(
            labels,
            checked_scores(run.y_score, labels, f"y_score of '{name}'"),
            macro=mask,
            prior=prevalences,
            threshold=run.threshold,
        )
        for name, run in runs.items()
    }
    return Tables(labels, mask, tables)


def resample(tables: Tables, *, n_resamples: int, seed: int) -> Resampled:
    """Return the resampled metrics of each run, and the genres missing from each resample.

    Args:
        tables: The runs.
        n_resamples: Resamples of the films.
        seed: Of the resamples.

    Raises:
        DataError: A resample has no film of any macro genre.
    """
    y_true, macro, runs = tables
    defined = defined_macro(y_true, macro)
    values: dict[str, list[Values]] = {name: [] for name in runs}
    genres: dict[str, list[Values]] = {name: [] for name in runs}
    missing = []
    for film_counts in draw_counts(len(y_true), n_resamples, seed):
        absent = y_true.T.astype(np.float32) @ film_counts == 0
        _check_resamples(absent[defined], len(y_true))
        missing.append(absent & defined[:, None])
        for name, table in runs.items():
            totals = weigh(table, film_counts)
            values[name].append(np.stack([metric.resampled(totals) for metric in METRICS]))
            genres[name].append(np.stack([metric.resampled(totals) for metric in GENRE_METRICS]))
    return Resampled(
        {name: np.hstack(parts) for name, parts in values.items()},
        {name: np.concatenate(parts, axis=2) for name, parts in genres.items()},
        np.hstack(missing),
    )


def on_the_films(tables: Tables) -> tuple[dict[str, Values], dict[str, Values]]:
    """Return every metric of each run on the original films.

    Returns:
        By run, the values of `METRICS`, (n_metrics,), and those of `GENRE_METRICS` for the macro
        genres with a positive film, (n_genre_metrics, n_macro).
    """
    once = np.ones((len(tables.y_true), 1), dtype=np.float32)
    totals = {name: weigh(table, once) for name, table in tables.runs.items()}
    return (
        {
            name: np.array([metric.resampled(found)[0] for metric in METRICS])
            for name, found in totals.items()
        },
        {
            name: np.stack([metric.resampled(found)[:, 0] for metric in GENRE_METRICS])
            for name, found in totals.items()
        },
    )


def _check_resamples(absent: Mask, n_films: int) -> None:
    n_empty = int(absent.all(axis=0).sum())
    if n_empty:
        raise DataError(
            f"{n_empty} resamples of the {n_films} films have no film of any macro genre, so "
            "mAP and macro averages cannot have intervals. Expected none. Compare on more films."
        )
