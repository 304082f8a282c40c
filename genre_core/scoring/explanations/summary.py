"""What counts for each genre over the test films: words, and parts of the poster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from scipy.stats import binom
from scipy.stats import t as student

from genre_core.comparison.explanations import Summary, Word, Zone
from genre_core.data.films import Dataset
from genre_core.evaluation.intervals import LEVEL, SIGNIFICANT, Interval
from genre_core.evaluation.verdicts import holm
from genre_core.runs.folder import Run
from genre_core.scoring.asked_films import film_at, films_of, inputs_of
from genre_core.scoring.explanations import units
from genre_core.scoring.explanations.checks import mean_interval
from genre_core.scoring.explanations.methods import Asked, contributions, methods_of
from genre_core.scoring.one_film import Film
from genre_core.scoring.scorer import Scorer

MOST_FILMS = 2_000  # test films that are looked at
FEWEST = 10  # test films that have a word; with fewer no sign test can be significant
FEWEST_POSTERS = 10  # test films of a genre
N_FOR, N_AGAINST = 15, 5  # words of each genre
TITLE_ROWS = (8, 9, 10)  # of the grid, where most posters have their title
PUNCTUATION = ".,;:!?\"'()[]{}-\u201c\u201d\u2018\u2019\u2026\u2013\u2014"

Progress = Callable[[int, int], None]


def summary(run: Run, dataset: Dataset, scorer: Scorer, progress: Progress) -> Summary:
    """Return what counts for each genre, over the test films.

    Args:
        run: a finished run with weights.
        dataset: the films that it was trained on, with their posters in place.
        scorer: scores.
        progress: is told how many films of how many are done.

    Raises:
        DataError: a poster is gone, or the model reads neither.
    """
    inputs = inputs_of(run)
    rows = films_of(dataset, MOST_FILMS)
    asked = {one: Asked(scorer, run, one) for one in inputs}
    methods = {one: methods_of(run, one)[0] for one in inputs}
    words: dict[str, list[np.ndarray]] = defaultdict(list)
    shares: list[np.ndarray] = []
    for number, row in enumerate(rows):
        progress(number, len(rows))
        film = film_at(dataset, row)
        if "overview" in inputs:
            found = contributions(asked["overview"], film, methods["overview"])
            for word, values in _by_word(film, found).items():
                words[word].append(values)
        if "poster" in inputs:
            found = contributions(asked["poster"], film, methods["poster"])
            shares.append(_by_zone(found))
    labels = dataset.labels[rows][:, [dataset.genres.index(genre) for genre in run.genres]]
    return Summary(
        run=run.id,
        method=methods[inputs[-1]],
        n_films=len(rows),
        words=_words(run, words) if words else {},
        zones=_zones(run, labels, np.stack(shares)) if shares else {},
    )


def _by_word(film: Film, found: np.ndarray) -> dict[str, np.ndarray]:
    """Return the sum of a film's contributions by word in lower case, (n_genres,) each."""
    result: dict[str, np.ndarray] = {}
    for (start, end), values in zip(units.words_of(film.overview), found, strict=True):
        word = film.overview[start:end].lower().strip(PUNCTUATION)
        if word:
            result[word] = result.get(word, 0.0) + values
    return result


def _words(run: Run, words: dict[str, list[np.ndarray]]) -> dict[str, list[Word]]:
    """Return the significant words of each genre, the strongest of each sign.

    Significant by a sign test over the films that have the word, corrected by Holm over the words
    of the genre.
    """
    often = {word: np.stack(found) for word, found in words.items() if len(found) >= FEWEST}
    result = {}
    for place, genre in enumerate(run.genres):
        values = [found[:, place] for found in often.values()]
        corrected = holm([_p_value(one) for one in values])
        tested = zip(often, values, corrected, strict=True)
        clear = [_word(word, one) for word, one, p_value in tested if p_value < SIGNIFICANT]
        clear = [one for one in clear if one.interval.excludes_zero]  # mean and sign agree
        clear.sort(key=lambda one: (-one.value, one.word))
        above = [one for one in clear if one.value > 0][:N_FOR]
        below = [one for one in clear if one.value < 0][-N_AGAINST:]
        result[genre] = above + below
    return result


def _p_value(values: np.ndarray) -> float:
    """Return the exact two-sided p-value of a sign test: for and against equally often.

    A t-test would call skewed values significant far too often with so few films.
    """
    n_for, n_against = int((values > 0).sum()), int((values < 0).sum())
    tail = binom.cdf(min(n_for, n_against), n_for + n_against, 0.5)
    return min(1.0, 2 * float(tail))


def _word(word: str, values: np.ndarray) -> Word:
    """Return a word's mean contribution with Student's t interval."""
    n, mean = len(values), float(values.mean())
    half = student.ppf((1 + LEVEL) / 2, n - 1) * float(values.std(ddof=1)) / np.sqrt(n)
    return Word(word, n, mean, Interval(mean - half, mean + half))


def _zone_of_regions() -> dict[str, np.ndarray]:
    """Return which regions each zone has, (N_REGIONS,) bool each; together they are the poster."""
    rows, columns = np.divmod(np.arange(units.N_REGIONS), units.GRID[1])
    is_border = np.isin(rows, (0, units.GRID[0] - 1)) | np.isin(columns, (0, units.GRID[1] - 1))
    is_title = ~is_border & np.isin(rows, TITLE_ROWS)
    return {"centre": ~is_border & ~is_title, "title": is_title, "border": is_border}


def _by_zone(found: np.ndarray) -> np.ndarray:
    """Return each zone's share of the absolute contributions, (n_zones, n_genres)."""
    size = np.abs(found)
    total = np.maximum(size.sum(axis=0), 1e-12)
    return np.stack([size[zone].sum(axis=0) / total for zone in _zone_of_regions().values()])


def _zones(run: Run, labels: np.ndarray, shares: np.ndarray) -> dict[str, list[Zone]]:
    """Return the zones of each genre with enough test films."""
    result = {}
    for place, genre in enumerate(run.genres):
        of_genre = shares[labels[:, place] == 1, :, place]
        if len(of_genre) < FEWEST_POSTERS:
            continue
        result[genre] = [
            Zone(name, float(regions.mean()), len(of_genre), *mean_interval(of_genre[:, at]))
            for at, (name, regions) in enumerate(_zone_of_regions().items())
        ]
    return result
