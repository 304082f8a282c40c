"""Scores of films, and of changed versions of them, by models that stay in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from genre_core.data.decoding import Size
from genre_core.data.films import Films
from genre_core.models.base import Model
from genre_core.runs.folder import Run, find_run
from genre_core.scoring.films import load_model

MOST_MODELS = 6  # that are kept in memory


@dataclass(frozen=True)
class Versions:
    """Versions of a film, or of several, that are scored together.

    Attributes:
        overviews: one for each version, or one for all.
        posters: returns the posters at a size (height, width), (n, height, width, 3) uint8, one for
            each version or one for all; None without posters.
    """

    overviews: Sequence[str] = ("",)
    posters: Callable[[Size], np.ndarray] | None = None


class Scorer:
    """Scores by runs whose models stay in memory, as many as `MOST_MODELS`."""

    def __init__(self) -> None:
        self._models: OrderedDict[str, Model] = OrderedDict()

    def scores(self, run: Run, versions: Versions) -> np.ndarray:
        """Return the scores of each version, or of one where all are the same to the run.

        Args:
            run: a finished run; what it needs of a film has to be there.
            versions: what is scored.

        Returns:
            (n or 1, n_genres) float32.

        Raises:
            RunError: the run is not finished, or was not trained here.
            DataError: a poster cannot be used.
        """
        given = [self.scores(parent, versions) for parent in parents_of(run)]
        return _scores(self.model(run), run, versions, given)

    def model(self, run: Run) -> Model:
        """Return the model of a finished run, loaded if it is not in memory."""
        key = str(run.folder)
        if key not in self._models:
            self._models[key] = self.load(run)
        self._models.move_to_end(key)
        while len(self._models) > MOST_MODELS:
            self._models.popitem(last=False)
        return self._models[key]

    def load(self, run: Run) -> Model:
        """Return the model of a finished run from its weights."""
        return load_model(run)


def parents_of(run: Run) -> list[Run]:
    """Return the runs that a fusion stands on; none for other runs."""
    return [find_run(run.artifacts, parent) for parent in run.parents]


def _scores(model: Model, run: Run, versions: Versions, given: Sequence[np.ndarray]) -> np.ndarray:
    """Return a model's scores, (n or 1, n_genres) float32, given those of its parents."""
    if given:
        n_versions = max(len(scores) for scores in given)
        given = [np.broadcast_to(scores, (n_versions, scores.shape[1])) for scores in given]
        overviews: Sequence[str] = [""] * n_versions
        posters = None
    elif model.poster_size is not None and versions.posters is not None:
        posters = versions.posters(model.poster_size)
        overviews = [""] * len(posters)
    else:
        overviews, posters = versions.overviews, None
    ids = tuple(str(number) for number in range(len(overviews)))
    films = Films(ids, tuple(overviews), run.genres, posters=posters, parent_scores=tuple(given))
    return model.predict_scores(films)
