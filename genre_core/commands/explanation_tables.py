"""Explanations and robustness as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from genre_core.comparison.explanations import METHOD_NAMES, MOST_ALIKE

N_WORDS = 8  # of each genre that are printed
ZONE_NAMES = {"centre": "centre", "title": "title area", "border": "borders"}


def of_film(found: dict[str, Any]) -> list[Any]:
    """Return tables of the words and regions that count for a film's genres."""
    true = ", ".join(found["true"]) or "none"
    lines: list[Any] = [f"{found['film']} ({found['split']} film), true genres: {true}"]
    for one in ("overview", "poster"):
        if one not in found:
            continue
        part = found[one]
        for genre, values in part["contributions"].items():
            score = found["scores"][genre]
            unit = "word" if one == "overview" else "region (row, column)"
            title = f"{genre} {score:.2f}: {one}, {METHOD_NAMES[part['method']]}"
            table = Table(unit, "log-odds", title=title)
            order = sorted(range(len(values)), key=lambda at: -abs(values[at]))[:N_WORDS]
            for at in sorted(order, key=lambda at: -values[at]):
                table.add_row(_unit(part, at), f"{values[at]:+.3f}")
            lines.append(table)
    return lines


def _unit(part: dict[str, Any], at: int) -> str:
    if "words" in part:
        return str(part["words"][at][2])
    row, column = divmod(at, part["grid"][1])
    return f"{row + 1}, {column + 1}"


def checks(found: Sequence[dict[str, Any]]) -> list[Any]:
    """Return a table of the checks of explanations."""
    columns = ("input", "method", "films", "gain over random order", "shuffled weights", "exact")
    table = Table(*columns, "passed", title=f"Explanations of {found[0]['run']}")
    for one in found:
        agreement = "" if one["agreement"] is None else f"{one['agreement']:.2f}"
        table.add_row(
            one["input"],
            METHOD_NAMES[one["method"]],
            f"{one['n_films']:,}",
            f"{one['gain']:+.4f} {_interval(one['interval'], '.4f')}",
            f"{one['randomised_correlation']:+.2f}",
            agreement,
            "yes" if one["passed"] else "no",
        )
    return [
        table,
        "gain: how much more the score of a film's first genre falls when the highest-ranked words "
        "or regions are removed than in random order, with its 95% interval over films; shuffled "
        "weights: mean rank correlation with the explanations of the same run with shuffled "
        "weights; exact: the same with the exact weights of the linear model.",
        f"Passed: the interval is above 0 and the correlation below {MOST_ALIKE}. The controls "
        "must not pass.",
    ]


def summary(found: dict[str, Any]) -> list[Any]:
    """Return tables of the words and the parts of posters that count for each genre."""
    lines: list[Any] = []
    if found["words"]:
        table = Table("genre", "words for it", "words against it", title=f"Words, {found['run']}")
        for genre, words in found["words"].items():
            positive = [one for one in words if one["value"] > 0][:N_WORDS]
            negative = [one for one in reversed(words) if one["value"] < 0][:N_WORDS]
            table.add_row(genre, *(", ".join(map(_word, some)) for some in (positive, negative)))
        lines += [
            table,
            "Mean log-odds in the test films with the word, and their number; words that are "
            "significant after Holm over the words of the genre.",
        ]
    if found["zones"]:
        table = Table("genre", "films", *ZONE_NAMES.values(), title=f"Posters, {found['run']}")
        for genre, zones in found["zones"].items():
            shares = [f"{one['share'] / one['area']:.2f} {_ratio(one)}" for one in zones]
            table.add_row(genre, f"{zones[0]['n_films']:,}", *shares)
        lines += [
            table,
            "Share of the evidence in a part of the poster, divided by the part's share of the "
            "area, with its 95% interval: 1 is what looking everywhere alike would give.",
        ]
    return lines


def robustness(found: Sequence[dict[str, Any]]) -> list[Any]:
    """Return a table of changes for each run."""
    lines: list[Any] = []
    for run in dict.fromkeys(one["run"] for one in found):
        of_run = [one for one in found if one["run"] == run]
        original = of_run[0]["original"]
        title = f"{run}: mAP {original['map']:.3f}, BCE {original['bce']:.4f}"
        table = Table("change", "mAP", "BCE", "worst genres (AP)", title=title)
        for one in of_run:
            worst = sorted(one["genres"].items(), key=lambda row: row[1][0])[:3]
            table.add_row(
                one["label"],
                f"{one['changes']['map'][0]:+.3f} {_interval(one['changes']['map'][1], '.3f')}",
                f"{one['changes']['bce'][0]:+.4f} {_interval(one['changes']['bce'][1], '.4f')}",
                ", ".join(f"{genre} {value:+.2f}" for genre, (value, _) in worst if value < 0),
            )
        lines.append(table)
    lines.append(
        f"{found[0]['n_films']:,} test films, changed minus as they are, with 95% intervals."
    )
    return lines


def _word(one: dict[str, Any]) -> str:
    return f"{one['word']} {one['value']:+.2f} ({one['n_films']})"


def _interval(ends: Sequence[float], digits: str) -> str:
    return f"[{ends[0]:{digits}}, {ends[1]:{digits}}]"


def _ratio(one: dict[str, Any]) -> str:
    return _interval([end / one["area"] for end in one["interval"]], ".2f")
