"""Plans the films of the sample: which genres each has, and where each genre can be seen.

The sample is an experiment with a known answer. A genre of kind "poster" is drawn and never told,
one of kind "overview" is told and never drawn, and one of kind "both" is drawn and told, with
independent noise. So each network has genres that only it can learn, and a fusion of the two has
something to gain.
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
"""Where a genre leaves its traces: the answer that the two networks should find."""

UNLABELLED = "N/A"
EMPTY_GENRE = "News"
"""A column without a single film: the real films have four of them."""

COLUMNS = tuple(sorted([*WHERE_SEEN, UNLABELLED, EMPTY_GENRE]))
"""The indicator columns in the order of the table."""

HIDDEN_SHARE = 0.09
"""Chance that a poster (or an overview) leaves out one of the genres it could show."""

MISLEADING_SHARE = 0.06
"""Chance that a poster (or an overview) shows the genres of another film instead of its own."""

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
    """One film before it is written down.

    Attributes:
        film_id: Such as "sample-0001", which is clearly no IMDb id.
        genres: The film's labels, in the order of its `Genre` list.
        shown: The genres that its poster shows, the leading one first.
        told: The genres that its overview tells.
    """

    film_id: str
    genres: tuple[str, ...]
    shown: tuple[str, ...]
    told: tuple[str, ...]


def plan_films(n_films: int, rng: Random) -> list[FilmPlan]:
    """Return the plans of `n_films` films in random order, with genres in the planned shares."""
    labels = _labels(n_films)
    rng.shuffle(labels)
    return [
        FilmPlan(
            film_id=f"sample-{number:04d}",
            genres=genres,
            shown=_visible(genres, labels, "poster", rng),
            told=_visible(genres, labels, "overview", rng),
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
    """Return the genres that one channel of a film gives away, noise included, in random order."""
    source = rng.choice(others) if rng.random() < MISLEADING_SHARE else genres
    seen = [
        genre
        for genre in source
        if WHERE_SEEN.get(genre) in (channel, "both") and rng.random() >= HIDDEN_SHARE
    ]
    rng.shuffle(seen)
    return tuple(seen)
