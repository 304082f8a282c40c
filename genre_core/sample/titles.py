"""Makes up titles, taglines and credits, none of which tells anything about a genre."""

from __future__ import annotations

from random import Random

from genre_core.sample.phrases import FIRST_NAMES, SURNAMES

ADJECTIVES = (
    "Paper", "Glass", "Quiet", "Second", "Hollow", "Silver", "Borrowed", "Northern", "Slow",
    "Blue", "Distant", "Wooden", "Narrow", "Tall", "Early", "Winter", "Other", "Hidden",
)  # fmt: skip
NOUNS = (
    "River", "Window", "Door", "Season", "Harbour", "Mirror", "Garden", "Letter", "Bridge",
    "Corner", "Morning", "Street", "Island", "Station", "Echo", "Room", "Shadow", "Promise",
)  # fmt: skip
NUMBERS = ("Two", "Three", "Four", "Five", "Seven", "Nine", "Eleven", "Twelve")
OPENERS = ("Before the", "After the", "Beyond the", "Under the", "Return to the", "Across the")
TAGLINES = (
    "Some doors only open once.",
    "Every ending needs a witness.",
    "Nothing stays where you left it.",
    "You have seen nothing yet.",
    "It was never just a Tuesday.",
    "Look again.",
    "Not everybody gets to come home.",
    "This time it counts.",
    "One day will change it all.",
    "The truth is in the detail.",
    "Take your seat.",
    "No way but forward.",
)


def make_title(rng: Random) -> str:
    """Return a title of two to four words."""
    adjective, noun = rng.choice(ADJECTIVES), rng.choice(NOUNS)
    return rng.choice(
        [
            f"The {adjective} {noun}",
            f"{adjective} {noun}",
            f"{rng.choice(NUMBERS)} {adjective} {noun}s",
            f"{rng.choice(OPENERS)} {noun}",
            f"{noun} of {rng.choice(SURNAMES)}",
        ]
    )


def make_tagline(rng: Random) -> str:
    """Return a sentence for the top of a poster."""
    return rng.choice(TAGLINES)


def make_billing(rng: Random) -> list[str]:
    """Return the lines of the billing block."""
    crew = [_person(rng) for _ in range(5)]
    return [
        f"{crew[0]}   {crew[1]}   a film by {crew[2]}",
        f"music by {crew[3]}   camera by {crew[4]}",
    ]


def _person(rng: Random) -> str:
    names = FIRST_NAMES[rng.choice(sorted(FIRST_NAMES))]
    return f"{rng.choice(names)} {rng.choice(SURNAMES)}"
