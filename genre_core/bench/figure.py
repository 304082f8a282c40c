"""One line of the table of the bench."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        name: what was measured.
        value: the figure.
        unit: its unit; "x" for a ratio.
        bound: what is to be reached; None where nothing is.
        at_least: whether the bound is a lower one.
    """

    name: str
    value: float
    unit: str
    bound: float | None
    at_least: bool

    @property
    def reached(self) -> bool:
        """Return whether the figure reaches its bound, if there is one."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def as_dict(self) -> dict[str, Any]:
        """Return the line as plain data."""
        return {**asdict(self), "reached": self.reached}
