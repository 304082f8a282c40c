"""Results as tables and lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Column, Table

from genre_core.commands import printing
from genre_core.comparison.results import RunComparison
from genre_core.data.films import INPUTS, SPLITS
from genre_core.data.report import report_lines
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.paired import LEAST_SUPPORT
from genre_core.evaluation.results import PairComparison, RecipeComparison, RunDifference
from genre_core.runs.folder import Run

N_LEAKS = 5  # findings of each kind that are printed as text
N_GENRES = 8  # of a film that are shown at least
REACHED = {True: "yes", False: "NO", None: "-"}


def show_runs(runs: Sequence[Run], as_json: bool) -> None:
    """Print runs as JSON, with test metrics of those that are finished, or as a table."""
    if not as_json:
        printing.show(runs, as_json, run_list)
        return
    plain = [{**run.summary(), "metrics": _test_metrics(run) or None} for run in runs]
    printing.show(plain, as_json, list)


def _test_metrics(run: Run) -> dict[str, Any]:
    """Return a run's test metrics; empty if it is not finished or has no test scores."""
    if run.state != "finished":
        return {}
    metrics: dict[str, Any] = run.metrics()["splits"].get("test", {}).get("metrics", {})
    return metrics


def run_list(runs: Sequence[Run]) -> list[Any]:
    """Return a table of runs with state and test metrics."""
    table = Table(
        Column("run", overflow="fold", min_width=24),
        *("state", "dataset", "test BCE", "/ base rates", "mAP", "note"),
        title="Runs",
    )
    for run in runs:
        test = _test_metrics(run)
        figures = [
            "" if test.get(name) is None else format(test[name], digits)
            for name, digits in (("bce", ".4f"), ("bce_to_prior", ".3f"), ("map", ".3f"))
        ]
        note = run.problem or (f"epoch {len(run.history())}" if run.state != "finished" else "")
        if run.state == "finished" and not run.has_scores:
            note = f"history of {len(run.history())} epochs, no scores"
        elif run.kind == "imported" and run.state == "finished":
            split = run.metrics()["splits"].get("test", {})
            note = f"test films: {split.get('n_films', 0):,}"
        table.add_row(run.id, run.state, run.dataset[:8], *figures, note)
    return [table] if runs else []


def inspection(report: dict[str, Any]) -> list[Any]:
    """Return the report on a folder of films: rows, posters, leakage, and films per genre."""
    lines: list[Any] = [f"Dataset {report['dataset']}" + " (synthetic)" * report["generated"]]
    lines += report_lines(report)
    lines += leakage(report["leakage"], report["inputs"])
    table = Table("genre", *SPLITS, title="Films per genre")
    for genre, counts in report["genres"].items():
        table.add_row(genre, *(str(counts[split]) for split in SPLITS))
    table.add_section()
    table.add_row("films", *(str(report["splits"][split]) for split in SPLITS))
    return [*lines, table]


def predictions(found: dict[str, Any]) -> list[Any]:
    """Return a table of the genres that each run scores highest for a film."""
    lines: list[Any] = []
    for one in found["runs"]:
        if one["genres"] is None:
            lines.append(f"{one['run']}: needs {' and '.join(one['missing'])}")
            continue
        table = Table("genre", "score", "predicted", title=f"{one['run']}: {one['label']}")
        for place, row in enumerate(one["genres"]):
            if place >= N_GENRES and not row["predicted"]:
                continue
            table.add_row(row["genre"], f"{row['score']:.4f}", "yes" if row["predicted"] else "")
        lines.append(table)
    return lines


def leakage(found: dict[str, Any], inputs: Sequence[str]) -> list[str]:
    """Return lines on leakage between splits, with the first `N_LEAKS` findings of each kind.

    Args:
        found: see `Leakage.to_json`.
        inputs: what the films have.
    """
    flagged = ", ".join(f"{len(films)} {split}" for split, films in found["flagged"].items())
    lines = ["leakage between splits:"]
    for kind in (f"{one}s" for one in INPUTS if one in inputs):
        groups = found[kind]
        if groups is None:
            lines.append(f"  near-duplicate {kind}: not compared, because they cannot be read")
            continue
        named = [
            ", ".join(f"{film['id']} ({film['split']})" for film in group["films"])
            + f": {group['similarity']:.3f}"
            for group in groups
        ]
        lines += _leaks(f"near-duplicate {kind} in different splits", named)
    if "overview" in inputs:
        shared = [
            f"{name['film']} ({name['split']}): {name['name']}, also in "
            + ", ".join(name["training_films"])
            for name in found["names"]
        ]
        lines += _leaks("rare names shared with training films", shared)
    return [*lines, f"  films affected by leakage from training films: {flagged}"]


def _leaks(title: str, findings: list[str]) -> list[str]:
    """Return the number of findings and the first of them."""
    lines = [f"  {title}: {len(findings)}", *(f"    {text}" for text in findings[:N_LEAKS])]
    more = len(findings) - N_LEAKS
    return [*lines, f"    and {more} more (all with --json)"] if more > 0 else lines


def figures(found: dict[str, Any]) -> list[Any]:
    """Return tables of the metrics of a run, overall and per genre."""
    title = f"{found.get('id') or found['run']}: {found['split']}, {found['n_films']} films"
    if found["metrics"] is None:
        return [f"{title} scored, without metrics"]
    threshold = _threshold_text(found["threshold"])
    title += f", macro over {found['n_macro_genres']} genres, threshold {threshold}"
    overall = Table("metric", "value", "description", title=title)
    for metric in METRICS:
        value = found["metrics"][metric.name]
        overall.add_row(metric.label, "-" if value is None else f"{value:.4f}", metric.sentence)
    shares = ("predicted_share", "ranked_first_share", "top3_share")
    columns = ("support", "ap", "precision", "recall", "f1", *shares)
    genres = Table("genre", *columns, "in macro", title="Metrics per genre")
    for row in found["genres"]:
        cells = ["-" if row[name] is None else f"{row[name]:.3g}" for name in columns]
        genres.add_row(row["genre"], *cells, "yes" if row["in_macro"] else "no")
    return [overall, genres]


def differences(result: RunComparison) -> list[Any]:
    """Return the headline and two tables for each pair of runs: metrics, and AP by genre."""
    output: list[Any] = []
    if any(n != result.n_films for n in result.n_own_films.values()):
        own = ", ".join(f"{n} of {run}" for run, n in result.n_own_films.items())
        output.append(f"Compared on the {result.n_films} test films common to all runs: {own}.")
    for pair in result.pairs:
        title = (
            f"{pair.second} minus {pair.first}: {result.n_films} test films, macro over "
            f"{result.n_macro_genres} genres, thresholds "
            + ", ".join(
                _threshold_text(result.thresholds[run]) for run in (pair.first, pair.second)
            )
        )
        if pair.recipes:
            output.append(_recipe_differences(pair.recipes, title))
        output += [_metric_differences(result, pair, title), _genre_differences(result, pair)]
    return [*output, CORRECTED]


CORRECTED = (
    "Intervals and p are not corrected for multiple testing. p Holm and verdicts are corrected "
    "within three families, each over all pairs: mAP and BCE, the other metrics, and the genres "
    "within a metric. Other metrics have a verdict only if mAP or BCE has one. Verdicts refer to "
    "the second run. Trying several thresholds is not corrected for."
)


def _recipe_differences(recipes: RecipeComparison, title: str) -> Table:
    table = _narrow(*("metric", *COMPARED), title=f"Mean over seeds. {title}")
    for name, test in recipes.metrics.items():
        label = next(metric.label for metric in METRICS if metric.name == name)
        table.add_row(label, *_cells(recipes.values[name], test))
    return table


WIDTHS = {"diff.": 6, "95% interval": 16, "p": 6}  # of columns, in characters
COMPARED = ("first", "second", "diff.", "95% interval", "p", "p Holm")


def _metric_differences(result: RunComparison, pair: PairComparison, title: str) -> Table:
    table = _narrow(*("metric", *COMPARED), title=title)
    for metric in METRICS:
        values = [result.values[metric.name][run] for run in (pair.first, pair.second)]
        table.add_row(metric.label, *_cells(values, pair.metrics[metric.name]))
    return table


def _genre_differences(result: RunComparison, pair: PairComparison) -> Table:
    table = _narrow(
        *("genre", "films", *COMPARED),
        title=f"AP by genre; no interval below {LEAST_SUPPORT} films",
    )
    for genre in result.genres:
        values = [genre.values["ap"][run] for run in (pair.first, pair.second)]
        test = pair.genres["ap"][genre.genre]
        table.add_row(genre.genre, str(genre.support), *_cells(values, test))
    return table


def _cells(values: Sequence[float | None], test: RunDifference) -> list[str]:
    interval = "" if test.interval is None else "[{:+.3f}, {:+.3f}]".format(*test.interval)
    return [
        *("-" if value is None else f"{value:.3f}" for value in values),
        "-" if test.value is None else f"{test.value:+.3f}",
        interval,
        *map(_p, (test.p_value, test.p_corrected)),
        test.verdict if test.is_significant else "",
    ]


def _p(p_value: float | None) -> str:
    if p_value is None:
        return "-"
    if p_value < 0.001:
        return "<0.001"
    return f"{p_value:.4f}" if 0.0495 <= p_value < 0.05 else f"{p_value:.3f}"


def _narrow(name: str, *figures: str, title: str) -> Table:
    """Return a table whose numbers are not wrapped in a terminal of 80 columns."""
    columns = (
        Column(figure, no_wrap=True, min_width=WIDTHS.get(figure, len(figure)))
        for figure in figures
    )
    first = Column(name, no_wrap=True)
    return Table(
        *(first, *columns, Column("verdict", no_wrap=True, min_width=len("verdict"))),
        title=title,
        box=box.SIMPLE,
        padding=0,
    )


def ranking(answer: dict[str, Any]) -> list[Any]:
    """Return lines for the highest-scoring genres of a film."""
    lines = [f"{answer['film']} ({answer['split']} film), true: {', '.join(answer['true']) or '-'}"]
    for place in answer["top"]:
        mark = "hit" if place["genre"] in answer["true"] else "extra"
        lines.append(f"  {place['score']:.3f} {place['genre']} ({mark})")
    return lines


def _threshold_text(threshold: float | list[float]) -> str:
    """Return the text for a threshold, either one number or one per genre."""
    if isinstance(threshold, list):
        return f"one per genre ({min(threshold):.3g} to {max(threshold):.3g})"
    return f"{threshold:.3g}"
