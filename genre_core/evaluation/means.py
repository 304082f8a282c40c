"""Metrics of recipes, averaged over seeds, with intervals over films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from genre_core.evaluation.bootstrap import Scored, on_the_films, resample, tables_of
from genre_core.evaluation.intervals import Interval, centred, clipped, percentile_interval
from genre_core.evaluation.metrics import METRICS


def mean_figures(
    y_true: npt.ArrayLike,
    recipes: Mapping[str, Sequence[Scored]],
    *,
    macro: npt.ArrayLike,
    prior: npt.ArrayLike,
    n_draws: int = 10_000,
    seed: int = 0,
) -> dict[str, dict[str, tuple[float, Interval]]]:
    """Return every metric of some recipes, averaged over their seeds, with a 95% interval.

    In each resample of the films the metric is averaged over the seeds. The interval therefore does
    not cover the variation between seeds.

    Args:
        y_true: 0 or 1, (n_films, n_genres).
        recipes: The seeds of each by name.
        macro: Genres that macro averages go over, bool (n_genres,).
        prior: Prevalence of each genre in the training split, (n_genres,) in [0, 1].
        n_draws: Resamples of the films, 40 or more.
        seed: Of the resamples.

    Returns:
        By recipe and metric.

    Raises:
        DataError: See `bootstrap.tables_of`.
    """
    runs = {
        f"{recipe} {place}": run
        for recipe, seeds in recipes.items()
        for place, run in enumerate(seeds)
    }
    tables = tables_of(y_true, runs, macro=macro, prior=prior, n_draws=n_draws)
    values, _ = on_the_films(tables)
    drawn = resample(tables, n_resamples=n_draws, seed=seed).metrics
    found: dict[str, dict[str, tuple[float, Interval]]] = {}
    for recipe, seeds in recipes.items():
        keys = [f"{recipe} {place}" for place in range(len(seeds))]
        mean = np.mean([values[key] for key in keys], axis=0)
        resampled = np.mean([drawn[key] for key in keys], axis=0)
        found[recipe] = {}
        for row, metric in enumerate(METRICS):
            ends = percentile_interval(centred(resampled[row], mean[row]))
            found[recipe][metric.name] = (float(mean[row]), clipped(ends, 0.0, metric.highest))
    return found
