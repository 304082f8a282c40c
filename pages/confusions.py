"""Confusions: what is predicted instead of a genre that is missed, and what an extra genre was."""

import numpy as np
import streamlit as st

from genre_core.charts.heatmap import genre_heatmap
from genre_core.ui import confusing, export, genre_tables, models, rules, shell
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
shares = found.shares[np.ix_(places, places)]
np.fill_diagonal(shares, np.nan)  # a missed genre cannot be said, so there is nothing to read
st.caption(
    f"{confusing.CAPTIONS[kind]} {trace.n_films:,} test films, {len(genres)} of "
    f"{len(dataset.genres)} genres; behind a row's name the number of its films. Choose a cell to "
    "open its films; a row is blank where there are none."
)
event = export.chart(
    genre_heatmap(
        genres,
        genres,
        shares,
        theme,
        hover=confusing.HOVERS[kind],
        is_clickable=True,
        sizes=found.n_missed[places].tolist(),
    ),
    "confusions",
    alt=f"Matrix of genres: {confusing.CAPTIONS[kind]}",
    on_select="rerun",
    selection_mode="points",
)
if points := event.selection.points:
    row, column, *_ = points[0]["customdata"]
    st.switch_page("pages/films.py", query_params=confusing.query(slot, kind, row, column, rule))

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
    counts = confusing.count_table(found, dataset, genres, kind)
    export.table(counts, f"confusions_{kind}", trace, "Films of each pair of genres")
    matrix = genre_tables.matrix(genres, genres, shares)
    export.table(
        matrix,
        f"confusion_shares_{kind}",
        trace,
        "Share of a row's films with a column's genre",
        genre_tables.share_columns(matrix),
    )
st.caption(
    f"In a row several genres may be said of one film, or none, so rows do not sum to 100%. "
    f"Decided by the rule '{literal(rule)}'."
)
export.sources(trace)
