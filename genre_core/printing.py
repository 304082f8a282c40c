"""What the command line prints: JSON, or tables, lines and progress for a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table

from genre_core import comparison, runs
from genre_core.data.films import SPLITS
from genre_core.evaluation.metrics import METRICS

notes = Console(stderr=True)  # progress and remarks; stdout is for what was asked for
REACHED = {True: "yes", False: "NO", None: "-"}


class PosterProgress:
    """A progress bar for decoding posters, shown only once there is something to decode."""

    def __enter__(self) -> Callable[[int, int], None]:
        self.bar = Progress(console=notes, transient=True, disable=not notes.is_terminal)
        self.task: Any = None
        return self.move

    def move(self, done: int, total: int) -> None:
        """Show that `done` of `total` posters are decoded."""
        if self.task is None:
            self.bar.start()
            self.task = self.bar.add_task("decoding posters", total=total)
        self.bar.update(self.task, completed=done)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def show(value: Any, as_json: bool, tables: Callable[[Any], list[Any]]) -> None:
    """Print a value as JSON, or as what `tables` makes of it."""
    if as_json:
        if isinstance(value, list):
            value = [_plain(item) for item in value]
        click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))
        return
    console = Console()
    for table in tables(value):
        console.print(table, highlight=False, markup=False)


def _plain(item: Any) -> Any:
    """Return a run as plain data, finished ones with their test metrics."""
    if not isinstance(item, runs.Run):
        return item
    metrics = item.metrics()["splits"]["test"]["metrics"] if item.state == "finished" else None
    return {**item.summary(), "metrics": metrics}


def run_list(found: list[runs.Run]) -> list[Any]:
    """Return a table of runs with their states and test figures."""
    table = Table(
        Column("run", overflow="fold", min_width=24),
        *("state", "test BCE", "/ prior", "mAP", "note"),
        title="Runs",
    )
    for run in found:
        figures = ["", "", ""]
        if run.state == "finished":
            test = run.metrics()["splits"]["test"]["metrics"]
            figures = [f"{test['bce']:.4f}", f"{test['bce_to_prior']:.3f}", f"{test['map']:.3f}"]
        note = run.problem or (f"epoch {len(run.history())}" if run.state != "finished" else "")
        table.add_row(run.id, run.state, *figures, note)
    return [table] if found else []


def inspection(report: dict[str, Any]) -> list[Any]:
    """Return lines and a table for what became of rows, posters and genres."""
    lines: list[Any] = [f"Dataset {report['dataset']}" + " (generated)" * report["generated"]]
    for kind in ("rows", "posters"):
        tally = report[kind]
        lines.append(f"{kind}: {tally['read']} read, {tally['used']} used")
        lines += [f"  {line}" for line in left_out(tally)]
    lines += [f"note: {count} {reason}" for reason, count in report["notes"].items()]
    table = Table("genre", *SPLITS, title="Films of each genre")
    for genre, counts in report["genres"].items():
        table.add_row(genre, *(str(counts[split]) for split in SPLITS))
    table.add_section()
    table.add_row("films", *(str(report["splits"][split]) for split in SPLITS))
    return [*lines, table]


def left_out(tally: dict[str, Any]) -> list[str]:
    """Return a line for each reason for which rows or posters were left out."""
    return [
        f"{count} left out: {reason} ({', '.join(tally['examples'][reason][:3])})"
        for reason, count in tally["left_out"].items()
    ]


def figures(found: dict[str, Any]) -> list[Any]:
    """Return tables of the metrics of a run, overall and for each genre."""
    title = f"{found.get('id') or found['run']}: {found['split']}, {found['n_films']} films"
    if found["metrics"] is None:
        return [f"{title} scored, without metrics"]
    title += (
        f", macro over {found['n_macro_genres']} genres, threshold {_limit(found['threshold'])}"
    )
    overall = Table("metric", "value", "", title=title)
    for metric in METRICS:
        overall.add_row(metric.label, f"{found['metrics'][metric.name]:.4f}", metric.sentence)
    shares = ("predicted_share", "ranked_first_share", "top3_share")
    columns = ("support", "ap", "precision", "recall", "f1", *shares)
    genres = Table("genre", *columns, "in macro", title="Genres")
    for row in found["genres"]:
        cells = ["-" if row[name] is None else f"{row[name]:.3g}" for name in columns]
        genres.add_row(row["genre"], *cells, "yes" if row["in_macro"] else "no")
    return [overall, genres]


def differences(result: dict[str, Any]) -> list[Any]:
    """Return two tables for each run that was compared with the first: metrics, and genres."""
    tables = []
    for pair in comparison.pairs_of(result):
        title = (
            f"{pair['second']} minus {pair['first']}: {result['n_films']} test films, macro over "
            f"{result['n_macro_genres']} genres, thresholds "
            + ", ".join(_limit(result["thresholds"][pair[run]]) for run in ("first", "second"))
        )
        tables += [_metric_differences(pair, title), _genre_differences(pair, result)]
    return tables


def _metric_differences(pair: dict[str, Any], title: str) -> Table:
    table = _narrow("metric", *("first", "second", "diff.", "95% interval", "p"), title=title)
    for metric in METRICS:
        found = pair["metrics"][metric.name]
        values = (f"{value:.4f}" for value in found["values"])
        told = (*_difference(found), f"{found['p_value']:.4f}", _short(found["verdict"]))
        table.add_row(metric.label, *values, *told)
    return table


def _genre_differences(pair: dict[str, Any], result: dict[str, Any]) -> Table:
    table = _narrow(
        *("genre", "films", "first", "second", "diff.", "95% interval", "p, Holm"),
        title=f"AP by genre; no interval below {result['least_support']} films; - not "
        "distinguishable",
    )
    for row in pair["genres"]:
        ap = row["metrics"]["ap"]
        told = ["", "", "", ""]
        if not row["is_withheld"]:
            told = [*_difference(ap), f"{ap['p_holm']:.4f}", _short(ap["verdict"])]
        values = (f"{value:.3f}" for value in ap["values"])
        table.add_row(row["genre"], str(row["support"]), *values, *told)
    return table


def _short(verdict: str) -> str:
    return "-" if verdict == comparison.UNTOLD else verdict


def _narrow(name: str, *figures: str, title: str) -> Table:
    """Return a table whose figures stay whole in a terminal of 80 columns."""
    columns = (Column(figure, no_wrap=True, min_width=len(figure)) for figure in figures)
    first = Column(name, no_wrap=True)
    return Table(
        *(first, *columns, Column("second", no_wrap=True)),
        title=title,
        box=box.SIMPLE,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )


def _difference(found: dict[str, Any]) -> list[str]:
    low, high = found["interval"]
    return [f"{found['difference']:+.3f}", f"[{low:+.3f}, {high:+.3f}]"]


def coverage(rows: list[dict[str, Any]]) -> list[Any]:
    """Return the table of how often intervals hold."""
    table = Table(
        *("interval of", "metric", "positive films", "intervals", "hold", "92.5 to 97%"),
        title="How often 95% intervals hold",
    )
    for row in rows:
        told = ("yes" if row["is_reached"] else "NO") if row["is_shown"] else "withheld"
        table.add_row(
            row["what"],
            row["metric"],
            row["films"] or "-",
            f"{row['n_intervals']:,}",
            f"{row['share']:.1%}",
            told,
        )
    return [table]


def ranking(answer: dict[str, Any]) -> list[Any]:
    """Return lines for the highest-scored genres of a film."""
    lines = [f"{answer['film']} ({answer['split']} film), true: {', '.join(answer['true']) or '-'}"]
    for place in answer["top"]:
        mark = "hit" if place["genre"] in answer["true"] else "extra"
        lines.append(f"  {place['score']:.3f} {place['genre']} ({mark})")
    return lines


def measurements(figures: list[dict[str, Any]]) -> list[Any]:
    """Return the table of the bench."""
    table = Table("what", "figure", "to reach", "reached", title="Bench")
    for figure in figures:
        sign = ">=" if figure["at_least"] else "<="
        bound = "-" if figure["bound"] is None else f"{sign} {figure['bound']:g} {figure['unit']}"
        table.add_row(figure["name"], measured(figure), bound, REACHED[figure["reached"]])
    return [table]


def measured(figure: dict[str, Any]) -> str:
    """Return a figure of the bench with its unit, or what measuring it would take."""
    if figure["value"] is None:
        return f"not measured, needs {figure['needs']}"
    return f"{figure['value']:.3g} {figure['unit']}"


def _limit(threshold: float | list[float]) -> str:
    """Return a threshold in words, be it one for all genres or one for each."""
    if isinstance(threshold, list):
        return f"one for each genre ({min(threshold):.3g} to {max(threshold):.3g})"
    return f"{threshold:.3g}"
