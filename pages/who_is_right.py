"""Who is right when: which run gets the films of each genre, and what the better one would."""

import streamlit as st

from genre_core import comparison
from genre_core.charts.colours import styles
from genre_core.charts.who import who_gets as who_gets_chart
from genre_core.evaluation.oracle import who_gets
from genre_core.ui import comparing, export, models, rules, shell, who
from genre_core.ui.text import literal

st.title("Who is right when?")
now, dataset, meta = shell.chosen_films()
theme = shell.theme()
runs = shell.two_runs(now, meta)
fusion = comparison.fusion_of(now.usable, runs)
names = models.names([*runs, *([fusion] if fusion else [])], now.artifacts)
called = (names[runs[0].id], names[runs[1].id])
looks = styles([models.role(run) for run in runs], theme)
rule = rules.pick(list(runs), now.artifacts)
rows = dataset.rows("test")
y_pred = [
    rules.decisions_of(run, rows, dataset=dataset, rule=rule, artifacts=now.artifacts)
    for run in runs
]
found = who_gets(dataset.labels[rows], *y_pred)
table = who.table(found, dataset, called)
trace = export.Trace([run.id for run in runs], dataset.fingerprint, "test", len(rows), rule)

st.markdown(who.sentence(found, dataset, called))
st.caption(
    f"{len(rows):,} test films. A run gets a film of a genre if it predicts that genre for it. "
    "Choose a part of a bar to open its films."
)
by_genre = table.iloc[:-1]
shares = by_genre[who.labels(called)].to_numpy() / by_genre["Films"].to_numpy()[:, None]
event = export.chart(
    who_gets_chart(list(by_genre["Genre"]), shares, who.outcomes(called, looks, theme), theme),
    "who_gets",
    alt="For each genre the share of its films that both runs get, only one, or neither",
    on_select="rerun",
    selection_mode="points",
)
if points := event.selection.points:
    chosen, place = points[0]["customdata"]
    st.switch_page("pages/films.py", query_params=who.query(int(place), chosen, rule))
with st.container(horizontal=True, vertical_alignment="bottom"):
    genre = st.selectbox(
        "Genre", list(by_genre["Genre"]), key="genre", bind="query-params", width=200
    )
    counts = by_genre[by_genre["Genre"] == genre].iloc[0]
    for place, label in enumerate(who.labels(called)):
        st.page_link(
            "pages/films.py",
            label=f"{literal(label)}: {counts[label]:,}",
            icon=":material/movie:",
            disabled=not counts[label],
            query_params=who.query(place, genre, rule),
        )
export.table(table, "who_gets_films", trace, "Films of each genre by which run gets them")

st.header("The better one of two, film by film", anchor="oracle")
with st.spinner(comparing.RESAMPLING):
    result = comparison.kept_oracle(*runs, fusion, now.artifacts)
is_own = fusion is not None and set(fusion.parents) == {run.id for run in runs}
st.markdown(who.oracle_sentence(result, names, is_own=is_own))
st.caption(
    "The oracle looks at the labels, so no rule that chooses between the two can have a lower "
    "BCE; a mixture of both can. Figures of scores, with 95% intervals over the test films."
)
oracle = who.oracle_table(result, names)
export.table(
    oracle,
    "oracle",
    export.Trace(result["runs"], dataset.fingerprint, "test", result["n_films"]),
    "Both runs, fusion and the oracle with intervals",
    comparing.columns(oracle),
)
export.sources(trace)
