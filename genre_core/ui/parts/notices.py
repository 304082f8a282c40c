"""States in which there is nothing to show, each with a way out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.data.films import INPUTS
from genre_core.data.opening import remembered_choices
from genre_core.data.store import choices_of
from genre_core.errors import GenreCoreError, command, not_written
from genre_core.jobs import lock
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, run_names
from genre_core.ui.parts.text import literal

UNDER_WAY = "A training is running; its results for these films appear here automatically."
NETWORKS = {"poster": "poster_cnn", "overview": "overview_lstm"}


def no_dataset(artifacts: Artifacts) -> None:
    """Say that nothing has been read yet."""
    if lock.holder(artifacts) is not None:
        st.info(
            "A training has started and is reading its films. The first results appear here "
            "automatically.",
            icon=":material/hourglass_top:",
        )
        return
    place = literal(str(artifacts.root.resolve()))
    if not artifacts.root.is_dir():
        what = f"The folder **{place}** does not exist yet."
    else:
        what = f"The folder **{place}** contains no films yet."
    st.info(
        f"{what} **Retrain** in the sidebar trains both networks, their fusion and the baselines "
        "on synthetic films, and so does this command; add `--data FOLDER` for your own. "
        "This page updates automatically.",
        icon=":material/info:",
    )
    _code(command("train", "all", artifacts=artifacts))


def no_runs_of(
    slots: Mapping[str, Run | None],
    artifacts: Artifacts,
    meta: dict[str, Any],
    runs: Sequence[Run],
) -> None:
    """Say of each slot without a run why it has none, and what to do about it."""
    inputs = meta.get("inputs", INPUTS)
    for slot, run in slots.items():
        if run is None and slot in inputs:
            _no_run(artifacts, meta, slot, runs)
        elif run is None:
            st.info(
                f"These films have no {slot}s, so there is no {slot} network. Choose any two "
                "finished runs in the sidebar.",
                icon=":material/info:",
            )


def _no_run(artifacts: Artifacts, meta: dict[str, Any], slot: str, runs: Sequence[Run]) -> None:
    """Say that no network of a modality has finished on a dataset, or that one is on its way."""
    none = f"No {slot} network has finished on these films yet."
    other = "choose another finished run in the sidebar."
    for run in runs:
        here = run.dataset == meta["fingerprint"] and run_names.role(run) == slot
        if here and run.state == "running":
            st.info(
                f"{none} One is being trained: {_epochs(run)}. It appears here automatically; "
                f"until then {other}",
                icon=":material/hourglass_top:",
            )
            return
    if lock.holder(artifacts) is not None:
        st.info(f"{none} {UNDER_WAY} Until then {other}", icon=":material/hourglass_top:")
        return
    st.info(
        f"{none} Train one with **Retrain** in the sidebar or with this command, or {other}",
        icon=":material/info:",
    )
    _code(command("train", NETWORKS[slot], *data_words(meta, artifacts), artifacts=artifacts))


def needs_scores(runs: Sequence[Run]) -> bool:
    """Say which runs have decisions instead of scores; return whether any has."""
    decided = [run_names.names(runs)[run.id] for run in runs if run.is_decided]
    if decided:
        st.info(
            f"This requires scores; {literal(' and '.join(decided))} has only 0/1 decisions.",
            icon=":material/info:",
        )
    return bool(decided)


def needs_validation(run: Run) -> bool:
    """Say that thresholds are chosen on validation films, where a run has no scores for them."""
    is_lacking = "validation" not in loaders.splits(run)
    if is_lacking:
        st.info(
            f"{literal(run_names.names([run])[run.id])} has no scores for validation films, "
            "so no threshold can be tuned: one tuned on test films would be too optimistic. Its "
            "threshold is 0.5; the commands take any other with `--threshold`.",
            icon=":material/info:",
        )
    return is_lacking


def no_runs(artifacts: Artifacts, meta: dict[str, Any], found: Sequence[Run] = ()) -> None:
    """Say that no model at all has finished on a dataset, or none but those found."""
    none = "No model has finished on these films yet."
    if found:
        called = " and ".join(run_names.names(found).values())
        none = f"Only **{literal(called)}** has finished on these films yet."
    if lock.holder(artifacts) is not None:
        st.info(f"{none} {UNDER_WAY}", icon=":material/hourglass_top:")
        return
    st.info(
        f"{none} **Retrain** in the sidebar trains what is missing, and so does this command:",
        icon=":material/info:",
    )
    words = ("train", "all", "--resume", *data_words(meta, artifacts))
    _code(command(*words, artifacts=artifacts))


def problem(error: GenreCoreError) -> None:
    """Show an error that the user can do something about."""
    _error(str(error))


def _error(words: str) -> None:
    st.error(literal(words), icon=":material/error:")


def toast(words: str) -> None:
    """Show an error for some seconds, above the page."""
    st.toast(literal(words), icon=":material/error:")


@contextlib.contextmanager
def acting(show: Callable[[str], None] = _error) -> Iterator[None]:
    """Show why what the user asked for failed, in the words of the command line.

    Args:
        show: shows it, at this place of the page unless it is `toast`.
    """
    try:
        yield
    except GenreCoreError as error:
        show(str(error))
    except OSError as error:
        words = not_written(error)
        if not words:
            raise
        show(words)


def state(run: Run) -> None:
    """Say what state a run is in, unless it is finished, and what that means."""
    if run.state == "running":
        st.info(f"Training: {_epochs(run)}.", icon=":material/hourglass_top:")
    elif run.state == "damaged":
        st.error(
            f"This run is damaged: {literal(run.problem)}. Its results are not shown. "
            "Delete it and train it again.",
            icon=":material/broken_image:",
        )
    elif run.state == "unfinished":
        st.warning(
            f"This run stopped before it was finished: {_epochs(run)}. Resume it to get the same "
            "result as an uninterrupted training.",
            icon=":material/pause_circle:",
        )


def _code(lines: str) -> None:
    st.code(lines, language=None, wrap_lines=True)


def _epochs(run: Run) -> str:
    planned = run.config.get("epochs")
    return f"{len(run.history())} of {planned} epochs done" if planned else "not fitted yet"


def data_words(meta: dict[str, Any], artifacts: Artifacts) -> list[str]:
    """Return the words of a command line that name a dataset's films, split and columns."""
    words = ["--data", meta["source"]]
    if meta.get("split_file"):
        words += ["--split", meta["split_file"]]
    chosen = choices_of(meta)
    is_other = not chosen.words() and remembered_choices(Path(meta["source"]), artifacts).words()
    return [*words, *chosen.words(), *(["--detect"] if is_other else [])]
