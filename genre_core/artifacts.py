"""The artifacts folder: where everything lies that Marquee makes, and nothing else does."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Artifacts(os.PathLike[str]):
    """A folder of datasets and runs; it need not be there yet.

    Each module that owns a part of it asks for the place of that part here.

    Attributes:
        root: the folder.
    """

    root: Path

    @property
    def runs(self) -> Path:
        """Return the folder of the runs, one folder each."""
        return self.root / "runs"

    @property
    def datasets(self) -> Path:
        """Return the folder of the datasets, one folder each."""
        return self.root / "datasets"

    @property
    def posters(self) -> Path:
        """Return the folder of decoded posters; they can be made again."""
        return self.root / "posters"

    @property
    def comparisons(self) -> Path:
        """Return the folder of kept comparisons; they can be made again."""
        return self.root / "comparisons"

    @property
    def notes(self) -> Path:
        """Return the folder of names and notes that people give runs."""
        return self.root / "notes"

    @property
    def thresholds(self) -> Path:
        """Return the folder of fitted thresholds; they can be made again."""
        return self.root / "thresholds"

    @property
    def saved_thresholds(self) -> Path:
        """Return the folder of thresholds that people saved."""
        return self.thresholds / "saved"

    @property
    def sample(self) -> Path:
        """Return the folder of the synthetic films that stand in where none are given."""
        return self.root / "sample"

    def __fspath__(self) -> str:
        """Return the path of the folder."""
        return str(self.root)

    def __str__(self) -> str:
        """Return the path of the folder."""
        return str(self.root)
