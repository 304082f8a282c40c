"""Which dataset and which runs a page is about: widgets in the sidebar, kept in the URL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genre_core.comparison.rivals import LEARNED, newest
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, run_names
from genre_core.ui.parts.text import literal

LATEST = "latest"
KEYS = ("dataset", "poster", "overview")  # of the widgets, and in the address


def datasets_by_name(
    metas: Sequence[dict[str, Any]], runs: Sequence[Run]
) -> dict[str, dict[str, Any]]:
    """Return the datasets by the name that people choose them by, that of the newest run first.

    Args:
        metas: the datasets, see `store.list_datasets`.
        runs: all runs, newest first.
    """
    order = [run.dataset for run in runs]
    ranked = sorted(metas, key=lambda meta: _place(meta["fingerprint"], order))
    return {_dataset_name(meta): meta for meta in ranked}


def pick_dataset(named: dict[str, dict[str, Any]]) -> str | None:
    """Return the name of the dataset chosen in the sidebar, None if there is none."""
    if not named:
        return None
    return _select("Dataset", "dataset", list(named))


def pick_run(slot: str, runs: Sequence[Run]) -> Run | None:
    """Return the finished run chosen for a slot, None if there is none yet.

    Args:
        slot: "poster" or "overview": a modality, whose newest network is the default.
        runs: finished runs of one dataset, newest first.
    """
    ranked = sorted(runs, key=lambda run: _rank(run, slot))
    options = [LATEST, *(run.id for run in ranked)]
    asked = _select(
        f"{slot.capitalize()} run",
        slot,
        options,
        help=f"'{LATEST}' is the newest finished {slot} network; every finished run can be chosen.",
    )
    chosen = _chosen(asked, slot, ranked)
    st.caption(_description(chosen, slot))
    return chosen


def _chosen(asked: str, slot: str, ranked: Sequence[Run]) -> Run | None:
    if asked == LATEST:
        return newest(ranked, slot)
    return next((run for run in ranked if run.id == asked), None)


def _description(run: Run | None, slot: str) -> str:
    if run is None:
        return f"No {slot} network has finished yet."
    parts = [run_names.description(run)]
    done = loaders.marker(run)
    if done.get("kept_epoch"):
        parts.append(f"epoch {done['kept_epoch']} of {done['epochs_done']} kept")
    return literal(", ".join(parts))


def _rank(run: Run, slot: str) -> int:
    """Return 0 for what learned from the slot's input, 1 for its linear models, 2 for the rest."""
    if run.modality != slot:
        return 2
    return 0 if run.kind in LEARNED else 1


def _place(fingerprint: str, order: Sequence[Any]) -> int:
    return order.index(fingerprint) if fingerprint in order else len(order)


def _dataset_name(meta: dict[str, Any]) -> str:
    return f"{Path(meta['source']).name}-{meta['fingerprint'][:8]}"


def keep_address() -> None:
    """Bring what is chosen in the sidebar into the address, once the page has run.

    Streamlit 1.67 loses parameters from the address that it sends together with the switch to
    another page, as it does for widgets with `bind`: the browser then knows only one of the two.
    """
    for key in KEYS:
        value = st.session_state.get(key)
        if value is None or value == st.session_state.get(_first(key)):
            st.query_params.pop(key, None)
        elif st.query_params.get(key) != value:
            st.query_params[key] = value


def _select(label: str, key: str, options: Sequence[str], help: str | None = None) -> str:
    """Return the option chosen; at first the one that the address asks for, else the first."""
    st.session_state[_first(key)] = options[0]
    asked = st.session_state.get(key, st.query_params.get(key, options[0]))
    if asked not in options:
        st.session_state[_unknown(key)] = asked
        asked = options[0]
    st.session_state[key] = asked
    chosen = st.selectbox(
        label, options, key=key, help=help, on_change=st.session_state.pop, args=(_unknown(key), "")
    )
    if missing := st.session_state.get(_unknown(key)):
        st.warning(
            f"The address asks for the {key} '{literal(missing[:80])}', which is not here. "
            f"Shown instead: {literal(options[0])}.",
            icon=":material/link_off:",
        )
    return chosen


def _first(key: str) -> str:
    return f"_first_{key}"


def _unknown(key: str) -> str:
    return f"_unknown_{key}"
