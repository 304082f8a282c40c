"""Films: random or searched, with poster, overview, true genres and each run's top 3."""

import streamlit as st

from genre_core.data.films import SPLITS
from genre_core.ui import films, notices, shell
from genre_core.ui.text import SPLIT_NAMES, count, literal

SIZES = (6, 12, 24)
DRAWS = 9999


def draw_again() -> None:
    """Go on to the next draw of films."""
    st.session_state["draw"] = st.session_state.get("draw", 1) % DRAWS + 1


st.title("Films")
now, dataset, meta = shell.chosen_films()
runs = [run for run in now.slots.values() if run]

with st.container(horizontal=True, vertical_alignment="bottom"):
    split = st.segmented_control(
        "Split",
        SPLITS[::-1],
        default="test",
        required=True,
        key="split",
        format_func=SPLIT_NAMES.get,
        bind="query-params",
    )
    n_films = st.segmented_control(
        "Films", SIZES, default=SIZES[0], required=True, key="n_films", bind="query-params"
    )
    number = st.number_input(
        "Draw",
        min_value=1,
        max_value=DRAWS,
        value=1,
        key="draw",
        bind="query-params",
        width=130,
        help="The same number draws the same films.",
    )
    st.button("Draw again", icon=":material/casino:", on_click=draw_again)
    words = st.text_input(
        "Search in overviews",
        key="search",
        bind="query-params",
        max_chars=100,
        width=260,
        icon=":material/search:",
    )

found = films.matching_rows(dataset, split, words)
drawn = films.draw(found, n_films, number)
of_all = count(len(dataset.rows(split)), f"{SPLIT_NAMES[split]} film")
if split in films.SEEN:
    st.warning(films.SEEN[split], icon=":material/school:")
if not len(found):
    st.info(
        f"No overview of the {of_all} contains '{literal(words)}'. Try fewer letters, or another "
        "split.",
        icon=":material/search_off:",
    )
    st.stop()
matching = f"{len(found):,} with '{literal(words)}' in the overview, of " if words.strip() else ""
st.caption(
    f"{len(drawn)} drawn at random from {matching}{of_all}. Shown are each run's three "
    "highest-scored genres, with scores from 0 to 1: ✓ hit, a true genre; + extra, not a true "
    "genre; − missed, a true genre that is not among the three."
)
for slot, run in now.slots.items():
    if run is None:
        notices.no_run(now.artifacts, meta, slot, now.runs)

with st.grid("auto", min_column_width=330, border=True):
    for card in films.cards(dataset, drawn, runs, now.artifacts):
        with st.container(gap="small"):
            films.show_card(card, dataset.source, shell.theme())
