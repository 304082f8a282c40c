"""Who is right when: which run gets the films of each genre, and what the better one would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from genre_core.charts.colours import Style, Theme
from genre_core.comparison import ORACLE
from genre_core.data.films import Dataset
from genre_core.evaluation.decisions import macro_genres
from genre_core.evaluation.metrics import METRICS
from genre_core.ui.conditions import Condition, written
from genre_core.ui.text import count, literal, percent

PATTERNS = ("", "/", "x", "")
# What the poster and the overview run do in each outcome.
SAYS = (("hit", "hit"), ("hit", "missed"), ("missed", "hit"), ("missed", "missed"))
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
        found: see `oracle.who_gets`.
        dataset: the films.
        names: of the two runs.
    """
    frame = pd.DataFrame(found, columns=labels(names))
    frame.insert(0, "Genre", dataset.genres)
    frame.insert(1, "Films", found.sum(axis=1))
    frame = frame[frame["Films"] > 0].sort_values("Films", ascending=False, kind="stable")
    total = pd.DataFrame([["all genres", found.sum(), *found.sum(axis=0)]], columns=frame.columns)
    return pd.concat([frame, total], ignore_index=True)


def sentence(found: np.ndarray, dataset: Dataset, names: tuple[str, str]) -> str:
    """Return how the true genres divide between the two runs."""
    macro = macro_genres(dataset.genres, dataset.train_support)
    total, whole = found.sum(axis=0), max(int(found.sum()), 1)
    gets = ["both runs get", *(f"only **{literal(name)}** gets" for name in names), "neither gets"]
    parts = [f"{what} {percent(films / whole)}" for what, films in zip(gets, total, strict=True)]
    support = np.maximum(found.sum(axis=1), 1)
    known = [int(column) for column in np.flatnonzero(macro & (found.sum(axis=1) > 0))]
    alone = [
        max(known, key=lambda column: found[column, place] / support[column]) for place in (1, 2)
    ]
    most = " and ".join(
        f"{literal(dataset.genres[column])} ({percent(found[column, place] / support[column])}) by "
        f"{literal(names[place - 1])}"
        for place, column in zip((1, 2), alone, strict=True)
    )
    return (
        f"Of {count(int(found.sum()), 'true genre')} of the test films {', '.join(parts)}. Most "
        f"often told by one run alone: {most}."
    )


def query(place: int, genre: str, rule: str) -> dict[str, str]:
    """Return the address of the films of a genre with an outcome."""
    poster, overview = SAYS[place]
    cell = [Condition("poster", poster, genre), Condition("overview", overview, genre)]
    return {"where": written(cell), "rule": rule}


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
        f"An oracle that asks for each film the run with the lower loss would have a BCE of "
        f"**{oracle:.4f}**; the better run, {literal(names[share['better']])}, has {better:.4f}."
    )
    if result["fusion"] is None:
        return f"{words} There is no fusion of networks on these films yet."
    name = literal(names[result["fusion"]])
    if share["share"] is None:
        return f"{words} So there is nothing to gain."
    low, high = share["interval"]
    of_others = "" if is_own else ", made from other runs than these,"
    return (
        f"{words} **{name}**{of_others} has {fused:.4f}, which is **{share['share']:.0%}** "
        f"\\[{low:.0%}, {high:.0%}\\] of what the oracle gains"
        f"{'; below 0 it loses' if share['share'] < 0 else ''}."
    )
