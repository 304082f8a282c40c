"""Why: which words and which parts of the poster speak for and against a genre, run by run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.comparison.explanations import METHOD_NAMES, Check, found_checks
from genre_core.errors import DataError
from genre_core.jobs.scores_client import explanations_of
from genre_core.runs.folder import Run
from genre_core.ui.parts import evidence, export, notices, run_names, text
from genre_core.ui.parts.figures import page_theme

NONE = ""
N_FIRST = 2  # runs that are explained unless others are chosen
N_BESIDE = 2  # runs side by side
N_LISTED = 12  # words of each run in the table
METHODS = {
    NONE: "Most exact",
    **{key: METHOD_NAMES[key].capitalize() for key in ("occlusion", "gradients", "weights")},
}
HOW = (
    "**Occlusion** takes away one word, or covers one of 96 regions with the poster's mean colour, "
    "and shows by how much the log-odds of the genre fall. **Exact weights** are those of the "
    "linear model, which sum to its log-odds. **Integrated gradients** follow a poster network "
    "from the mean colour to the poster, and leave its linear path out. Colours are scaled to each "
    "picture: compare places in one picture, not two pictures. A pair of words that count only "
    "together counts twice.\n\n"
    "An explanation can be wrong. `explain RUN --check` removes what ranks highest from 200 test "
    "films and compares with random order, and explains the same run with shuffled weights."
)


@dataclass(frozen=True)
class Shown:
    """The film that is explained.

    Attributes:
        poster: an image file's content; None for none.
        overview: empty for none.
        true: its true genres; none if they are unknown.
        trace: where the figures come from.
        key: of the film; with another one the choice of genres starts anew.
    """

    poster: bytes | None
    overview: str
    true: Sequence[str]
    trace: export.Trace
    key: str = ""


def explainable(runs: Sequence[Run], shown: Shown) -> list[Run]:
    """Return the runs that have weights and can score the film, and look at anything."""
    has = {"poster": shown.poster is not None, "overview": bool(shown.overview.strip())}
    found = []
    for run in runs:
        entry = catalogue.find(str(run.config.get("model")))
        if entry and entry.inputs and all(has[one] for one in entry.inputs):
            found.append(run)
    return found


def show(artifacts: Artifacts, runs: Sequence[Run], shown: Shown) -> None:
    """Show a switch, and behind it why each run gives the film its scores."""
    able = explainable(runs, shown)
    if not able:
        return
    is_open = st.toggle(
        "Why these scores?",
        key="why",
        bind="query-params",
        help="Which words, and which parts of the poster, speak for and against a genre.",
    )
    if not is_open:
        return
    called = run_names.names(list(able))
    chosen = st.multiselect(
        "Runs to explain",
        [run.id for run in able],
        [run.id for run in able[:N_FIRST]],
        key="why_runs",
        format_func=lambda run: called[run],
    )
    if not chosen:
        return
    asked = [run for run in able if run.id in chosen]
    method = st.session_state.get("why_method") or NONE
    names = tuple(run.id for run in asked)
    try:
        found = _explained(str(artifacts.root), names, shown.poster, shown.overview, method)
    except DataError as error:
        notices.problem(error)
        return
    genres = _genres(found, shown.true)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        genre = st.selectbox(
            "Genre to explain",
            genres,
            key=f"why_genre{shown.key}",
            format_func=lambda one: f"✓ {one}" if one in shown.true else one,
            width=200,
            help="✓: a true genre.",
        )
        other = st.selectbox(
            "Rather than",
            [NONE, *(one for one in genres if one != genre)],
            key=f"why_other{shown.key}",
            format_func=lambda one: one or "any other",
            width=200,
            help="With a second genre: what speaks for the first more than for the second.",
        )
        st.selectbox(
            "Method", METHODS, key="why_method", format_func=lambda one: METHODS[one], width=200
        )
    against = f"against it, or for {other}" if other else "against it"
    st.markdown(
        f":color[■]{{foreground='#7b3fd1'}} for {text.literal(genre)} · "
        f":color[■]{{foreground='#c77700'}} {text.literal(against)}"
    )
    _pictures(asked, found, shown, genre, other)
    _words(asked, found, shown, genre, other)
    with st.expander("How explanations are made and tested"):
        st.markdown(HOW)


@st.cache_data(max_entries=32, show_spinner="Explaining the scores")
def _explained(
    artifacts: str, runs: tuple[str, ...], poster: bytes | None, overview: str, method: str
) -> list[dict[str, Any]]:
    return explanations_of(
        Artifacts(Path(artifacts)), runs, poster=poster, overview=overview, method=method
    )


def _genres(found: Sequence[dict[str, Any]], true: Sequence[str]) -> list[str]:
    """Return all genres: the first of each run, then the true ones, then the others by score."""
    scores = [one["scores"] for one in found]
    first = [max(one, key=lambda name: one[name]) for one in scores]
    rest = sorted(scores[0], key=lambda name: -max(one[name] for one in scores))
    there = set(scores[0])
    return [one for one in dict.fromkeys([*first, *true, *rest]) if one in there]


def _values(part: dict[str, Any], genre: str, other: str) -> np.ndarray:
    """Return the contributions to a genre, minus those to another one if there is one."""
    values = np.array(part["contributions"][genre])
    return values - np.array(part["contributions"][other]) if other else values


def _pictures(
    runs: Sequence[Run], found: Sequence[dict[str, Any]], shown: Shown, genre: str, other: str
) -> None:
    """Show the poster and the overview of each run, side by side."""
    names, theme = run_names.names(list(runs)), page_theme()
    places = st.columns(min(len(runs), N_BESIDE), gap="medium")
    for number, (run, one) in enumerate(zip(runs, found, strict=True)):
        score = f"{text.literal(genre)} {one['scores'][genre]:.2f}"
        with places[number % len(places)]:
            st.markdown(f"{text.signed(run_names.role(run), names[run.id], theme)}: {score}")
            for name in (name for name in ("poster", "overview") if name in one):
                _picture(one[name], shown, genre, other)
                st.caption(_tested(run, name, one[name]["method"]))


def _picture(part: dict[str, Any], shown: Shown, genre: str, other: str) -> None:
    """Show the poster, or the overview, with what counts on it."""
    values = _values(part, genre, other)
    if "words" in part:
        words = [(start, end) for start, end, _ in part["words"]]
        st.html(evidence.marked_words(shown.overview, words, values.tolist()))
    elif shown.poster is not None:
        rows, columns = part["grid"]
        picture = evidence.over_poster(shown.poster, (rows, columns), values.tolist())
        st.image(picture, width=200, alt=_alt(values, (rows, columns), genre))


def _alt(values: np.ndarray, grid: tuple[int, int], genre: str) -> str:
    row, column = divmod(int(values.argmax()), grid[1])
    return (
        f"The poster in grey, with what speaks for {genre} marked; most of it in row {row + 1} of "
        f"{grid[0]} and column {column + 1} of {grid[1]}"
    )


def _tested(run: Run, of_input: str, method: str) -> str:
    """Return how the parts were found, and whether that passed its checks for this run."""
    name = METHODS[method]
    checks = found_checks(run)
    one = next((c for c in checks or [] if (c.input, c.method) == (of_input, method)), None)
    if one is None:
        return f"{name}; not tested for this run yet."
    return f"{name}; {_outcome(one)}"


def _outcome(check: Check) -> str:
    verdict = "passed its tests" if check.passed else "did not pass its tests"
    low, high = check.interval
    return (
        f"{verdict} for this run: removing what ranks highest lowers the score by "
        f"{check.gain:.3f} [{low:.3f}, {high:.3f}] more than random order."
    )


def _words(
    runs: Sequence[Run], found: Sequence[dict[str, Any]], shown: Shown, genre: str, other: str
) -> None:
    """Show the words that count most as a table, one column for each run."""
    names = run_names.names(list(runs))
    columns = {
        names[run.id]: _values(one["overview"], genre, other)
        for run, one in zip(runs, found, strict=True)
        if "overview" in one
    }
    if not columns:
        return
    words = next(one["overview"]["words"] for one in found if "overview" in one)
    table = pd.DataFrame({"Word": [word for _, _, word in words], **columns})
    order = table.drop(columns="Word").abs().max(axis=1).sort_values(ascending=False).index
    with st.expander("The words as a table"):
        st.caption(f"What each word adds to the log-odds of {text.literal(genre)}.")
        export.table(
            table.loc[order[:N_LISTED]].round(3),
            "why_words",
            shown.trace,
            f"What words add to the log-odds of {genre}",
            {},
        )
