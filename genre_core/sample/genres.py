"""Plan the films of the sample: the genres of each film and of its poster and overview.

The sample has a known ground truth. Genres of kind "poster" can only be recognised on the poster,
those of kind "overview" only in the text, and those of kind "both" in either, with independent
noise. So each network has genres that only it can learn, and fusion improves on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

Channel = Literal["poster", "overview"]

WHERE_SEEN: dict[str, Literal["poster", "overview", "both"]] = {
    "Action": "poster",
    "Animation": "poster",
    "Thriller": "poster",
    "Crime": "overview",
    "Drama": "overview",
    "Family": "overview",
    "Music": "overview",
    "Adventure": "both",
    "Comedy": "both",
    "Horror": "both",
    "Romance": "both",
    "Sci-Fi": "both",
    "War": "both",
    "Western": "both",
}
"""The modality in which a genre can be recognised."""

UNLABELLED = "N/A"
EMPTY_GENRE = "News"
"""A column without films, of which the real films have four."""

COLUMNS = tuple(sorted([*WHERE_SEEN, UNLABELLED, EMPTY_GENRE]))
"""The indicator columns in the order of the table."""

HIDDEN_SHARE = 0.09
"""Probability that a poster (or an overview) omits one of its genres."""

MISLEADING_SHARE = 0.06
"""Probability that a poster (or an overview) has the genres of another film."""

COMBINATIONS: dict[tuple[str, ...], int] = {
    ("Drama",): 36,
    ("Drama", "Romance"): 32,
    ("Drama", "Romance", "Comedy"): 50,
    ("Drama", "Romance", "Music"): 9,
    ("Drama", "Romance", "Crime"): 6,
    ("Drama", "Romance", "Adventure"): 4,
    ("Drama", "Romance", "War"): 6,
    ("Drama", "War"): 6,
    ("Drama", "War", "Action"): 10,
    ("Drama", "Western"): 3,
    ("Drama", "Western", "Adventure"): 3,
    ("Western", "Comedy", "Action"): 3,
    ("Western",): 2,
    ("Drama", "Comedy"): 34,
    ("Drama", "Comedy", "Music"): 9,
    ("Drama", "Comedy", "Family"): 11,
    ("Drama", "Comedy", "Crime"): 17,
    ("Drama", "Music"): 6,
    ("Drama", "Family"): 5,
    ("Drama", "Crime"): 13,
    ("Drama", "Crime", "Action"): 20,
    ("Drama", "Crime", "Thriller"): 22,
    ("Drama", "Thriller"): 8,
    ("Drama", "Thriller", "Horror"): 8,
    ("Drama", "Thriller", "Sci-Fi"): 5,
    ("Drama", "Adventure", "Action"): 10,
    ("Comedy",): 33,
    ("Comedy", "Romance"): 26,
    ("Comedy", "Romance", "Music"): 5,
    ("Comedy", "Music"): 3,
    ("Comedy", "Crime"): 5,
    ("Comedy", "Crime", "Action"): 15,
    ("Comedy", "Action", "Adventure"): 12,
    ("Comedy", "Adventure", "Family"): 11,
    ("Comedy", "Adventure", "Animation"): 15,
    ("Comedy", "Adventure", "Sci-Fi"): 5,
    ("Comedy", "Animation", "Family"): 10,
    ("Comedy", "Family"): 7,
    ("Comedy", "Horror"): 5,
    ("Animation", "Adventure", "Family"): 9,
    ("Action", "Adventure", "Sci-Fi"): 14,
    ("Action", "Crime"): 5,
    ("Action", "Crime", "Thriller"): 17,
    ("Action", "Thriller"): 5,
    ("Action", "Thriller", "Sci-Fi"): 8,
    ("Action", "Sci-Fi"): 4,
    ("Action", "Horror", "Sci-Fi"): 5,
    ("Action",): 6,
    ("Horror",): 8,
    ("Horror", "Thriller"): 10,
    ("Horror", "Thriller", "Sci-Fi"): 8,
    ("Horror", "Sci-Fi"): 4,
    ("Thriller",): 5,
    (UNLABELLED,): 2,
}
"""Films of each combination among 600, after the shares and the co-occurrences of the real films.

Neighbours share genres, so that taking every tenth film of the list keeps the long tail.
"""


@dataclass(frozen=True)
class FilmPlan:
    """The plan of one film.

    Attributes:
        film_id: Such as "sample-0001", which cannot be mistaken for an IMDb id.
        genres: The film's labels, in the order of its `Genre` list.
        on_poster: The genres of its poster, the leading one first.
        in_overview: The genres of its overview.
    """

    film_id: str
    genres: tuple[str, ...]
    on_poster: tuple[str, ...]
    in_overview: tuple[str, ...]


def plan_films(n_films: int, rng: Random) -> list[FilmPlan]:
    """Return the plans of `n_films` films in random order, with genres in the planned shares."""
    labels = _labels(n_films)
    rng.shuffle(labels)
    return [
        FilmPlan(
            film_id=f"sample-{number:04d}",
            genres=genres,
            on_poster=_visible(genres, labels, "poster", rng),
            in_overview=_visible(genres, labels, "overview", rng),
        )
        for number, genres in enumerate(labels, start=1)
    ]


def _labels(n_films: int) -> list[tuple[str, ...]]:
    """Return each film's genres: an even walk through the list of combinations."""
    listed = [genres for genres, count in COMBINATIONS.items() for _ in range(count)]
    step = len(listed) / n_films
    return [listed[int((index + 0.5) * step)] for index in range(n_films)]


def _visible(
    genres: tuple[str, ...], others: list[tuple[str, ...]], channel: Channel, rng: Random
) -> tuple[str, ...]:
    """Return the genres of a film in one channel, with noise, in random order."""
    source = rng.choice(others) if rng.random() < MISLEADING_SHARE else genres
    seen = [
        genre
        for genre in source
        if WHERE_SEEN.get(genre) in (channel, "both") and rng.random() >= HIDDEN_SHARE
    ]
    rng.shuffle(seen)
    return tuple(seen)
