"""What two student reports claim about genres, held against a comparison of two runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from genre_core.evaluation.formulas import chance_average_precision
from genre_core.ui.text import literal

Judgement = Literal[
    "holds", "contradicted", "cannot be told", "too few films", "not in these films"
]


@dataclass(frozen=True)
class Claim:
    """One claim about some genres.

    Attributes:
        says: what it says, as a sentence that ends before the genres.
        kind: "poster" or "overview" for which network is to rank them better; "neither" for both
            ranking them no better than chance.
        genres: the genres.
    """

    says: str
    kind: Literal["poster", "overview", "neither"]
    genres: tuple[str, ...]


CLAIMS = (
    Claim("Visual, so that posters tell them better", "poster", ("Action", "Thriller", "Horror")),
    Claim(
        "In the text, so that overviews tell them better",
        "overview",
        ("Drama", "Romance", "Comedy"),
    ),
    Claim("Both networks fail on them", "neither", ("Sci-Fi", "Music", "Sport")),
)
RULES = (
    "A run *tells a genre better* if its average precision is higher by an interval that excludes "
    "0, corrected over the genres by Holm. It *fails* on a genre if the interval of its average "
    "precision reaches down to what a ranking by chance has. Nothing is said of genres whose "
    "intervals are withheld."
)


def judge(claim: Claim, result: Mapping[str, Any]) -> dict[str, Judgement]:
    """Return for each genre of a claim whether it holds.

    Args:
        claim: the claim.
        result: `comparison.compare` of a poster run and an overview run, in this order.
    """
    rows = {row["genre"]: row for row in result["genres"]}
    return {genre: _judged(claim, rows.get(genre), result["n_films"]) for genre in claim.genres}


def sentence(claim: Claim, judged: Mapping[str, Judgement]) -> str:
    """Return what became of a claim, in words."""
    order: Sequence[Judgement] = (
        *("holds", "contradicted", "cannot be told"),
        *("too few films", "not in these films"),
    )
    parts = []
    for judgement in order:
        genres = [literal(genre) for genre, found in judged.items() if found == judgement]
        if genres:
            parts.append(f"**{judgement}** ({', '.join(genres)})")
    return f"{claim.says} ({', '.join(map(literal, claim.genres))}): {', '.join(parts)}."


def chance_sentence(result: Mapping[str, Any], names: tuple[str, str]) -> str:
    """Return how many genres each run ranks better than chance."""
    rows = [row for row in result["genres"] if not row["is_withheld"]]
    parts = []
    for place, name in enumerate(names):
        poor = [
            literal(row["genre"])
            for row in rows
            if not _beats_chance(row, place, result["n_films"])
        ]
        all_but = f", all but {', '.join(poor)}" if poor else ""
        parts.append(f"**{literal(name)}** {len(rows) - len(poor)} of {len(rows)}{all_but}")
    return f"Ranked better than by chance: {'; '.join(parts)}."


def _judged(claim: Claim, row: Mapping[str, Any] | None, n_films: int) -> Judgement:
    if row is None:
        return "not in these films"
    if row["is_withheld"]:
        return "too few films"
    if claim.kind == "neither":
        is_any = any(_beats_chance(row, place, n_films) for place in (0, 1))
        return "contradicted" if is_any else "holds"
    ahead = {"ahead": "overview", "behind": "poster"}.get(row["metrics"]["ap"]["verdict"])
    if ahead is None:
        return "cannot be told"
    return "holds" if ahead == claim.kind else "contradicted"


def _beats_chance(row: Mapping[str, Any], place: int, n_films: int) -> bool:
    low = row["metrics"]["ap"]["intervals"][place][0]
    return bool(low > chance_average_precision(n_films, row["support"]))
