"""Simulated worlds with known truth: films drawn from large populations, and simulated runs.

The population has correlated genres with prevalences like those of real films. The true value of a
metric is its mean over samples of films of the same size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, ndtri

from genre_core.evaluation.bootstrap import Scored, on_the_films, tables_of
from genre_core.evaluation.checks import Labels, Scores, Values
from genre_core.evaluation.fitting import best_common_threshold
from genre_core.evaluation.metrics import METRICS

N_FILMS = 853  # of a world, as many as the real test split
N_VALIDATION = 860
N_POPULATION = 300_000
# Shares of films with a genre, as spread as those of the real films.
PREVALENCES = np.array(
    [
        *(0.48, 0.38, 0.22, 0.19, 0.17, 0.15, 0.13, 0.10, 0.08, 0.07),
        *(0.06, 0.05, 0.045, 0.04, 0.035, 0.03, 0.025, 0.02, 0.015, 0.01),
    ]
)
N_GENRES = len(PREVALENCES)
GENRES = [f"genre {place}" for place in range(N_GENRES)]
MACRO = np.ones(N_GENRES, dtype=bool)
SEES = 0.7  # correlation of a run's log-odds with a film's latent variable
CLARITY = 1.2
N_FACTORS = 4  # latent factors, which make genres correlated
N_PILOT = 150  # samples of films to estimate a true value
TUNED, APART = "tuned", "tuned apart"

Rule = float | str


class World(NamedTuple):
    """A sample of films and two or more runs.

    Attributes:
        y_true: uint8 (n_films, n_genres).
        runs: Scores and threshold of each run by name.
    """

    y_true: Labels
    runs: dict[str, Scored]


class Films(NamedTuple):
    """Labels of films and the latent variables that determine them.

    Attributes:
        y_true: uint8 (n_films, n_genres).
        lean: latent variables, float (n_films, n_genres), with variance 1.
    """

    y_true: Labels
    lean: Values


@cache
def population(seed: int) -> Films:
    """Return the population of films."""
    random = np.random.default_rng(seed)
    loadings = random.normal(0, 0.5, (N_FACTORS, N_GENRES))
    lean = random.normal(size=(N_POPULATION, N_FACTORS)) @ loadings
    lean += random.normal(size=lean.shape)
    lean /= lean.std(axis=0)
    return Films((lean > -ndtri(PREVALENCES)).astype(np.uint8), lean)


def sample(random: np.random.Generator, seed: int, n_films: int = N_FILMS) -> Films:
    """Return films drawn from the population of a seed."""
    films = population(seed)
    rows = random.integers(N_POPULATION, size=n_films)
    return Films(films.y_true[rows], films.lean[rows])


def logits(films: Films, random: np.random.Generator, *, sees: float = SEES) -> Values:
    """Return the log-odds of a run: part of each film's latent variables plus noise."""
    noise = random.normal(0, 0.6, films.lean.shape)
    seen: Values = logit(PREVALENCES) + CLARITY * (sees * films.lean + noise)
    return seen


def scored(odds: Values, threshold: float = 0.5) -> Scored:
    """Return a run with the given log-odds."""
    return Scored(expit(odds).astype(np.float32), threshold)


def null_pair(
    random: np.random.Generator, seed: int, *, noise: float, rule: Rule, cubed: bool = False
) -> World:
    """Return two equally good runs: the same log-odds with independent noise.

    Args:
        random: Source of films and noise.
        seed: Of the population.
        noise: Standard deviation of the noise, in log-odds.
        rule: A threshold; `TUNED` for one threshold of both runs, fitted on validation films;
            `APART` for one of each run. Then the runs rank equally well, but their thresholds
            differ by chance, and so do precision and recall in truth.
        cubed: Whether the second run's scores and threshold are cubed: it ranks and decides alike
            and is calibrated differently.
    """
    test, held_out = sample(random, seed), sample(random, seed, N_VALIDATION)
    scores = {}
    for films in (test, held_out):
        odds = logits(films, random)
        scores[films is test] = [
            expit(odds + random.normal(0, noise, odds.shape)).astype(np.float32) for _ in range(2)
        ]
    limits = _tuned(held_out, scores[False], rule) if isinstance(rule, str) else [rule, rule]
    powers = (1, 3 if cubed else 1)
    first, second = (
        Scored(score**power, limit**power)
        for score, limit, power in zip(scores[True], limits, powers, strict=True)
    )
    return World(test.y_true, {"first": first, "second": second})


def null_runs(random: np.random.Generator, seed: int, *, n_runs: int, noise: float) -> World:
    """Return several equally good runs: the same log-odds with independent noise.

    Args:
        random: Source of films and noise.
        seed: Of the population.
        n_runs: Number of runs.
        noise: Standard deviation of the noise, in log-odds.
    """
    films = sample(random, seed)
    odds = logits(films, random)
    runs = {
        f"run {place}": scored(odds + random.normal(0, noise, odds.shape))
        for place in range(n_runs)
    }
    return World(films.y_true, runs)


def calibrated_run(random: np.random.Generator) -> tuple[Labels, Scores]:
    """Return labels and the scores of a perfectly calibrated run, (n_films, n_genres) each.

    Each genre has the probability that its score says; genres of a film are correlated beyond that.
    """
    shape = (N_FILMS, N_GENRES)
    y_score = expit(logit(PREVALENCES) + random.normal(0, CLARITY, shape)).astype(np.float32)
    common = random.normal(size=(N_FILMS, 1)) * np.sqrt(0.3)
    latent = common + random.normal(0, np.sqrt(0.7), shape)
    return (latent < ndtri(y_score)).astype(np.uint8), y_score


def _tuned(held_out: Films, scores: list[Scores], rule: Rule) -> list[float]:
    """Return the threshold of each of two runs, fitted on validation films."""
    if rule == APART:
        return [best_common_threshold(held_out.y_true, score) for score in scores]
    both = best_common_threshold(np.tile(held_out.y_true, (2, 1)), np.concatenate(scores))
    return [both, both]


def worse_pair(
    random: np.random.Generator, seed: int, *, worse_by: float, noise: float = 0.3
) -> World:
    """Return two runs of which the first has more noise, so that the second is better."""
    films = sample(random, seed)
    seen = logits(films, random)
    first, second = (
        scored(seen + random.normal(0, size, seen.shape)) for size in (noise + worse_by, noise)
    )
    return World(films.y_true, {"first": first, "second": second})


def blind_pair(random: np.random.Generator, seed: int, *, by: float) -> World:
    """Return two runs of which the first is less correlated with the latent variables."""
    films = sample(random, seed)
    noise = random.normal(0, 0.6, films.lean.shape)
    first, second = (
        scored(logit(PREVALENCES) + CLARITY * (sees * films.lean + noise))
        for sees in (SEES - by, SEES)
    )
    return World(films.y_true, {"first": first, "second": second})


def shy_pair(random: np.random.Generator, seed: int, *, by: float) -> World:
    """Return two runs that rank alike, of which the first is less confident than it should be."""
    films = sample(random, seed)
    seen = logits(films, random)
    first, second = (scored(seen * factor) for factor in (1 - by, 1.0))
    return World(films.y_true, {"first": first, "second": second})


def few_films_pair(random: np.random.Generator, seed: int, *, n_different: int) -> World:
    """Return two runs that differ completely, but only on some films."""
    films = sample(random, seed)
    seen = logits(films, random)
    other = seen.copy()
    rows = random.choice(len(seen), n_different, replace=False)
    other[rows] = random.normal(0, 3, (n_different, N_GENRES))
    threshold = float(random.choice([0.3, 0.5]))
    return World(
        films.y_true, {"first": scored(seen, threshold), "second": scored(other, threshold)}
    )


def unequal_numbers(random: np.random.Generator, *, first: int, second: int) -> World:
    """Return runs with precision 0.5 that predict two genres for different numbers of films.

    Args:
        random: Source of everything.
        first: Films for which the first run predicts a genre, on average.
        second: The same for the second run, more than `first`.
    """
    chances = random.random((N_FILMS, 2))
    predicted = [chances < number / N_FILMS for number in (first, second)]
    y_true = random.random((N_FILMS, 2)) < np.where(predicted[1], 0.5, 0.1)
    first_run, second_run = (
        Scored(np.where(decided, 0.9, 0.1).astype(np.float32)) for decided in predicted
    )
    return World(y_true.astype(np.uint8), {"first": first_run, "second": second_run})


def shapes_pair(random: np.random.Generator) -> World:
    """Return two runs with equal average precision in each genre and different curves.

    The first raises the scores of all films with a genre a little, the second those of some a lot.
    """
    y_true = (random.random((N_FILMS, N_GENRES)) < PREVALENCES).astype(np.uint8)
    y_true[0] = 1  # no genre without a film
    scores = {
        "first": _shifted(random, y_true, LITTLE),
        "second": _sudden(random, y_true, sudden_shares()),
    }
    runs = {name: scored(odds) for name, odds in scores.items()}
    return World(y_true, runs)


LITTLE, MUCH = 1.0, 3.5  # increase of the scores of a genre's films, in standard deviations


def _shifted(random: np.random.Generator, y_true: Labels, by: float) -> Values:
    return random.normal(size=y_true.shape) + by * y_true


def _sudden(random: np.random.Generator, y_true: Labels, shares: Values) -> Values:
    is_known = random.random(y_true.shape) < shares
    return random.normal(size=y_true.shape) + MUCH * (y_true * is_known)


@cache
def sudden_shares() -> Values:
    """Return the share of each genre's films that the second run has to recognise, (n_genres,)."""
    random = np.random.default_rng(0)
    low, high = np.zeros(N_GENRES), np.ones(N_GENRES)
    n_films, n_samples = N_FILMS, 300
    labels = (random.random((n_samples, n_films, N_GENRES)) < PREVALENCES).astype(np.uint8)
    labels[:, 0] = 1
    noise = random.normal(size=labels.shape)
    goal = _mean_precisions(labels, noise + LITTLE * labels)
    dice = random.random(labels.shape)
    for _ in range(12):
        middle = (low + high) / 2
        reached = _mean_precisions(labels, noise + MUCH * (labels * (dice < middle)))
        low, high = np.where(reached < goal, middle, low), np.where(reached < goal, high, middle)
    return (low + high) / 2


def _mean_precisions(labels: Labels, odds: Values) -> Values:
    """Return the average precision of each genre, averaged over samples of untied scores."""
    order = np.argsort(-odds, axis=1)
    hits = np.take_along_axis(labels, order, axis=1).astype(np.float64)
    precision = hits.cumsum(axis=1) / np.arange(1, labels.shape[1] + 1)[:, None]
    means: Values = ((hits * precision).sum(axis=1) / hits.sum(axis=1)).mean(axis=0)
    return means


def seed_groups(
    random: np.random.Generator,
    seed: int,
    *,
    n_seeds: tuple[int, int],
    spreads: tuple[float, float],
) -> tuple[Labels, dict[str, list[Scored]]]:
    """Return two equally good recipes, with seeds that differ in noise and quality.

    Args:
        random: Source of films, noise and seeds.
        seed: Of the population.
        n_seeds: Trainings of each recipe; a single one stands for a deterministic model.
        spreads: Standard deviations of the noise's size over trainings, in log-odds: at 0.05 two
            seeds differ in mAP by about 0.01.
    """
    films = sample(random, seed)
    seen = logits(films, random)

    def training(spread: float) -> Scored:
        size = abs(0.5 + random.normal(0, spread))
        return scored(seen + random.normal(0, size, seen.shape))

    return films.y_true, {
        name: [training(spread) for _ in range(n)]
        for name, n, spread in zip(("first", "second"), n_seeds, spreads, strict=True)
    }


def true_difference(
    make: Callable[[np.random.Generator], World], metric: str, *, n_samples: int | None = None
) -> float:
    """Return the mean difference of a metric over samples of films.

    Args:
        make: Makes a world from a source of randomness.
        metric: Name of the metric.
        n_samples: How many samples, `N_PILOT` if None; the error falls with their root.
    """
    row = [one.name for one in METRICS].index(metric)
    random = np.random.default_rng(12345)
    found = []
    for _ in range(n_samples or N_PILOT):
        world = make(random)
        tables = tables_of(world.y_true, world.runs, macro=MACRO, prior=PREVALENCES, n_draws=40)
        values, _genres = on_the_films(tables)
        found.append(values["second"][row] - values["first"][row])
    return float(np.mean(found))


def solve(
    difference: Callable[[float], float],
    goal: float,
    low: float,
    high: float,
    *,
    n_steps: int = 9,
) -> float:
    """Return the argument at which an increasing difference equals a goal, by bisection.

    Raises:
        ValueError: The goal is not between the values at the ends.
    """
    if not difference(low) <= goal <= difference(high):
        raise ValueError(f"{goal} is not reached between {low} and {high}")
    for _ in range(n_steps):
        middle = (low + high) / 2
        if difference(middle) < goal:
            low = middle
        else:
            high = middle
    return (low + high) / 2
