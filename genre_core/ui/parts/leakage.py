"""Leakage between splits: what was found, as pictures, a table and its effect on mAP."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.data.leakage import Leakage, kept_leakage, leakage_of, leakage_path
from genre_core.data.leakage_groups import QUICK, Group
from genre_core.data.leakage_names import MOST_FILMS
from genre_core.data.leakage_overviews import LEAST_COSINE
from genre_core.data.leakage_posters import LEAST_CORRELATION
from genre_core.evaluation.decisions import macro_genres
from genre_core.evaluation.leakage_effect import N_DRAWS, Effect, effect_of_removing
from genre_core.runs.content import MARKER
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, posters
from genre_core.ui.parts.text import SPLIT_NAMES, count

ASKED = "_leakage_asked"  # fingerprint of the large dataset to be checked
N_GROUPS = 6  # of posters that are shown
N_POSTERS = 6  # of a group
WIDTH = 130  # pixels of a poster on the page
MANY_ROWS, TABLE_HEIGHT = 9, 320  # a longer table scrolls; pixels
METHOD = (
    f"Overviews: cosine of TF-IDF vectors of character 4-grams of {LEAST_COSINE} or more. "
    f"Posters: correlation of colour thumbnails of {LEAST_CORRELATION} or more, among those with "
    "similar difference hashes. Names: two adjacent capitalised words, such as Sherlock Holmes, "
    f"that occur in at most {MOST_FILMS} films."
)


def found(dataset: Dataset, artifacts: Artifacts) -> Leakage | None:
    """Return the leakage of a dataset; None while a large one waits for someone to ask.

    Args:
        dataset: the films.
        artifacts: folder of datasets and decoded posters.
    """
    modified = loaders.modified_at(leakage_path(dataset, artifacts))
    kept = _kept(dataset, str(artifacts), dataset.fingerprint, modified)
    if kept is not None:
        return kept
    n_films = len(dataset.films)
    if n_films > QUICK and st.session_state.get(ASKED) != dataset.fingerprint:
        st.button(
            f"Check {count(n_films, 'film')}",
            key="check_leakage",
            icon=":material/content_copy:",
            help="Takes minutes for 100,000 films; the result is kept.",
            on_click=_ask,
            args=(dataset.fingerprint,),
        )
        return None
    with st.spinner("Comparing overviews, posters and names across splits"):
        return _computed(dataset, str(artifacts), dataset.fingerprint, modified)


def sentence(leakage: Leakage, dataset: Dataset) -> str:
    """Return how many groups and films were found."""
    n_posters = len(leakage.posters or ())
    parts = []
    if "overview" in dataset.inputs:
        parts.append(count(len(leakage.overviews), "group") + " of near-duplicate overviews")
    if leakage.posters is not None:
        parts.append(count(n_posters, "group") + " of near-duplicate posters")
    shares = " and ".join(
        f"**{len(leakage.flagged(split, ['names'])):,}** of "
        f"{count(len(dataset.rows(split)), f'{SPLIT_NAMES[split]} film')}"
        for split in ("test", "validation")
    )
    groups = f"{' and '.join(parts)} {'cross' if len(parts) > 1 else 'across'} splits."
    if "overview" not in dataset.inputs:
        return groups
    return f"{groups} {shares} share a rare name with a training film."


def show_posters(groups: Sequence[Group], dataset: Dataset) -> None:
    """Show the near-duplicate posters of each group side by side.

    Args:
        groups: groups of films with near-duplicate posters.
        dataset: the films.
    """
    with st.container(horizontal=True, gap="medium"):
        for group in groups[:N_GROUPS]:
            with st.container(border=True, width="content"):
                _show_group(group, dataset)
    if len(groups) > N_GROUPS:
        st.caption(f"{count(len(groups) - N_GROUPS, 'more group')} in the table.")


def table(leakage: Leakage, dataset: Dataset) -> pd.DataFrame:
    """Return one row a finding: overviews, posters, then names.

    Args:
        leakage: what was found.
        dataset: the films.
    """
    overviews = dict(zip(dataset.films.ids, dataset.films.overviews, strict=True))
    rows = [
        {**_group_row("Overview", group), "Shared": overviews[group.films[0]]}
        for group in leakage.overviews
    ]
    rows += [{**_group_row("Poster", group), "Shared": ""} for group in leakage.posters or ()]
    rows += [
        {
            "Kind": "Name",
            "Films": ", ".join([shared.film, *shared.training_films]),
            "Splits": _splits([shared.split, *["train"] * len(shared.training_films)]),
            "Similarity": None,
            "Shared": shared.name,
        }
        for shared in leakage.names
    ]
    columns = ("Kind", "Films", "Splits", "Similarity", "Shared")
    return pd.DataFrame(rows, columns=columns).astype({"Similarity": float})


def columns() -> dict[str, Any]:
    """Return the column configuration of `table`."""
    return {
        "Films": st.column_config.TextColumn(width="medium"),
        "Splits": st.column_config.TextColumn(help="The split of each film, in the same order."),
        "Similarity": st.column_config.NumberColumn(
            format="%.3f",
            help="Overviews: cosine. Posters: correlation. Of a group, the lowest that links it.",
        ),
        "Shared": st.column_config.TextColumn(width="large", help="The name, or an overview."),
    }


def table_height(findings: pd.DataFrame) -> int | Literal["content"]:
    """Return the height of a table of findings: that of its rows, or one that scrolls."""
    return TABLE_HEIGHT if len(findings) > MANY_ROWS else "content"


def effect_caption(n_test: int) -> str:
    """Return what the table of effects shows.

    Args:
        n_test: number of test films.
    """
    return (
        f"{count(n_test, 'test film')}. Flagged: has a near-duplicate overview, a near-duplicate "
        "poster or a rare name in common with a training film. Random: mean ± standard deviation "
        f"over {N_DRAWS} draws."
    )


def effects(
    leakage: Leakage, dataset: Dataset, runs: Sequence[Run], names: dict[str, str]
) -> pd.DataFrame:
    """Return the mAP of each run with and without the flagged test films.

    Args:
        leakage: what was found; some test film is flagged, and some is not.
        dataset: the films.
        runs: finished runs of the dataset.
        names: name of each run by its id.
    """
    flagged = leakage.flagged("test")
    rows = []
    for run in runs:
        modified = loaders.modified_at(run.folder / MARKER)
        effect = _effect(run, dataset, flagged, str(run.folder), modified)
        rows.append(
            {
                "Run": names[run.id],
                "mAP, all test films": effect.map_all,
                f"mAP without {count(len(flagged), 'flagged film')}": effect.map_without,
                f"mAP without {count(len(flagged), 'random film')}": effect.map_random,
                "± SD": effect.map_random_sd,
            }
        )
    return pd.DataFrame(rows)


def _ask(fingerprint: str) -> None:
    st.session_state[ASKED] = fingerprint


def _show_group(group: Group, dataset: Dataset) -> None:
    shown = list(zip(group.films, group.splits, strict=True))[:N_POSTERS]
    st.caption(f"Correlation {group.similarity:.3f}, {count(len(group.films), 'film')}")
    with st.container(horizontal=True, gap="small"):
        for film, split in shown:
            image = posters.poster(dataset, film)
            name = SPLIT_NAMES[split]
            with st.container(gap="xsmall", width=WIDTH):
                what = "Placeholder for the missing poster" if image.problem else "Poster"
                st.image(image.content, width=WIDTH, alt=f"{what} of {name} film {film}")
                st.text(f"{film}\n{name}")


def _group_row(kind: str, group: Group) -> dict[str, Any]:
    return {
        "Kind": kind,
        "Films": ", ".join(group.films),
        "Splits": _splits(group.splits),
        "Similarity": group.similarity,
    }


def _splits(splits: Sequence[str]) -> str:
    return ", ".join(SPLIT_NAMES[split] for split in splits)


# Kept for all sessions: a dataset and a finished run never change.


@st.cache_resource(max_entries=4, show_spinner=False)
def _kept(_dataset: Dataset, artifacts: str, fingerprint: str, modified: int) -> Leakage | None:
    return kept_leakage(_dataset, Artifacts(Path(artifacts))) if modified else None


@st.cache_resource(max_entries=4, show_spinner=False)
def _computed(_dataset: Dataset, artifacts: str, fingerprint: str, modified: int) -> Leakage:
    return leakage_of(_dataset, Artifacts(Path(artifacts)))


@st.cache_resource(max_entries=64, show_spinner=False)
def _effect(
    _run: Run, _dataset: Dataset, flagged: tuple[str, ...], folder: str, modified: int
) -> Effect:
    rows = _dataset.rows("test")
    ids = np.array(_dataset.films.ids)[rows]
    return effect_of_removing(
        _dataset.labels[rows],
        np.asarray(loaders.scores(_run, _dataset)[rows]),
        np.isin(ids, flagged),
        macro=macro_genres(_dataset.genres, _dataset.train_support),
    )
