"""How often the 95% intervals hold: worlds with known truth, each looked at through a few films.

A world is a sample of films from one large population with correlated genres, about as frequent as
those of real films, and two runs that know something of each genre. What a figure really is, is its
mean over all worlds; an interval holds if it contains that.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit, logit, ndtri

from genre_core.evaluation.bootstrap import LEAST_SUPPORT, Scored, paired_bootstrap
from genre_core.evaluation.intervals import Compared
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS

N_FILMS = 853  # of a world, as many as the real test split
N_POPULATION = 300_000
# Shares of films with a genre, as spread as those of the real films.
PREVALENCES = np.array(
    [
        *(0.48, 0.38, 0.22, 0.19, 0.17, 0.15, 0.13, 0.10, 0.08, 0.07),
        *(0.06, 0.05, 0.045, 0.04, 0.035, 0.03, 0.025, 0.02, 0.015, 0.01),
    ]
)
RUNS = {"first": 0.5, "second": 0.7}  # how much of a film's lean to a genre a run sees
N_FACTORS = 4  # moods that films share, which make genres occur together
THRESHOLD = 0.3
SUPPORTS = (1, 10, 20, LEAST_SUPPORT, 50, 100, N_FILMS)  # limits of the rows of single genres
HOLDS = (0.925, 0.97)  # shares of intervals that are to hold


class Row(NamedTuple):
    """How often the intervals of one kind held.

    Attributes:
        what: "value" of the second run, or "difference" to the first.
        metric: label of the metric.
        films: positive films of the genre as "30 to 49"; an empty string for overall metrics.
        n_intervals: how many there were.
        share: how many of them held.
        is_shown: whether Marquee shows such intervals; it withholds those of rare genres.
    """

    what: str
    metric: str
    films: str
    n_intervals: int
    share: float
    is_shown: bool

    @property
    def is_reached(self) -> bool:
        """Return whether about as many held as should, or none is shown."""
        return not self.is_shown or HOLDS[0] <= self.share <= HOLDS[1]

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain data."""
        return {**self._asdict(), "is_reached": self.is_reached}


@dataclass(frozen=True)
class World:
    """What was found in one world; value, low end and high end in the last axis.

    Attributes:
        overall: (2 kinds, n_metrics, 3).
        genres: (2 kinds, n_genre_metrics, n_genres, 3), NaN for a genre without a film.
        support: positive films, (n_genres,).
    """

    overall: np.ndarray
    genres: np.ndarray
    support: np.ndarray


def run(n_worlds: int, n_resamples: int, seed: int, tick: Callable[[], None]) -> list[Row]:
    """Return how often intervals hold, for overall metrics and for single genres by support.

    Args:
        n_worlds: samples of films.
        n_resamples: of each of them.
        seed: of the population and of the worlds.
        tick: called after each world.
    """
    worlds = []
    for world in _worlds(n_worlds, n_resamples, seed):
        worlds.append(world)
        tick()
    overall = _holds(np.stack([world.overall for world in worlds]))
    genres = _holds(np.stack([world.genres for world in worlds]))
    support = np.stack([world.support for world in worlds])
    return [*_overall_rows(overall), *_genre_rows(genres, support)]


def _holds(found: np.ndarray) -> np.ndarray:
    """Return whether intervals contain the mean over worlds; NaN where there is none."""
    value, low, high = np.moveaxis(found, -1, 0)
    truth = np.nanmean(value, axis=0)
    return np.where(np.isnan(value), np.nan, (low <= truth) & (truth <= high))


def _overall_rows(holds: np.ndarray) -> Iterator[Row]:
    for kind, what in enumerate(("value", "difference")):
        for place, metric in enumerate(METRICS):
            seen = holds[:, kind, place]
            yield Row(what, metric.label, "", len(seen), float(seen.mean()), True)


def _genre_rows(holds: np.ndarray, support: np.ndarray) -> Iterator[Row]:
    for kind, what in enumerate(("value", "difference")):
        for place, metric in enumerate(GENRE_METRICS):
            for low, high in itertools.pairwise(SUPPORTS):
                seen = holds[:, kind, place][(support >= low) & (support < high)]
                seen = seen[~np.isnan(seen)]
                if len(seen):
                    films, share = f"{low} to {high - 1}", float(seen.mean())
                    is_shown = low >= LEAST_SUPPORT
                    yield Row(what, metric.label, films, len(seen), share, is_shown)


@cache
def population(seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return all films that there are: labels, and the scores of each run, by genre.

    Returns:
        (n_population, n_genres) uint8, and for each run float32 of the same shape.
    """
    random = np.random.default_rng(seed)
    loadings = random.normal(0, 0.5, (N_FACTORS, len(PREVALENCES)))
    lean = random.normal(size=(N_POPULATION, N_FACTORS)) @ loadings
    lean += random.normal(size=lean.shape)
    lean /= lean.std(axis=0)
    scores = {
        name: expit(
            logit(PREVALENCES) + 1.2 * (sees * lean + random.normal(0, 0.6, lean.shape))
        ).astype(np.float32)
        for name, sees in RUNS.items()
    }
    return (lean > -ndtri(PREVALENCES)).astype(np.uint8), scores


def _worlds(n_worlds: int, n_resamples: int, seed: int) -> Iterator[World]:
    population(seed)  # before the processes part, so that they share it
    with ProcessPoolExecutor() as pool:
        look = partial(_world, seed=seed, n_resamples=n_resamples)
        yield from pool.map(look, range(n_worlds), chunksize=4)


def _world(number: int, *, seed: int, n_resamples: int) -> World:
    labels, scores = population(seed)
    films = np.random.default_rng([seed, number]).integers(N_POPULATION, size=N_FILMS)
    found = paired_bootstrap(
        labels[films],
        {name: Scored(score[films], THRESHOLD) for name, score in scores.items()},
        macro=np.ones(len(PREVALENCES), dtype=bool),
        prior=PREVALENCES,
        n_resamples=n_resamples,
        seed=number,
        least_support=1,
    )
    genres = np.full((2, len(GENRE_METRICS), len(PREVALENCES), 3), np.nan)
    for genre in found.genres:
        genres[:, :, genre.column] = _figures(genre.metrics)
    return World(_figures(found.metrics), genres, labels[films].sum(axis=0, dtype=np.int64))


def _figures(metrics: dict[str, Compared]) -> Any:
    """Return value, low and high end of the second run and of its difference to the first."""
    values = [[row.values["second"], *row.intervals["second"]] for row in metrics.values()]
    told = [row.differences["second"] for row in metrics.values()]
    return np.array([values, [[row.value, *row.interval] for row in told]])
