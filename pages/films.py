"""Films: chosen, ordered or drawn at random, with poster, overview, truth and predictions."""

from functools import partial
from typing import Any

import streamlit as st

from genre_core.errors import DataError
from genre_core.ui.frame import shell
from genre_core.ui.parts import address, conditions, film_cards, film_filters, notices, rules
from genre_core.ui.parts.film_filters import Choice
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal
from genre_core.ui.views import films

SIZES = (6, 12, 24)
DRAWS = 9999


def first_page() -> None:
    """Go back to the first page, as other films are asked for."""
    st.session_state["page"] = 1


def draw_again() -> None:
    """Go on to the next draw of films."""
    st.session_state["draw"] = st.session_state.get("draw", 1) % DRAWS + 1
    first_page()


shell.heading("films")
now, dataset, meta = shell.chosen_films()
shell.forget_unasked(film_filters.FILTERS, "where")
slots = {slot: run for slot, run in now.slots.items() if run}
bound: dict[str, Any] = {"bind": "query-params", "on_change": first_page}

with st.container(horizontal=True, vertical_alignment="bottom"):
    split = address.pick(
        st.radio,
        "Split",
        film_filters.SPLIT_CHOICES,
        key="split",
        former=film_filters.FORMER_SPLITS,
        on_change=first_page,
        horizontal=True,
    )
    genres = st.multiselect(
        "True genres", dataset.genres, key="genres", width=200, placeholder="All", **bound
    )
    who = address.pick(
        st.selectbox,
        "Top-1 prediction",
        film_filters.who_options(slots),
        key="who",
        former=film_filters.FORMER_WHO,
        on_change=first_page,
        width=190,
        help="Correct: the genre with the highest score is a true genre of the film.",
    )
    asked = st.text_input(
        "Prediction filter",
        key="where",
        max_chars=200,
        width=230,
        placeholder="poster missed Drama",
        help="A run, an outcome and a genre, such as 'poster missed Drama'. Outcomes: hit, missed, "
        "extra, rejected. Separate several with semicolons.",
        **bound,
    )
    words = st.text_input(
        "Search overviews or ID",
        key="search",
        max_chars=100,
        width=200,
        icon=":material/search:",
        **bound,
    )
with st.container(horizontal=True, vertical_alignment="bottom"):
    order = address.pick(
        st.selectbox,
        "Order",
        film_filters.order_options(slots),
        key="order",
        former=film_filters.FORMER_ORDERS,
        on_change=first_page,
        width=220,
    )
    number = address.number(
        "Shuffle seed",
        key="draw",
        first=1,
        least=1,
        most=DRAWS,
        width=120,
        disabled=order != film_filters.RANDOM,
        help="The same seed shows the same films in the same order.",
        on_change=first_page,
    )
    st.button(
        "Shuffle",
        key="again",
        icon=":material/casino:",
        on_click=draw_again,
        disabled=order != film_filters.RANDOM,
        help="Show other films.",
    )
    n_films = st.radio("Films per page", SIZES, index=1, horizontal=True, key="n_films", **bound)
    present, lacking = film_filters.preset_films(dataset)
    is_preset = bool(present) and st.toggle(
        "Films cited in the reports",
        key="reports",
        help="The films that the two student reports discuss, from any split.",
        **bound,
    )
    rule = rules.pick(list(slots.values()), now.artifacts, first=rules.TOP, key="rule")
    film = st.text_input("Open a film", key="film", bind="query-params", width=130, max_chars=80)

try:
    where = tuple(conditions.parse(asked, list(slots), dataset.genres))
except DataError as error:
    notices.problem(error)
    shell.stop()
decide = partial(rules.decisions_of, dataset=dataset, rule=rule)
choice = Choice(split, words, tuple(genres), who, where, order, number, is_preset)
rows = film_filters.chosen_rows(dataset, slots, choice, decide)
n_all = film_filters.n_of_split(dataset, choice)
if film:
    films.show_film(film, rows, now, dataset, decide)
    shell.stop()

for slot, run in now.slots.items():
    if run is None:
        notices.no_run(now.artifacts, meta, slot, now.runs)
for part in (split,) if not is_preset else ():
    if part in film_cards.SEEN:
        st.warning(film_cards.SEEN[part], icon=":material/school:")
what = "cited film" if is_preset else f"{SPLIT_NAMES.get(split, split)} film"
of_all = count(n_all, "film" if split == film_filters.ALL and not is_preset else what)
if is_preset and lacking:
    st.caption(f"Cited films that this dataset lacks: {literal(', '.join(lacking))}.")
if not len(rows):
    st.info(f"No films match among {of_all}. Remove a filter.", icon=":material/search_off:")
    shell.stop()

n_pages = -(-len(rows) // n_films)
if st.session_state.get("page", 1) > n_pages:
    st.session_state["page"] = n_pages
st.caption(
    f"{len(rows):,} of {of_all}. Predictions with scores, decision rule "
    f"'{literal(rules.label(rule))}': ✓ hit, + extra, − missed."
)
place = st.pagination(n_pages, key="page", bind="query-params") if n_pages > 1 else 1
shown = rows[(place - 1) * n_films : place * n_films]
with st.grid("auto", min_column_width=330, border=True):
    for card in film_cards.cards(dataset, shown, list(slots.values()), decide):
        with st.container(gap="small"):
            film_cards.show_card(card, dataset.source, shell.theme())
            st.button(
                "Open",
                key=f"open_{card.id}",
                icon=":material/open_in_full:",
                help=f"Film {literal(card.id)} with its whole overview and every score",
                on_click=films.step,
                args=(card.id,),
            )
