"""Agreement: which run predicts the films of each genre correctly, and what an oracle gains."""

import streamlit as st

from genre_core.charts.agreement import agreement_bars
from genre_core.charts.colours import styles
from genre_core.comparison.rivals import fusion_of
from genre_core.evaluation.oracle import agreement_counts
from genre_core.ui.frame import shell
from genre_core.ui.parts import comparing, export, notices, rules, run_names
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.parts.text import literal
from genre_core.ui.views import agreement, oracle

shell.heading("agreement")
now, dataset, meta = shell.chosen_films()
theme = page_theme()
runs = shell.two_runs(now, meta)
fusion = fusion_of(now.usable, runs)
names = run_names.names([*runs, *([fusion] if fusion else [])])
called = (names[runs[0].id], names[runs[1].id])
looks = styles([run_names.role(run) for run in runs], theme)
rule = now.rule
rows = dataset.rows("test")
y_pred = [rules.decisions_of(run, rows, dataset=dataset, rule=rule) for run in runs]
found = agreement_counts(dataset.labels[rows], *y_pred)
table = agreement.table(found, dataset, called)
trace = export.Trace([run.id for run in runs], dataset.fingerprint, "test", len(rows), rule)

in_all, alone, with_oracle = st.tabs(
    ["All outcomes", "Correct by one run only", "Oracle of both runs"]
)

with in_all:
    st.markdown(agreement.sentence(found, called))
    drawn, listed = st.tabs(["Chart", "Table"])
    by_genre = table.iloc[:-1]
    with drawn:
        st.caption(
            f"True genres of {len(rows):,} test films. Select part of a bar to open its films."
        )
        shares = by_genre[agreement.labels(called)].to_numpy()
        event = export.chart(
            figure_of(
                agreement_bars,
                list(by_genre["Genre"]),
                shares / by_genre["Films"].to_numpy()[:, None],
                agreement.outcomes(called, looks, theme),
                theme,
            ),
            "who_gets",
            "Films of each genre by which run predicts it",
            trace,
            alt="Share of each genre's films that both runs, only one or neither predict correctly",
            on_select="rerun",
            selection_mode="points",
        )
        if points := event.selection.points:
            chosen, place = points[0]["customdata"]
            query = agreement.query(int(place), chosen, rule)
            st.switch_page("pages/films.py", query_params=query)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            genre = st.selectbox(
                "Genre", list(by_genre["Genre"]), key="genre", bind="query-params", width=200
            )
            counts = by_genre[by_genre["Genre"] == genre].iloc[0]
            for place, label in enumerate(agreement.labels(called)):
                st.page_link(
                    "pages/films.py",
                    label=f"{literal(label)}: {counts[label]:,}",
                    icon=":material/movie:",
                    disabled=not counts[label],
                    query_params=agreement.query(place, genre, rule),
                )
    with listed:
        export.table(
            table,
            "who_gets_films",
            trace,
            "Films of each genre by which run predicts it correctly",
            agreement.columns(called),
        )

with alone:
    is_withheld = False
    if rule != rules.TOP:
        pair = comparing.compared(list(runs), rule, now.usable).pairs[0]
        is_withheld = pair.has_own_thresholds and not pair.has_verdict
    verdicts = agreement.alone_verdicts(found, dataset, is_withheld=is_withheld)
    st.markdown(agreement.alone_sentence(verdicts, called))
    st.caption(
        "McNemar's exact test for each genre, with Holm's correction.", help=agreement.TEST_HELP
    )
    export.table(
        agreement.alone_table(found, dataset, called, verdicts),
        "predicted_by_one_run",
        trace,
        "Films of each genre that only one run predicts correctly, with McNemar's test",
        agreement.alone_columns(),
    )

with with_oracle:
    if not notices.needs_scores(runs):
        result = comparing.oracle(runs, fusion)
        is_own = fusion is not None and set(fusion.parents) == {run.id for run in runs}
        st.markdown(oracle.sentence(result, names, is_own=is_own))
        references = oracle.references(runs, now.usable, dataset)
        st.markdown(oracle.references_sentence(references))
        st.caption("Both runs, fusion and the oracle, with 95% bootstrap intervals.")
        metrics = oracle.table(result, names)
        export.table(
            metrics,
            "oracle",
            export.Trace(result["runs"], dataset.fingerprint, "test", result["n_films"]),
            "Both runs, fusion and the oracle with intervals",
            comparing.columns(metrics),
        )
        st.caption("Gain of the oracle and of its references, in nats of BCE on the test films.")
        export.table(
            oracle.references_table(references),
            "oracle_references",
            export.Trace([run.id for run in runs], dataset.fingerprint, "test", len(rows)),
            "What the oracle, two seeds of one recipe and weights fitted on test gain",
            oracle.references_columns(),
        )
        with st.expander("How these references are computed"):
            st.markdown(oracle.METHOD)
export.sources(trace)
