"""One line of the benchmark table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of the benchmark table.

    Attributes:
        name: name of the measurement.
        value: measured value; None if it could not be measured.
        unit: its unit; "x" for a ratio.
        bound: target; None if there is none.
        at_least: whether the target is a lower bound.
        needs: what is needed to measure it, if there is no value.
    """

    name: str
    value: float | None
    unit: str
    bound: float | None
    at_least: bool
    needs: str = ""

    @property
    def reached(self) -> bool | None:
        """Return whether the value reaches the target; None without a value or a target."""
        if self.value is None or self.bound is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def as_dict(self) -> dict[str, Any]:
        """Return the line as plain data."""
        return {**asdict(self), "reached": self.reached}
