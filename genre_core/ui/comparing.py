"""Tables, sentences and lines of the page that tells whether a difference is real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from genre_core import comparison
from genre_core.charts.colours import Style
from genre_core.charts.forest import Differences
from genre_core.errors import command
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.runs import Run
from genre_core.ui import export, loaders, models, rules, tables
from genre_core.ui.text import count, literal

Pair = Mapping[str, Any]
SPREAD = ("bce_to_prior", "map", "lrap", "f1_micro", "f1_macro", "top1_hit")
RESAMPLING = "Resampling the test films; this is done once for these runs"
SHAKY = (
    "Macro precision is the one figure whose interval does not hold as often as it says: it jumps "
    "where a genre is predicted for a handful of films."
)


def compared(runs: Sequence[Run], rule: str, artifacts: Path) -> dict[str, Any]:
    """Return `comparison.compare` of some runs, and say meanwhile what is waited for."""
    with st.spinner(RESAMPLING):
        return comparison.kept_comparison(runs, artifacts, threshold=rules.threshold(rule))


def trace_of(result: Mapping[str, Any], rule: str, artifacts: Path) -> export.Trace:
    """Return what a comparison is about, with the command that prints the same numbers."""
    words = ("compare", *result["runs"], "--threshold", str(result["threshold"]), "--json")
    return export.Trace(
        result["runs"],
        result["dataset"],
        "test",
        result["n_films"],
        rule,
        command(*words, artifacts=artifacts),
    )


def told_sentence(pair: Pair, names: Mapping[str, str]) -> str:
    """Return in how many metrics the second run is ahead, behind, or neither."""
    verdicts = {metric.label: pair["metrics"][metric.name]["verdict"] for metric in METRICS}
    by_kind = {
        kind: [label for label, told in verdicts.items() if told == kind]
        for kind in (comparison.AHEAD, comparison.BEHIND, comparison.UNTOLD)
    }
    second, first = (f"**{literal(names[pair[which]])}**" for which in ("second", "first"))
    parts = [
        f"ahead of {first} in {len(by_kind[comparison.AHEAD])}",
        f"behind in {len(by_kind[comparison.BEHIND])}",
        f"not distinguishable in {len(by_kind[comparison.UNTOLD])}",
    ]
    sentence = f"{second} is {', '.join(parts)} of {len(METRICS)} metrics."
    if by_kind[comparison.UNTOLD]:
        sentence += f" Not told apart: {', '.join(by_kind[comparison.UNTOLD])}."
    return sentence


def check_sentence(pair: Pair) -> str:
    """Return whether the permutation test says the same as the intervals."""
    rows = {
        metric.label: pair["metrics"][metric.name]
        for metric in METRICS
        if pair["metrics"][metric.name]["permutation_p"] is not None
    }
    other = [
        label
        for label, row in rows.items()
        if (row["p_value"] < comparison.SIGNIFICANT)
        != (row["permutation_p"] < comparison.SIGNIFICANT)
    ]
    same = f"The sign-flip permutation test, a check for the {len(rows)} metrics that are means "
    same += "over films, "
    return same + (
        f"says otherwise for {', '.join(other)}." if other else "says the same for all of them."
    )


def metric_table(pair: Pair, names: Mapping[str, str]) -> pd.DataFrame:
    """Return one line a metric with values, difference, interval, p-values and verdict."""
    return pd.DataFrame(
        [
            {"Metric": tables.metric_header(metric), **_columns(pair, metric.name, names)}
            for metric in METRICS
        ]
    )


def genre_table(pair: Pair, name: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Return one line a genre for a figure of `GENRE_METRICS`; blank where it is withheld."""
    first, second = names[pair["first"]], names[pair["second"]]
    lines = []
    for row in pair["genres"]:
        figure = row["metrics"][name]
        low, high = figure.get("interval", (None, None))
        lines.append(
            {
                "Genre": row["genre"],
                "Films": row["support"],
                "Difference": figure["values"][1] - figure["values"][0],
                "Low": low,
                "High": high,
                f"{second} is": figure.get("verdict", "too few films"),
                "p, Holm": figure.get("p_holm"),
                "Films needed": figure.get("n_films_needed"),
                second: figure["values"][1],
                first: figure["values"][0],
            }
        )
    table = pd.DataFrame(lines)
    return table.sort_values("Difference", ascending=False, ignore_index=True)


def genre_sentence(pair: Pair, name: str, names: Mapping[str, str], least: int) -> str:
    """Return for which genres the second run is ahead or behind."""
    label = next(metric.label for metric in GENRE_METRICS if metric.name == name)
    tested = [row for row in pair["genres"] if not row["is_withheld"]]
    parts = []
    for kind in (comparison.AHEAD, comparison.BEHIND):
        genres = [row["genre"] for row in tested if row["metrics"][name]["verdict"] == kind]
        listed = ", ".join(map(literal, genres)) or "none"
        parts.append(f"{kind} for {len(genres)} ({listed})")
    n_untold = sum(row["metrics"][name]["verdict"] == comparison.UNTOLD for row in tested)
    few = [row["genre"] for row in pair["genres"] if row["is_withheld"]]
    sentence = (
        f"By {label} and after Holm's correction over {len(tested)} genres "
        f"**{literal(names[pair['second']])}** is {'; '.join(parts)}; not distinguishable for "
        f"{n_untold}."
    )
    if few:
        sentence += (
            f" Withheld for {count(len(few), 'genre')} with fewer than {least} test films, where "
            f"intervals do not hold: {', '.join(map(literal, few))}."
        )
    return sentence


def metric_lines(pair: Pair, names: Mapping[str, str], style: Style) -> Differences:
    """Return the differences in all metrics as lines of a chart."""
    rows = [pair["metrics"][metric.name] for metric in METRICS]
    return Differences(
        names[pair["second"]],
        style,
        [row["difference"] for row in rows],
        [row["interval"][0] for row in rows],
        [row["interval"][1] for row in rows],
    )


def genre_lines(
    pair: Pair, name: str, genres: Sequence[str], names: Mapping[str, str], style: Style
) -> Differences:
    """Return the differences by genre as lines of a chart, in the order of some genres."""
    by_name = {row["genre"]: row["metrics"][name] for row in pair["genres"]}
    rows = [by_name[genre] for genre in genres]
    ends = [row.get("interval", (None, None)) for row in rows]
    return Differences(
        names[pair["second"]],
        style,
        [row["values"][1] - row["values"][0] for row in rows],
        [low for low, _ in ends],
        [high for _, high in ends],
    )


def seed_table(runs: Sequence[Run]) -> pd.DataFrame:
    """Return one line a recipe with mean and spread of its seeds on test, at a threshold of .5.

    Args:
        runs: finished runs of one dataset; those of one model, recipe and settings are its seeds,
            those of fusion only if their parents are. Those closed before their last epoch are
            none, see `is_cut_short`.
    """
    by_id = {run.id: run for run in runs}
    groups: dict[tuple[Any, ...], list[Run]] = {}
    for run in runs:
        if is_cut_short(run):
            continue
        # A parent that was deleted can be like no other.
        parents = tuple(
            _kind(by_id[parent]) if parent in by_id else parent for parent in run.parents
        )
        groups.setdefault((*_kind(run), parents), []).append(run)
    lines = []
    for (label, recipe, *_), seeds in groups.items():
        by_seed = {_seeds(run, by_id): run for run in reversed(seeds)}  # of a seed the newest
        figures = [loaders.metrics(run)["splits"]["test"]["metrics"] for run in by_seed.values()]
        line: dict[str, Any] = {"Model": label, "Recipe": recipe, "Seeds": len(by_seed)}
        for metric in (metric for metric in METRICS if metric.name in SPREAD):
            values = [one[metric.name] for one in figures]
            line[metric.label] = float(np.mean(values))
            line[f"{metric.label}, ±"] = float(np.std(values, ddof=1)) if len(values) > 1 else None
        line["Runs"] = ", ".join(run.id for run in by_seed.values())
        lines.append(line)
    columns = ["Model", "Recipe", "Seeds"]
    return pd.DataFrame(lines, columns=None if lines else columns).sort_values(
        ["Model", "Recipe"], ignore_index=True
    )


def is_cut_short(run: Run) -> bool:
    """Return whether a finished run was closed before the last of its epochs."""
    return loaders.marker(run)["epochs_done"] < (run.config.get("epochs") or 0)


def _seeds(run: Run, by_id: Mapping[str, Run]) -> tuple[Any, ...]:
    """Return the seed of a run, of fusion with those of its parents, as it has no other."""
    parents = (by_id[parent] for parent in run.parents if parent in by_id)
    return (run.config["seed"], *(parent.config["seed"] for parent in parents))


def _kind(run: Run) -> tuple[Any, ...]:
    """Return what all seeds of a recipe have in common."""
    return (models.label(run), models.recipe(run), run.config.get("epochs"))


def columns(table: pd.DataFrame) -> dict[str, Any]:
    """Return the column configuration: three digits for figures, four for p-values."""
    found: dict[str, Any] = {}
    for name in table.columns:
        if table[name].dtype.kind == "f":
            digits = "%.4f" if name.split(",")[0] == "p" else "%.3f"
            found[name] = st.column_config.NumberColumn(format=digits)
    found |= {
        "Films needed": st.column_config.NumberColumn(
            format="localized",
            help="How many test films it would take to tell a difference as large as this one in "
            "four of five samples of films.",
        ),
        "p, sign flips": st.column_config.NumberColumn(
            format="%.4f",
            help="Sign-flip permutation test over films; only for metrics that are means over "
            "films.",
        ),
    }
    found[str(table.columns[0])] = st.column_config.TextColumn(pinned=True)
    return found


def _columns(pair: Pair, name: str, names: Mapping[str, str]) -> dict[str, Any]:
    row = pair["metrics"][name]
    line: dict[str, Any] = {
        "Difference": row["difference"],
        "Low": row["interval"][0],
        "High": row["interval"][1],
        f"{names[pair['second']]} is": row["verdict"],
        "p": row["p_value"],
        "p, sign flips": row["permutation_p"],
        "Films needed": row["n_films_needed"],
    }
    for place, which in ((1, "second"), (0, "first")):
        called = names[pair[which]]
        low, high = row["intervals"][place]
        line[called] = row["values"][place]
        line[f"{called}, 95%"] = f"{low:.3f} to {high:.3f}"
    return line
