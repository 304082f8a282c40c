"""Ablation of the training options: many trainings, reported on one page."""

from __future__ import annotations

from pathlib import Path

from benchmarks.ablation import report, work
from benchmarks.ablation.evidence import Evidence
from benchmarks.ablation.trials import plan
from genre_core.data.films import Dataset
from genre_core.errors import DataError
from genre_core.training.train import TrainingContext


def make_missing(
    folder: Path, dataset: Dataset, context: TrainingContext, minutes: float | None
) -> int:
    """Run the trials without an outcome, and return how many are still missing.

    Args:
        folder: folder of the outcomes.
        dataset: the films.
        context: context of the trainings.
        minutes: time limit; no trial is started that would probably exceed it. None for no limit.
    """
    return work.make_missing(plan(), folder, dataset, context, minutes)


def refuse_foreign(path: Path) -> None:
    """Raise a DataError if the page would replace a file that is not an earlier version of it."""
    if path.exists() and not path.read_text(encoding="utf-8", errors="replace").startswith(
        report.TITLE
    ):
        raise DataError(
            f"'{path}' already exists and is not overwritten, because it was not made by `ablate`. "
            "Choose another folder with --out, or remove it first."
        )


def results(folder: Path, dataset: Dataset) -> str:
    """Return the report on the outcomes as Markdown."""
    return report.page(Evidence(folder, dataset))
