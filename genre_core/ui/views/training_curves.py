"""The trainings behind the curves: which are shown, their histories, and whether they overfit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from genre_core.charts import curves, readings
from genre_core.charts.colours import Style, Theme, styles
from genre_core.charts.curves import Curve, Quantity
from genre_core.comparison.rivals import FROM_ELSEWHERE
from genre_core.data.films import Dataset
from genre_core.evaluation.base_rates import base_rate_loss
from genre_core.runs.folder import Run, find_run
from genre_core.runs.history import columns_of, kept_epoch
from genre_core.ui.frame import shell
from genre_core.ui.parts import loaders, run_names
from genre_core.ui.parts.export import Trace
from genre_core.ui.parts.text import count, literal, signed

GRID: tuple[Quantity, ...] = ("loss", "precision", "recall", "f1")
METHODS: dict[Quantity, str] = {
    "loss": "Mean binary cross-entropy over all {genres} genre columns, in nats.",
    "precision": "Share of the genres predicted at 0.5 that are true (micro).",
    "recall": "Share of the true genres that are predicted at 0.5 (micro).",
    "f1": "Harmonic mean of micro precision and micro recall at 0.5.",
    "learning_rate": "Step size of the optimizer in each epoch.",
}
# Words, colour and symbol: colour alone never answers.
BADGES: dict[readings.Answer, tuple[str, str, str]] = {
    "rising": ("yes, rising validation loss", "red", "trending_up"),
    "large_gap": ("partly, large gap", "orange", "unfold_more"),
    "small_gap": ("no, small gap", "green", "check_circle"),
    "improving": ("no, still improving", "blue", "trending_down"),
    "levelled_off": ("no, levelled off", "green", "trending_flat"),
    "unknown": ("unknown", "gray", "help"),
}
DASHES = {"dash": "dashed", "longdashdot": "dash-dot", "dashdot": "dash-dot", "longdash": "dashed"}
NOT_DONE = {
    "running": "training now",
    "unfinished": "stopped before its end",
}


N_FIRST = 3  # histories shown where no run with scores is chosen
# What a training records; `minimised` and seconds are no more than by the way.
RECORDED = (
    *("loss", "val_loss", "precision", "val_precision", "recall", "val_recall"),
    "learning_rate",
)


@dataclass(frozen=True)
class Trained:
    """What the page of curves needs of one run.

    Attributes:
        run: the run as it is now.
        curve: its history.
        training: what is known of its losses.
    """

    run: Run
    curve: Curve
    training: readings.Training


def other_runs(now: shell.Chosen, dataset: Dataset) -> list[Run]:
    """Return the runs with a history that could be shown beside the chosen ones.

    Runs on these films, and runs that do not say which films they are about.
    """
    return [
        run
        for run in now.runs
        if run.state not in ("damaged", "running")
        and run.dataset in ("", dataset.fingerprint)
        and run not in now.slots.values()
        and run.history()
    ]


def first_more(now: shell.Chosen, others: Sequence[Run]) -> list[str]:
    """Return the ids of the runs shown beside them at first: histories where no chosen run has one.

    Scores from elsewhere come without a history, and the notebook that they are from beside them.
    """
    has_curves = any(run and run.history() for run in now.slots.values())
    return [] if has_curves else [run.id for run in others[:N_FIRST]]


def trained(
    now: shell.Chosen, dataset: Dataset, more: Sequence[str], theme: Theme
) -> list[Trained]:
    """Return the chosen runs, those that are asked for, and the one that trains now.

    Args:
        now: what is chosen.
        dataset: the chosen dataset.
        more: ids of further runs.
        theme: colours of the page.
    """
    chosen = [run for run in now.slots.values() if run]
    running = [
        run for run in now.runs if run.state == "running" and run.dataset == dataset.fingerprint
    ]
    asked = [run for run in now.runs if run.id in more]
    # Read again, as a fragment runs more often than the page around it.
    shown = {run.id: run for run in [*chosen, *asked]}
    shown |= {run.id: find_run(now.artifacts, run.id) for run in running}
    runs = list(shown.values())
    names = run_names.names(runs)
    looks = styles([run_names.role(run) for run in runs], theme)
    baseline = baseline_of(dataset)
    return [
        Trained(
            run,
            _curve(run, names[run.id], look),
            _training(run, baseline if run.dataset == dataset.fingerprint else None),
        )
        for run, look in zip(runs, looks, strict=True)
    ]


def baseline_of(dataset: Dataset) -> float:
    """Return the BCE of the training split's base rates on the validation films."""
    return base_rate_loss(dataset.labels[dataset.rows("validation")], dataset.prior)


def is_training(now: shell.Chosen, dataset: Dataset) -> bool:
    """Return whether a run on these films is being trained."""
    return any(run.state == "running" and run.dataset == dataset.fingerprint for run in now.runs)


def answer(one: Trained, theme: Theme) -> None:
    """Show whether a training overfits: the answer as a badge, and the numbers behind it."""
    found = readings.reading(one.training)
    words, colour, icon = BADGES[found.answer]
    badges = f":{colour}-badge[:material/{icon}: Overfitting: {words}]"
    if found.is_never_better:
        badges += " :orange-badge[:material/warning: Never better than the base rates]"
    notes = [DASHES.get(one.curve.style.dash), NOT_DONE.get(one.run.state)]
    told = ", ".join(filter(None, notes))
    name = signed(run_names.role(one.run), one.curve.name, theme) + (f" ({told})" if told else "")
    lines = [f"{name} {badges}", literal(found.evidence)]
    lines += map(_asked, one.run.config["findings"])
    st.markdown("  \n".join(lines), help=found.more or None)


def _asked(finding: object) -> str:
    """Return what is to be asked about an imported training."""
    question = finding.get("question", "") if isinstance(finding, dict) else finding
    return f":material/help: {literal(str(question))}"


def methods(dataset: Dataset) -> str:
    """Return how each quantity is computed, and on which films."""
    films = (
        f"{count(len(dataset.rows('train')), 'training film')} and "
        f"{count(len(dataset.rows('validation')), 'validation film')}"
    )
    lines = [
        f"- **{curves.QUANTITIES[quantity]}**: {words.format(genres=len(dataset.genres))}"
        for quantity, words in METHODS.items()
    ]
    return "\n".join([*lines, f"\nOn {films}."])


def legend(runs: Sequence[Trained], baseline: float) -> str:
    """Return what the lines of the charts mean; the colour of each run stands beside its name."""
    star = " ★: kept epoch." if any(one.curve.kept_epoch is not None for one in runs) else ""
    return (
        f"Strong line: validation. Dotted: training.{star} "
        f"Grey dash-dot: base rates ({baseline:.4f})."
    )


def lacking(runs: Sequence[Trained]) -> str:
    """Return what some histories did not record; an empty string where all have everything."""
    parts = []
    for one in runs:
        there = columns_of(one.run.history())
        absent = [name for name in RECORDED if name not in there]
        if there and absent:
            parts.append(f"{literal(one.curve.name)}: {', '.join(map(literal, absent))}")
    return f"Not recorded: {'; '.join(parts)}." if parts else ""


def trace(runs: Sequence[Trained], dataset: Dataset) -> Trace:
    """Return what the curves are about."""
    n_films = sum(len(dataset.rows(split)) for split in ("train", "validation"))
    ids = [one.run.id for one in runs if one.curve.rows]
    return Trace(ids, dataset.fingerprint, "train and validation", n_films)


def values(runs: Sequence[Trained]) -> pd.DataFrame:
    """Return one row an epoch of each run with every number of its history."""
    return pd.concat([_table(one.curve) for one in runs], ignore_index=True)


def _table(curve: Curve) -> pd.DataFrame:
    columns: dict[str, object] = {"Run": curve.name, "Epoch": curve.values("epoch")}
    for quantity, label in curves.QUANTITIES.items():
        if quantity == "learning_rate":
            columns[label] = curve.values(quantity)
            continue
        columns[f"{label}, training"] = curve.values(quantity)
        columns[f"{label}, validation"] = curve.values(f"val_{quantity}")
    return pd.DataFrame(columns)


def _curve(run: Run, name: str, style: Style) -> Curve:
    rows = run.history()
    kept = kept_epoch(rows)
    if run.state == "finished":
        kept = loaders.marker(run).get("kept_epoch")
    return Curve(name, style, rows, kept)


def _training(run: Run, baseline: float | None) -> readings.Training:
    without_dropout = None
    if run.state == "finished":
        train, validation = (
            loaders.figures(run, split).get("bce") for split in ("train", "validation")
        )
        if train is not None and validation is not None:
            without_dropout = (train, validation)
    return readings.Training(
        run.history(),
        baseline,
        run.state == "running",
        without_dropout,
        is_imported=run.kind in FROM_ELSEWHERE,
    )
