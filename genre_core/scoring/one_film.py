"""Scores for one film that somebody brings: a poster, an overview, or both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genre_core import catalogue
from genre_core.data.decoding import MAX_PIXELS
from genre_core.data.posters import POSTER_SIZE, decode_poster
from genre_core.errors import DataError
from genre_core.runs.folder import Run
from genre_core.scoring.scorer import Scorer, Versions

MOST_BYTES = 10 * 2**20  # of a poster
MOST_LETTERS = 100_000  # of an overview
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


def answer(scorer: Scorer, run: Run, film: Film) -> Answer:
    """Return what a run says of a film.

    Raises:
        RunError: the run is not finished, or was not trained here.
        DataError: the poster cannot be used.
    """
    missing = missing_of(run, film)
    return Answer(run, None if missing else scorer.scores(run, versions_of(film))[0], missing)


def missing_of(run: Run, film: Film) -> tuple[str, ...]:
    """Return what a run needs and a film lacks."""
    entry = catalogue.find(run.config["model"])
    return tuple(one for one in (entry.inputs if entry else ()) if one not in film.inputs)


def versions_of(film: Film) -> Versions:
    """Return a film as it is, to be scored."""
    content = film.poster
    if content is None:
        return Versions([film.overview])
    return Versions([film.overview], lambda size: decode_poster(content, size)[np.newaxis])
