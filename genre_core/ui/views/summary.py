"""What the landing page shows: the headline, the runs in figures, and the description of the films.

Every sentence and every dot comes from paired comparisons of runs on the same test films.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from genre_core.charts.colours import Theme, styles
from genre_core.charts.standings import Dots, Panel
from genre_core.comparison.results import RunComparison
from genre_core.comparison.rivals import linear_rivals
from genre_core.comparison.standings import SHOWN, Standing, Standings, standings
from genre_core.data.films import SPLITS, Dataset
from genre_core.data.readers.labels import ADVICE
from genre_core.data.report import report_lines
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.results import PairComparison
from genre_core.runs.folder import Run
from genre_core.ui.frame import shell
from genre_core.ui.parts import comparing, loaders, rules, run_names, tables, verdict
from genre_core.ui.parts.export import Trace
from genre_core.ui.parts.text import SPLIT_NAMES, count, literal

N_FILMS = 5
CARD_HELP = "Test films. Below: BCE divided by that of the base rates, or the 95% interval."
OPENED = "_opened_on_summary"
METHOD = """
One network predicts genres from a film's **poster**, another from its **overview**. A network has
learned something only where it beats the genre base rates, which ignore the film, and a linear
model of the same input. All figures are for **test films**, used neither for training nor for any
choice.

Intervals are 95% bootstrap intervals over test films; with three or more seeds of both recipes,
over films and seeds. Verdicts use p-values corrected by Holm: over mAP and BCE for run A and run B,
and over mAP and BCE of all pairs of recipes for the best run, as the same test films chose it.
"""


@dataclass(frozen=True)
class Result:
    """What the comparisons of the runs show.

    Attributes:
        found: the latest run of each recipe, compared with the best one.
        between: run A and run B; None unless both are chosen and differ.
        linear: by chosen run, its comparison with the linear model of its input.
        names: of all runs in it.
    """

    found: Standings
    between: RunComparison | None
    linear: Mapping[str, RunComparison]
    names: Mapping[str, str]


def result_of(now: shell.Chosen) -> Result:
    """Return what the comparisons of the finished runs show.

    Raises:
        GenreCoreError: one of them cannot be made.
    """
    compare = partial(comparing.compared, rule=rules.TUNED, others=now.usable)
    chosen = {slot: run for slot, run in now.slots.items() if run}
    is_pair = len({run.id for run in chosen.values()}) == len(shell.SLOTS)
    found = standings(now.complete, compare)
    rivals = linear_rivals(chosen, now.usable)
    every = [*chosen.values(), *rivals.values(), *(row.run for row in found.rows)]
    return Result(
        found,
        compare(list(chosen.values())) if is_pair else None,
        {chosen[slot].id: compare([rival, chosen[slot]]) for slot, rival in rivals.items()},
        run_names.names(list({run.id: run for run in every}.values())),
    )


def headline(result: Result) -> str:
    """Return which run is best, and which of the two chosen runs is better."""
    parts = [_best(result.found, result.names)]
    if result.between:
        (pair,) = result.between.pairs
        rivals = [one.pairs[0] for one in result.linear.values()]
        caution = verdict.warning(pair, result.between, rivals, result.names)
        parts = [f"**{caution}**" if caution else "", *parts]
        parts.append(verdict.headline(pair, result.names))
    return " ".join(filter(None, parts))


def _best(found: Standings, names: Mapping[str, str]) -> str:
    best, level = found.best, found.level
    if best is None or len(found.rows) < 2:
        return ""
    name = f"**{literal(names[best.run.id])}**"
    if not level:
        return f"{name} is best."
    others = " and ".join(f"**{literal(names[row.run.id])}**" for row in level[:2])
    if len(level) > 2:
        others = f"{count(len(level), 'other run')}"
    return f"{name} has the highest mAP; no significant difference from {others}."


def show_cards(result: Result, runs: Sequence[Run], dataset: Dataset) -> None:
    """Show the best run, the two chosen runs, and the lead of one over the other."""
    best = result.found.best
    with st.grid(4, min_column_width=150):
        if best is not None:
            _card(f"Best: {result.names[best.run.id]}", best.run, dataset)
        for letter, run in zip("AB", runs, strict=False):
            _card(f"{letter}: {result.names[run.id]}", run, dataset)
        if result.between:
            _lead_card(result.between.pairs[0])


def _card(label: str, run: Run, dataset: Dataset) -> None:
    figures = {} if run.is_decided else loaders.figures(run, dataset=dataset)
    value = f"mAP {figures['map']:.3f}" if figures else "No scores"
    below = f"BCE ratio {figures['bce_to_prior']:.2f}" if figures else None
    _metric(literal(label), value, below)


def _lead_card(pair: PairComparison) -> None:
    test = pair.headline["map"]
    if test.value is None:
        return
    letters = "BA" if test.value >= 0 else "AB"
    sign = 1 if test.value >= 0 else -1
    below = None
    if test.interval:
        low, high = sorted(sign * end for end in test.interval)
        below = f"{verdict.signed(low)} to {verdict.signed(high)}"
    _metric(f"{letters[0]} minus {letters[1]}", f"mAP {verdict.signed(abs(test.value))}", below)


def _metric(label: str, value: str, below: str | None) -> None:
    st.metric(
        label, value, below, delta_color="off", delta_arrow="off", border=True, help=CARD_HELP
    )


def trace(runs: Sequence[Run], dataset: Dataset, rule: str = "") -> Trace:
    """Return what figures of runs on the test films are about."""
    ids = [run.id for run in runs]
    return Trace(ids, dataset.fingerprint, "test", len(dataset.rows("test")), rule)


def panels() -> list[Panel]:
    """Return the panels of the chart of all runs."""
    known = {metric.name: metric for metric in METRICS}
    references = {"bce_to_prior": 1.0}
    return [Panel(tables.metric_header(known[name]), references.get(name)) for name in SHOWN]


def dots(result: Result, theme: Theme) -> list[Dots]:
    """Return the lines of the chart of all runs."""
    rows = result.found.rows
    looks = styles([run_names.role(row.run) for row in rows], theme)
    return [
        Dots(
            result.names[row.run.id],
            look,
            [row.values.get(name) for name in SHOWN],
            [row.intervals.get(name) for name in SHOWN],
            [_of_seeds(row, name) for name in SHOWN],
        )
        for row, look in zip(rows, looks, strict=True)
    ]


def _of_seeds(row: Standing, name: str) -> list[float]:
    return [loaders.figures(run)[name] for run in row.seeds if not run.is_decided]


def most_different(runs: Sequence[Run], dataset: Dataset) -> np.ndarray:
    """Return the positions of the test films that two runs' scores differ most on."""
    rows = dataset.rows("test")
    values = loaders.disagreement(runs[0], runs[1], dataset)[rows]
    order = np.argsort(-np.nan_to_num(values, nan=-1.0), kind="stable")
    return rows[order[:N_FILMS]]


def open_film(film: str) -> None:
    """Ask for a film, which the page opens as it runs: a callback cannot switch pages."""
    st.session_state[OPENED] = ("pages/films.py", {"film": film})


def open_run(run_id: str) -> None:
    """Ask for a run, which the page opens as it runs."""
    st.session_state[OPENED] = ("pages/runs.py", {"runs": run_id})


def switch_to_opened() -> None:
    """Go to the page of the film or run that was asked for, if one was."""
    if opened := st.session_state.pop(OPENED, None):
        page, query = opened
        st.switch_page(page, query_params=query)


def show_evidence(result: Result, runs: Sequence[Run]) -> None:
    """Show the figures behind the headline and the checklist in words."""
    names = result.names
    if result.between:
        (pair,) = result.between.pairs
        st.markdown(f"{verdict.headline(pair, names)} {verdict.evidence(pair, result.between)}")
        st.caption(f"{verdict.about(pair, result.between, names)} {verdict.detectable(pair)}")
    lines = []
    for run in runs:
        beside = result.between or result.linear.get(run.id)
        if beside:
            lines.append(verdict.against_base_rates(beside, run.id, names))
        if run.id in result.linear:
            one = result.linear[run.id]
            lines.append(verdict.against_linear(one.pairs[0], one, names))
    st.markdown("\n".join(f"- {line}" for line in lines))


def films_sentence(dataset: Dataset) -> str:
    """Return what the films are, how they are split, and what was left out of them."""
    sizes = [f"{len(dataset.rows(split)):,} {SPLIT_NAMES[split]}" for split in SPLITS]
    few = [
        genre
        for genre, support in zip(dataset.genres, dataset.train_support, strict=True)
        if support < 10
    ]
    has = {"poster": "a poster", "overview": "an overview"}
    what = " and ".join([", ".join(has[one] for one in dataset.inputs), "genres"])
    sentence = (
        f"**{literal(dataset.source.name)}**: {count(len(dataset.films), 'film')} with {what} "
        f"({', '.join(sizes)}). "
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
    posters = f" and {n:,} posters" if (n := report["posters"]["read"]) else ""
    read = f"{report['rows']['read']:,} rows{posters} were read"
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
