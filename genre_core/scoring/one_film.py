"""Scores for one film that somebody brings: a poster, an overview, or both."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre_core import catalogue
from genre_core.data.decoding import MAX_PIXELS
from genre_core.data.films import Films
from genre_core.data.posters import POSTER_SIZE, decode_poster
from genre_core.errors import DataError
from genre_core.models.base import Model
from genre_core.runs.folder import Run, find_run
from genre_core.scoring.films import load_model

MOST_BYTES = 10 * 2**20  # of a poster
MOST_LETTERS = 100_000  # of an overview
MOST_MODELS = 6  # that are kept in memory
NAME = "film"
TOO_LARGE = f"{{}} is larger than {MOST_BYTES >> 20} MB. Expected a smaller image."


@dataclass(frozen=True)
class Film:
    """What is asked about.

    Attributes:
        poster: an image file's content; None for none.
        overview: empty for none.
    """

    poster: bytes | None = None
    overview: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return what there is of the film, some of "poster" and "overview"."""
        has = {"poster": self.poster is not None, "overview": bool(self.overview.strip())}
        return tuple(one for one, is_there in has.items() if is_there)


@dataclass(frozen=True)
class Answer:
    """What a run says of a film.

    Attributes:
        run: a finished run with weights.
        y_score: (n_genres,) float32 in the order of the run's genres; None if something is missing.
        missing: what the run needs and the film lacks.
    """

    run: Run
    y_score: np.ndarray | None
    missing: tuple[str, ...] = ()


def film_of(poster: Path | None, overview: str) -> Film:
    """Return a film from a file and a text.

    Raises:
        DataError: there is neither, or one of them is too large or cannot be read.
    """
    if poster is None:
        return film_from(None, overview)
    try:
        if poster.stat().st_size > MOST_BYTES:
            raise DataError(TOO_LARGE.format(f"'{poster}'"))
        return film_from(poster.read_bytes(), overview, name=f"'{poster}'")
    except OSError as error:
        raise DataError(f"'{poster}' cannot be read: {error.strerror}.") from error


def film_from(content: bytes | None, overview: str, *, name: str = "The poster") -> Film:
    """Return a film from an image file's content and a text.

    Args:
        content: of the image file; None for none.
        overview: empty for none.
        name: of the poster, for messages.

    Raises:
        DataError: there is neither, or one of them is too large or cannot be used.
    """
    if len(overview) > MOST_LETTERS:
        raise DataError(
            f"The overview has {len(overview):,} characters. Expected at most {MOST_LETTERS:,}."
        )
    film = Film(content, overview)
    if not film.inputs:
        raise DataError("Nothing to score. Expected a poster, an overview, or both.")
    if content is None:
        return film
    if len(content) > MOST_BYTES:
        raise DataError(TOO_LARGE.format(name))
    try:
        decode_poster(content, POSTER_SIZE)
    except DataError as error:
        raise DataError(
            f"{name} cannot be used: {error}. Expected a JPEG, PNG, WebP, GIF, BMP or TIFF of at "
            f"most {MAX_PIXELS // 10**6} megapixels."
        ) from error
    return film


class Scorer:
    """Scores films by runs whose models stay in memory, as many as `MOST_MODELS`."""

    def __init__(self) -> None:
        self._models: OrderedDict[str, Model] = OrderedDict()

    def answer(self, run: Run, film: Film) -> Answer:
        """Return what a run says of a film.

        Raises:
            RunError: the run is not finished, or was not trained here.
            DataError: the poster cannot be used.
        """
        needs = catalogue.find(run.config["model"])
        missing = tuple(one for one in (needs.inputs if needs else ()) if one not in film.inputs)
        return Answer(run, None if missing else self._scores(run, film)[0], missing)

    def _scores(self, run: Run, film: Film) -> np.ndarray:
        """Return (1, n_genres) float32."""
        model = self._model(run)
        parents = [find_run(run.artifacts, parent) for parent in run.parents]
        given = tuple(self._scores(parent, film) for parent in parents)
        posters = None
        if model.poster_size is not None and film.poster is not None:
            posters = decode_poster(film.poster, model.poster_size)[np.newaxis]
        films = Films((NAME,), (film.overview,), run.genres, posters=posters, parent_scores=given)
        return model.predict_scores(films)

    def _model(self, run: Run) -> Model:
        key = str(run.folder)
        if key not in self._models:
            self._models[key] = load_model(run)
        self._models.move_to_end(key)
        while len(self._models) > MOST_MODELS:
            self._models.popitem(last=False)
        return self._models[key]
