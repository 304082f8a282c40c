"""How thresholds came about, as a key that files hold: nothing in it is text for people."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from genre_core.errors import DataError
from genre_core.evaluation.fitting import F1, Objective, ObjectiveName
from genre_core.runs.thresholds import TUNED, TUNED_PER_GENRE

OriginName = Literal["half", "tuned", "tuned_per_genre", "by_hand", "unknown"]
ORIGINS: tuple[OriginName, ...] = get_args(OriginName)
# The sentences that saved sets held before keys; "fitted on validation for ..." is parsed below.
FORMER: Mapping[str, str] = {
    "score of .5": "half",
    "one threshold, fitted": TUNED,
    "one a genre, fitted": TUNED_PER_GENRE,
    "set by hand": "by_hand",
}
FORMER_FIT = re.compile(
    r"fitted on validation for (?:F1|(?P<name>precision|recall) of at least (?P<at_least>[\d.]+)), "
    r"one for (?P<scope>all genres|each genre)"
)
FORMER_SCOPES = {"all genres": TUNED, "each genre": TUNED_PER_GENRE}


@dataclass(frozen=True)
class Origin:
    """How the thresholds of a run came about.

    Attributes:
        name: "half" for 0.5, "tuned" for one fitted on validation, "tuned_per_genre" for one for
            each genre fitted there, "by_hand", or "unknown" where a file says nothing known.
        objective: what fitted thresholds were fitted for; of no meaning for the others.
    """

    name: OriginName
    objective: Objective = F1

    @property
    def is_tuned(self) -> bool:
        """Return whether they were fitted on the validation films, whose figures they flatter."""
        return self.name in (TUNED, TUNED_PER_GENRE)

    def __str__(self) -> str:
        """Return the key, as `parse` reads it.

        >>> str(Origin("tuned")), str(Origin("tuned_per_genre", Objective("recall", 0.8)))
        ('tuned', 'tuned_per_genre:recall:0.8')
        """
        if not self.is_tuned or self.objective == F1:
            return self.name
        return f"{self.name}:{self.objective.name}:{self.objective.at_least:g}"


def tuned(objective: Objective, *, is_per_genre: bool) -> Origin:
    """Return the origin of thresholds that are fitted on validation."""
    return Origin(
        "tuned_per_genre" if is_per_genre else "tuned", objective if objective.name != "f1" else F1
    )


def parse(text: str) -> Origin:
    """Return the origin that a file names by its key, or by a sentence as files had before.

    >>> parse("tuned:precision:0.6").objective
    Objective(name='precision', at_least=0.6)
    >>> str(parse("fitted on validation for recall of at least 0.8, one for each genre"))
    'tuned_per_genre:recall:0.8'
    """
    found = FORMER_FIT.fullmatch(text)
    if found:
        name = FORMER_SCOPES[found["scope"]]
        text = ":".join(filter(None, (name, found["name"], found["at_least"])))
    name, *objective = FORMER.get(text, text).split(":")
    with contextlib.suppress(DataError, TypeError, ValueError):
        if name in ORIGINS:
            return Origin(name, _objective(*objective))
    return Origin("unknown")


def _objective(name: str = F1.name, at_least: str = "") -> Objective:
    if name not in get_args(ObjectiveName):
        raise ValueError(f"'{name}' is no objective")
    return Objective(cast(ObjectiveName, name), float(at_least)) if at_least else F1
