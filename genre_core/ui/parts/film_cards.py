"""Films on cards: which ones, and what each chosen run gives them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from genre_core.charts.colours import Role, Theme
from genre_core.data.films import Dataset
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, run_names, text
from genre_core.ui.parts.posters import poster

Decide = Callable[[Run, np.ndarray], np.ndarray]  # run, rows -> decisions (n_rows, n_genres)
POSTER_WIDTH = 130  # pixels on the page
CARD_LETTERS = 150  # of the overview, about three lines
SEEN = {
    "train": "Training films: the runs were fitted to them, so results here say little about other "
    "films.",
    "validation": "Validation films: epochs and thresholds were chosen on them, so results are "
    "optimistic.",
}


@dataclass(frozen=True)
class Guess:
    """What one run gives one film.

    Attributes:
        label: name of the run for people.
        role: the model's role, for colour and marker.
        given: the predicted genres with their scores, highest first.
        missed: the true genres that are not among them, with their scores.
        has_scores: whether the run has scores for the film.
    """

    label: str
    role: Role
    given: tuple[tuple[str, float], ...]
    missed: tuple[tuple[str, float], ...]
    has_scores: bool = True


@dataclass(frozen=True)
class Card:
    """One film as it is shown.

    Attributes:
        id: the film's id.
        overview: its overview as written in the source; empty for none.
        split: the split that it belongs to.
        genres: its true genres.
        guesses: what each chosen run gives it.
        title: of the film with its year, as far as they are known; empty for none.
    """

    id: str
    overview: str
    split: str
    genres: tuple[str, ...]
    guesses: tuple[Guess, ...]
    title: str = ""

    @property
    def name(self) -> str:
        """Return what the film is called: its title, or else its id."""
        return self.title or self.id


def cards(
    dataset: Dataset,
    rows: Sequence[int] | np.ndarray,
    runs: Sequence[Run],
    decide: Decide,
) -> list[Card]:
    """Return the films at some positions with what each run gives them.

    Args:
        dataset: the films.
        rows: their positions.
        runs: finished runs.
        decide: what a run predicts.
    """
    names = run_names.names(runs)
    y_pred = {run.id: decide(run, np.asarray(rows)) for run in runs}
    return [
        Card(
            id=dataset.films.ids[row],
            overview=dataset.films.overviews[row],
            split=str(dataset.split[row]),
            genres=_named(dataset, dataset.labels[row]),
            guesses=tuple(
                _guess(run, names[run.id], dataset, row, y_pred[run.id][place]) for run in runs
            ),
            title=title_of(dataset, row),
        )
        for place, row in enumerate(rows)
    ]


def title_of(dataset: Dataset, row: int) -> str:
    """Return the title of the film at a position, with its year if it is known; empty for none."""
    films = dataset.films
    title = films.titles[row] if films.titles else ""
    year = films.years[row] if films.years else None
    return f"{title} ({year})" if title and year else title


def show_card(card: Card, dataset: Dataset, theme: Theme) -> None:
    """Show poster, true genres, what each run predicts and how the overview begins."""
    with st.container(horizontal=True, wrap=False):
        if "poster" in dataset.inputs:
            show_poster(card, dataset, POSTER_WIDTH)
        with st.container(gap="xsmall"):
            st.text(card.name)
            show_genres(card, theme)
    if "overview" in dataset.inputs:
        st.text(shortened(card.overview) or "(no overview)")


def show_poster(card: Card, dataset: Dataset, width: int) -> None:
    """Show a film's poster, or a placeholder and why there is none."""
    image = poster(dataset, card.id)
    with st.container(gap="xsmall", width=width):
        st.image(image.content, width=width, alt=alt(card, is_missing=bool(image.problem)))
        if image.problem:
            st.caption(image.problem)


def show_genres(card: Card, theme: Theme) -> None:
    """Show the split, unless it is test, the true genres and what each run predicts."""
    if card.split != "test":
        name = f"{text.SPLIT_NAMES[card.split]} film"
        st.badge(name, icon=":material/school:", color="orange")
    true = " ".join(text.plain(genre) for genre in card.genres)
    st.markdown(f"True genres  \n{true or 'none given'}")
    for guess in card.guesses:
        name = text.signed(guess.role, guess.label, theme)
        st.markdown(f"{name}  \n{_chips(guess, card.genres)}")


def shortened(overview: str) -> str:
    """Return how an overview begins, cut between words.

    >>> shortened("a b")
    'a b'
    """
    return textwrap.shorten(overview, CARD_LETTERS, placeholder=" …")


def _guess(run: Run, name: str, dataset: Dataset, row: int, y_pred: np.ndarray) -> Guess:
    score = np.asarray(loaders.scores(run, dataset)[row])
    ranked = np.argsort(-score, kind="stable")
    is_true = dataset.labels[row] == 1

    def named(places: Sequence[int]) -> tuple[tuple[str, float], ...]:
        return tuple((dataset.genres[place], float(score[place])) for place in places)

    return Guess(
        label=name,
        role=run_names.role(run),
        given=named([int(place) for place in ranked if y_pred[place]]),
        missed=named([int(place) for place in np.flatnonzero(is_true) if not y_pred[place]]),
        has_scores=not np.isnan(score).any(),
    )


def _chips(guess: Guess, genres: Sequence[str]) -> str:
    chips = [
        text.hit(genre, score) if genre in genres else text.extra(genre, score)
        for genre, score in guess.given
    ]
    chips += [text.missed(genre, score) for genre, score in guess.missed]
    if not guess.has_scores:
        return "no scores for this film"
    return " ".join(chips) if guess.given else " ".join(["no predictions", *chips])


def _named(dataset: Dataset, labels: np.ndarray) -> tuple[str, ...]:
    return tuple(dataset.genres[place] for place in np.flatnonzero(labels))


def alt(card: Card, *, is_missing: bool) -> str:
    """Return what a film's poster, or its placeholder, is called."""
    what = "Placeholder for the missing poster" if is_missing else "Poster"
    return f"{what} of film {card.name}"
