"""Confusions: what is predicted instead of a genre that is missed, and what an extra genre was."""

import numpy as np
import streamlit as st

from genre_core.charts.heatmap import LIFT, SHARE, genre_heatmap
from genre_core.ui.frame import shell
from genre_core.ui.parts import address, export, rules, run_names
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.parts.text import literal, signed
from genre_core.ui.views import confusions

MANY = 12  # genres that the matrix shows unless all are asked for

shell.heading("confusions")
now, dataset, meta = shell.chosen_films()
theme = page_theme()
slots = shell.some_runs(now, meta)
names = run_names.names(list(slots.values()))
with st.container(horizontal=True, vertical_alignment="bottom"):
    slot = shell.pick_slot(slots, "of")
    kind = address.pick(st.radio, "Genres that are", confusions.KINDS, key="kind", horizontal=True)
    colour = address.pick(
        st.radio,
        "Colour by",
        confusions.COLOURINGS,
        key="colour",
        horizontal=True,
        help="Lift: the share divided by that among all films lacking the column's genre.",
    )
    is_whole = st.toggle("All genres", key="all_genres", bind="query-params")
run, rule = slots[slot], now.rule
found = confusions.confusion(run, dataset, rule, kind)
order = confusions.by_frequency(dataset)
genres = order if is_whole else order[:MANY]
places = [dataset.genres.index(genre) for genre in genres]
trace = export.Trace([run.id], dataset.fingerprint, "test", len(dataset.rows("test")), rule)

st.markdown(signed(run_names.role(run), names[run.id], theme))
st.markdown(confusions.overall_sentence(found, dataset.genres, kind))
is_lift = colour == confusions.LIFT
values = (found.lift if is_lift else found.shares)[np.ix_(places, places)]
st.caption(
    f"{confusions.COLOURINGS[colour]} by pair of genres, {trace.n_films:,} test films, "
    f"{len(genres)} of {len(dataset.genres)} genres; {confusions.KINDS[kind].lower()} films in "
    "brackets, * few films. Select a cell to open its films."
)
event = export.chart(
    figure_of(
        genre_heatmap,
        genres,
        genres,
        values,
        theme,
        hover=confusions.hover_notes(found, dataset.genres, places, kind),
        scale=LIFT if is_lift else SHARE,
        is_clickable=True,
        sizes=found.n_missed[places].tolist(),
    ),
    "confusions",
    f"{confusions.KINDS[kind]} genres by pair, {confusions.COLOURINGS[colour].lower()}",
    trace,
    alt=f"Matrix of genres, coloured by {confusions.COLOURINGS[colour].lower()}. "
    f"{confusions.WORDS[kind].cell}",
    on_select="rerun",
    selection_mode="points",
)
if points := event.selection.points:
    row, column, *_ = points[0]["customdata"]
    st.switch_page("pages/films.py", query_params=confusions.query(slot, kind, row, column, rule))
with st.expander("How shares and lift are computed"):
    st.markdown(confusions.METHOD)

st.header("One genre", anchor="genre")
with st.container(horizontal=True, vertical_alignment="bottom"):
    genre = st.selectbox(confusions.KINDS[kind], order, key="row", bind="query-params", width=200)
    others = confusions.others(found, dataset, genre)
    other = st.selectbox("Instead", others, key="instead", width=200, placeholder="Nothing")
st.markdown(confusions.sentence(found, dataset.genres, genre, kind))
if others:
    st.page_link(
        "pages/films.py",
        label=f"Open {confusions.n_films(found, dataset, genre, other)}",
        icon=":material/movie:",
        query_params=confusions.query(slot, kind, genre, other, rule),
    )
with st.expander("Numbers"):
    pairs = confusions.pair_table(found, dataset, genres, kind)
    st.caption("Select a pair to open its films.")
    event = export.table(
        pairs,
        f"confusion_pairs_{kind}",
        trace,
        "Films, share, base share and lift of each pair of genres",
        confusions.pair_columns(kind),
        height=420,
        key=f"pairs_{kind}",
        on_select="rerun",
        selection_mode="single-row",
    )
    if selected := event.selection.rows:
        row, column = pairs.iloc[selected[0], :2]
        query = confusions.query(slot, kind, row, column, rule)
        st.switch_page("pages/films.py", query_params=query)
    counts = confusions.count_table(found, dataset, genres, kind)
    export.table(counts, f"confusions_{kind}", trace, "Films of each pair of genres")
st.caption(f"Decision rule: {literal(rules.label(rule))}.")
export.sources(trace)
