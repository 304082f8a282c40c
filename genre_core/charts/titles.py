"""Title and source line of a figure, so that a saved chart explains itself."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import plotly.graph_objects as go

from genre_core.charts.colours import Theme
from genre_core.charts.text import plain

HIGHER, LOWER = "higher is better", "lower is better"  # after the name of an axis, in brackets
TITLE, SOURCE = 15, 11  # pixels of their fonts
LETTERS = {TITLE: 44, SOURCE: 62}  # in a line: as many as a phone of 390 pixels shows
BETWEEN = " · "  # parts of a source line
TOP, BELOW = 6, 10  # pixels above the title, and between source line and legend
SPACING = 1.3  # heights of a line of Plotly for one of its font
CAP = 0.7  # of the font: Plotly sets a title of several lines that much higher than one of one line
DEFAULT_HEIGHT = 450  # pixels of a figure of Plotly that says none


def add_title(figure: go.Figure, title: str, source: Sequence[str], theme: Theme) -> None:
    """Write a title and a source line above a figure, which grows by their height.

    What the figure has above its plot, a legend or its upper margin, stays below them.

    Args:
        figure: it is changed.
        title: what it shows, in a few words.
        source: what it is about, in parts: runs, films, decision rule, dataset.
        theme: colours of the page.
    """
    title_lines, source_lines = _lines(title, TITLE), _packed(source)
    above = TOP + round(SPACING * (TITLE * len(title_lines) + SOURCE * len(source_lines))) + BELOW
    height = above + (figure.layout.height or DEFAULT_HEIGHT)
    raised = CAP * TITLE if len(title_lines) > 1 else 0
    figure.update_layout(
        height=height,
        margin={"t": above + (figure.layout.margin.t or 0)},
        title={
            "text": "<br>".join(title_lines),
            "font": {"size": TITLE, "color": theme.ink, "weight": 600},
            "subtitle": {
                "text": "<br>".join(source_lines),
                "font": {"size": SOURCE, "color": theme.quiet},
            },
            "automargin": False,
            **{"x": 0, "xref": "container", "xanchor": "left"},
            **{"y": 1 - (TOP + raised) / height, "yref": "container", "yanchor": "top"},
        },
    )
    if figure.layout.legend.orientation == "h":
        legend = {"y": 1 - above / height, "yref": "container", "yanchor": "top"}
        figure.update_layout(legend=legend)


def _lines(text: str, size: int) -> list[str]:
    # Plotly reads tags in titles, and names of runs and datasets come from others.
    return [plain(line) for line in textwrap.wrap(text, LETTERS[size], break_on_hyphens=False)]


def _packed(parts: Sequence[str]) -> list[str]:
    """Return lines of whole parts; one that is longer than a line has lines of its own."""
    lines = [""]
    for part in parts:
        longer = f"{lines[-1]}{BETWEEN}{part}" if lines[-1] else part
        if len(longer) <= LETTERS[SOURCE]:
            lines[-1] = longer
        else:
            lines.append(part)
    return [line for whole in lines for line in _lines(whole, SOURCE)]
