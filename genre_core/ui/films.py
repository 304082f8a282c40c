"""Films on cards: which ones, and what each chosen run gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from genre_core.charts.colours import Role, Theme
from genre_core.data.films import Dataset
from genre_core.evaluation.decisions import top_k
from genre_core.runs import Run
from genre_core.ui import loaders, models, text
from genre_core.ui.posters import poster

TOP = 3
POSTER_WIDTH = 130  # pixels on the page
SEEN = {
    "train": "These are training films: the runs were fitted to them, so how well they do here "
    "says little about other films.",
    "validation": "These are validation films: the runs' epochs were chosen on them, so they do "
    "a little better here than on other films.",
}


@dataclass(frozen=True)
class Guess:
    """What one run gives one film.

    Attributes:
        label: name of the model for people.
        role: the model's role, for colour and marker.
        top: the highest-scored genres with their scores, best first.
        missed: the true genres that are not among them, with their scores.
    """

    label: str
    role: Role
    top: tuple[tuple[str, float], ...]
    missed: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Card:
    """One film as it is shown.

    Attributes:
        id: the film's id.
        overview: its overview as written in the source.
        split: the split that it belongs to.
        genres: its true genres.
        guesses: what each chosen run gives it.
    """

    id: str
    overview: str
    split: str
    genres: tuple[str, ...]
    guesses: tuple[Guess, ...]


def matching_rows(dataset: Dataset, split: str, words: str) -> np.ndarray:
    """Return the positions of a split's films whose overview contains some words, or all.

    Args:
        dataset: the films.
        split: "train", "validation" or "test".
        words: text to find, whatever its case; an empty one is in every overview.
    """
    sought = " ".join(words.split()).casefold()
    rows = [
        row
        for row in dataset.rows(split)
        if sought in " ".join(dataset.films.overviews[row].split()).casefold()
    ]
    return np.array(rows, dtype=np.int64)


def draw(rows: np.ndarray, n_films: int, number: int) -> np.ndarray:
    """Return up to `n_films` of the rows at random; the same number draws the same films."""
    return np.random.default_rng(number).permutation(rows)[:n_films]


def cards(
    dataset: Dataset, rows: Sequence[int], runs: Sequence[Run], artifacts: Path
) -> list[Card]:
    """Return the films at some positions with what each run gives them."""
    return [
        Card(
            id=dataset.films.ids[row],
            overview=dataset.films.overviews[row],
            split=str(dataset.split[row]),
            genres=_named(dataset, dataset.labels[row]),
            guesses=tuple(_guess(run, dataset, row, artifacts) for run in runs),
        )
        for row in rows
    ]


def show_card(card: Card, source: Path, theme: Theme) -> None:
    """Show poster, true genres, each run's highest-scored genres and the overview."""
    image = poster(source, card.id)
    with st.container(horizontal=True, wrap=False):
        st.image(image.content, width=POSTER_WIDTH, alt=_alt(card, bool(image.problem)))
        with st.container(gap="xsmall"):
            st.text(card.id)
            if card.split != "test":
                name = f"{text.SPLIT_NAMES[card.split]} film"
                st.badge(name, icon=":material/school:", color="orange")
            true = " ".join(text.plain(genre) for genre in card.genres)
            st.markdown(f"True genres  \n{true or 'none given'}")
            for guess in card.guesses:
                name = text.signed(guess.role, guess.label, theme)
                st.markdown(f"{name}  \n{_chips(guess, card.genres)}")
    if image.problem:
        st.caption(image.problem)
    st.text(card.overview or "(no overview)")


def _guess(run: Run, dataset: Dataset, row: int, artifacts: Path) -> Guess:
    split = str(dataset.split[row])
    on = loaders.split_scores(run, artifacts, split)
    score = on.y_score[np.searchsorted(dataset.rows(split), row)]
    best = top_k(score[np.newaxis], TOP)[0]
    missed = [place for place in np.flatnonzero(dataset.labels[row]) if place not in best]
    return Guess(
        label=models.label(run),
        role=models.role(run),
        top=tuple((dataset.genres[place], float(score[place])) for place in best),
        missed=tuple((dataset.genres[place], float(score[place])) for place in missed),
    )


def _chips(guess: Guess, genres: Sequence[str]) -> str:
    chips = [
        text.hit(genre, score) if genre in genres else text.extra(genre, score)
        for genre, score in guess.top
    ]
    return " ".join([*chips, *(text.missed(genre, score) for genre, score in guess.missed)])


def _named(dataset: Dataset, labels: np.ndarray) -> tuple[str, ...]:
    return tuple(dataset.genres[place] for place in np.flatnonzero(labels))


def _alt(card: Card, is_missing: bool) -> str:
    what = "Placeholder for the missing poster" if is_missing else "Poster"
    return f"{what} of film {card.id}"
