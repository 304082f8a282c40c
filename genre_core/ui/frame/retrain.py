"""Training from the sidebar: the button, its options, and how the last training ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.data.films import INPUTS
from genre_core.errors import command
from genre_core.jobs import process
from genre_core.runs import durations
from genre_core.runs.folder import Run, find_run
from genre_core.sample import N_FILMS
from genre_core.ui.frame import picker
from genre_core.ui.parts import notices, run_names
from genre_core.ui.parts.text import count, literal

SAMPLE = "sample"
SAMPLE_NAME = "Synthetic films"
MAX_EPOCHS, MAX_SEED = 500, 2**32 - 1


def panel(
    artifacts: Artifacts,
    datasets: dict[str, dict[str, Any]],
    chosen: str | None,
    runs: Sequence[Run],
) -> None:
    """Show the Retrain button with its options behind it; not while a training runs.

    Args:
        artifacts: folder of datasets and runs.
        datasets: metadata of each dataset by its fingerprint.
        chosen: fingerprint of the dataset that the pages are about.
        runs: all runs, newest first.
    """
    job = process.look(artifacts)
    if job is not None and job.is_running:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        button = st.empty()  # its words follow from the options behind it
        with st.popover("Options", icon=":material/tune:"):
            words, plan = _options(artifacts, datasets, chosen, runs)
    button.button(
        "Retrain",
        key="retrain",
        icon=":material/model_training:",
        help="Trains with these options in the background. Nothing is overwritten.",
        on_click=_start,
        args=(artifacts, words),
    )
    st.caption(plan)
    if job is not None:
        _outcome(artifacts, job)


def _start(artifacts: Artifacts, words: Sequence[str]) -> None:
    with notices.acting(notices.toast):
        process.start(artifacts, words)


def offer(artifacts: Artifacts, slots: dict[str, Run | None], usable: Sequence[Run]) -> None:
    """Offer what the last training has made for comparison, where it is not shown already.

    Args:
        artifacts: folder of the runs.
        slots: the runs that the pages compare.
        usable: finished runs of the chosen dataset.
    """
    job = process.look(artifacts)
    if job is None or job.state != "finished":
        return
    made = [run for run in usable if run.id in job.record.get("done", [])]
    new = {run_names.role(run): run for run in made if run_names.role(run) in slots}
    others = {slot: run for slot, run in new.items() if slots[slot] != run}
    if not new:
        return
    if not others:
        st.caption(":material/check_circle: Showing the latest runs.")
        return
    st.button(
        f"Compare the new {' and '.join(others)} run",
        key="compare_new",
        icon=":material/compare_arrows:",
        on_click=st.session_state.update,
        args=({slot: run.id for slot, run in others.items()},),
    )


def _options(
    artifacts: Artifacts,
    datasets: dict[str, dict[str, Any]],
    chosen: str | None,
    runs: Sequence[Run],
) -> tuple[list[str], str]:
    """Return the words of the command that the options ask for, and what it will do."""
    names = {key: picker.dataset_name(meta) for key, meta in datasets.items()} | {
        SAMPLE: SAMPLE_NAME
    }
    place = list(names).index(chosen) if chosen in names else 0
    films = st.selectbox(
        "Films",
        list(names),
        index=place,
        format_func=lambda films: names[films],
        key="retrain_films",
    )
    meta = datasets.get(str(films))
    here = [run for run in runs if meta and run.dataset == meta["fingerprint"]]
    inputs = set(meta.get("inputs", INPUTS) if meta else INPUTS)
    possible = [entry.name for entry in catalogue.MODELS if inputs.issuperset(entry.inputs)]
    wanted = st.multiselect(
        "Models",
        possible,
        default=[name for name in _missing(here) if name in possible],
        format_func=lambda model: catalogue.entry(model).label,
        key=f"retrain_models_{films}",
        help="Baselines take seconds; they are preselected while they are missing.",
    )
    recipes = sorted({recipe for model in catalogue.MODELS for recipe in model.recipes})
    recipes.remove(catalogue.ONLY_RECIPE)
    recipe = st.selectbox(
        "Recipe",
        recipes,
        index=recipes.index(catalogue.DEFAULT_RECIPE),
        key="retrain_recipe",
        help=catalogue.RECIPES_HELP,
    )
    epochs = st.number_input(
        "Epochs", 1, MAX_EPOCHS, value=None, key="retrain_epochs", placeholder="the recipe's"
    )
    with st.expander("Advanced"):
        seed = st.number_input(
            "Seed", 0, MAX_SEED, value=None, key="retrain_seed", placeholder=f"{_next_seed(here)}"
        )
        changed = _changed(wanted, recipe)
    words = ["train", *(wanted or ["all"]), "--recipe", recipe]
    words += ["--seed", str(_next_seed(here) if seed is None else seed)]
    words += ["--epochs", str(epochs)] if epochs is not None else []
    words += [word for option in changed for word in ("--option", option)]
    words += notices.data_words(meta, artifacts) if meta else []
    st.caption("The same on the command line:")
    st.code(command(*words, artifacts=artifacts), language=None, wrap_lines=True)
    models = wanted or possible
    n_films = meta["report"]["rows"]["used"] if meta else N_FILMS
    seconds = durations.estimate(models, recipe, n_films, runs, epochs)
    return words, f"{count(len(models), 'model')}, {durations.words(seconds)}."


def _changed(models: Sequence[str], recipe: str) -> list[str]:
    """Return the options that are not the recipe's, as the words of a command."""
    changed = []
    for option in catalogue.OPTIONS:
        if any(option.is_for(model, recipe) for model in models):
            first, *_ = option.values
            value = st.selectbox(
                option.label,
                option.values,
                key=f"retrain_{option.name}",
                format_func=lambda value: str(value).replace("_", " "),
                help=option.sentence,
            )
            changed += [f"{option.name}={value}"] if value != first else []
    return changed


def _missing(here: Sequence[Run]) -> list[str]:
    """Return the networks, and the baselines that have not been fitted on these films."""
    there = {str(run.config.get("model")) for run in here if run.state == "finished"}
    # Fusion goes with its parents.
    always = [entry.name for entry in catalogue.MODELS if entry.kind in ("network", "fusion")]
    return [
        entry.name for entry in catalogue.MODELS if entry.name in always or entry.name not in there
    ]


def _next_seed(here: Sequence[Run]) -> int:
    """Return a seed that no run on these films has; the same one would give the same scores."""
    return max((run.seed for run in here if run.seed is not None), default=-1) + 1


def _outcome(artifacts: Artifacts, job: process.Job) -> None:
    if job.state == "failed":
        st.error(
            f"The last training failed. {literal(str(job.record.get('problem', '')))}",
            icon=":material/error:",
        )
        if job.record.get("has_log") and (tail := process.log_tail(artifacts)):
            with st.expander("Last lines of its log"):
                st.code(tail, language=None, wrap_lines=True)
        st.caption(_advice(artifacts, job))
    elif job.state == "stopped":
        st.caption(
            f":material/pause_circle: The last training was stopped. {_advice(artifacts, job)}"
        )


def _advice(artifacts: Artifacts, job: process.Job) -> str:
    """Return what can be done about a training that did not end well."""
    run = next((run for run in _begun(artifacts, job) if run.state == "unfinished"), None)
    if run is None:
        return "Fix the error above and retrain."
    return "Resume the run, or finish it with its best weights, on the Runs page."


def _begun(artifacts: Artifacts, job: process.Job) -> list[Run]:
    name = job.record.get("run")
    folder = artifacts.runs / str(name)
    return [find_run(artifacts, str(name))] if name and folder.is_dir() else []
