"""Confusions: what is predicted instead of a genre that is missed, and what an extra genre was."""

import numpy as np
import streamlit as st

from genre_core.charts.heatmap import LIFT, SHARE, genre_heatmap
from genre_core.ui import confusing, export, models, rules, shell
from genre_core.ui.text import literal, signed

MANY = 12  # genres that the matrix shows unless all are asked for

st.title("Confusions")
now, dataset, meta = shell.chosen_films()
theme = shell.theme()
slots = shell.some_runs(now, meta)
names = models.names(list(slots.values()), now.artifacts)
with st.container(horizontal=True, vertical_alignment="bottom"):
    slot = shell.pick_slot(slots, "of")
    kind = st.radio(
        "Genres that are", confusing.KINDS, horizontal=True, key="kind", bind="query-params"
    )
    colour = st.radio(
        "Colour by",
        confusing.COLOURINGS,
        horizontal=True,
        key="colour",
        bind="query-params",
        help="Lift: the share divided by that among all films lacking the column's genre.",
    )
    rule = rules.pick(list(slots.values()), now.artifacts)
    is_whole = st.toggle("All genres", key="all_genres", bind="query-params")
run = slots[slot]
found = confusing.confusion(run, dataset, rule, kind, now.artifacts)
order = confusing.by_frequency(dataset)
genres = order if is_whole else order[:MANY]
places = [dataset.genres.index(genre) for genre in genres]
trace = export.Trace([run.id], dataset.fingerprint, "test", len(dataset.rows("test")), rule)

st.markdown(signed(models.role(run), names[run.id], theme))
st.markdown(confusing.overall_sentence(found, dataset.genres, kind))
is_lift = colour == confusing.LIFT
values = (found.lift if is_lift else found.shares)[np.ix_(places, places)]
st.caption(
    f"{'Lift' if is_lift else 'Share'} by pair of genres, {trace.n_films:,} test films, "
    f"{len(genres)} of {len(dataset.genres)} genres; {kind} films in brackets, * few films. Choose "
    "a cell to open its films."
)
event = export.chart(
    genre_heatmap(
        genres,
        genres,
        values,
        theme,
        hover=confusing.hover_notes(found, dataset.genres, places, kind),
        scale=LIFT if is_lift else SHARE,
        is_clickable=True,
        sizes=found.n_missed[places].tolist(),
    ),
    "confusions",
    alt=f"Matrix of genres, coloured by {colour}. {confusing.WORDS[kind].cell}",
    on_select="rerun",
    selection_mode="points",
)
if points := event.selection.points:
    row, column, *_ = points[0]["customdata"]
    st.switch_page("pages/films.py", query_params=confusing.query(slot, kind, row, column, rule))
with st.expander("How shares and lift are computed"):
    st.markdown(confusing.METHOD)

st.header("One genre", anchor="genre")
with st.container(horizontal=True, vertical_alignment="bottom"):
    genre = st.selectbox(kind.capitalize(), order, key="row", bind="query-params", width=200)
    others = confusing.others(found, dataset, genre)
    other = st.selectbox("Instead", others or ["nothing"], key="instead", width=200)
st.markdown(confusing.sentence(found, dataset.genres, genre, kind))
if others:
    st.page_link(
        "pages/films.py",
        label=f"Open {confusing.n_films(found, dataset, genre, other)}",
        icon=":material/movie:",
        query_params=confusing.query(slot, kind, genre, other, rule),
    )
with st.expander("Numbers"):
    pairs = confusing.pair_table(found, dataset, genres, kind)
    export.table(
        pairs,
        f"confusion_pairs_{kind}",
        trace,
        "Films, share, base share and lift of each pair of genres",
        confusing.pair_columns(kind),
        height=420,
    )
    counts = confusing.count_table(found, dataset, genres, kind)
    export.table(counts, f"confusions_{kind}", trace, "Films of each pair of genres")
st.caption(f"Decision rule: {literal(rule)}.")
export.sources(trace)
