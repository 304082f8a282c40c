"""The fixed colours of the models, safe for colour-blind eyes, for light and dark pages.

Roles are "poster", "overview" and "fusion" for networks, "linear" and "trivial" for predictors
that a network has to beat, "other" for models that look at something else or do not say at what. A
colour is never the only carrier of a meaning: each role has a marker
of its own too.

Source: Okabe & Ito, "Color universal design", 2008.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["poster", "overview", "fusion", "linear", "trivial", "other"]


@dataclass(frozen=True)
class Mark:
    """How one role looks.

    Attributes:
        light: colour on a light page.
        dark: lighter sibling for a dark page.
        symbols: names of markers in Plotly, the first its own; further runs of it have the others.
        sign: its own marker as a character of text.
    """

    light: str
    dark: str
    symbols: tuple[str, ...]
    sign: str


MARKS: dict[Role, Mark] = {
    "poster": Mark("#d55e00", "#f5853f", ("square", "triangle-down", "hexagram", "bowtie"), "■"),
    "overview": Mark(
        "#0072b2", "#56b4e9", ("circle", "triangle-right", "star-diamond", "hourglass"), "●"
    ),
    "fusion": Mark("#009e73", "#3ccfa4", ("diamond", "diamond-tall", "star-diamond"), "◆"),
    "linear": Mark("#70757d", "#8e939c", ("triangle-up", "triangle-down", "triangle-left"), "▲"),
    "trivial": Mark("#5f6368", "#b8bcc4", ("cross", "x"), "✚"),
    "other": Mark("#a3387f", "#e08bc4", ("pentagon", "hexagon", "octagon", "star"), "⬟"),
}


@dataclass(frozen=True)
class Theme:
    """The colours of a page that charts need.

    Attributes:
        is_dark: whether the page is dark.
        ink: colour of text and of true values.
        faint: colour of lines that only guide the eye.
    """

    is_dark: bool
    ink: str
    faint: str

    def colour(self, role: Role) -> str:
        """Return the colour of a model's role on this page."""
        return MARKS[role].dark if self.is_dark else MARKS[role].light


@dataclass(frozen=True)
class Style:
    """How one run looks in every chart and sentence of a page.

    Attributes:
        role: the role of its model.
        colour: that of the role.
        dash: Plotly's name of its line; runs of one role differ in it.
        symbol: Plotly's name of its marker, a full one; runs of one role differ in it.
        sign: the role's marker as a character of text.
    """

    role: Role
    colour: str
    dash: str
    symbol: str
    sign: str


DASHES = ("solid", "dash", "longdashdot", "dashdot", "longdash")


def styles(roles: Sequence[Role], theme: Theme) -> list[Style]:
    """Return one style a run; the second run of a role has another line and marker.

    Args:
        roles: the roles of the runs that a page shows, in its order.
        theme: colours of the page.

    >>> [(style.dash, style.symbol) for style in styles(["poster", "poster"], LIGHT)]
    [('solid', 'square'), ('dash', 'triangle-down')]
    """
    seen: dict[Role, int] = {}
    result = []
    for role in roles:
        place = seen[role] = seen.get(role, -1) + 1
        mark = MARKS[role]
        symbol, dash = mark.symbols[place % len(mark.symbols)], DASHES[place % len(DASHES)]
        result.append(Style(role, theme.colour(role), dash, symbol, mark.sign))
    return result


LIGHT = Theme(is_dark=False, ink="#1e1b24", faint="#d9d4e1")
DARK = Theme(is_dark=True, ink="#ece9f1", faint="#3d3848")
