"""What helps, what does not, and what it costs: many trainings, told in one page."""

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
    """Make the trials that have no outcome yet; return how many are still missing.

    Args:
        folder: of the outcomes.
        dataset: the films.
        context: where the trainings work.
        minutes: begin no trial that would probably end later; None for no limit.
    """
    return work.make_missing(plan(), folder, dataset, context, minutes)


def refuse_foreign(path: Path) -> None:
    """Raise a DataError where a file is there that this page would replace and is none itself."""
    if path.exists() and not path.read_text(encoding="utf-8", errors="replace").startswith(
        report.TITLE
    ):
        raise DataError(
            f"'{path}' exists already and is not overwritten, as it was not made by `ablate`. "
            "Choose another folder with --out, or remove it first."
        )


def results(folder: Path, dataset: Dataset) -> str:
    """Return the page that tells the outcomes, as Markdown."""
    return report.page(Evidence(folder, dataset))
