"""What an oracle of two runs gains, and what its gain is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.comparison.oracle import ORACLE
from genre_core.comparison.recipes import recipe_of, seeds_by_recipe
from genre_core.data.films import Dataset
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.oracle import Gain, fitted_in_hindsight, oracle_gain
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, run_names
from genre_core.ui.parts.text import literal

COMPARED = ("bce", "bce_to_prior", "map", "lrap", "top1_hit", "top3_hit")
METHOD = """
- **Oracle**: takes for each film the scores of the run with the lower loss on it. It looks at the
  labels, so no rule that chooses between the two runs can have a lower BCE; a mixture of both can.
- **Two seeds of one recipe**: the same oracle for two runs of one model, recipe and options. They
  differ by noise only, so their gain shows how much hindsight alone yields.
- **Log-odds weights fitted on test**: for each genre a weighted sum of what both runs say beyond
  the base rate, in log-odds, as in the fusion model, but fitted on the test labels and without a
  penalty. No fusion of this form can have a lower BCE on these films. An upper bound, not a result.
"""


def table(result: Mapping[str, Any], names: Mapping[str, str]) -> pd.DataFrame:
    """Return one line a run and one for the oracle, each figure with its interval."""
    lines = []
    for run_id in result["runs"]:
        line: dict[str, Any] = {"Run": names.get(run_id, ORACLE.capitalize())}
        for metric in (metric for metric in METRICS if metric.name in COMPARED):
            found = result["metrics"][metric.name]
            low, high = found["intervals"][run_id]
            line[metric.label] = found["values"][run_id]
            line[f"{metric.label}, 95%"] = f"{low:.3f} to {high:.3f}"
        lines.append(line)
    return pd.DataFrame(lines)


def sentence(result: Mapping[str, Any], names: Mapping[str, str], *, is_own: bool) -> str:
    """Return what the oracle gains over the better run, and how much of that fusion has.

    Args:
        result: see `comparison.with_oracle`.
        names: of the runs by id.
        is_own: whether the fusion is made from these two runs.
    """
    share = result["share"]
    better, oracle, fused = share["bce"]
    words = (
        f"An oracle that chooses the run with the lower loss for each film has a BCE of "
        f"**{oracle:.4f}**; the better run, {literal(names[share['better']])}, has {better:.4f}."
    )
    if result["fusion"] is None:
        return f"{words} There is no fusion of networks on these films yet."
    name = literal(names[result["fusion"]])
    if share["share"] is None:
        return f"{words} The oracle gains nothing."
    low, high = share["interval"]
    of_others = "" if is_own else ", which combines other runs than these,"
    return (
        f"{words} **{name}**{of_others} has {fused:.4f}: **{share['share']:.0%}** "
        f"\\[{low:.0%}, {high:.0%}\\] of the oracle's gain"
        f"{', a loss' if share['share'] < 0 else ''}."
    )


@dataclass(frozen=True)
class SeedGain:
    """What an oracle of two seeds of one recipe gains over the better one.

    Attributes:
        label: model, recipe and the two seeds.
        gain: the BCE of both.
    """

    label: str
    gain: Gain


@dataclass(frozen=True)
class References:
    """What the oracle's gain is compared with, all on the test films.

    Attributes:
        oracle: of the two runs.
        seeds: of two seeds of one recipe, none if no recipe has two.
        bound: BCE of log-odds weights fitted on test itself.
    """

    oracle: Gain
    seeds: tuple[SeedGain, ...]
    bound: float


def references(runs: tuple[Run, Run], usable: Sequence[Run], dataset: Dataset) -> References:
    """Return the references of the oracle of two runs.

    Args:
        runs: the two runs.
        usable: finished runs of the dataset, newest first.
        dataset: the films.
    """
    return References(
        _gain(runs, dataset, *_key(runs, dataset)),
        tuple(
            SeedGain(_seeds_label(pair), _gain(pair, dataset, *_key(pair, dataset)))
            for pair in seed_pairs(runs, usable)
        ),
        _bound(runs, dataset, *_key(runs, dataset)),
    )


def seed_pairs(runs: tuple[Run, Run], usable: Sequence[Run]) -> list[tuple[Run, Run]]:
    """Return pairs of runs that differ in their seed alone.

    One for each of two runs whose recipe has another seed; else the newest of any network.

    Args:
        runs: the two runs that are compared.
        usable: finished runs of one dataset, newest first.
    """
    groups = {
        recipe: seeds
        for recipe, seeds in seeds_by_recipe(usable).items()
        if len(seeds) > 1 and seeds[0].kind == "network"
    }
    by_id = {run.id: run for run in usable}
    own = {recipe_of(run, by_id): run for run in runs}
    pairs = [_with_another_seed(run, groups[key]) for key, run in own.items() if key in groups]
    return pairs or [(seeds[0], seeds[1]) for seeds in groups.values()][:1]


def _with_another_seed(run: Run, seeds: Sequence[Run]) -> tuple[Run, Run]:
    """Return a run with another seed of its recipe; two others if it is not among them."""
    first = run if run in seeds else seeds[0]
    return first, next(other for other in seeds if other != first)


def references_sentence(found: References) -> str:
    """Return what the oracle and two seeds gain by hindsight, and what weights on test reach."""
    gains = [f"{one.gain.gain:.4f} ({literal(one.label)})" for one in found.seeds]
    seeds = (
        f"Two seeds of one recipe, which differ by noise only, gain {' and '.join(gains)}."
        if gains
        else "No recipe has finished runs with two seeds to compare with."
    )
    return (
        f"The oracle gains {found.oracle.gain:.4f}. {seeds} Log-odds weights fitted on test reach "
        f"a BCE of **{found.bound:.4f}**, an upper bound for fusion."
    )


def references_table(found: References) -> pd.DataFrame:
    """Return one line a reference: its gain over the better run, and its BCE."""
    oracle, bound = found.oracle, found.bound
    seen = "chosen by film on test"
    lines = [
        ("Oracle of these two runs", oracle.gain, oracle.oracle, oracle.better, seen),
        *(
            (f"Oracle of {one.label}", one.gain.gain, one.gain.oracle, one.gain.better, seen)
            for one in found.seeds
        ),
        (
            "Log-odds weights fitted on test",
            oracle.better - bound,
            bound,
            oracle.better,
            "fitted on test: an upper bound, not a result",
        ),
    ]
    return pd.DataFrame(
        lines, columns=["Reference", "Gain", "BCE", "BCE of the better run", "Use of test labels"]
    )


def references_columns() -> dict[str, Any]:
    """Return the column configuration of `references_table`."""
    figure = st.column_config.NumberColumn
    return {
        "Reference": st.column_config.TextColumn(pinned=True),
        "Gain": figure(format="%.4f", help="BCE of the better run minus BCE, in nats."),
        "BCE": figure(format="%.4f"),
        "BCE of the better run": figure(format="%.4f"),
        "Use of test labels": st.column_config.TextColumn(width=300),
    }


def _seeds_label(pair: tuple[Run, Run]) -> str:
    first, second = sorted(str(run.seed) for run in pair)
    return f"{pair[0].label}, {run_names.recipe(pair[0])}, seeds {first} and {second}"


def _key(runs: tuple[Run, Run], dataset: Dataset) -> tuple[tuple[str, ...], str]:
    """Return what results are cached by: finished runs and datasets never change."""
    return tuple(str(run.folder) for run in runs), dataset.key


def _on_test(runs: tuple[Run, Run], dataset: Dataset) -> tuple[np.ndarray, list[np.ndarray]]:
    rows = dataset.rows("test")
    return dataset.labels[rows], [np.asarray(loaders.scores(run, dataset)[rows]) for run in runs]


@st.cache_data(max_entries=64, show_spinner=False)
def _gain(_runs: tuple[Run, Run], _dataset: Dataset, folders: tuple[str, ...], films: str) -> Gain:
    y_true, (first, second) = _on_test(_runs, _dataset)
    return oracle_gain(y_true, first, second)


@st.cache_data(max_entries=64, show_spinner=False)
def _bound(
    _runs: tuple[Run, Run], _dataset: Dataset, folders: tuple[str, ...], films: str
) -> float:
    y_true, scores = _on_test(_runs, _dataset)
    return fitted_in_hindsight(y_true, scores, prior=_dataset.prior).bce
