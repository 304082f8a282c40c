"""Label audit: labels that both networks contradict with confidence, to look through."""

from functools import partial

import streamlit as st

from genre_core.ui import auditing, export, films, models, rules, shell
from genre_core.ui.text import count

N_CARDS = 6

st.title("Label audit")
now, dataset, meta = shell.chosen_films()
runs = shell.two_runs(now, meta)
names = models.names(list(runs), now.artifacts)
called = (names[runs[0].id], names[runs[1].id])
st.markdown(
    "Poster and overview network see different things. Where both contradict a label, each with "
    "more confidence than such films usually get from it, the label is worth a look: it may be "
    f"wrong, or the film unusual. {auditing.sentence(dataset, runs)}"
)
if {models.modality(run) for run in runs} != {"poster", "overview"}:
    st.warning(
        "Not one run looks at posters alone and the other at overviews alone, so that they agree "
        "proves little. Choose such runs in the sidebar.",
        icon=":material/visibility:",
    )
st.caption(
    "Validation and test films only: training films were learned with their labels. A list to look "
    "through, not a verdict. Of rare genres both networks know little, and what they deny there is "
    "mostly what they never say: such lines are marked as unreliable."
)
with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = st.radio("The label", auditing.KINDS, key="label", bind="query-params")
    genres = st.multiselect(
        "Genres", dataset.genres, key="genres", width=300, placeholder="All", bind="query-params"
    )
table = auditing.table(dataset, runs, called, kind, genres)
trace = export.Trace(
    [run.id for run in runs],
    dataset.fingerprint,
    "validation and test",
    len(auditing.looked_at(dataset)),
)
if table.empty:
    st.info("No label like that. Ask for other genres.", icon=":material/check:")
    st.stop()
st.caption(f"{count(len(table), 'label')}, the strongest contradiction first.")
export.table(
    table,
    "label_audit",
    trace,
    "Labels that both runs contradict, with scores and overview",
    auditing.columns(called),
    height=420,
)
st.header("The first films", anchor="films")
places = [dataset.films.ids.index(film) for film in dict.fromkeys(table["Film"])][:N_CARDS]
decide = partial(rules.decisions_of, dataset=dataset, rule=rules.TOP, artifacts=now.artifacts)
with st.grid("auto", min_column_width=330, border=True):
    for card in films.cards(dataset, places, list(runs), now.artifacts, decide):
        with st.container(gap="small"):
            films.show_card(card, dataset.source, shell.theme())
export.sources(trace)
