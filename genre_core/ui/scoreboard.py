"""What the landing page says: the verdict on the chosen runs, and what the films are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genre_core import comparison
from genre_core.data.films import SPLITS, Dataset
from genre_core.errors import GenreCoreError
from genre_core.runs import Run
from genre_core.ui import comparing, models, notices, shell, verdict
from genre_core.ui.text import SPLIT_NAMES, count, literal

Names = tuple[str, str]
MADE = (
    "Intervals hold 95%: the test films are resampled 10,000 times, the same for both runs. They "
    "say how sure the figures are for other films like these; they say nothing about another "
    "training with another seed."
)


def show_verdict(now: shell.Chosen) -> None:
    """Show how the two chosen runs stand to each other, to the frequencies and to linear models."""
    chosen = {slot: run for slot, run in now.slots.items() if run}
    rivals = comparison.linear_rivals(chosen, now.usable)
    pairs = [(rival, chosen[slot]) for slot, rival in rivals.items()]
    if len({run.id for run in chosen.values()}) == 2:
        pairs.insert(0, (chosen["poster"], chosen["overview"]))
    names = models.names([*chosen.values(), *rivals.values()], now.artifacts)
    results = _compared(pairs, names, now.artifacts)
    if results:
        told = {names[run.id] for run in chosen.values()}
        _tell([pair for pair in results if set(pair) == told], results)


def _tell(between: Sequence[Names], results: dict[Names, verdict.Pair]) -> None:
    """Say what the comparisons tell; `between` names the one of the two chosen runs, if any."""
    linear = {
        pair[1]: verdict.standing(result, "map", *pair)
        for pair, result in results.items()
        if pair not in between
    }
    for pair in between:
        found = results[pair]
        advice = verdict.advice(
            verdict.standing(found, "map", *pair).ahead,
            verdict.standing(found, "bce", *pair).ahead,
            verdict.worse_than_frequencies(found, pair),
            linear,
        )
        st.markdown(f"**{advice}** {verdict.between(found, *pair)}")
    lines = [verdict.against_frequencies(result, pair) for pair, result in results.items()][:1]
    lines += [verdict.against_linear(held, network) for network, held in linear.items()]
    st.markdown("\n".join(f"- {line}" for line in lines))
    st.caption(MADE)


def _compared(
    pairs: Sequence[tuple[Run, Run]], names: dict[str, str], artifacts: Path
) -> dict[Names, verdict.Pair]:
    """Return the comparisons by the names of their runs; show why one cannot be made."""
    results = {}
    for pair in pairs:
        try:
            with st.spinner(comparing.RESAMPLING):
                result = comparison.kept_comparison(list(pair), artifacts)
        except GenreCoreError as error:
            notices.problem(error)
            return {}
        results[names[pair[0].id], names[pair[1].id]] = result
    return results


def films_sentence(dataset: Dataset) -> str:
    """Return what the films are, how they are split, and what was left out of them."""
    sizes = [f"{len(dataset.rows(split)):,} {SPLIT_NAMES[split]}" for split in SPLITS]
    few = [
        genre
        for genre, support in zip(dataset.genres, dataset.train_support, strict=True)
        if support < 10
    ]
    sentence = (
        f"**{literal(dataset.source.name)}**: {count(len(dataset.films), 'film')} with a poster, "
        f"an overview and genres ({', '.join(sizes)}). "
        f"Of {len(dataset.genres)} genre columns {len(few)} have fewer than 10 training films and "
        f"stay out of averages over genres"
    )
    sentence += f": {', '.join(map(literal, few))}." if few else "."
    return f"{sentence} {left_out_sentence(dataset.report)}"


def left_out_sentence(report: dict[str, Any]) -> str:
    """Return how many rows and posters of the source were left out, and why."""
    parts = [
        f"{number:,} {what} ({literal(reason)})"
        for what in ("rows", "posters")
        for reason, number in report[what]["left_out"].items()
    ]
    read = f"{report['rows']['read']:,} rows and {report['posters']['read']:,} posters were read"
    return f"{read}; left out: {', '.join(parts) or 'none'}."


def states_sentence(runs: Sequence[Run], dataset: Dataset) -> str:
    """Return how many runs there are that have no figures here; an empty string for none."""
    here = [run for run in runs if run.config.get("dataset") == dataset.fingerprint]
    parts = [
        f"{number} {state}"
        for state in ("running", "unfinished", "damaged")
        if (number := sum(run.state == state for run in (runs if state == "damaged" else here)))
    ]
    elsewhere = sum(run not in here and run.state != "damaged" for run in runs)
    parts += [f"{elsewhere} on other films"] if elsewhere else []
    return f"Without figures here: {', '.join(parts)}." if parts else ""
