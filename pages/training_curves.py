"""Training curves: whether a training overfits, and its loss, precision, recall and F1 by epoch."""

import streamlit as st

from genre_core.charts import curves, readings
from genre_core.ui.frame import shell
from genre_core.ui.parts import address, export, notices, run_names
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.views import training_curves

EACH = 1.0  # seconds between two looks at a running training

CURVES = (
    "Validation is measured after each epoch, without dropout. Training is a running mean over the "
    "batches of the epoch, under dropout and while the weights change, which is part of the gap. "
    "The kept epoch has the lowest validation loss, of the loss that the training minimises."
)

shell.heading("training_curves")
now, dataset, meta = shell.all_films()
theme = page_theme()
baseline = training_curves.baseline_of(dataset)
others = training_curves.other_runs(now, dataset)
every = EACH if training_curves.is_training(now, dataset) else None

notices.no_runs_of(now.slots, now.artifacts, meta, now.runs)


first = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    more = address.pick_several(
        "More runs",
        run_names.titles(others),
        key="more",
        first=training_curves.first_more(now, others),
        placeholder="Choose runs" if others else "No other run has a history of these films",
        disabled=not others,
        # The label of what is disabled is too pale to be read.
        label_visibility="visible" if others else "collapsed",
        width=420,
    )
    is_smoothed = st.toggle(
        "Smooth",
        key="smooth",
        bind="query-params",
        help=f"Draws an exponentially weighted mean (span {curves.SPAN} epochs) over the measured "
        f"values, which stay visible. Runs with fewer than {curves.FEW} epochs are left as they "
        "are.",
    )


def verdicts() -> None:
    """Show whether each training overfits."""
    with st.grid("auto", min_column_width=420):
        for one in training_curves.trained(now, dataset, more, theme):
            training_curves.answer(one, theme)


def charts() -> None:
    """Show a chart of each quantity, and the values behind them."""
    shown = training_curves.trained(now, dataset, more, theme)
    drawn = [one for one in shown if one.curve.rows]
    if not drawn:
        return
    st.caption(training_curves.legend(drawn, baseline), help=CURVES)
    if lacking := training_curves.lacking(shown):
        st.caption(lacking)
    there = [name for name in training_curves.GRID if any(one.curve.has(name) for one in drawn)]
    for left in range(0, len(there), 2):
        for quantity, column in zip(there[left : left + 2], st.columns(2), strict=False):
            with column:
                draw(drawn, quantity)
    if any(one.curve.has("learning_rate") for one in drawn):
        with st.expander("Learning rate"):
            draw(drawn, "learning_rate")
    with st.expander("Values of every epoch"):
        export.table(
            training_curves.values(drawn),
            "training_history",
            training_curves.trace(shown, dataset),
            "Every number of each run's history, one row an epoch",
            height=420,
        )
    export.sources(training_curves.trace(shown, dataset))


def draw(shown: list[training_curves.Trained], quantity: curves.Quantity) -> None:
    """Draw one quantity of the runs whose history has it."""
    lines = [one.curve for one in shown if one.curve.has(quantity)]
    level = baseline if quantity == "loss" else None
    export.chart(
        figure_of(
            curves.learning_curves,
            lines,
            quantity,
            curves.common_axes(lines, quantity, level),
            theme,
            baseline=level,
            is_smoothed=is_smoothed,
        ),
        f"curves_{quantity}",
        f"{curves.QUANTITIES[quantity]} by epoch",
        training_curves.trace(shown, dataset),
        alt=f"{curves.QUANTITIES[quantity]} by epoch of {', '.join(line.name for line in lines)}",
    )


with first:
    st.fragment(verdicts, run_every=every)()
st.fragment(charts, run_every=every)()
with st.expander("How these verdicts and curves are computed"):
    st.markdown(readings.RULES)
    st.markdown(training_curves.methods(dataset))
