"""What changes of posters and overviews cost a run, on the test films."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image

from genre_core.comparison import robustness as results
from genre_core.comparison.robustness import Robustness
from genre_core.data.decoding import PosterError, Size, image_of, squeezed
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.runs.folder import Run
from genre_core.runs.metrics import macro_of, prior_of
from genre_core.scoring import transformations
from genre_core.scoring.asked_films import films_of, inputs_of, poster_at
from genre_core.scoring.scorer import Scorer, Versions
from genre_core.scoring.transformations import Transformation

MOST_FILMS = 2_000  # test films that are looked at
Progress = Callable[[int, int, str], None]


def changes_for(run: Run, dataset: Dataset) -> list[Transformation]:
    """Return the changes that concern what a run reads of a film."""
    inputs = inputs_of(run)
    training = [dataset.films.overviews[row] for row in dataset.rows("train")]
    found = transformations.posters() if "poster" in inputs else []
    return found + (transformations.overviews(training) if "overview" in inputs else [])


def robustness(
    run: Run, dataset: Dataset, scorer: Scorer, progress: Progress
) -> Iterator[Robustness]:
    """Yield what each change costs a run; what was computed before is taken from where it is kept.

    Args:
        run: a finished run with weights.
        dataset: the films that it was trained on, with their posters in place.
        scorer: scores.
        progress: is told how many changes of how many are done, and which is next.

    Raises:
        DataError: a poster cannot be read any more, or the model reads neither.
    """
    changes = changes_for(run, dataset)
    look = _Look(run, dataset, scorer)
    for number, change in enumerate(changes):
        progress(number, len(changes), change.label)
        yield results.kept(run, change.key, partial(look.at, change, number))


@dataclass
class _Look:
    """A run that is asked about the test films, as they are and changed."""

    run: Run
    dataset: Dataset
    scorer: Scorer

    def __post_init__(self) -> None:
        self.rows = films_of(self.dataset, MOST_FILMS)
        self._original: np.ndarray | None = None

    def at(self, change: Transformation, place: int) -> Robustness:
        """Return what a change costs the run."""
        if self._original is None:
            self._original = self._scores(None)
        columns = [self.dataset.genres.index(genre) for genre in self.run.genres]
        return results.compare_changed(
            self.run,
            results.Named(change.key, change.label, change.input, place),
            self.dataset.labels[self.rows][:, columns],
            (self._original, self._scores(change)),
            macro=macro_of(self.run.config),
            prior=prior_of(self.run.config),
        )

    def _scores(self, change: Transformation | None) -> np.ndarray:
        overviews = [self.dataset.films.overviews[row] for row in self.rows]
        if change and change.of_overview:
            overviews = [
                change.of_overview(text, np.random.default_rng([row, 1]))
                for row, text in zip(self.rows, overviews, strict=True)
            ]
        has_posters = "poster" in inputs_of(self.run)
        of_poster = change.of_poster if change else None

        def posters(size: Size) -> np.ndarray:
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                return np.stack(
                    [*threads.map(lambda row: self._poster(row, size, of_poster), self.rows)]
                )

        return self.scorer.scores(self.run, Versions(overviews, posters if has_posters else None))

    def _poster(self, row: int, size: Size, change: transformations.OfPoster | None) -> np.ndarray:
        try:
            image: Image.Image = image_of(poster_at(self.dataset, row))
        except PosterError as error:
            raise DataError(
                f"The poster of '{self.dataset.films.ids[row]}' cannot be used any more: {error}."
            ) from error
        if change:
            image = change(image, np.random.default_rng([row, 0]))
        return squeezed(image, size)
