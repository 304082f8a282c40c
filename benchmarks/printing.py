"""Tables of measurements for the terminal."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from genre_core.commands.tables import REACHED


def rates(found: list[dict[str, Any]]) -> list[Any]:
    """Return the table of false verdicts, power and coverage."""
    table = Table(
        *("study", "event", "n", "share", "95% interval", "target", "reached"),
        title="Simulations",
    )
    for rate in found:
        low, high = rate["bounds"] or (None, None)
        table.add_row(
            rate["study"],
            rate["event"],
            f"{rate['n']:,}",
            f"{rate['share']:.1%}",
            f"{rate['low']:.1%} to {rate['high']:.1%}",
            "-" if low is None else f"{low:.1%} to {high:.1%}",
            REACHED[rate["is_reached"]],
        )
    return [table]


def measurements(figures: list[dict[str, Any]]) -> list[Any]:
    """Return the table of the speed benchmark."""
    table = Table("measurement", "value", "target", "reached", title="Benchmark")
    for figure in figures:
        sign = ">=" if figure["at_least"] else "<="
        bound = "-" if figure["bound"] is None else f"{sign} {figure['bound']:g} {figure['unit']}"
        table.add_row(figure["name"], measured(figure), bound, REACHED[figure["reached"]])
    return [table]


def measured(figure: dict[str, Any]) -> str:
    """Return a measured value with its unit, or what is needed to measure it."""
    if figure["value"] is None:
        return f"not measured, needs {figure['needs']}"
    return f"{figure['value']:.3g} {figure['unit']}"


def faults(rows: list[dict[str, Any]]) -> list[Any]:
    """Return the table of the campaign, and the first problems of each kind."""
    table = Table("fault", "attempts", "planned", "failures", "seconds", title="Attempts")
    problems = []
    for row in rows:
        figures = (f"{row['attempts']:,}", f"{row['planned']:,}", f"{row['failures']:,}")
        table.add_row(row["label"], *figures, f"{row['seconds']:,.0f}")
        problems += [f"{row['fault']} {one['number']}: {one['problem']}" for one in row["problems"]]
    return [table, *problems]


def epoch_differences(found: list[dict[str, float]]) -> list[Any]:
    """Return the table of mean absolute differences between histories, by epoch of the start."""
    table = Table(*found[0], title="Mean absolute differences")
    for one in found:
        table.add_row(*(f"{value:.4g}" for value in one.values()))
    return [table]
