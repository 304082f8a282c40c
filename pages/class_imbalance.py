"""Class imbalance: how often genres occur, and how often a run gives them."""

import streamlit as st

from genre_core.charts.shares import genre_shares
from genre_core.ui import imbalance, models, notices, shell, tables
from genre_core.ui.text import signed

st.title("Class imbalance")
now, dataset, meta = shell.chosen_films()
theme = shell.theme()

st.header("In the films", anchor="films")
counts = tables.genre_counts(dataset)
st.markdown(imbalance.dataset_sentence(counts, dataset))
chart, table = st.tabs(["Chart", "Table"], key="films_as")
with chart:
    st.plotly_chart(
        genre_shares(
            list(counts["Genre"]),
            imbalance.film_bars(counts),
            imbalance.split_dots(counts, theme),
            theme,
        ),
        key="film_shares",
        config={"displayModeBar": False},
        alt="Share of the films of each split that have each genre",
    )
with table:
    st.dataframe(
        counts,
        column_config=tables.share_columns(counts),
        hide_index=True,
        height="content",
        alt="Films with each genre by split, as counts and shares, and its share of all labels",
    )

st.header("In what a run predicts", anchor="predictions")
slot = st.segmented_control(
    "Run",
    list(now.slots),
    default="poster",
    required=True,
    key="imbalance_of",
    format_func=lambda name: f"{name} run",
    bind="query-params",
)
run = now.slots[slot]
if run is None:
    notices.no_run(now.artifacts, meta, slot, now.runs)
    st.stop()
shares = tables.run_shares(run)
st.markdown(signed(models.role(run), models.label(run), theme))
st.markdown(imbalance.run_sentence(shares, len(dataset.rows("test"))))
chart, table = st.tabs(["Chart", "Table"], key="predictions_as")
with chart:
    st.plotly_chart(
        genre_shares(
            list(shares["Genre"]),
            imbalance.true_bars(shares),
            imbalance.run_dots(shares, models.role(run), theme),
            theme,
        ),
        key="run_shares",
        config={"displayModeBar": False},
        alt=f"How often each genre is true and given by {models.label(run)} on the test films",
    )
with table:
    st.dataframe(
        shares,
        column_config=tables.share_columns(shares),
        hide_index=True,
        height="content",
        alt="Shares of the test films for each genre: true, predicted, ranked first, in the top 3",
    )
