"""Label review: labels that both runs contradict, decided one at a time."""

from functools import partial

import streamlit as st

from genre_core.data.films import INPUTS
from genre_core.errors import DataError
from genre_core.runs import label_decisions
from genre_core.ui.frame import shell
from genre_core.ui.parts import (
    export,
    label_doubts,
    label_exports,
    label_metrics,
    label_queue,
    notices,
    run_names,
    styles,
)
from genre_core.ui.parts.figures import page_theme
from genre_core.ui.parts.text import count, signed
from genre_core.ui.views import label_review

CHOOSE = " Choose such runs in the sidebar."

shell.heading("label_review")
now, dataset, meta = shell.chosen_films()
runs = shell.two_runs(now, meta)
if notices.needs_scores(runs):
    shell.stop()
names = run_names.names(list(runs))
try:
    decisions = label_decisions.read(now.artifacts, dataset)
except DataError as error:
    notices.problem(error)
    shell.stop()

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    view = label_review.pick_view()
    is_filtered = view in (label_review.QUEUE, label_review.TABLE)
    kind = label_review.pick_kind(is_disabled=not is_filtered)
    with st.popover("Genres", icon=":material/filter_list:", disabled=not is_filtered):
        genres = st.multiselect(
            "Genres", dataset.genres, key="genres", placeholder="All", bind="query-params"
        )
if {run.modality for run in runs} != {"poster", "overview"}:
    st.warning(
        "The two runs do not use different inputs, one posters and one overviews, so their "
        "agreement is weak evidence." + CHOOSE * (set(dataset.inputs) == set(INPUTS)),
        icon=":material/visibility:",
    )

rows = label_doubts.reviewed_films(dataset, runs)
support = dataset.labels[rows].sum(axis=0)
every = label_doubts.doubts(dataset, runs)
queue = label_doubts.chosen(every, int(kind == label_review.WRONG), genres)
done = label_doubts.progress(queue, decisions)
made = label_decisions.in_force(decisions)
trace = export.Trace(
    [run.id for run in runs], dataset.fingerprint, "validation and test", len(rows)
)


export.add_table(
    label_review.table(dataset, queue, names, support, decisions),
    "label_review",
    trace,
    "Labels that both runs contradict, with scores and overview",
)


def open_row() -> None:
    """Show the label of the chosen row in the queue."""
    if chosen := st.session_state["doubted"].selection.rows:
        label_queue.open_label(queue[chosen[0]].key, dataset)
        st.session_state["view"] = label_review.QUEUE


if view == label_review.QUEUE and queue:
    st.progress(done.n_reviewed / done.n_labels, done.sentence)
    doubt = label_queue.session(dataset).next(queue, made)
    act = partial(
        label_queue.buttons,
        doubt,
        now.artifacts,
        dataset,
        n_left=done.n_labels - done.n_reviewed,
    )
    if doubt:
        label_review.show_label(doubt, dataset, runs, page_theme(), act)
        st.caption(label_review.standing(doubt, queue, support))
        if doubt.key in made:
            before = made[doubt.key]
            st.caption(
                f"Decided on {run_names.finished_at(before.decided_at)}: {before.decision}. A new "
                "decision replaces it."
            )
    else:
        st.success(
            f"All {count(done.n_labels, 'label')} reviewed: {done.n_changed:,} changed, "
            f"{done.n_kept:,} kept.",
            icon=":material/check:",
        )
        act()
        label_exports.show(dataset, decisions, names, trace)
elif view == label_review.TABLE and queue:
    st.caption(
        f"{count(len(queue), 'label')}, the strongest contradiction first. Strength is not a "
        "probability that the label is wrong. Choose a row to review it."
    )
    export.table(
        label_review.table(dataset, queue, names, support, decisions),
        "label_review",
        trace,
        "Labels that both runs contradict, with scores and overview",
        label_review.columns(names),
        height=560,
        key="doubted",
        on_select=open_row,
        selection_mode="single-row",
    )
elif is_filtered:
    st.info("No labels match. Remove a genre from the filter.", icon=":material/check:")
elif not decisions:
    st.info("No label is decided yet. Decide some in the queue.", icon=":material/fact_check:")
elif view == label_review.DECIDED:
    label_exports.show(dataset, decisions, names, trace)
else:
    st.caption(label_metrics.caption(dataset, every, decisions))
    n_test = len(dataset.rows("test"))
    for place, (column, run) in enumerate(zip(st.columns(2), runs, strict=True), 1):
        with column:
            st.markdown(signed(run_names.role(run), names[run.id], page_theme()))
            export.table(
                label_metrics.table(run, dataset, now.rule, decisions),
                f"label_metrics_{place}",
                export.Trace([run.id], dataset.fingerprint, "test", n_test, now.rule),
                f"Test metrics of {names[run.id]} by original and corrected labels",
                label_metrics.columns(),
            )
    st.markdown(label_metrics.BIAS)
with st.expander("How labels are selected and ranked"):
    st.markdown(label_review.sentence(dataset, runs))
    st.markdown(label_review.METHOD)
export.sources(trace)
styles.use(label_review.STYLE)
