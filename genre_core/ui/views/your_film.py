"""One film that somebody brings: what the chosen runs, their fusion and linear models predict."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.charts.colours import styles
from genre_core.charts.film_scores import RunScores, film_scores
from genre_core.comparison.rivals import fusion_of, linear_rivals
from genre_core.data import poster_edits
from genre_core.data.decoding import ENDINGS
from genre_core.data.films import Dataset
from genre_core.data.posters import decode_poster
from genre_core.errors import DataError
from genre_core.evaluation.decisions import decide, top_k
from genre_core.jobs.scores_client import scores_of
from genre_core.runs.folder import Run
from genre_core.runs.scores import threshold_of
from genre_core.ui.frame import shell
from genre_core.ui.parts import (
    edit_history,
    export,
    loaders,
    notices,
    posters,
    rules,
    run_names,
    text,
    typicality,
    why,
)
from genre_core.ui.parts.figures import figure_of, page_theme
from genre_core.ui.views import films as film_views

MOST_BYTES = 10 * 2**20  # of a poster; the service takes no more either
TYPES = [ending.removeprefix(".") for ending in ENDINGS]
FILM, OVERVIEW, UPLOADED = "yours_film", "yours_overview", "yours_poster"
EDITS = {"flip": "Flip", "crop": "Crop", "grey": "Grey"}
LETTERS = 5_000
PREVIEW = 140  # pixels of a poster's width
HEIGHT = 180  # pixels of the text


@dataclass(frozen=True)
class Yours:
    """The film that is asked about.

    Attributes:
        poster: an image file's content, edited; None for none.
        overview: empty for none.
        row: its position in the dataset; None for a film that is not from there.
        edits: of the poster, keys of `poster_edits.EDITS`.
    """

    poster: bytes | None
    overview: str
    row: int | None = None
    edits: tuple[str, ...] = ()


def asked_runs(now: shell.Chosen) -> list[Run]:
    """Return the runs that are asked: the chosen ones, their fusion, and linear models."""
    slots = shell.different_runs(now)
    finished = [run for run in now.runs if run.state == "finished" and now.whole is not None]
    here = [run for run in finished if now.whole and run.dataset == now.whole.fingerprint]
    further = [fusion_of(here, list(slots.values())), *linear_rivals(slots, here).values()]
    found = {run.id: run for run in [*slots.values(), *further] if run}
    return [run for run in found.values() if catalogue.find(str(run.config.get("model")))]


def bring(dataset: Dataset) -> Yours:
    """Return the film that is brought: uploaded, written, or one of the dataset to start from."""
    ids = dataset.films.ids
    film = st.text_input(
        "Start from a film",
        key=FILM,
        bind="query-params",
        max_chars=80,
        placeholder="ID of a film of this dataset",
        on_change=_start_from,
        args=(dataset,),
    )
    st.button(
        "Random test film",
        key="yours_random",
        icon=":material/casino:",
        on_click=_draw,
        args=(dataset,),
    )
    row = ids.index(film) if film in ids else None
    if film and row is None:
        st.warning(f"No film with the ID '{text.literal(film)}'.", icon=":material/search_off:")
    content, edits = _edited(_poster(dataset, row))
    if OVERVIEW not in st.session_state:
        st.session_state[OVERVIEW] = dataset.films.overviews[row] if row is not None else ""
    overview = st.text_area("Overview", key=OVERVIEW, max_chars=LETTERS, height=HEIGHT)
    return Yours(content, overview, row, edits)


def _draw(dataset: Dataset) -> None:
    """Start from a test film that chance chooses."""
    row = int(np.random.default_rng().choice(dataset.rows("test")))
    st.session_state[FILM] = dataset.films.ids[row]
    _start_from(dataset)


def _start_from(dataset: Dataset) -> None:
    """Write the overview of the film to start from into the field."""
    film = st.session_state.get(FILM)
    if film in dataset.films.ids:
        st.session_state[OVERVIEW] = dataset.films.overviews[dataset.films.ids.index(film)]


def _edited(content: bytes | None) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the poster with the edits that are chosen, and these; show it where it is edited."""
    if content is None:
        return None, ()
    chosen = st.pills(
        "Edit the poster", EDITS, selection_mode="multi", key="yours_edits", format_func=_edit_name
    )
    edits = tuple(edit for edit in EDITS if edit in chosen)
    try:
        changed = poster_edits.edited(content, list(edits))
    except DataError as error:
        notices.problem(error)
        return None, ()
    if edits:
        st.image(changed, width=PREVIEW, alt=f"The poster, edited: {', '.join(edits)}")
    return changed, edits


def _edit_name(edit: str) -> str:
    return EDITS[edit]


def _poster(dataset: Dataset, row: int | None) -> bytes | None:
    """Return the poster that is uploaded, or else that of the film to start from; show it."""
    uploaded = st.file_uploader("Poster", TYPES, key=UPLOADED, max_upload_size=MOST_BYTES >> 20)
    if uploaded is not None:
        content = bytes(uploaded.getbuffer())
        _preview(content)
        return content
    if row is None or "poster" not in dataset.inputs:
        return None
    shown = posters.poster(dataset, dataset.films.ids[row])
    st.image(shown.content, width=PREVIEW, alt=f"Poster of film {dataset.films.ids[row]}")
    if shown.problem:
        st.caption(shown.problem)
        return None
    return posters.content(dataset, row)


def _preview(content: bytes) -> None:
    """Show an uploaded poster; what is wrong with one is said where it is scored."""
    with contextlib.suppress(DataError):
        st.image(decode_poster(content, (PREVIEW * 3 // 2, PREVIEW)), alt="The uploaded poster")


def is_empty(yours: Yours) -> bool:
    """Return whether there is nothing to ask about."""
    return yours.poster is None and not yours.overview.strip()


def answers(
    now: shell.Chosen, runs: Sequence[Run], yours: Yours, genres: Sequence[str]
) -> Mapping[str, np.ndarray]:
    """Return the scores of each run that can score a film; show what the others need.

    Args:
        now: what is chosen.
        runs: the runs to ask.
        yours: the film.
        genres: order of the scores.

    Raises:
        DataError: the film cannot be used, or the scoring service does not answer.
    """
    names = tuple(run.id for run in runs)
    found = _scores(str(now.artifacts.root), names, yours.poster, yours.overview)
    called = run_names.names(list(runs))
    for one in found:
        if one["missing"]:
            needed = " and ".join(one["missing"])
            st.caption(f"{text.literal(called[one['run']])} needs the {needed}.")
    return {
        one["run"]: np.array([one["scores"][name] for name in genres], dtype=np.float32)
        for one in found
        if one["scores"] is not None
    }


@st.cache_data(max_entries=64, show_spinner="Scoring the film")
def _scores(
    artifacts: str, runs: tuple[str, ...], poster: bytes | None, overview: str
) -> list[dict[str, Any]]:
    return scores_of(Artifacts(Path(artifacts)), runs, poster=poster, overview=overview)


def show(now: shell.Chosen, dataset: Dataset, runs: Sequence[Run], yours: Yours) -> None:
    """Show the predicted genres of each run in words, and its scores as bars."""
    try:
        scores = answers(now, runs, yours, dataset.genres)
    except DataError as error:
        notices.problem(error)
        return
    answered = [run for run in runs if run.id in scores]
    if not answered:
        return
    typicality.show_facts(now.artifacts, dataset, yours.poster, yours.overview)
    theme = page_theme()
    looks = styles([run_names.role(run) for run in answered], theme)
    names = run_names.names(answered)
    true = dataset.labels[yours.row] if yours.row is not None else np.zeros(len(dataset.genres))
    for run in answered:
        name = text.signed(run_names.role(run), names[run.id], theme)
        st.markdown(f"{name}  \n{_predicted(run, scores[run.id], now.rule, dataset.genres)}")
    split = str(dataset.split[yours.row]) if yours.row is not None else "own"
    places = film_views.that_matter(true, [scores[run.id].tolist() for run in answered])
    drawn = [
        RunScores(names[run.id], look, [float(scores[run.id][place]) for place in places])
        for look, run in zip(looks, answered, strict=True)
    ]
    trace = export.Trace([run.id for run in answered], dataset.fingerprint, split, 1)
    export.chart(
        figure_of(
            film_scores,
            [dataset.genres[place] for place in places],
            [bool(true[place] == 1) for place in places],
            drawn,
            theme,
        ),
        "your_film",
        "Scores of your film",
        trace,
        alt="Score of genres by each run for the film that was brought",
    )
    versions = edit_history.add(yours.poster, yours.overview, yours.edits, scores)
    edit_history.show(versions, names, dataset.genres, trace)
    named = [name for name, label in zip(dataset.genres, true, strict=True) if label == 1]
    why.show(now.artifacts, answered, why.Shown(yours.poster, yours.overview, named, trace))
    if st.toggle("Nearest training films", key="yours_nearest", help=typicality.HELP):
        networks = [run for run in answered if run.kind in ("network", "fusion")] or answered
        given = [scores[run.id] for run in networks]
        typicality.show_nearest(networks, dataset, given, yours.row)


def _predicted(run: Run, y_score: np.ndarray, rule: str, genres: Sequence[str]) -> str:
    """Return the genres that a run predicts, as chips, highest score first."""
    if rule == rules.TOP:
        places = top_k(y_score[np.newaxis], rules.N_TOP)[0].tolist()
    else:
        y_pred = decide(y_score[np.newaxis], threshold_of(run, rules.threshold(rule)))[0]
        places = [place for place in np.argsort(-y_score) if y_pred[place]]
    chips = [text.plain(f"{genres[place]} {y_score[place]:.2f}") for place in places]
    return " ".join(chips) or "no predictions"


def seen_in_training(dataset: Dataset, yours: Yours) -> str:
    """Return a warning where the film is one that the runs were trained on; empty if it is not."""
    row = yours.row
    if row is None:
        row = loaders.rows_by_overview(dataset).get(loaders.folded(yours.overview))
    if row is None or dataset.split[row] == "test":
        return ""
    return (
        f"This is a {text.SPLIT_NAMES[str(dataset.split[row])]} film of the dataset "
        f"({dataset.films.ids[row]}), so its scores say little about other films."
    )
