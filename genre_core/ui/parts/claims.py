"""What two student reports claim about genres, judged by a comparison of two runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from genre_core.comparison.results import GenreChance, RunComparison
from genre_core.evaluation.verdicts import MARGINS
from genre_core.ui.parts.text import literal

Judgement = Literal["holds", "contradicted", "undecided", "absent"]
JUDGEMENTS: dict[Judgement, str] = {
    "holds": "holds",
    "contradicted": "contradicted",
    "undecided": "cannot be decided",
    "absent": "not in these films",
}


@dataclass(frozen=True)
class Claim:
    """One claim about some genres.

    Attributes:
        says: What it says, as a sentence that ends before the genres.
        kind: "poster" or "overview" for which network is to rank them better; "neither" for both
            ranking them no better than chance.
        genres: The genres.
    """

    says: str
    kind: Literal["poster", "overview", "neither"]
    genres: tuple[str, ...]


CLAIMS = (
    Claim("Visual genres: posters rank them better", "poster", ("Action", "Thriller", "Horror")),
    Claim(
        "Textual genres: overviews rank them better",
        "overview",
        ("Drama", "Romance", "Comedy"),
    ),
    Claim("Both networks fail on them", "neither", ("Sci-Fi", "Music", "Sport")),
)
RULES = (
    "A run *ranks a genre better* if the difference in average precision is significant after "
    "Holm's correction over the genres. A run *finds* a genre if its average precision is better "
    "than that of a random ranking (permutation test, one-sided, Holm over genres and runs). That "
    "neither finds a genre *holds* only if both runs are shown to be equivalent to a random "
    f"ranking: 95% intervals that end within {MARGINS['map']:g} of it. A test that finds nothing "
    "does not show that there is nothing, so everything else *cannot be decided*."
)


def judge(claim: Claim, result: RunComparison) -> dict[str, Judgement]:
    """Return for each genre of a claim whether it holds.

    Args:
        claim: The claim.
        result: The comparison of a poster run and an overview run, in this order.
    """
    known = {genre.genre for genre in result.genres}
    return {
        genre: _judged(claim, result, genre) if genre in known else "absent"
        for genre in claim.genres
    }


def sentence(claim: Claim, judged: Mapping[str, Judgement]) -> str:
    """Return what became of a claim, in words."""
    parts = []
    for judgement, words in JUDGEMENTS.items():
        genres = [literal(genre) for genre, found in judged.items() if found == judgement]
        if genres:
            parts.append(f"**{words}** ({', '.join(genres)})")
    return f"{claim.says} ({', '.join(map(literal, claim.genres))}): {', '.join(parts)}."


def chance_sentence(result: RunComparison, names: Mapping[str, str]) -> str:
    """Return how many genres each run ranks better than chance."""
    parts = []
    for run in result.runs:
        if run in result.decided:
            continue
        found = {genre: runs[run] for genre, runs in result.chance.items()}
        poor = [literal(genre) for genre, one in found.items() if one.verdict != "better"]
        rest = f" (not {', '.join(poor)})" if poor else ""
        parts.append(
            f"**{literal(names[run])}** for {len(found) - len(poor)} of {len(found)} genres{rest}"
        )
    return f"Significantly better than a random ranking: {'; '.join(parts)}."


def _judged(claim: Claim, result: RunComparison, genre: str) -> Judgement:
    if claim.kind == "neither":
        return _neither(list(result.chance[genre].values()))
    (pair,) = result.pairs
    test = pair.genres["ap"][genre]
    better = {"ahead": "overview", "behind": "poster"}.get(test.verdict)
    if better is None:
        return "undecided"
    return "holds" if better == claim.kind else "contradicted"


def _neither(chances: Sequence[GenreChance]) -> Judgement:
    if any(chance.verdict == "better" for chance in chances):
        return "contradicted"
    is_shown = all(chance.verdict == "equivalent" for chance in chances)
    return "holds" if is_shown else "undecided"
