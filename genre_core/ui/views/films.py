"""One film large: poster, whole overview, every score of each run, and how good they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.charts.colours import styles
from genre_core.charts.film_scores import RunScores, film_scores
from genre_core.data.films import Dataset
from genre_core.errors import nearest
from genre_core.evaluation.decisions import top_k
from genre_core.evaluation.formulas import film_bce
from genre_core.runs.folder import Run
from genre_core.ui.frame import shell
from genre_core.ui.parts import (
    address,
    cited_films,
    export,
    film_cards,
    loaders,
    posters,
    rules,
    run_names,
    text,
    why,
)
from genre_core.ui.parts.figures import figure_of, page_theme

WIDTH = 300  # pixels of the poster
N_HIGHEST = 5
MATTERS = f"true genres and the {N_HIGHEST} highest of each run"
IMDB_ID = re.compile(r"tt\d{7,9}")


def step(film: str) -> None:
    """Open another film; none with an empty id."""
    st.session_state["film"] = film


def table(cards: Sequence[film_cards.Card]) -> pd.DataFrame:
    """Return one line a film: ID, title, split, true genres and the predictions of each run."""
    lines = []
    has_titles = any(card.title for card in cards)
    for card in cards:
        line = {"Id": card.id, **({"Title": card.title} if has_titles else {})}
        line |= {"Split": card.split, "True genres": ", ".join(card.genres)}
        for guess in card.guesses:
            given = ", ".join(genre for genre, _ in guess.given)
            line[guess.label] = given if guess.has_scores else "no scores"
        lines.append(line)
    return pd.DataFrame(lines)


def show_film(
    film: str, rows: np.ndarray, now: shell.Chosen, dataset: Dataset, decide: film_cards.Decide
) -> None:
    """Show one film, and the ways to its neighbours and back.

    Args:
        film: its id, as the address or a person gives it.
        rows: positions of the films that were chosen, in their order.
        now: what is chosen.
        dataset: its films.
        decide: what a run predicts.
    """
    ids = dataset.films.ids
    if film not in ids:
        st.warning(
            f"No film with the ID '{text.literal(film[:80])}'.{text.literal(nearest(film, ids))}",
            icon=":material/search_off:",
        )
        _back()
        return
    row = ids.index(film)
    _neighbours(row, rows, dataset)
    runs = [run for run in now.slots.values() if run]
    (card,) = film_cards.cards(dataset, [row], runs, decide)
    left, right = st.columns([1, 2], gap="medium")
    with left:
        if "poster" in dataset.inputs:
            film_cards.show_poster(card, dataset, WIDTH)
        film_cards.show_genres(card, page_theme())
        if said := cited_films.sentence(film):
            st.caption(said)
    with right:
        st.header(text.literal(card.name), anchor=False)
        where = f"A {text.SPLIT_NAMES[card.split]} film of {text.literal(dataset.source.name)}."
        st.caption(f"{where} ID {text.literal(film)}." if card.title else where)
        _links(film, dataset)
        if "overview" in dataset.inputs:
            st.text(card.overview or "(no overview)")
        _scores(row, {run.id: run for run in runs}, now, dataset)


def _scores(row: int, runs: Mapping[str, Run], now: shell.Chosen, dataset: Dataset) -> None:
    """Show what each run gives the film, in words and as bars."""
    if not runs:
        return
    theme = page_theme()
    looks = styles([run_names.role(run) for run in runs.values()], theme)
    names = run_names.names(list(runs.values()))
    y_true = dataset.labels[row]
    drawn = []
    for look, run in zip(looks, runs.values(), strict=True):
        score = np.asarray(loaders.scores(run, dataset)[row])
        if np.isnan(score).any():
            name = text.signed(look.role, names[run.id], theme)
            st.markdown(f"{name}: no scores for this film.")
            continue
        drawn.append(RunScores(names[run.id], look, score.tolist()))
        sentence = quality(y_true, score, dataset.prior)
        st.markdown(f"{text.signed(look.role, names[run.id], theme)}: {sentence}")
    if not drawn:
        return
    is_whole = st.toggle("All genres", key="film_genres", help=f"Else {MATTERS}.")
    places = range(len(y_true)) if is_whole else that_matter(y_true, [one.values for one in drawn])
    trace = export.Trace(list(runs), dataset.fingerprint, str(dataset.split[row]), 1)
    export.chart(
        figure_of(
            film_scores,
            [dataset.genres[place] for place in places],
            [bool(y_true[place] == 1) for place in places],
            [replace(one, values=[one.values[place] for place in places]) for one in drawn],
            theme,
        ),
        "film_scores",
        f"Scores of film {dataset.films.ids[row]}",
        trace,
        alt="Score of genres by each run; true genres, marked with a tick, come first",
    )
    named = [name for name, label in zip(dataset.genres, y_true, strict=True) if label == 1]
    overview = dataset.films.overviews[row]
    key = dataset.films.ids[row]
    film = why.Shown(posters.content(dataset, row), overview, named, trace, key)
    why.show(now.artifacts, list(runs.values()), film)


def that_matter(y_true: np.ndarray, y_score: Sequence[Sequence[float]]) -> list[int]:
    """Return the columns of the genres that matter for a film: true ones, and each run's highest.

    Args:
        y_true: uint8 (n_genres,).
        y_score: one score per genre and run, (n_runs, n_genres).

    >>> that_matter(np.array([0, 0, 0, 0, 0, 0, 1]), [[0.9, 0.1, 0.8, 0.7, 0.6, 0.5, 0.0]])
    [0, 2, 3, 4, 5, 6]
    """
    highest = top_k(np.asarray(y_score), min(N_HIGHEST, len(y_true)))
    return sorted({*np.flatnonzero(y_true == 1).tolist(), *highest.ravel().tolist()})


def _links(film: str, dataset: Dataset) -> None:
    """Show where the film is elsewhere, and the URL that leads here."""
    with st.container(horizontal=True):
        if IMDB_ID.fullmatch(film) and not dataset.generated:
            st.link_button("IMDb", f"https://www.imdb.com/title/{film}/", icon=":material/link:")
        with st.popover("Share", icon=":material/share:"):
            query = urlencode({**address.parameters(), "film": film})
            st.code(f"{st.context.url}?{query}", language=None, wrap_lines=True)


def quality(y_true: np.ndarray, y_score: np.ndarray, prior: np.ndarray) -> str:
    """Return how good scores are for one film, compared with the base rates.

    Args:
        y_true: uint8 (n_genres,).
        y_score: (n_genres,) in [0, 1].
        prior: share of the training films with each genre, (n_genres,).
    """
    best = top_k(y_score[np.newaxis], rules.N_TOP)[0]
    n_hits, n_true = int(y_true[best].sum()), int(y_true.sum())
    loss, baseline = (float(film_bce(y_true[np.newaxis], score)[0]) for score in (y_score, prior))
    word = "better" if loss < baseline else "no better"
    return (
        f"{n_hits} of {text.count(n_true, 'true genre')} in the top {rules.N_TOP}; BCE "
        f"{loss:.3f}, {word} than the base rates ({baseline:.3f})."
    )


def _neighbours(row: int, rows: np.ndarray, dataset: Dataset) -> None:
    """Show the way back and to the films before and after this one among those chosen."""
    ids, places = dataset.films.ids, np.flatnonzero(rows == row)
    place = int(places[0]) if len(places) else None
    before = after = None
    if place is not None:
        before = ids[rows[place - 1]] if place > 0 else None
        after = ids[rows[place + 1]] if place + 1 < len(rows) else None
    with st.container(horizontal=True, vertical_alignment="center"):
        _back()
        _to("Previous", "Left", ":material/arrow_back:", before)
        _to("Next", "Right", ":material/arrow_forward:", after)
        if place is None:
            st.caption("This film does not match the filters.")
        else:
            st.caption(f"Film {place + 1:,} of {len(rows):,} chosen")


def _back() -> None:
    _to("All films", "Esc", ":material/grid_view:", "")


def _to(label: str, shortcut: str, icon: str, film: str | None) -> None:
    st.button(
        label,
        key=f"go_{label}",
        icon=icon,
        shortcut=shortcut,
        disabled=film is None,
        on_click=step,
        args=(film,),
    )
