"""How far a film that somebody brings is from the training films, and which of them are nearest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.data import store
from genre_core.data.films import Dataset
from genre_core.data.leakage_posters import thumbnails
from genre_core.data.posters import POSTER_SIZE, decode_poster
from genre_core.errors import DataError
from genre_core.evaluation.calibration import log_odds
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, posters, run_names, text
from genre_core.ui.parts.figures import page_theme

N_NEAREST = 5
WIDTH = 76  # pixels of a poster
SAME = 0.995  # likeness of the same poster in another size or file
MOST_TESTED = 400  # test films that a poster's distance is held against
_WORD = re.compile(r"\w+")
HELP = (
    "Unknown words are in no training overview. Posters are compared by the correlation of their "
    "colours in 32 by 32 places: 1 for the same image. Nearest films are those whose log-odds by "
    "the same run are nearest to those of your film."
)


class Words(NamedTuple):
    """The words of the training overviews.

    Attributes:
        known: in lower case.
        lengths: 5th and 95th percentile of the number of words.
    """

    known: frozenset[str]
    lengths: tuple[int, int]


def show_facts(artifacts: Artifacts, dataset: Dataset, poster: bytes | None, overview: str) -> None:
    """Show in words how typical a poster and an overview are."""
    facts = []
    if overview.strip() and "overview" in dataset.inputs:
        facts += _of_overview(_words(dataset.fingerprint, dataset), overview)
    if poster is not None and "poster" in dataset.inputs:
        facts += _of_poster(artifacts, dataset, poster)
    if facts:
        st.caption(" · ".join(facts), help=HELP)


def nearest(run: Run, dataset: Dataset, y_score: np.ndarray, row: int | None = None) -> list[int]:
    """Return the positions of the training films with the nearest log-odds, nearest first.

    Args:
        run: a run with scores of the training films.
        dataset: its films.
        y_score: scores of a film, (n_genres,).
        row: position of the film itself, which is left out; None for one from elsewhere.
    """
    rows = dataset.rows("train")
    scores = np.asarray(loaders.scores(run, dataset)[rows])
    rows = rows[~np.isnan(scores).any(axis=1) & (rows != row)]
    scores = np.asarray(loaders.scores(run, dataset)[rows])
    distance = ((log_odds(scores) - log_odds(y_score)) ** 2).sum(axis=1)
    order = np.argsort(distance, kind="stable")[:N_NEAREST]
    found: list[int] = rows[order].tolist()
    return found


def show_nearest(
    runs: Sequence[Run], dataset: Dataset, scores: Sequence[np.ndarray], row: int | None
) -> None:
    """Show the training films that each run gives nearly the same scores."""
    names, theme = run_names.names(list(runs)), page_theme()
    for run, y_score in zip(runs, scores, strict=True):
        st.markdown(text.signed(run_names.role(run), names[run.id], theme))
        with st.container(horizontal=True, gap="small"):
            for place in nearest(run, dataset, y_score, row):
                _film(dataset, place)


def _film(dataset: Dataset, place: int) -> None:
    """Show a training film: its poster, or how its overview begins, and its genres."""
    film = dataset.films.ids[place]
    title = dataset.films.titles[place] if dataset.films.titles else ""
    labels = zip(dataset.genres, dataset.labels[place], strict=True)
    genres = ", ".join(genre for genre, label in labels if label)
    with st.container(width=WIDTH + 24, gap=None):
        if "poster" in dataset.inputs:
            shown = posters.poster(dataset, film)
            st.image(shown.content, width=WIDTH, alt=f"Poster of {title or film}")
        else:
            st.caption(text.literal(dataset.films.overviews[place][:60]) + " …")
        st.caption(f"{text.literal(title or film)}: {text.literal(genres)}")


def _of_overview(words: Words, overview: str) -> list[str]:
    own = [word.lower() for word in _WORD.findall(overview)]
    unknown = [word for word in own if word not in words.known]
    low, high = words.lengths
    facts = [f"{len(unknown)} of {text.count(len(own), 'word')} unknown"]
    if unknown:
        facts[0] += f" ({text.literal(', '.join(dict.fromkeys(unknown[:3])))})"
    if not low <= len(own) <= high:
        than = "shorter" if len(own) < low else "longer"
        facts.append(f"{than} than 95% of the training overviews ({low} to {high} words)")
    return facts


def _of_poster(artifacts: Artifacts, dataset: Dataset, poster: bytes) -> list[str]:
    try:
        known, usual = _posters(dataset.fingerprint, dataset, artifacts)
        own = thumbnails(decode_poster(poster, POSTER_SIZE)[np.newaxis])[0]
    except DataError:  # said elsewhere, where the film is scored
        return []
    alike = known @ own
    likeness = float(alike.max())
    if likeness > SAME:
        film = dataset.films.ids[int(dataset.rows("train")[int(alike.argmax())])]
        return [f"same poster as the training film {text.literal(film)}"]
    rarer = float((usual < likeness).mean())
    return [
        f"correlation with the nearest training poster {likeness:.2f}, higher than for "
        f"{text.percent(rarer)} of the test films"
    ]


@st.cache_resource(max_entries=4, show_spinner=False)
def _words(fingerprint: str, _dataset: Dataset) -> Words:
    overviews = [_dataset.films.overviews[row] for row in _dataset.rows("train")]
    own = [[word.lower() for word in _WORD.findall(text)] for text in overviews]
    low, high = np.percentile([len(words) for words in own], (5, 95))
    return Words(frozenset(word for words in own for word in words), (int(low), int(high)))


@st.cache_resource(max_entries=2, show_spinner=False)
def _posters(
    fingerprint: str, _dataset: Dataset, _artifacts: Artifacts
) -> tuple[np.ndarray, np.ndarray]:
    """Return thumbnails of the training posters, and the likeness of test posters to them."""
    pixels = store.posters(_dataset, _artifacts)
    known = thumbnails(pixels[_dataset.rows("train")])
    tested = thumbnails(pixels[_dataset.rows("test")[:MOST_TESTED]])
    return known, (tested @ known.T).max(axis=1)
