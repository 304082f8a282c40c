"""One line of the table of the bench."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        name: what was measured.
        value: the figure; None where it could not be measured.
        unit: its unit; "x" for a ratio.
        bound: what is to be reached; None where nothing is.
        at_least: whether the bound is a lower one.
        needs: what measuring it would take, where there is no value.
    """

    name: str
    value: float | None
    unit: str
    bound: float | None
    at_least: bool
    needs: str = ""

    @property
    def reached(self) -> bool | None:
        """Return whether the figure reaches its bound; None without a figure or a bound."""
        if self.value is None or self.bound is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def as_dict(self) -> dict[str, Any]:
        """Return the line as plain data."""
        return {**asdict(self), "reached": self.reached}
