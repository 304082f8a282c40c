"""Training curves: loss, precision and recall by epoch, both networks on common axes."""

import streamlit as st

from genre_core.charts import curves
from genre_core.ui import history, notices, shell
from genre_core.ui.text import signed

st.title("Training curves")
now, dataset, meta = shell.chosen_films()
theme = shell.theme()
trained = {slot: history.trained(run) for slot, run in now.slots.items() if run}

st.markdown(
    "Solid: validation, measured after each epoch without dropout. Dashed: training, a running "
    "mean over the epoch's batches **under dropout**, so the distance between the two lines is "
    "partly that. ★ marks the epoch whose weights were kept, the one with the lowest validation "
    "loss. The grey line is the validation loss of the genre frequencies alone."
)

for slot, column in zip(now.slots, st.columns(2), strict=True):
    with column:
        if slot not in trained:
            notices.no_run(now.artifacts, meta, slot, now.runs)
            continue
        run = trained[slot]
        st.subheader(signed(run.curve.role, run.label, theme), anchor=False)
        st.text(curves.reading(run.curve, run.trivial))
        st.text(history.without_dropout(run))

shown = [run for run in trained.values() if run.curve.rows]
for quantity in curves.QUANTITIES if shown else ():
    st.header(quantity.capitalize(), anchor=quantity)
    st.caption(history.caption(quantity, dataset))
    # Both runs are on the same films, so that the line is the same in both charts.
    trivial = shown[0].trivial if quantity == "loss" else None
    axes = curves.common_axes([run.curve for run in shown], quantity, trivial)
    for slot, column in zip(now.slots, st.columns(2), strict=True):
        if slot not in trained:
            continue
        run = trained[slot]
        with column:
            st.markdown(signed(run.curve.role, run.label, theme))
            if not run.curve.rows:
                st.caption("Fitted at once: no epochs, no curve.")
                continue
            st.plotly_chart(
                curves.learning_curve(run.curve, quantity, axes, theme, trivial=trivial),
                key=f"{slot}_{quantity}",
                config={"displayModeBar": False},
                alt=f"{run.label}: training and validation {quantity} by epoch",
            )
