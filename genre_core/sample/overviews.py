"""Generate the overviews of the sample from a small grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from random import Random

from genre_core.sample.genres import FilmPlan
from genre_core.sample.phrases import (
    CODAS,
    CUT_SHORT,
    FIRST_NAMES,
    NEUTRAL,
    PLACES,
    SURNAMES,
    TELLING,
    TEMPLATES,
    Phrases,
)

WORDS_ALLOWED = range(8, 61)
"""Length of an overview in words, except for truncated ones."""

CODA_SHARE = 0.25

INNERMOST_CHOICE = re.compile(r"\[([^][]*)\]")
ARTICLE_BEFORE_VOWEL = re.compile(r"\b([Aa]) (?=[aeiou](?!ne-))")
SENTENCE_START = re.compile(r"(^|[.] )([a-z])")

PHRASES_OF_SLOT: dict[str, Callable[[Phrases], tuple[str, ...]]] = {
    "hero": lambda phrases: phrases.heroes,
    "setting": lambda phrases: phrases.settings,
    "aim": lambda phrases: phrases.aims,
    "twist": lambda phrases: phrases.twists,
}


def write_overviews(plans: list[FilmPlan], rng: Random) -> list[str]:
    """Return one overview per plan.

    There is one duplicate, and a few overviews are truncated, as in the real films.
    """
    used: dict[str, None] = {}
    for plan in plans:
        used[_unused(plan.in_overview, used, rng)] = None
    overviews = list(used)
    first, second, *cut = rng.sample(range(len(plans)), 2 + len(CUT_SHORT))
    overviews[second] = overviews[first]
    for index, text in zip(cut, CUT_SHORT, strict=True):
        overviews[index] = text
    return overviews


def _unused(genres: tuple[str, ...], used: Container[str], rng: Random) -> str:
    """Return a new overview of an allowed length."""
    while True:
        text = write_overview(genres, rng)
        if text not in used and len(text.split()) in WORDS_ALLOWED:
            return text


def write_overview(genres: tuple[str, ...], rng: Random) -> str:
    """Return an overview of one to three sentences with words of the given genres.

    Args:
        genres: Genres whose words are used; if empty, only neutral words.
        rng: Random generator.
    """
    fitting = [
        (slots, sentence)
        for slots, sentences in TEMPLATES.items()
        for sentence in sentences
        if len(slots) >= len(genres)
    ]
    slots, sentence = rng.choice(fitting)
    for slot, phrases in zip(slots, _sources(genres, len(slots), rng), strict=True):
        sentence = sentence.replace(f"{{{slot}}}", rng.choice(PHRASES_OF_SLOT[slot](phrases)))
    if rng.random() < CODA_SHARE:
        sentence = f"{sentence} {rng.choice(CODAS)}"
    return _grammatical(_filled(_chosen(sentence, rng), rng))


def _sources(genres: tuple[str, ...], n_slots: int, rng: Random) -> list[Phrases]:
    """Return the phrases for each slot, each genre once or twice."""
    sources = ([TELLING[genre] for genre in genres] * 2 + [NEUTRAL] * n_slots)[:n_slots]
    rng.shuffle(sources)
    return sources


def _chosen(text: str, rng: Random) -> str:
    """Return the text with one alternative of every `[a|b]`, the innermost first."""
    while INNERMOST_CHOICE.search(text):
        text = INNERMOST_CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
    return text


def _filled(text: str, rng: Random) -> str:
    """Return the text with the hero's name, the place and the pronouns filled in."""
    his = rng.choice(sorted(FIRST_NAMES))
    male = his == "his"
    return text.format(
        he="he" if male else "she",
        his=his,
        him="him" if male else "her",
        boy="boy" if male else "girl",
        man="man" if male else "woman",
        name=f"{rng.choice(FIRST_NAMES[his])} {rng.choice(SURNAMES)}",
        place=rng.choice(PLACES),
    )


def _grammatical(text: str) -> str:
    """Return the text with "an" before vowels and capitals where sentences start."""
    text = ARTICLE_BEFORE_VOWEL.sub(r"\1n ", text)
    return SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)
