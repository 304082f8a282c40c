"""What counts for one genre over the test films: words, and parts of the poster."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genre_core.charts.colours import Theme
from genre_core.comparison.explanations import Summary, Word, Zone, found_summary
from genre_core.errors import command
from genre_core.runs.folder import Run
from genre_core.ui.parts import run_names, text
from genre_core.ui.parts.verdict import signed

N_WORDS = 10
ZONES = {"centre": "the centre", "title": "the title area", "border": "the borders"}
HELP = (
    "Words: mean contribution to the log-odds over the test films that have the word, at least "
    "ten; significant by a sign test, corrected by Holm over the words of the genre. Parts of the "
    "poster: their share of the sum of absolute contributions in the test films of the genre, "
    "divided by their share of the area; 1 is what looking everywhere alike would give."
)


def show(runs: Sequence[Run], genre: str, theme: Theme) -> None:
    """Show what counts for a genre by each run, or how to find out."""
    found = {run.id: found_summary(run) for run in runs}
    st.subheader(f"What counts for {text.literal(genre)}", anchor="what-counts", help=HELP)
    missing = [run for run in runs if found[run.id] is None and run.kind != "base_rates"]
    names = run_names.names(list(runs))
    for run in runs:
        summary = found[run.id]
        if summary is not None:
            said = sentences(summary, genre)
            name = text.signed(run_names.role(run), names[run.id], theme)
            st.markdown(f"{name}: {' '.join(said) or 'no significant words.'}")
    if missing:
        called = " and ".join(text.literal(names[run.id]) for run in missing)
        st.caption(f"Not measured yet for {called}; this takes minutes:")
        lines = [
            command("explain", run.id, "--summary", artifacts=run.artifacts) for run in missing
        ]
        st.code("\n".join(lines), language="bash", wrap_lines=True)


def sentences(summary: Summary, genre: str) -> list[str]:
    """Return what speaks for and against a genre, in Markdown."""
    words = summary.words.get(genre, [])
    above = [word for word in words if word.value > 0][:N_WORDS]
    below = [word for word in reversed(words) if word.value < 0][:N_WORDS]
    found = []
    if above:
        found.append(f"for it: {_listed(above)}.")
    if below:
        found.append(f"Against it: {_listed(below)}.")
    return found + [_zone(zone) for zone in summary.zones.get(genre, [])]


def _listed(words: Sequence[Word]) -> str:
    return ", ".join(
        f"**{text.literal(one.word)}** ({signed(one.value)}, {text.count(one.n_films, 'film')})"
        for one in words
    )


def _zone(zone: Zone) -> str:
    low, high = (end / zone.area for end in zone.interval)
    ratio = zone.share / zone.area
    than = "more" if low > 1 else "less" if high < 1 else "no more or less"
    name = ZONES[zone.zone]
    counts, whose = ("count", "their") if zone.zone == "border" else ("counts", "its")
    return (
        f"{name[0].upper()}{name[1:]} {counts} {than} than {whose} area: {ratio:.2f} "
        f"\\[{low:.2f}, {high:.2f}\\]."
    )
