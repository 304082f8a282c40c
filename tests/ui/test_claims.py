"""Claims of the reports about genres: what a comparison makes of each kind of claim."""

import itertools

import pytest
from made_comparison import FIRST, SECOND, difference, pair, result

from genre_core.comparison.results import GenreChance
from genre_core.ui.parts import claims

VISUAL, TEXTUAL, HARD = claims.CLAIMS
AGAINST_CHANCE = ("better", "equivalent", "undecided")


def chance(verdict):
    return GenreChance(0.4, 0.1, 0.01, 0.02, verdict)


def compared(by_genre):
    """A poster run and an overview run that stand like this to each other and to chance."""
    genres = {genre: difference("ap", found) for genre, (found, _) in by_genre.items()}
    against = {
        genre: {run: chance(verdict) for run, verdict in zip((FIRST, SECOND), both, strict=True)}
        for genre, (_, both) in by_genre.items()
    }
    return result(pair(genres={"ap": genres}), chance=against)


def judged(claim, verdict="no_difference", both=("undecided", "undecided")):
    """What becomes of a claim on its first genre, the only one in the films."""
    found = claims.judge(claim, compared({claim.genres[0]: (verdict, both)}))
    assert [found[genre] for genre in claim.genres[1:]] == ["absent"] * 2
    return found[claim.genres[0]]


@pytest.mark.parametrize(
    ("claim", "verdict", "judgement"),
    [
        (VISUAL, "behind", "holds"),
        (VISUAL, "ahead", "contradicted"),
        (VISUAL, "no_difference", "undecided"),
        (VISUAL, "withheld", "undecided"),
        (TEXTUAL, "ahead", "holds"),
        (TEXTUAL, "behind", "contradicted"),
        (TEXTUAL, "no_difference", "undecided"),
        (TEXTUAL, "withheld", "undecided"),
    ],
)
@pytest.mark.parametrize("against_chance", AGAINST_CHANCE)
def test_which_network_ranks_a_genre_better_is_a_matter_of_the_difference(
    claim, verdict, judgement, against_chance
):
    assert judged(claim, verdict, (against_chance, against_chance)) == judgement


@pytest.mark.parametrize("both", list(itertools.product(AGAINST_CHANCE, repeat=2)))
@pytest.mark.parametrize("verdict", ["ahead", "behind", "no_difference"])
def test_both_fail_only_where_both_are_shown_to_be_like_chance(both, verdict):
    expected = "undecided"
    if "better" in both:
        expected = "contradicted"
    if both == ("equivalent", "equivalent"):
        expected = "holds"
    assert judged(HARD, verdict, both) == expected


def test_a_claim_in_words_names_the_genres_of_each_judgement():
    found = compared(
        {"Action": ("behind", ("better", "better")), "Thriller": ("ahead", ("better", "better"))}
    )
    assert claims.sentence(VISUAL, claims.judge(VISUAL, found)) == (
        "Visual genres: posters rank them better (Action, Thriller, Horror): **holds** (Action), "
        "**contradicted** (Thriller), **not in these films** (Horror)."
    )
    poor = compared({"Sci-Fi": ("no_difference", ("undecided", "undecided"))})
    words = claims.sentence(HARD, claims.judge(HARD, poor))
    assert "**cannot be decided** (Sci\\-Fi), **not in these films** (Music, Sport)" in words


def test_genres_that_are_not_shown_to_beat_chance_are_named():
    found = compared(
        {
            "Action": ("behind", ("better", "undecided")),
            "*War*": ("no_difference", ("equivalent", "undecided")),
        }
    )
    assert claims.chance_sentence(found, {FIRST: "poster", SECOND: "_text_"}) == (
        "Significantly better than a random ranking: **poster** for 1 of 2 genres (not "
        "\\*War\\*); **\\_text\\_** for 0 of 2 genres (not Action, \\*War\\*)."
    )


def test_the_rules_name_the_margin():
    assert "within 0.01 of it" in claims.RULES
