"""The fixed colours of the models, safe for colour-blind eyes, for light and dark pages.

Roles are "poster", "overview" and "fusion" for networks, "linear" and "base_rates" for baselines,
and "other" for models with another or unknown input. Each role also has its own marker, so that
colour is never the only distinction.

Source: Okabe & Ito, "Color universal design", 2008.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["poster", "overview", "fusion", "linear", "base_rates", "other"]


@dataclass(frozen=True)
class Mark:
    """Colours and markers of a role.

    Attributes:
        light: colour on light pages.
        dark: lighter colour on dark pages.
        symbols: Plotly markers of the first and further runs of the role.
        sign: the first marker as a text character.
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
    "base_rates": Mark("#5f6368", "#b8bcc4", ("cross", "x"), "✚"),
    "other": Mark("#a3387f", "#e08bc4", ("pentagon", "hexagon", "octagon", "star"), "⬟"),
}


@dataclass(frozen=True)
class Theme:
    """The colours of a page.

    Attributes:
        is_dark: whether the page is dark.
        ink: colour of text and of true values.
        faint: colour of grid lines.
        quiet: colour of text beside the matter, such as a source line.
        paper: colour behind charts that leave the page.
    """

    is_dark: bool
    ink: str
    faint: str
    quiet: str
    paper: str

    def colour(self, role: Role) -> str:
        """Return the colour of a model's role on this page."""
        return MARKS[role].dark if self.is_dark else MARKS[role].light


@dataclass(frozen=True)
class Style:
    """Colour, line and marker of a run in all charts of a page.

    Attributes:
        role: the role of its model.
        colour: colour of the role.
        dash: Plotly line style; differs between runs of one role.
        symbol: Plotly marker, a filled one; differs between runs of one role.
        sign: the role's marker as a text character.
    """

    role: Role
    colour: str
    dash: str
    symbol: str
    sign: str


DASHES = ("solid", "dash", "longdashdot", "dashdot", "longdash")


def styles(roles: Sequence[Role], theme: Theme) -> list[Style]:
    """Return one style per run; further runs of a role have other lines and markers.

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


LIGHT = Theme(is_dark=False, ink="#1e1b24", faint="#d9d4e1", quiet="#5f6368", paper="#ffffff")
DARK = Theme(is_dark=True, ink="#ece9f1", faint="#4a4556", quiet="#b8bcc4", paper="#1c1a21")
