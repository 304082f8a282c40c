"""The artifacts folder, which contains everything that Marquee writes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Artifacts(os.PathLike[str]):
    """Paths inside a folder of datasets and runs, which need not exist yet.

    Attributes:
        root: path of the folder.
    """

    root: Path

    @property
    def runs(self) -> Path:
        """Return the folder of the runs, one subfolder per run."""
        return self.root / "runs"

    @property
    def datasets(self) -> Path:
        """Return the folder of the datasets, one subfolder per dataset."""
        return self.root / "datasets"

    @property
    def posters(self) -> Path:
        """Return the folder of decoded posters, a cache."""
        return self.root / "posters"

    @property
    def comparisons(self) -> Path:
        """Return the folder of comparisons, a cache."""
        return self.root / "comparisons"

    @property
    def notes(self) -> Path:
        """Return the folder of the names and notes that users give to runs."""
        return self.root / "notes"

    @property
    def thresholds(self) -> Path:
        """Return the folder of fitted thresholds, a cache."""
        return self.root / "thresholds"

    @property
    def robustness(self) -> Path:
        """Return the folder of what changes of the films cost each run, a cache."""
        return self.root / "robustness"

    @property
    def explanations(self) -> Path:
        """Return the folder of checks and summaries of explanations, a cache."""
        return self.root / "explanations"

    @property
    def saved_thresholds(self) -> Path:
        """Return the folder of the thresholds that users saved."""
        return self.thresholds / "saved"

    @property
    def label_decisions(self) -> Path:
        """Return the folder of what users decided about labels, one file per dataset."""
        return self.root / "label_decisions"

    @property
    def sample(self) -> Path:
        """Return the folder of the synthetic films that are used if no films are given."""
        return self.root / "sample"

    def __fspath__(self) -> str:
        """Return the path of the folder."""
        return str(self.root)

    def __str__(self) -> str:
        """Return the path of the folder."""
        return str(self.root)
