"""What changes of the films cost the chosen runs, where that was measured."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from genre_core.charts.colours import Style, Theme, styles
from genre_core.charts.forest import Differences, forest
from genre_core.comparison.robustness import Robustness, found
from genre_core.errors import command
from genre_core.evaluation.metrics import METRICS
from genre_core.runs.folder import Run
from genre_core.ui.parts import address, export, run_names
from genre_core.ui.parts.figures import figure_of
from genre_core.ui.parts.verdict import signed

N_WORST = 3  # genres of each change that are listed
METRIC_NAMES = {"map": "mAP ↑", "bce": "BCE ↓"}
HELP = (
    "The test films are changed, scored again, and compared with themselves: metric on the changed "
    "films minus that on the films as they are, with 95% intervals over films, not corrected for "
    "their number. Each change is seeded by the film, so that every run sees the same films."
)


def show(runs: Sequence[Run], fingerprint: str, theme: Theme) -> None:
    """Show by how much each change of the films changes each run's metrics.

    Args:
        runs: the chosen runs.
        fingerprint: of their dataset.
        theme: colours of the page.
    """
    st.header("Robustness to changed films", anchor="robustness")
    measured = {run.id: found(run) for run in runs}
    able = [run for run in runs if measured[run.id]]
    if not able:
        st.caption(
            "Not measured yet: blurred, cropped or shuffled posters, misspelt, shortened or "
            "shuffled overviews. This takes minutes:",
            help=HELP,
        )
        words = ("robustness", *(run.id for run in runs))
        st.code(command(*words, artifacts=runs[0].artifacts), language="bash", wrap_lines=True)
        return
    metric = address.pick(
        st.segmented_control, "Metric", METRIC_NAMES, key="robust_metric", first="map"
    )
    names = run_names.names(able)
    labels = list(dict.fromkeys(one.label for run in able for one in measured[run.id]))
    n_films = measured[able[0].id][0].n_films
    st.caption(f"{n_films:,} test films, changed minus as they are.", help=HELP)
    looks = styles([run_names.role(run) for run in able], theme)
    drawn = [
        _differences(names[run.id], look, measured[run.id], labels, metric)
        for run, look in zip(able, looks, strict=True)
    ]
    label = next(one.label for one in METRICS if one.name == metric)
    trace = export.Trace([run.id for run in able], fingerprint, "test", n_films)
    export.chart(
        figure_of(forest, labels, drawn, theme, title=f"Change of {METRIC_NAMES[metric]}"),
        "robustness",
        f"Change of {label} by changes of the films",
        trace,
        alt=f"Change of {label} of each run where posters or overviews are changed",
    )
    with st.expander("Most affected genres"):
        table = pd.DataFrame(
            [_line(names[run.id], one) for run in able for one in measured[run.id]]
        )
        export.table(
            table, "robustness", trace, "What each change of the films does to each run", {}
        )


def _differences(
    name: str,
    look: Style,
    measured: Sequence[Robustness],
    labels: Sequence[str],
    metric: str,
) -> Differences:
    by_label = {one.label: one for one in measured}
    changes = [by_label[label].changes[metric] if label in by_label else None for label in labels]
    return Differences(
        name,
        look,
        [one and one.value for one in changes],
        [one and one.interval.low for one in changes],
        [one and one.interval.high for one in changes],
        [False] * len(changes),  # intervals without a test; a filled marker would be a verdict
    )


def _line(name: str, one: Robustness) -> dict[str, object]:
    worst = sorted(one.genres.items(), key=lambda row: row[1].value)[:N_WORST]
    return {
        "Run": name,
        "Change": one.label,
        "mAP": round(one.changes["map"].value, 3),
        "BCE": round(one.changes["bce"].value, 4),
        "Largest losses of AP": ", ".join(
            f"{genre} {signed(change.value)}" for genre, change in worst if change.value < 0
        ),
    }
