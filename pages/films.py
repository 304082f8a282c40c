"""Films: a wall of posters, filtered, sorted or drawn at random, with what each run predicts."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from genre_core.errors import DataError
from genre_core.ui.frame import shell
from genre_core.ui.parts import (
    address,
    condition_editor,
    export,
    film_cards,
    film_filters,
    film_outcomes,
    film_wall,
    notices,
    rules,
    run_names,
)
from genre_core.ui.parts.conditions import NONE
from genre_core.ui.parts.figures import page_theme
from genre_core.ui.parts.film_filters import Choice
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal
from genre_core.ui.views import films

N_SHOWN = (6, 12, 24, 48)
DRAWS = 9999


def first_page() -> None:
    """Go back to the first page, as other films are asked for."""
    st.session_state["page"] = 1


def draw_again() -> None:
    """Go on to the next draw of films."""
    st.session_state["draw"] = st.session_state.get("draw", 1) % DRAWS + 1
    first_page()


def all_splits() -> None:
    """Search the films of every split."""
    st.session_state["split"] = film_filters.ALL
    first_page()


shell.heading("films")
now, dataset, meta = shell.chosen_films()
shell.forget_unasked(film_filters.FILTERS, "where")
slots = shell.different_runs(now)
names = run_names.names(list(slots.values()))
called = {slot: names[run.id] for slot, run in slots.items()}
bound: dict[str, Any] = {"bind": "query-params", "on_change": first_page}
opened = st.container()
problem: DataError | None = None

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    words = st.text_input(
        "Search",
        key="search",
        max_chars=100,
        width=165,
        label_visibility="collapsed",
        icon=":material/search:",
        placeholder="Title, text or ID" if dataset.films.titles else "Overview or ID",
        **bound,
    )
    genre = address.pick(
        st.selectbox,
        "Genre",
        {film_outcomes.ANY_GENRE: "Any genre", **{name: name for name in dataset.genres}},
        key="outcome_genre",
        on_change=first_page,
        width=145,
        label_visibility="collapsed",
    )
    outcome = address.pick(
        st.selectbox,
        "Prediction",
        film_outcomes.options(called),
        key="outcome",
        on_change=first_page,
        width=185,
        label_visibility="collapsed",
    )
    order = address.pick(
        st.selectbox,
        "Sort by",
        film_filters.order_options(called),
        key="order",
        former=film_filters.FORMER_ORDERS,
        on_change=first_page,
        width=155,
        label_visibility="collapsed",
    )
    st.button(
        "Shuffle",
        key="again",
        icon=":material/casino:",
        on_click=draw_again,
        disabled=order != film_filters.RANDOM,
        help="Show other films.",
    )
    with st.popover("More filters", icon=":material/filter_list:"):
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
            "True genres", dataset.genres, key="genres", placeholder="All", **bound
        )
        first_and_last = film_filters.years_of(dataset)
        years = None
        if first_and_last:
            years = st.slider("Years", *first_and_last, value=first_and_last, key="years", **bound)
        who = address.pick(
            st.selectbox,
            "Top-1 prediction",
            film_filters.who_options(called),
            key="who",
            former=film_filters.FORMER_WHO,
            on_change=first_page,
            help="Correct: the genre with the highest score is a true genre of the film.",
        )
        try:
            where = condition_editor.show(called, dataset)
        except DataError as error:
            where, problem = NONE, error
        present, lacking = film_filters.preset_films(dataset)
        is_preset = bool(present) and st.toggle(
            "Films cited in the reports",
            key="reports",
            help="The films that the two student reports discuss, from any split.",
            **bound,
        )
        size = address.pick(
            st.segmented_control,
            "Size",
            {name: label for name, (label, _) in film_wall.SIZES.items()},
            key="size",
            first="medium",
        )
        n_films = st.radio(
            "Films per page", N_SHOWN, index=2, horizontal=True, key="n_films", **bound
        )
        number = address.number(
            "Shuffle seed",
            key="draw",
            first=1,
            least=1,
            most=DRAWS,
            disabled=order != film_filters.RANDOM,
            help="The same seed shows the same films in the same order.",
            on_change=first_page,
        )
        film = st.text_input("Open a film", key="film", bind="query-params", max_chars=80)

if problem is not None:
    notices.problem(problem)
    shell.stop()
decide = partial(rules.decisions_of, dataset=dataset, rule=now.rule)
choice = Choice(
    split,
    words,
    tuple(genres),
    years if years != first_and_last else None,
    who,
    outcome=outcome,
    outcome_genre=genre,
    conditions=where,
    order=order,
    draw=number,
    is_preset=is_preset,
)
rows = film_filters.chosen_rows(dataset, slots, choice, decide)
n_all = film_filters.n_of_split(dataset, choice)
if film:
    with opened:
        films.show_film(film, rows, now, dataset, decide)
    shell.stop()

notices.no_runs_of(now.slots, now.artifacts, meta, now.runs)
for part in (split,) if not is_preset else ():
    if part in film_cards.SEEN:
        st.warning(film_cards.SEEN[part], icon=":material/school:")
what = "cited film" if is_preset else f"{SPLIT_NAMES.get(split, split)} film"
of_all = count(n_all, "film" if split == film_filters.ALL and not is_preset else what)
if is_preset and lacking:
    st.caption(f"Cited films that this dataset lacks: {literal(', '.join(lacking))}.")
n_others = 0
if words.strip() and split != film_filters.ALL and not is_preset:
    everywhere = film_filters.chosen_rows(
        dataset, slots, replace(choice, split=film_filters.ALL), decide
    )
    n_others = len(everywhere) - len(rows)
if n_others:
    st.button(
        f"{len(rows):,} in this split, {len(rows) + n_others:,} in all splits: show all",
        key="all_splits",
        icon=":material/search:",
        on_click=all_splits,
    )
if not len(rows):
    st.info(f"No films match among {of_all}. Remove a filter.", icon=":material/search_off:")
    shell.stop()

n_pages = -(-len(rows) // n_films)
if st.session_state.get("page", 1) > n_pages:
    st.session_state["page"] = n_pages
narrowed = film_filters.narrowed(choice, called)
shown_films = f"{len(rows):,} of {of_all}{' ' if narrowed else ''}{literal(narrowed)}"
st.caption(f"{shown_films}. {literal(rules.label(now.rule))}: ✓ hit, + extra, − missed.")
wall = st.container()
place = st.pagination(n_pages, key="page", bind="query-params") if n_pages > 1 else 1
shown = rows[(place - 1) * n_films : place * n_films]
cards = film_cards.cards(dataset, shown, list(slots.values()), decide)
about = [run.id for run in slots.values()]
export.add_table(
    films.table(cards),
    "films",
    export.Trace(about, dataset.fingerprint, split, len(shown), now.rule),
    "Films on this page with true and predicted genres",
)
with wall:
    film_wall.show(
        cards,
        dataset,
        page_theme(),
        width=film_wall.SIZES[size][1],
        on_open=films.step,
    )
