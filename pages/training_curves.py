"""Training curves: loss, precision, recall, F1 and learning rate by epoch, on common axes."""

from collections.abc import Sequence

import streamlit as st

from genre_core.charts import curves, readings
from genre_core.ui.frame import shell
from genre_core.ui.parts import address, export, notices
from genre_core.ui.parts.figures import figure_of
from genre_core.ui.views import training_curves

SIDE_BY_SIDE, OVERLAID = "side_by_side", "overlaid"
LAYOUTS = {SIDE_BY_SIDE: "Side by side", OVERLAID: "Overlaid"}
FORMER_LAYOUTS = {"Side by side": SIDE_BY_SIDE, "Overlaid": OVERLAID}  # in URLs before
EACH = 1.0  # seconds between two looks at a running training

CURVES = (
    "Validation is measured after each epoch, without dropout. Training is a running mean over the "
    "batches of the epoch, under dropout and while the weights change, which is part of the gap. "
    "The kept epoch has the lowest validation loss, of the loss that the training minimises."
)

shell.heading("training_curves")
now, dataset, meta = shell.chosen_films()
theme = shell.theme()
baseline = training_curves.base_rate_loss(dataset)

st.caption("Strong: validation. Dotted: training. ★: kept epoch. Grey: base rates.", help=CURVES)
for slot, run in now.slots.items():
    if run is None:
        notices.no_run(now.artifacts, meta, slot, now.runs)

with st.container(horizontal=True, vertical_alignment="bottom"):
    layout = address.pick(
        st.radio, "Charts", LAYOUTS, key="charts", former=FORMER_LAYOUTS, horizontal=True
    )
    others = training_curves.other_runs(now, dataset)
    more = st.multiselect(
        "More runs",
        others,
        default=training_curves.first_more(now, others),
        key="more",
        bind="query-params",
        placeholder="An old run beside a new one",
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


def draw(shown: Sequence[training_curves.Trained], quantity: curves.Quantity, key: str) -> None:
    """Draw one chart of the runs whose history has a quantity."""
    lines = [one.curve for one in shown if one.curve.has(quantity)]
    if not lines:
        st.caption("Not recorded by these runs.")
        return
    level = baseline if quantity == "loss" else None
    export.chart(
        figure_of(
            curves.learning_curves,
            lines,
            quantity,
            axes[quantity],
            theme,
            baseline=level,
            is_smoothed=is_smoothed,
        ),
        key,
        f"{curves.QUANTITIES[quantity]} by epoch",
        training_curves.trace(shown, dataset),
        alt=f"{curves.QUANTITIES[quantity]} by epoch of {', '.join(line.name for line in lines)}",
    )


axes: dict[curves.Quantity, curves.Axes] = {}


def everything() -> None:
    """Show words and charts; run again and again while something trains."""
    shown = training_curves.trained(now, dataset, more, theme)
    parts = training_curves.by_modality(shown) if layout == SIDE_BY_SIDE else {"all": shown}
    parts = {name: part for name, part in parts.items() if part}
    if not parts:
        return
    for part, column in zip(parts.values(), st.columns(len(parts)), strict=True):
        with column:
            training_curves.say(part, theme)
    drawn = [one.curve for one in shown if one.curve.rows]
    if lacking := training_curves.lacking(shown):
        st.caption(lacking)
    for quantity, label in curves.QUANTITIES.items():
        if not any(curve.has(quantity) for curve in drawn):
            continue
        st.header(label, anchor=quantity)
        st.caption(training_curves.caption(quantity, dataset))
        level = baseline if quantity == "loss" else None
        axes[quantity] = curves.common_axes(drawn, quantity, level)
        for name, column in zip(parts, st.columns(len(parts)), strict=True):
            with column:
                draw(parts[name], quantity, f"{name}_{quantity}")
    if drawn:
        with st.expander("Values of every epoch"):
            export.table(
                training_curves.values([one for one in shown if one.curve.rows]),
                "training_history",
                training_curves.trace(shown, dataset),
                "Every number of each run's history, one row an epoch",
                height=420,
            )
        export.sources(training_curves.trace(shown, dataset))


is_running = training_curves.is_training(now, dataset)
st.fragment(everything, run_every=EACH if is_running else None)()
with st.expander("How these verdicts are computed"):
    st.markdown(readings.RULES)
