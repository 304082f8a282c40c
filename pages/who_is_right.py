"""Agreement: which run predicts the films of each genre correctly, and what an oracle gains."""

import streamlit as st

from genre_core.charts.colours import styles
from genre_core.charts.who import who_gets as who_gets_chart
from genre_core.comparison.kept import kept_oracle
from genre_core.comparison.rivals import fusion_of
from genre_core.evaluation.oracle import who_gets
from genre_core.ui import comparing, export, models, rules, shell, who
from genre_core.ui.text import literal

st.title("Who is right when?")
now, dataset, meta = shell.chosen_films()
theme = shell.theme()
runs = shell.two_runs(now, meta)
fusion = fusion_of(now.usable, runs)
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

st.markdown(who.sentence(found, called))
st.caption(
    f"True genres of {len(rows):,} test films by which run predicts them. Choose a part of a bar "
    "to open its films."
)
by_genre = table.iloc[:-1]
shares = by_genre[who.labels(called)].to_numpy() / by_genre["Films"].to_numpy()[:, None]
event = export.chart(
    who_gets_chart(list(by_genre["Genre"]), shares, who.outcomes(called, looks, theme), theme),
    "who_gets",
    alt="Share of each genre's films that both runs, only one or neither predict correctly",
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
export.table(table, "who_gets_films", trace, "Films of each genre by which run predicts it")

st.header("Predicted correctly by one run only", anchor="alone")
is_withheld = False
if rule != rules.TOP:
    pair = comparing.compared(list(runs), rule, now.artifacts, now.usable).pairs[0]
    is_withheld = pair.has_own_thresholds and not pair.has_verdict
alone = who.alone_table(found, dataset, called, is_withheld=is_withheld)
st.markdown(who.alone_sentence(alone, called))
st.caption("McNemar's exact test on the films of a genre, corrected by Holm over the genres.")
export.table(
    alone,
    "predicted_by_one_run",
    trace,
    "Films of each genre that only one run predicts correctly, with McNemar's test",
    who.alone_columns(),
)

st.header("Oracle: the better run for each film", anchor="oracle")
with st.spinner(comparing.RESAMPLING):
    result = kept_oracle(*runs, fusion, now.artifacts)
is_own = fusion is not None and set(fusion.parents) == {run.id for run in runs}
st.markdown(who.oracle_sentence(result, names, is_own=is_own))
references = who.references(runs, now.usable, dataset)
st.markdown(who.references_sentence(references))
st.caption("Metrics of both runs, fusion and the oracle, with 95% bootstrap intervals.")
oracle = who.oracle_table(result, names)
export.table(
    oracle,
    "oracle",
    export.Trace(result["runs"], dataset.fingerprint, "test", result["n_films"]),
    "Both runs, fusion and the oracle with intervals",
    comparing.columns(oracle),
)
st.caption("References of the oracle's gain, in nats of BCE on the test films.")
export.table(
    who.references_table(references),
    "oracle_references",
    export.Trace([run.id for run in runs], dataset.fingerprint, "test", len(rows)),
    "What the oracle, two seeds of one recipe and weights fitted on test gain",
    who.references_columns(),
)
with st.expander("How these references are computed"):
    st.markdown(who.METHOD)
export.sources(trace)
