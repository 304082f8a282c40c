"""Which dataset and which runs a page is about: widgets in the sidebar, kept in the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genre_core.comparison.rivals import LEARNED
from genre_core.runs.folder import Run
from genre_core.ui.parts import address, loaders, run_names
from genre_core.ui.parts.text import count, literal

LATEST = "latest"


def by_fingerprint(
    metas: Sequence[dict[str, Any]], runs: Sequence[Run]
) -> dict[str, dict[str, Any]]:
    """Return the datasets by their fingerprint, that of the newest run first.

    Args:
        metas: the datasets, see `store.list_datasets`.
        runs: all runs, newest first.
    """
    order = [run.dataset for run in runs]
    ranked = sorted(metas, key=lambda meta: _place(meta["fingerprint"], order))
    return {meta["fingerprint"]: meta for meta in ranked}


def pick_dataset(datasets: Mapping[str, dict[str, Any]]) -> str | None:
    """Return the fingerprint of the dataset chosen in the sidebar, None if there is none."""
    if not datasets:
        return None
    names = {fingerprint: dataset_name(meta) for fingerprint, meta in datasets.items()}
    former = {name: fingerprint for fingerprint, name in names.items()}
    return address.pick(st.selectbox, "Dataset", names, key="dataset", former=former)


def pick_run(
    slot: str, label: str, runs: Sequence[Run], latest: Run | None, n_lacking: Mapping[str, int]
) -> Run | None:
    """Return the finished run chosen for a slot, None if there is none yet.

    Args:
        slot: "poster" or "overview".
        label: of the widget.
        runs: finished runs of one dataset, newest first.
        latest: the default, see `rivals.shown_first`.
        n_lacking: by run, how many test films it has no scores for.
    """
    ranked = sorted(runs, key=lambda run: _rank(run, slot))
    titles = {
        key: f"{name} · lacks {count(n_lacking[key], 'test film')}" if n_lacking[key] else name
        for key, name in run_names.titles(ranked).items()
    }
    asked = address.pick(
        st.selectbox,
        label,
        {
            LATEST: f"Latest: {latest.label}" if latest else f"Latest {slot} network",
            **titles,
        },
        key=slot,
        help=f"The latest {slot} network (without one, an imported run), or any finished run on "
        "these films.",
    )
    chosen = latest if asked == LATEST else next((run for run in ranked if run.id == asked), None)
    st.caption(_description(chosen, slot))
    return chosen


def _description(run: Run | None, slot: str) -> str:
    if run is None:
        return f"No {slot} network has finished yet."
    parts = [run_names.title(run)]
    done = loaders.marker(run)
    if done.get("kept_epoch"):
        parts.append(f"epoch {done['kept_epoch']} of {done['epochs_done']} kept")
    return literal(" · ".join(parts))


def _rank(run: Run, slot: str) -> int:
    """Return 0 for what learned from the slot's input, 1 for its linear models, 2 for the rest."""
    if run.modality != slot:
        return 2
    return 0 if run.kind in LEARNED else 1


def _place(fingerprint: str, order: Sequence[Any]) -> int:
    return order.index(fingerprint) if fingerprint in order else len(order)


def dataset_name(meta: Mapping[str, Any]) -> str:
    """Return what a dataset is called: its folder, and how its fingerprint begins."""
    return f"{Path(meta['source']).name}-{meta['fingerprint'][:8]}"
