"""Your film: what the chosen runs, their fusion and linear models say of a film that you bring."""

import streamlit as st

from genre_core.ui.frame import shell
from genre_core.ui.parts import notices, rules
from genre_core.ui.parts.text import literal
from genre_core.ui.views import your_film

shell.heading("your_film")
now, dataset, meta = shell.all_films()
runs = your_film.asked_runs(now)
if not runs and now.usable:
    st.info(
        "Only models that were trained here can score other films: imported runs have scores and "
        "no weights. **Retrain** in the sidebar trains some.",
        icon=":material/info:",
    )
    shell.stop()
if not runs:
    notices.no_runs(now.artifacts, meta)
    shell.stop()
left, right = st.columns([2, 3], gap="large")
with left:
    yours = your_film.bring(dataset)
with right:
    if your_film.is_empty(yours):
        st.info(
            "Drop a poster, write an overview, or start from a film of the dataset. One of the "
            "two is enough.",
            icon=":material/movie:",
        )
        shell.stop()
    if warning := your_film.seen_in_training(dataset, yours):
        st.warning(literal(warning), icon=":material/school:")
    your_film.show(now, dataset, runs, yours)
    st.caption(f"Decision rule: {literal(rules.label(now.rule))}. Nothing is stored.")
