"""What the landing page says: the verdict on the chosen runs, and the description of the films."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from genre_core.comparison.results import RunComparison
from genre_core.comparison.rivals import linear_rivals
from genre_core.data.films import SPLITS, Dataset
from genre_core.data.readers.labels import ADVICE
from genre_core.data.report import report_lines
from genre_core.errors import GenreCoreError
from genre_core.runs.folder import Run
from genre_core.ui.frame import shell
from genre_core.ui.parts import comparing, notices, rules, run_names, verdict
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal

MADE = (
    "95% bootstrap intervals over test films; with three or more seeds of both recipes, over films "
    "and seeds. Verdicts use p-values corrected by Holm."
)


def show_verdict(now: shell.Chosen) -> None:
    """Show the verdict on the two chosen runs, and each beside base rates and linear models."""
    chosen = {slot: run for slot, run in now.slots.items() if run}
    rivals = linear_rivals(chosen, now.usable)
    pairs = [(rival, chosen[slot]) for slot, rival in rivals.items()]
    is_pair = len({run.id for run in chosen.values()}) == 2
    if is_pair:
        pairs.insert(0, (chosen["poster"], chosen["overview"]))
    names = run_names.names([*chosen.values(), *rivals.values()])
    results = _compared(pairs, now)
    if not results:
        return
    between = results[0] if is_pair else None
    linear = results[1:] if is_pair else results
    if between:
        _show_headline(between, linear, names)
    lines = [
        verdict.against_base_rates(result, run, names)
        for result in ([between] if between else linear)
        for run in result.runs
        if between or run == result.pairs[0].second
    ]
    lines += [verdict.against_linear(result.pairs[0], result, names) for result in linear]
    st.markdown("\n".join(f"- {line}" for line in lines))
    st.caption(MADE)


def _show_headline(
    between: RunComparison, linear: Sequence[RunComparison], names: dict[str, str]
) -> None:
    pair = between.pairs[0]
    rivals = [result.pairs[0] for result in linear]
    words = f"**{verdict.headline(pair, names)}** {verdict.evidence(pair, between)}"
    if caution := verdict.warning(pair, between, rivals, names):
        words = f"**{caution}** {words}"
    st.markdown(words)
    st.caption(f"{verdict.about(pair, between, names)} {verdict.detectable(pair)}")


def _compared(pairs: Sequence[tuple[Run, Run]], now: shell.Chosen) -> list[RunComparison]:
    """Return the comparisons; show why one cannot be made."""
    results = []
    for pair in pairs:
        try:
            result = comparing.compared(list(pair), rules.TUNED, now.usable)
        except GenreCoreError as error:
            notices.problem(error)
            return []
        results.append(result)
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


def show_report(dataset: Dataset) -> None:
    """Show the reader's report as the command line prints it, doubts about genres as a warning."""
    doubts = [note for note in dataset.report.get("notes", {}) if ADVICE in note]
    if doubts:
        st.warning(literal(f"Check the genres: {'; '.join(doubts)}."), icon=":material/rule:")
    with st.expander("Reader report"):
        st.code("\n".join(report_lines(dataset.report)), language=None, wrap_lines=True)


def states_sentence(runs: Sequence[Run], dataset: Dataset) -> str:
    """Return how many runs there are that have no figures here; an empty string for none."""
    here = [run for run in runs if run.dataset == dataset.fingerprint]
    parts = [
        f"{number} {state}"
        for state in ("running", "unfinished", "damaged")
        if (number := sum(run.state == state for run in (runs if state == "damaged" else here)))
    ]
    elsewhere = sum(run not in here and run.state != "damaged" for run in runs)
    parts += [f"{elsewhere} on other films"] if elsewhere else []
    return f"Without figures here: {', '.join(parts)}." if parts else ""
