"""Methods of explaining scores: how much each word or region adds to the log-odds of each genre."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from genre_core import catalogue
from genre_core.evaluation.calibration import log_odds
from genre_core.models.overview.tfidf import OverviewTfidf
from genre_core.runs.folder import Run
from genre_core.scoring.explanations import units
from genre_core.scoring.one_film import Film, versions_of
from genre_core.scoring.scorer import Scorer, Versions

OCCLUSION, GRADIENTS, WEIGHTS = "occlusion", "gradients", "weights"


@dataclass(frozen=True)
class Asked:
    """A run that is asked about one input of films.

    Attributes:
        scorer: what scores.
        run: a finished run with weights.
        input: "poster" or "overview".
    """

    scorer: Scorer
    run: Run
    input: str

    def scores(self, versions: Versions) -> np.ndarray:
        """Return the scores of versions of a film, (n_versions or 1, n_genres) float32."""
        return self.scorer.scores(self.run, versions)


def methods_of(run: Run, of_input: str) -> tuple[str, ...]:
    """Return the methods that can explain a run by an input, the most exact first."""
    kind = catalogue.entry(run.config["model"]).kind
    if kind == "linear" and of_input == "overview":
        return (WEIGHTS, OCCLUSION)
    if kind == "network" and of_input == "poster":
        return (OCCLUSION, GRADIENTS)
    return (OCCLUSION,)


def contributions(
    asked: Asked, film: Film, method: str = OCCLUSION, genres: Sequence[int] | None = None
) -> np.ndarray:
    """Return what each unit of a film adds to the log-odds of genres.

    Args:
        asked: the run and the input.
        film: has that input, and what else the run needs.
        method: one of `methods_of`.
        genres: columns of some genres; all by default.

    Returns:
        float32 (n_units, n_genres); units are words, or regions row by row.
    """
    columns = [*range(len(asked.run.genres))] if genres is None else [*genres]
    return METHODS[method](asked, film, columns).astype(np.float32)


def changed(film: Film, of_input: str, hidden: units.Hidden) -> Versions:
    """Return versions of a film without some units of one input.

    Args:
        film: has that input.
        of_input: "poster" or "overview".
        hidden: which units each version lacks, (n_versions, n_units).
    """
    whole = versions_of(film)
    if of_input == "overview":
        return Versions(units.without_words(film.overview, hidden), whole.posters)
    posters = whole.posters
    if posters is None:
        raise ValueError("the film has no poster")
    return Versions(whole.overviews, lambda size: units.without_regions(posters(size)[0], hidden))


def n_units(film: Film, of_input: str) -> int:
    """Return how many units an input of a film has."""
    return len(units.words_of(film.overview)) if of_input == "overview" else units.N_REGIONS


def _occlusion(asked: Asked, film: Film, genres: list[int]) -> np.ndarray:
    """Return by how much the log-odds fall without each unit.

    Source: Zeiler & Fergus, "Visualizing and understanding convolutional networks", ECCV 2014.
    """
    hidden = units.one_at_a_time(n_units(film, asked.input))
    # The whole film in the same batch: the last bits depend on the shape of a batch.
    hidden = np.vstack([np.zeros((1, hidden.shape[1]), dtype=np.bool_), hidden])
    odds = log_odds(asked.scores(changed(film, asked.input, hidden)))
    odds = np.broadcast_to(odds, (len(hidden), odds.shape[1]))
    result: np.ndarray = (odds[0] - odds[1:])[:, genres]
    return result


def _gradients(asked: Asked, film: Film, genres: list[int]) -> np.ndarray:
    """Return the integrated gradients of the pixels, summed over each region."""
    from genre_core.scoring.explanations.gradients import integrated_gradients

    model = asked.scorer.model(asked.run)
    posters = versions_of(film).posters
    if model.poster_size is None or posters is None:
        raise ValueError("gradients need a network of posters, and a poster")
    by_pixel = integrated_gradients(model, posters(model.poster_size)[0], genres)
    region = units.region_of_pixels(*model.poster_size).ravel()
    return np.stack(
        [np.bincount(region, genre.ravel(), units.N_REGIONS) for genre in by_pixel], axis=1
    )


def _weights(asked: Asked, film: Film, genres: list[int]) -> np.ndarray:
    """Return the exact parts of the log-odds of the linear model of TF-IDF."""
    model = asked.scorer.model(asked.run)
    if not isinstance(model, OverviewTfidf):
        raise ValueError("only a linear model of overviews has exact weights of words")
    spans, parts = model.parts(film.overview)
    words = units.words_of(film.overview)
    result = np.zeros((len(words), len(asked.run.genres)))
    if words:
        begins = [start for start, _ in words]
        place = np.searchsorted(begins, [start for start, _ in spans], side="right") - 1
        np.add.at(result, place, parts)
    return result[:, genres]


METHODS: dict[str, Callable[[Asked, Film, list[int]], np.ndarray]] = {
    OCCLUSION: _occlusion,
    GRADIENTS: _gradients,
    WEIGHTS: _weights,
}
