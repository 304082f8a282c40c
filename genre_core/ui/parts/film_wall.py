"""A wall of posters: what each film is and what each run predicts for it, at a glance."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genre_core.charts.colours import MARKS, Theme
from genre_core.data.films import Dataset
from genre_core.ui.parts.film_cards import Card, Guess, alt, shortened
from genre_core.ui.parts.posters import poster

HERE = Path(__file__).parent
SIZES = {"small": ("S", 104), "medium": ("M", 140), "large": ("L", 230)}  # pixels of a poster
MOST_MARKS = 6
WIDER = 1.5  # a tile of words than one of a poster

# Of Streamlit's own elements none is a poster that can be clicked and stays in the session.
_wall = st.components.v2.component(
    "marquee_film_wall",
    html='<ul class="film-wall" role="list"></ul>\n',
    css=(HERE / "film_wall.css").read_text(encoding="utf-8"),
    js=(HERE / "film_wall.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show(
    cards: Sequence[Card],
    dataset: Dataset,
    theme: Theme,
    *,
    width: int,
    on_open: Callable[[str], None],
    key: str = "film_wall",
) -> None:
    """Show films as posters.

    Args:
        cards: the films, with what each run predicts.
        dataset: the films.
        theme: colours of the page.
        width: of a poster, in pixels; narrower where fewer than three would fit, wider without.
        on_open: called with the id of the film whose poster was chosen.
        key: of the element.
    """

    def opened() -> None:
        film = st.session_state[key].get("open")
        if film in {card.id for card in cards}:
            on_open(film)

    films = [tile(card, dataset, theme) for card in cards]
    if "poster" not in dataset.inputs:
        width = round(width * WIDER)
    _wall(key=key, data={"width": width, "films": films}, on_open_change=opened)


def tile(card: Card, dataset: Dataset, theme: Theme) -> dict[str, Any]:
    """Return what the wall shows of a film, as plain data."""
    where = "" if card.split == "test" else f"{card.split}: "
    found = {
        "id": card.id,
        "name": card.name if card.title or "poster" not in dataset.inputs else "",
        "poster": "",
        "overview": shortened(card.overview),
        "title": f"{card.id}: {card.overview}",
        "genres": where + (", ".join(card.genres) or "no genres"),
        "runs": [_line(guess, card.genres, theme) for guess in card.guesses],
    }
    if "poster" not in dataset.inputs:
        return found
    image = poster(dataset, card.id)
    content = base64.b64encode(image.content).decode()
    return found | {
        "poster": f"data:image/jpeg;base64,{content}",
        "alt": alt(card, is_missing=bool(image.problem)),
        "title": f"{card.id}: {image.problem or card.overview or card.name}",
    }


def _line(guess: Guess, genres: Sequence[str], theme: Theme) -> dict[str, Any]:
    given = [
        ("hit", "✓", genre, score) if genre in genres else ("extra", "+", genre, score)
        for genre, score in guess.given
    ]
    missed = [("missed", "−", genre, score) for genre, score in guess.missed]
    return {
        "name": guess.label,
        "sign": MARKS[guess.role].sign,
        "colour": theme.colour(guess.role),
        "empty": "no predictions" if guess.has_scores else "no scores",
        "marks": [
            {"kind": kind, "sign": sign, "words": f"{genre} {score:.2f}, {kind}"}
            for kind, sign, genre, score in [*given, *missed][:MOST_MARKS]
        ]
        if guess.has_scores
        else [],
    }
