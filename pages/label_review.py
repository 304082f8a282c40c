"""Label review: labels that both runs contradict with confidence."""

from functools import partial

import streamlit as st

from genre_core.ui.frame import shell
from genre_core.ui.parts import export, film_cards, notices, rules, run_names
from genre_core.ui.parts.text import count
from genre_core.ui.views import label_review

N_CARDS = 6

shell.heading("label_review")
now, dataset, meta = shell.chosen_films()
runs = shell.two_runs(now, meta)
names = run_names.names(list(runs))
if notices.needs_scores(runs):
    shell.stop()
called = (names[runs[0].id], names[runs[1].id])
st.markdown(
    "Labels that both runs contradict with confidence: the label may be wrong, or the film "
    f"unusual. {label_review.sentence(dataset, runs)}"
)
if {run.modality for run in runs} != {"poster", "overview"}:
    st.warning(
        "The two runs do not use different inputs, one posters and one overviews, so their "
        "agreement is weak evidence. Choose such runs in the sidebar.",
        icon=":material/visibility:",
    )
st.caption("Validation and test films. For review: a contradicted label can be right.")
with st.expander("How labels are selected and ranked"):
    st.markdown(label_review.METHOD)
with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = label_review.pick_kind()
    genres = st.multiselect(
        "Genres", dataset.genres, key="genres", width=300, placeholder="All", bind="query-params"
    )
table = label_review.table(dataset, runs, called, kind, genres)
trace = export.Trace(
    [run.id for run in runs],
    dataset.fingerprint,
    "validation and test",
    len(label_review.looked_at(dataset, runs)),
)
if table.empty:
    st.info("No labels match. Remove a genre from the filter.", icon=":material/check:")
    shell.stop()
st.caption(
    f"{count(len(table), label_review.KINDS[kind].lower())}, the strongest contradiction first. "
    "Strength is not a probability that the label is wrong."
)
export.table(
    table,
    "label_review",
    trace,
    "Labels that both runs contradict, with scores and overview",
    label_review.columns(called),
    height=420,
)
st.header("Films with the strongest contradictions", anchor="films")
first = list(dict.fromkeys(table["Film"]))[:N_CARDS]
places = [dataset.films.ids.index(film) for film in first]
decide = partial(rules.decisions_of, dataset=dataset, rule=rules.TOP)
with st.grid("auto", min_column_width=330, border=True):
    for card in film_cards.cards(dataset, places, list(runs), decide):
        with st.container(gap="small"):
            film_cards.show_card(card, dataset.source, shell.theme())
export.sources(trace)
