"""Whether the explanations of a run can be trusted: tested on test films, beside two controls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from genre_core.comparison.explanations import MODEL_FREE, MOST_ALIKE, RANDOM, Check
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.evaluation.draws import draw_counts
from genre_core.evaluation.intervals import Interval, percentile_interval
from genre_core.runs.folder import Run
from genre_core.scoring.asked_films import film_at, films_of, inputs_of
from genre_core.scoring.explanations import controls
from genre_core.scoring.explanations.methods import (
    OCCLUSION,
    WEIGHTS,
    Asked,
    changed,
    contributions,
    methods_of,
    n_units,
)
from genre_core.scoring.one_film import Film
from genre_core.scoring.scorer import Scorer

N_FILMS = 200  # test films whose explanations are checked
N_RANDOMISED = 50  # of these, explained with shuffled weights too
SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)  # of the units that are taken away
N_ORDERS = 5  # random orders that a ranking is held against
N_RESAMPLES = 10_000

Progress = Callable[[int, int], None]


def check(run: Run, dataset: Dataset, scorer: Scorer, progress: Progress) -> list[Check]:
    """Return how each method explains a run, with two controls that have to fail.

    Args:
        run: a finished run with weights.
        dataset: the films that it was trained on, with their posters in place.
        scorer: scores.
        progress: is told how many films of how many are done.

    Raises:
        DataError: a poster is gone, or the model reads neither.
    """
    inputs = inputs_of(run)
    rows = films_of(dataset, N_FILMS)
    randomised = controls.Randomised()
    found = []
    for place, of_input in enumerate(inputs):

        def step(done: int, place: int = place) -> None:
            progress(place * len(rows) + done, len(inputs) * len(rows))

        asked, shuffled = (Asked(one, run, of_input) for one in (scorer, randomised))
        found += _of_input(asked, shuffled, dataset, rows, step)
    return found


def mean_interval(values: np.ndarray) -> tuple[float, Interval]:
    """Return the mean over films and its 95% interval.

    Args:
        values: one for each film, (n_films,).
    """
    resampled = np.concatenate(
        [values @ counts / len(values) for counts in draw_counts(len(values), N_RESAMPLES, seed=0)]
    )
    return float(values.mean()), percentile_interval(resampled)


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Return Spearman's rank correlation; 0 where one of the two is constant."""
    ranks = np.stack([rankdata(first), rankdata(second)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    length = np.sqrt((ranks**2).sum(axis=1)).prod()
    return float((ranks[0] * ranks[1]).sum() / length) if length > 0 else 0.0


def _of_input(
    asked: Asked,
    shuffled: Asked,
    dataset: Dataset,
    rows: Sequence[int],
    step: Callable[[int], None],
) -> list[Check]:
    methods = methods_of(asked.run, asked.input)
    names = [*methods, RANDOM, MODEL_FREE]
    gains: dict[str, list[float]] = {name: [] for name in names}
    alike: dict[str, list[float]] = {name: [] for name in names}
    agreeing: list[float] = []
    for number, row in enumerate(rows):
        film = film_at(dataset, row)
        step(number)
        if n_units(film, asked.input) < len(SHARES):
            continue
        random = np.random.default_rng([row])
        maps = _maps(asked, film, methods, random)
        genre = maps.genre
        for name, gain in zip(names, _gains(asked, film, maps, random), strict=True):
            gains[name].append(gain)
        if WEIGHTS in methods:
            agreeing.append(rank_correlation(maps.by_name[WEIGHTS], maps.by_name[OCCLUSION]))
        if len(alike[RANDOM]) < N_RANDOMISED:
            others = _maps(shuffled, film, methods, random, genre)
            for name in names:
                alike[name].append(rank_correlation(maps.by_name[name], others.by_name[name]))
    if not gains[RANDOM]:
        raise DataError(f"No test film has an {asked.input} of {len(SHARES)} words or more.")
    return [
        _check(asked, name, gains[name], alike[name], agreeing if name == OCCLUSION else [])
        for name in names
    ]


@dataclass(frozen=True)
class _Maps:
    """What each method says each unit adds to one genre of a film, (n_units,) each."""

    genre: int
    by_name: dict[str, np.ndarray]


def _maps(
    asked: Asked,
    film: Film,
    methods: Sequence[str],
    random: np.random.Generator,
    genre: int | None = None,
) -> _Maps:
    """Return the maps of a genre; of that with the highest score by default."""
    if genre is None:
        whole = changed(film, asked.input, np.zeros((1, n_units(film, asked.input)), np.bool_))
        genre = int(asked.scores(whole)[0].argmax())
    found = {name: contributions(asked, film, name, [genre])[:, 0] for name in methods}
    found[RANDOM] = controls.random_map(film, asked.input, random)
    found[MODEL_FREE] = controls.model_free_map(film, asked.input)
    return _Maps(genre, found)


def _gains(asked: Asked, film: Film, maps: _Maps, random: np.random.Generator) -> Iterator[float]:
    """Yield the gain of each map over random orders, all scored in one batch."""
    n = n_units(film, asked.input)
    counts = np.unique(np.maximum(1, np.round(np.array(SHARES) * n).astype(int)))
    orders = [np.argsort(-values, kind="stable") for values in maps.by_name.values()]
    orders += [random.permutation(n) for _ in range(N_ORDERS)]
    hidden = np.zeros((len(orders), len(counts), n), dtype=np.bool_)
    for place, order in enumerate(orders):
        for at, count in enumerate(counts):
            hidden[place, at, order[:count]] = True
    scores = asked.scores(changed(film, asked.input, hidden.reshape(-1, n)))[:, maps.genre]
    left = scores.reshape(len(orders), len(counts)).mean(axis=1)
    yield from (left[len(maps.by_name) :].mean() - left[: len(maps.by_name)]).tolist()


def _check(
    asked: Asked, name: str, gains: list[float], alike: list[float], agreeing: list[float]
) -> Check:
    gain, interval = mean_interval(np.array(gains))
    randomised_correlation = float(np.mean(alike))
    return Check(
        run=asked.run.id,
        input=asked.input,
        method=name,
        n_films=len(gains),
        gain=gain,
        interval=interval,
        randomised_correlation=randomised_correlation,
        agreement=float(np.mean(agreeing)) if agreeing else None,
        passed=interval.low > 0 and randomised_correlation < MOST_ALIKE,
    )
