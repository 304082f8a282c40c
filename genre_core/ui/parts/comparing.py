"""Tables, sentences and chart lines of the page that compares runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from genre_core.artifacts import Artifacts
from genre_core.charts.colours import Style
from genre_core.charts.dumbbell import GenrePair
from genre_core.charts.forest import Differences
from genre_core.comparison.kept import kept_comparison, kept_oracle
from genre_core.comparison.results import RunComparison
from genre_core.comparison.wording import VERDICTS, verdict_text
from genre_core.errors import command
from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.evaluation.paired import LEAST_DIFFERENT, LEAST_PREDICTED, LEAST_SUPPORT
from genre_core.evaluation.results import PairComparison, RunDifference
from genre_core.evaluation.verdicts import MARGINS
from genre_core.runs import thresholds
from genre_core.runs.folder import Run
from genre_core.runs.threshold_sets import SAVED
from genre_core.ui.parts import export, loaders, rules, tables
from genre_core.ui.parts.loaders import Version
from genre_core.ui.parts.text import count, literal

Names = Mapping[str, str]  # of runs, by id
FORMER_FIGURES = {  # in URLs before
    "AP": "ap",
    "Precision": "precision",
    "Recall": "recall",
    "F1": "f1",
}


@dataclass(frozen=True)
class Column:
    """How a quantity of a test is shown in tables.

    Attributes:
        header: of the column.
        format: of its numbers, as Streamlit takes it.
        help: what it is.
    """

    header: str
    format: str
    help: str


COLUMNS: dict[str, Column] = {  # by what `RunDifference` calls it
    "p_value": Column(
        "p", "%.4f", "Not corrected: below 0.05 exactly when the interval excludes 0."
    ),
    "p_corrected": Column(
        "p (Holm)", "%.4f", "Corrected over the family of the test; decides the verdict."
    ),
    "detectable": Column(
        "Detectable",
        "%.3f",
        "True difference that is detected with 80% power.",
    ),
    "n_different": Column(
        "Films that differ",
        "localized",
        "Films on which the two runs differ in this metric.",
    ),
}
RESAMPLING = "Resampling the test films, once for these runs"
CHART_HELP = (
    "Intervals are not corrected. Filled markers are significant after correction. ↑ higher is "
    "better, ↓ lower is better."
)
SEEDS_NOTE = " mAP and BCE are means over seeds, the other metrics those of the runs chosen."
METHOD = f"""
- **Intervals** are 95% bootstrap intervals: the test films are resampled, the same for all runs.
  They are about the mean figure of test sets of this size, and they are not corrected.
- **p-values** are the largest of three: the outputs of the two runs swapped film by film (for
  AP and mAP their ranks), bootstrap differences centred on the observed one, and as they are. An
  interval is extended to 0 where p is 0.05 or more, so the two always agree.
- **Corrected p-values and verdicts** are by Holm over a family: mAP and BCE of all pairs (of their
  recipes where there are enough seeds); all other metrics of all pairs, with verdicts only where
  mAP or BCE has one; the genres of all pairs within one metric. Metrics that say the same are
  counted once.
- **Not tested** are genres that fewer than {LEAST_DIFFERENT} films are decided differently for, and
  precision where a run predicts a genre for fewer than {LEAST_PREDICTED} films. Macro precision has
  no interval where that happens in a genre of its average. Where the runs have thresholds of their
  own, precision, recall and F1 of a genre differ by the thresholds alone, so a verdict needs one in
  mAP or BCE.
- **Equivalent** are runs whose 90% intervals lie within ±{MARGINS["map"]:g} mAP and
  ±{MARGINS["bce_to_prior"]:g} BCE relative to the base rates (two one-sided tests at 5%). No
  significant difference does not mean equivalent.
- **Not corrected** is what you try: thresholds moved until a difference is significant are not
  evidence.
- **Recipes**: with three or more seeds of both recipes the headline is about their means, with a t
  interval over films and seeds. Everything below it is about the runs chosen.
- **Detectable** is the true difference found significant in four of five samples of films like
  these.
"""


def compared(runs: Sequence[Run], rule: str, others: Sequence[Run]) -> RunComparison:
    """Return the comparison of some runs, and say meanwhile what is waited for.

    Args:
        runs: Two or more finished runs.
        rule: The decision rule, see `rules`.
        others: Finished runs of their dataset, newest first.
    """
    with st.spinner(RESAMPLING):
        if rule.startswith(SAVED):  # another set may be saved under the name
            return kept_comparison(runs, threshold=rules.threshold(rule), others=others)
        return _compared(runs, others, (_key(runs), rule, _key(others)))


def oracle(runs: Sequence[Run], fusion: Run | None) -> dict[str, Any]:
    """Return what an oracle of two runs gains, see `kept_oracle`; say what is waited for."""
    with st.spinner(RESAMPLING):
        return _oracle(runs, fusion, _key([*runs, *([fusion] if fusion else [])]))


# Finished runs never change: one session computes a result, and all others share it.


@st.cache_resource(max_entries=64, show_spinner=False)
def _compared(
    _runs: Sequence[Run], _others: Sequence[Run], key: tuple[Any, str, Any]
) -> RunComparison:
    return kept_comparison(_runs, threshold=rules.threshold(key[1]), others=_others)


@st.cache_resource(max_entries=64, show_spinner=False)
def _oracle(_runs: Sequence[Run], _fusion: Run | None, key: object) -> dict[str, Any]:
    return kept_oracle(_runs[0], _runs[1], _fusion)


def _key(runs: Sequence[Run]) -> tuple[Version, ...]:
    return tuple(map(loaders.version, runs))


def trace_of(result: RunComparison, rule: str, artifacts: Artifacts) -> export.Trace:
    """Return what a comparison is about, with the command that prints the same numbers."""
    words = ("compare", *result.runs, "--threshold", thresholds.word(result.threshold), "--json")
    return export.Trace(
        result.runs,
        result.dataset,
        result.split,
        result.n_films,
        rule,
        command(*words, artifacts=artifacts),
    )


def verdict_counts(pair: PairComparison, names: Names) -> str:
    """Return in how many other metrics the second run is ahead, behind, or neither."""
    tests = {
        metric.label: pair.metrics[metric.name]
        for metric in METRICS
        if metric.alias is None and metric.name not in ("map", "bce")
    }
    if all(test.withheld for test in tests.values()):
        return (
            "No verdicts on the other metrics, as neither mAP nor BCE shows a significant "
            "difference."
        )
    second, first = (f"**{literal(names[run])}**" for run in (pair.second, pair.first))
    judged = [test for test in tests.values() if not test.withheld]
    parts = [
        f"{VERDICTS[verdict]} in {sum(test.verdict == verdict for test in judged)}"
        for verdict in ("ahead", "behind", "no_difference")
    ]
    return f"Other metrics: {second} vs {first} is {', '.join(parts)} of {len(judged)} tested."


def metric_table(result: RunComparison, pair: PairComparison, names: Names) -> pd.DataFrame:
    """Return one line a metric with values, difference, interval, p-values and verdict."""
    lines = []
    for metric in METRICS:
        line = {
            "Metric": tables.metric_header(metric),
            **_difference(pair.metrics[metric.name], names[pair.second]),
        }
        for run in (pair.second, pair.first):
            line[names[run]] = result.values[metric.name][run]
            line[f"{names[run]}, 95%"] = interval_text(result.intervals[metric.name][run])
        lines.append(line)
    return pd.DataFrame(lines)


def recipe_table(pair: PairComparison, names: Names) -> pd.DataFrame | None:
    """Return one line a headline metric of two recipes; None where runs are compared."""
    if pair.recipes is None:
        return None
    lines = []
    for metric in METRICS:
        if metric.name not in pair.recipes.metrics:
            continue
        line = {
            "Metric": tables.metric_header(metric),
            **_difference(pair.recipes.metrics[metric.name], names[pair.second]),
        }
        for place, run in ((1, pair.second), (0, pair.first)):
            line[f"{names[run]}, mean"] = pair.recipes.values[metric.name][place]
            line[f"{names[run]}, ±"] = pair.recipes.spreads[metric.name][place]
        lines.append(line)
    return pd.DataFrame(lines)


def genre_table(
    result: RunComparison, pair: PairComparison, name: str, names: Names
) -> pd.DataFrame:
    """Return one line a genre for a figure of `GENRE_METRICS`, largest difference first."""
    lines = []
    for genre in result.genres:
        line = {
            "Genre": genre.genre,
            "Films": genre.support,
            **_difference(pair.genres[name][genre.genre], names[pair.second]),
        }
        for run in (pair.second, pair.first):
            line[names[run]] = genre.values[name][run]
            line[f"{names[run]}, predicted"] = genre.n_predicted[run]
        lines.append(line)
    table = pd.DataFrame(lines)
    return table.sort_values("Difference", ascending=False, ignore_index=True)


def genre_sentence(pair: PairComparison, name: str, names: Names) -> str:
    """Return for which genres the second run is ahead or behind, and how many were tested."""
    label = next(metric.label for metric in GENRE_METRICS if metric.name == name)
    tests = pair.genres[name]
    parts = []
    for verdict in ("ahead", "behind"):
        genres = [genre for genre, test in tests.items() if test.verdict == verdict]
        listed = f" ({', '.join(map(literal, genres))})" if genres else ""
        parts.append(f"{VERDICTS[verdict]} for {len(genres)}{listed}")
    n_same = sum(test.verdict == "no_difference" for test in tests.values())
    n_tested = sum(test.p_value is not None for test in tests.values())
    words = (
        f"**{literal(names[pair.second])}** vs **{literal(names[pair.first])}** by {label}: "
        f"{'; '.join(parts)}; {VERDICTS['no_difference']} for {n_same}; {n_tested} of "
        f"{count(len(tests), 'genre')} tested."
    )
    if any(test.withheld == "no_headline" for test in tests.values()):
        words += (
            " No verdicts: the runs have thresholds of their own, and neither mAP nor BCE shows a "
            "significant difference."
        )
    return words


def genre_pairs(result: RunComparison) -> list[GenrePair]:
    """Return the average precision of the first two runs for each macro genre."""
    first, second = result.runs[:2]
    tests = result.pair(first, second).genres["ap"]
    return [
        GenrePair(
            genre.genre,
            genre.support,
            (genre.values["ap"][first] or 0.0, genre.values["ap"][second] or 0.0),
            (genre.intervals["ap"][first], genre.intervals["ap"][second]),
            tests[genre.genre].is_significant,
        )
        for genre in result.genres
    ]


def interval_note() -> str:
    """Return from how many films single genres have intervals."""
    return f"Intervals from {LEAST_SUPPORT} test films of a genre."


def metric_lines(pair: PairComparison, names: Names, style: Style) -> Differences:
    """Return the differences in all metrics as lines of a chart, of recipes where there are any."""
    tests = {**pair.metrics, **(pair.recipes.metrics if pair.recipes else {})}
    return _lines([tests[metric.name] for metric in METRICS], names[pair.second], style)


def genre_lines(
    pair: PairComparison, name: str, genres: Sequence[str], names: Names, style: Style
) -> Differences:
    """Return the differences by genre as lines of a chart, in the order of some genres."""
    return _lines([pair.genres[name][genre] for genre in genres], names[pair.second], style)


def interval_text(interval: Interval | None) -> str:
    """Return an interval for a table; an empty string for one that is withheld."""
    return "" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"


def columns(table: pd.DataFrame) -> dict[str, Any]:
    """Return the column configuration: three digits for figures, four for p-values."""
    found: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.3f")
        for name in table.columns
        if table[name].dtype.kind == "f"
    }
    found |= {
        column.header: st.column_config.NumberColumn(format=column.format, help=column.help)
        for column in COLUMNS.values()
        if column.header in table.columns
    }
    found[str(table.columns[0])] = st.column_config.TextColumn(pinned=True)
    return found


def _difference(test: RunDifference, second: str) -> dict[str, Any]:
    low, high = test.interval or (None, None)
    return {
        "Difference": test.value,
        "Low": low,
        "High": high,
        f"{second} is": verdict_text(test),
        **{column.header: getattr(test, name) for name, column in COLUMNS.items()},
    }


def _lines(tests: Sequence[RunDifference], name: str, style: Style) -> Differences:
    ends = [test.interval or (None, None) for test in tests]
    return Differences(
        name,
        style,
        [test.value for test in tests],
        [low for low, _ in ends],
        [high for _, high in ends],
        [test.is_significant for test in tests],
    )
