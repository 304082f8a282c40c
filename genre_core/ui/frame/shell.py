"""What stands around every page: navigation, and the sidebar with dataset, runs and training.

`dashboard.py` calls `navigation`, then `open_sidebar`, and runs the page; a page begins with
`chosen`. Streamlit would also find the folder `pages/` by itself: until some session has called
`st.navigation`, a first request for /films runs that page alone, without `dashboard.py`. So each
session begins by registering the pages and starting over, from whichever script it came in by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from genre_core.artifacts import Artifacts
from genre_core.comparison.rivals import shown_first
from genre_core.data import store
from genre_core.data.films import INPUTS, SPLITS, Dataset
from genre_core.runs.folder import Run, list_runs
from genre_core.runs.scores import LEAST_COMMON
from genre_core.ui.frame import brand, live, picker, retrain
from genre_core.ui.parts import (
    address,
    coverage,
    export,
    loaders,
    notices,
    rules,
    run_names,
    styles,
)
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal

# The two runs that pages compare, any two, by the key that stands for each in URLs and in saved
# conditions; the key is that of the network which is chosen at first.
SLOTS = {"poster": "Run A", "overview": "Run B"}
FORMER_SLOTS = {"poster run": "poster", "overview run": "overview"}  # in URLs before
STYLE = Path(__file__).parent / "frame.css"
NAVIGATED, CHOSEN, PAGE, ARRIVED = "_navigated", "_chosen", "_page", "_arrived"
HEADS: dict[str, dict[str, Any]] = {
    "summary": {
        "title": "Summary",
        "icon": ":material/leaderboard:",
        "help": "Which of the two runs is better, and test metrics of every run.",
    },
    "training_curves": {
        "title": "Training curves",
        "icon": ":material/show_chart:",
        "help": "Loss, precision and recall by epoch.",
    },
    "class_imbalance": {
        "title": "Class imbalance",
        "icon": ":material/bar_chart:",
        "help": "How often genres occur and are predicted, and the effect on metrics.",
    },
    "head_to_head": {
        "title": "Head to head",
        "icon": ":material/balance:",
        "help": "Every difference with interval, p-value and verdict, overall and by genre.",
    },
    "by_genre": {
        "title": "By genre",
        "icon": ":material/category:",
        "help": "Which genres each run ranks better; the claims of two student reports.",
    },
    "thresholds": {
        "title": "Thresholds",
        "icon": ":material/tune:",
        "help": "Set or tune thresholds; validation and test metrics.",
    },
    "confusions": {
        "title": "Confusions",
        "icon": ":material/grid_on:",
        "help": "What is predicted instead of a missed genre, and what an extra genre was.",
    },
    "agreement": {
        "title": "Agreement",
        "icon": ":material/join_inner:",
        "help": "Films that only one run predicts correctly, and the oracle of both.",
    },
    "films": {
        "title": "Films",
        "icon": ":material/movie:",
        "help": "Posters and overviews with what each run predicts.",
    },
    "your_film": {
        "title": "Your film",
        "icon": ":material/upload_file:",
        "help": "Upload a poster or write an overview: what each run predicts for it.",
    },
    "label_review": {
        "title": "Label review",
        "icon": ":material/fact_check:",
        "help": "Labels that both runs contradict, for review.",
    },
    "runs": {
        "title": "Runs",
        "icon": ":material/history:",
        "help": "Every run: settings, state, name, notes, downloads, log.",
    },
}


LANDING = "summary"
GROUPS: dict[str, tuple[str, ...]] = {  # pages by section of the navigation
    "": ("summary",),
    "Compare": ("head_to_head", "by_genre", "agreement"),
    "Explore": ("films", "your_film", "confusions", "label_review"),
    "Training": ("training_curves", "runs"),
    "Data": ("class_imbalance", "thresholds"),
}
SUBTITLES = {  # of pages that answer one question
    "summary": "What did the networks learn?",
    "head_to_head": "Is the difference real?",
    "by_genre": "Which genres does each run predict better?",
    "agreement": "Which run predicts which films correctly?",
    "your_film": "What do the runs predict for a film of your own?",
    "label_review": "Which labels may be wrong?",
}


@dataclass(frozen=True)
class Chosen:
    """What the pages are about.

    Attributes:
        artifacts: folder of datasets and runs.
        runs: every run of every dataset, newest first.
        meta: metadata of the chosen dataset; None if no dataset has been read.
        whole: the chosen dataset.
        dataset: the same without the validation and test films that a chosen run lacks, see
            `coverage.scored_films`.
        run_a: the first of the chosen runs, finished; None if there is none.
        run_b: the second of them.
        rule: the decision rule in force, see `rules`.
    """

    artifacts: Artifacts
    runs: tuple[Run, ...]
    meta: dict[str, Any] | None = None
    whole: Dataset | None = None
    dataset: Dataset | None = None
    run_a: Run | None = None
    run_b: Run | None = None
    rule: str = rules.TUNED

    @property
    def slots(self) -> dict[str, Run | None]:
        """Return the chosen runs by slot."""
        return dict(zip(SLOTS, (self.run_a, self.run_b), strict=True))

    @cached_property
    def complete(self) -> list[Run]:
        """Return the finished runs with scores for all test films, newest first."""
        return coverage.complete_runs(self.whole, self.runs) if self.whole else []

    @property
    def usable(self) -> list[Run]:
        """Return the runs with scores for all test films of `dataset`, newest first."""
        ids = {run.id for run in [*self.complete, *self.slots.values()] if run}
        return [run for run in self.runs if run.id in ids]


def navigation() -> StreamlitPage:
    """Return the page of the URL; the first time in a session, start over."""
    page = _register()
    st.session_state[ARRIVED] = st.session_state.get(PAGE, page.title) != page.title
    st.session_state[PAGE] = page.title
    address.begin(has_arrived=st.session_state[ARRIVED])
    if NAVIGATED not in st.session_state:
        st.session_state[NAVIGATED] = True
        st.rerun()
    return page


def open_sidebar() -> None:
    """Show the sidebar and keep what is chosen there for the page."""
    artifacts = loaders.artifacts_folder()
    finished = live.finished_names(artifacts)
    runs = tuple(list_runs(artifacts))
    datasets = picker.by_fingerprint(store.list_datasets(artifacts), runs)
    with st.sidebar:
        fingerprint = picker.pick_dataset(datasets)
        now = Chosen(artifacts, runs)
        if fingerprint:
            now = _choose(artifacts, runs, datasets[fingerprint])
            st.divider()
        retrain.panel(artifacts, datasets, fingerprint, runs)
        live.watch_training(artifacts, finished)
        retrain.offer(artifacts, now.slots, now.usable)
        styles.use(STYLE)
    st.session_state[CHOSEN] = now


def heading(name: str) -> None:
    """Show the title of a page, which is its name in the navigation, and the question it answers.

    Args:
        name: of the page, one of `HEADS`.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(HEADS[name]["title"], width="stretch")
        place = st.container(width="content")
    if CHOSEN in st.session_state:  # else `chosen` starts over
        now: Chosen = st.session_state[CHOSEN]
        datasets = {now.meta["fingerprint"]: picker.dataset_name(now.meta)} if now.meta else {}
        export.begin(name, place, now.runs, now.slots, datasets)
    if name in SUBTITLES:
        st.caption(SUBTITLES[name])
    address.warn_here()


def forget_unasked(keys: Sequence[str], link: str) -> None:
    """Drop what was chosen here before, if a link from another page asks for something else.

    Streamlit keeps the values of widgets that are bound to the address from page to page; a link
    that leads to some films means those, whatever was chosen here the last time.

    Args:
        keys: of the widgets whose values go, but for those that the address gives.
        link: the parameter by which such a link is known.
    """
    if st.session_state.get(ARRIVED) and link in st.query_params:
        for key in keys:
            if key not in st.query_params:
                address.forget(key)


def chosen() -> Chosen:
    """Return what the sidebar says; a page that runs without it starts over with it."""
    if CHOSEN not in st.session_state:
        _register()
        st.rerun()
    # Taken out, so that it is never what an earlier run of the script left there.
    result: Chosen = st.session_state.pop(CHOSEN)
    return result


def all_films() -> tuple[Chosen, Dataset, dict[str, Any]]:
    """Return what is chosen, with the whole dataset; without one the page ends with a way out."""
    now = chosen()
    if now.whole is None or now.meta is None:
        notices.no_dataset(now.artifacts)
        stop()
    return now, now.whole, now.meta


def chosen_films() -> tuple[Chosen, Dataset, dict[str, Any]]:
    """Return what is chosen, with the films that figures are about, and say how many they are.

    Without a dataset, or with too few films that both runs have scores for, the page ends with a
    way out.
    """
    now, whole, meta = all_films()
    dataset = now.dataset or whole
    n_films, n_whole = len(dataset.rows("test")), len(whole.rows("test"))
    if n_films < min(n_whole, LEAST_COMMON):
        st.warning(
            f"Both runs have scores for only {count(n_films, 'test film')} of {n_whole:,}. Choose "
            "others in the sidebar.",
            icon=":material/warning:",
        )
        stop()
    if n_films < n_whole:
        st.caption(
            f":material/filter_alt: On {n_films:,} of {n_whole:,} test films: those that the "
            "chosen runs have scores for."
        )
    return now, dataset, meta


def some_runs(now: Chosen, meta: dict[str, Any]) -> dict[str, Run]:
    """Return the chosen runs by slot; without any the page ends with a way out."""
    notices.no_runs_of(now.slots, now.artifacts, meta, now.runs)
    slots = different_runs(now)
    if not slots:
        stop()
    return slots


def different_runs(now: Chosen) -> dict[str, Run]:
    """Return the chosen runs by slot; of a run that is chosen twice, only the first."""
    found: dict[str, Run] = {}
    for slot, run in now.slots.items():
        if run and run not in found.values():
            found[slot] = run
    return found


def pick_slot(slots: Mapping[str, Run], key: str) -> str:
    """Return which of the chosen runs a page is about, kept in the URL under a key."""
    called = run_names.names(list(slots.values()))
    return address.pick(
        st.radio,
        "Run",
        {slot: literal(called[run.id]) for slot, run in slots.items()},
        key=key,
        former=FORMER_SLOTS,
        horizontal=True,
    )


def stop() -> NoReturn:
    """End a page here; what it was asked for stays in the URL."""
    export.offer()
    address.keep()  # nothing can be written into the URL once a script is stopped
    st.stop()


def two_runs(now: Chosen, meta: dict[str, Any]) -> tuple[Run, Run]:
    """Return the two chosen runs; without two different ones the page ends with a way out."""
    some_runs(now, meta)
    if now.run_a is None or now.run_b is None:
        stop()
    if now.run_a.id == now.run_b.id:
        st.info(
            "The same run is chosen twice. Choose two different ones in the sidebar.",
            icon=":material/info:",
        )
        stop()
    return now.run_a, now.run_b


def dataset_names(now: Chosen) -> dict[str, str]:
    """Return the name of each dataset by its fingerprint."""
    metas = store.list_datasets(now.artifacts)
    return {meta["fingerprint"]: picker.dataset_name(meta) for meta in metas}


def _register() -> StreamlitPage:
    st.set_page_config(
        page_icon=brand.icon(),
        layout="wide",
        initial_sidebar_state=300,
    )
    st.logo(brand.LOGO, size="large")
    pages = {
        group: [
            st.Page(f"pages/{name}.py", default=name == LANDING, **HEADS[name]) for name in names
        ]
        for group, names in GROUPS.items()
    }
    page = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{page.title} - Marquee")
    return page


def _choose(artifacts: Artifacts, runs: tuple[Run, ...], meta: dict[str, Any]) -> Chosen:
    dataset = loaders.dataset(artifacts, meta["fingerprint"])
    _describe(dataset)
    offered = coverage.finished_on(dataset, runs)
    n_test = len(dataset.rows("test"))
    n_lacking = {run.id: n_test - loaders.n_scored(run, dataset, "test") for run in offered}
    complete = [run for run in offered if not n_lacking[run.id]]
    latest = shown_first(complete if len(complete) > 1 else offered, dataset.inputs)
    first, second = (
        picker.pick_run(slot, label, offered, latest[slot], n_lacking)
        for slot, label in SLOTS.items()
    )
    picked = [run for run in (first, second) if run]
    rule = rules.pick(picked, artifacts)
    scored = coverage.scored_films(dataset, picked)
    return Chosen(artifacts, runs, meta, dataset, scored, first, second, rule)


def _describe(dataset: Dataset) -> None:
    sizes = ", ".join(f"{len(dataset.rows(split)):,} {SPLIT_NAMES[split]}" for split in SPLITS)
    what = f"{len(dataset.films):,} synthetic films"
    if not dataset.generated:
        what = count(len(dataset.films), "film")
    lacks = "".join(f" without {one}s" for one in INPUTS if one not in dataset.inputs)
    st.caption(f"{what}{lacks}: {sizes}")
