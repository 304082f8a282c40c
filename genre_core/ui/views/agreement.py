"""Agreement of two runs by genre, and the references of what an oracle of both gains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.charts.colours import Style, Theme
from genre_core.comparison.oracle import ORACLE
from genre_core.comparison.recipes import recipe_of, seeds_by_recipe
from genre_core.comparison.wording import REASONS
from genre_core.comparison.wording import VERDICTS as WORDING
from genre_core.data.films import Dataset
from genre_core.evaluation.agreement import LEAST_DISCORDANT, mcnemar
from genre_core.evaluation.intervals import SIGNIFICANT
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.oracle import Gain, fitted_in_hindsight, oracle_gain
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, run_names
from genre_core.ui.parts.conditions import Condition, Conditions, written
from genre_core.ui.parts.text import count, literal, percent

PATTERNS = ("", "/", "x", "")
# Outcome of the poster and of the overview run.
SAYS = (("hit", "hit"), ("hit", "missed"), ("missed", "hit"), ("missed", "missed"))
P_HOLM = "p (Holm)"
AloneVerdict = Literal["first", "second", "no_difference", "too_few", "withheld"]
VERDICTS: dict[AloneVerdict, str] = {  # those that name a run are made where names are known
    "no_difference": WORDING["no_difference"],
    "too_few": "too few films decided differently",
    "withheld": REASONS["no_headline"],
}
METHOD = f"""
- **Oracle**: takes for each film the scores of the run with the lower loss on it. It looks at the
  labels, so no rule that chooses between the two runs can have a lower BCE; a mixture of both can.
- **Two seeds of one recipe**: the same oracle for two runs of one model, recipe and options. They
  differ by noise only, so their gain shows how much hindsight alone yields.
- **Log-odds weights fitted on test**: for each genre a weighted sum of what both runs say beyond
  the base rate, in log-odds, as in the fusion model, but fitted on the test labels and without a
  penalty. No fusion of this form can have a lower BCE on these films. An upper bound, not a result.
- **Predicted correctly by one run only**: if both runs were equally good, each would have half of
  these films on average (McNemar's exact test). Genres with fewer than {LEAST_DISCORDANT} such
  films are not tested; Holm's correction is over the others.
"""
COMPARED = ("bce", "bce_to_prior", "map", "lrap", "top1_hit", "top3_hit")


def labels(names: tuple[str, str]) -> list[str]:
    """Return what the outcomes are called."""
    return ["both", f"only {names[0]}", f"only {names[1]}", "neither"]


def outcomes(
    names: tuple[str, str], looks: Sequence[Style], theme: Theme
) -> list[tuple[str, str, str]]:
    """Return label, colour and pattern of each outcome."""
    colours = (theme.ink, looks[0].colour, looks[1].colour, theme.faint)
    return list(zip(labels(names), colours, PATTERNS, strict=True))


def table(found: np.ndarray, dataset: Dataset, names: tuple[str, str]) -> pd.DataFrame:
    """Return one line a genre with a test film, most frequent first, and one for all genres.

    Args:
        found: see `oracle.agreement_counts`.
        dataset: the films.
        names: of the two runs.
    """
    frame = pd.DataFrame(found, columns=labels(names))
    frame.insert(0, "Genre", dataset.genres)
    frame.insert(1, "Films", found.sum(axis=1))
    frame = frame[frame["Films"] > 0].sort_values("Films", ascending=False, kind="stable")
    total = pd.DataFrame([["all genres", found.sum(), *found.sum(axis=0)]], columns=frame.columns)
    return pd.concat([frame, total], ignore_index=True)


def sentence(found: np.ndarray, names: tuple[str, str]) -> str:
    """Return how the true genres divide between the two runs."""
    total, whole = found.sum(axis=0), max(int(found.sum()), 1)
    who = ["both runs predict", *(f"only **{literal(name)}** predicts" for name in names)]
    parts = [
        f"{what} {percent(films / whole)} correctly"
        for what, films in zip([*who, "neither predicts"], total, strict=True)
    ]
    return (
        f"Of {count(int(found.sum()), 'true genre')} of the test films {', '.join(parts[:-1])}; "
        f"neither predicts {percent(total[-1] / whole)}."
    )


def alone_verdicts(
    found: np.ndarray, dataset: Dataset, *, is_withheld: bool = False
) -> dict[str, AloneVerdict]:
    """Return which run is ahead in each genre with a test film, by genre, most frequent first.

    Args:
        found: see `oracle.who_gets`.
        dataset: the films.
        is_withheld: whether there are no verdicts, as what differs may be the thresholds alone.
    """
    p_holm = mcnemar(found[:, 1], found[:, 2]).p_holm
    n_films = found.sum(axis=1)
    return {
        dataset.genres[place]: _verdict(found[place], p_holm[place], is_withheld)
        for place in np.argsort(-n_films, kind="stable")
        if n_films[place]
    }


def alone_table(
    found: np.ndarray,
    dataset: Dataset,
    names: tuple[str, str],
    verdicts: Mapping[str, AloneVerdict],
) -> pd.DataFrame:
    """Return one line a genre with a test film: films of one run alone, and McNemar's test.

    Args:
        found: see `oracle.agreement_counts`.
        dataset: the films.
        names: of the two runs.
        verdicts: see `alone_verdicts`.
    """
    tested = mcnemar(found[:, 1], found[:, 2])
    ahead: dict[AloneVerdict, str] = {"first": f"{names[0]} ahead", "second": f"{names[1]} ahead"}
    words = {**VERDICTS, **ahead}
    places = [dataset.genres.index(genre) for genre in verdicts]
    return pd.DataFrame(
        {
            "Genre": list(verdicts),
            "Films": found.sum(axis=1)[places],
            f"Only {names[0]}": found[places, 1],
            f"Only {names[1]}": found[places, 2],
            "p": tested.p_values[places],
            P_HOLM: tested.p_holm[places],
            "Verdict": [words[verdict] for verdict in verdicts.values()],
        }
    )


def alone_columns() -> dict[str, Any]:
    """Return the column configuration of `alone_table`."""
    return {
        "Genre": st.column_config.TextColumn(pinned=True),
        "p": st.column_config.NumberColumn(
            format="%.4f", help="McNemar's exact test, two-sided, not corrected."
        ),
        P_HOLM: st.column_config.NumberColumn(
            format="%.4f", help="Corrected by Holm for all genres that are tested."
        ),
        "Verdict": st.column_config.TextColumn(
            width=260,
            help=f"By p (Holm) at {SIGNIFICANT:g}; genres with fewer than {LEAST_DISCORDANT} films "
            "predicted correctly by one run only are not tested.",
        ),
    }


def alone_sentence(verdicts: Mapping[str, AloneVerdict], names: tuple[str, str]) -> str:
    """Return for which genres one run predicts significantly more films correctly.

    Args:
        verdicts: see `alone_verdicts`.
        names: of the two runs.
    """
    often = Counter(verdicts.values())
    n_tested = len(verdicts) - often["too_few"]
    if not n_tested:
        return (
            f"No genre has {LEAST_DISCORDANT} films that only one run predicts correctly, so none "
            "is tested."
        )
    if often["withheld"]:
        return (
            "No verdicts: the runs have thresholds of their own, and neither mAP nor BCE shows a "
            "significant difference."
        )
    parts = []
    for ahead, name in zip(("first", "second"), names, strict=True):
        genres = [genre for genre, verdict in verdicts.items() if verdict == ahead]
        listed = f" ({', '.join(map(literal, genres))})" if genres else ""
        parts.append(f"**{literal(name)}** is ahead in {len(genres)}{listed}")
    n_few = often["too_few"]
    few = f"; {n_few} not tested ({VERDICTS['too_few']})" if n_few else ""
    return (
        f"Of {count(n_tested, 'genre')} tested, {' and '.join(parts)}; no significant difference "
        f"in {often['no_difference']}{few}."
    )


def _verdict(row: np.ndarray, p_holm: float, is_withheld: bool) -> AloneVerdict:
    if np.isnan(p_holm):
        return "too_few"
    if is_withheld:
        return "withheld"
    if p_holm >= SIGNIFICANT:
        return "no_difference"
    return "first" if row[1] > row[2] else "second"


def query(place: int, genre: str, rule: str) -> dict[str, str]:
    """Return the URL parameters of the page Films that select a genre's films with an outcome."""
    poster, overview = SAYS[place]
    cell = (Condition("poster", poster, genre), Condition("overview", overview, genre))
    return {"where": written(Conditions(cell)), "by": rule}


def oracle_table(result: Mapping[str, Any], names: Mapping[str, str]) -> pd.DataFrame:
    """Return one line a run and one for the oracle, each figure with its interval."""
    lines = []
    for run_id in result["runs"]:
        line: dict[str, Any] = {"Run": names.get(run_id, ORACLE)}
        for metric in (metric for metric in METRICS if metric.name in COMPARED):
            found = result["metrics"][metric.name]
            low, high = found["intervals"][run_id]
            line[metric.label] = found["values"][run_id]
            line[f"{metric.label}, 95%"] = f"{low:.3f} to {high:.3f}"
        lines.append(line)
    return pd.DataFrame(lines)


def oracle_sentence(result: Mapping[str, Any], names: Mapping[str, str], *, is_own: bool) -> str:
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
    """Return what two seeds gain by the same hindsight, and what weights fitted on test reach."""
    ours = found.oracle.gain
    gains = [f"{one.gain.gain:.4f} ({literal(one.label)})" for one in found.seeds]
    if gains:
        seeds = (
            f"By the same hindsight two seeds of one recipe 'gain' {' and '.join(gains)}, which is "
            f"noise; these two runs gain {ours:.4f}."
        )
    else:
        seeds = (
            f"These two runs gain {ours:.4f}. What two seeds of one recipe gain by the same "
            "hindsight is not available: no recipe has finished runs with two seeds."
        )
    return (
        f"{seeds} Log-odds weights fitted on test itself reach a BCE of **{found.bound:.4f}**, a "
        f"gain of {found.oracle.better - found.bound:.4f}: an upper bound of what a fusion of this "
        "form can gain, not a result."
    )


def references_table(found: References) -> pd.DataFrame:
    """Return one line a reference: its BCE, and its gain over the better run."""
    oracle, bound = found.oracle, found.bound
    seen = "chosen by film on test"
    lines = [
        ("Oracle of these two runs", oracle.better, oracle.oracle, oracle.gain, seen),
        *(
            (f"Oracle of {one.label}", one.gain.better, one.gain.oracle, one.gain.gain, seen)
            for one in found.seeds
        ),
        (
            "Log-odds weights fitted on test",
            oracle.better,
            bound,
            oracle.better - bound,
            "fitted on test: an upper bound, not a result",
        ),
    ]
    return pd.DataFrame(
        lines, columns=["Reference", "BCE of the better run", "BCE", "Gain", "Use of test labels"]
    )


def references_columns() -> dict[str, Any]:
    """Return the column configuration of `references_table`."""
    figure = st.column_config.NumberColumn
    return {
        "Reference": st.column_config.TextColumn(pinned=True),
        "BCE of the better run": figure(format="%.4f"),
        "BCE": figure(format="%.4f"),
        "Gain": figure(format="%.4f", help="BCE of the better run minus BCE, in nats."),
        "Use of test labels": st.column_config.TextColumn(width=300),
    }


def _seeds_label(pair: tuple[Run, Run]) -> str:
    first, second = sorted(str(run.seed) for run in pair)
    return f"{pair[0].label}, {run_names.recipe(pair[0])}, seeds {first} and {second}"


def _key(runs: tuple[Run, Run], dataset: Dataset) -> tuple[tuple[str, ...], str]:
    """Return what results are cached by: finished runs and datasets never change."""
    return tuple(str(run.folder) for run in runs), dataset.fingerprint


def _on_test(runs: tuple[Run, Run], dataset: Dataset) -> tuple[np.ndarray, list[np.ndarray]]:
    rows = dataset.rows("test")
    return dataset.labels[rows], [np.asarray(loaders.scores(run, dataset)[rows]) for run in runs]


@st.cache_data(max_entries=64, show_spinner=False)
def _gain(
    _runs: tuple[Run, Run], _dataset: Dataset, folders: tuple[str, ...], fingerprint: str
) -> Gain:
    y_true, (first, second) = _on_test(_runs, _dataset)
    return oracle_gain(y_true, first, second)


@st.cache_data(max_entries=64, show_spinner=False)
def _bound(
    _runs: tuple[Run, Run], _dataset: Dataset, folders: tuple[str, ...], fingerprint: str
) -> float:
    y_true, scores = _on_test(_runs, _dataset)
    return fitted_in_hindsight(y_true, scores, prior=_dataset.prior).bce
