"""What became of every row and every poster that was read; it always adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

N_EXAMPLES = 5
N_CHARACTERS = 80  # of an example
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """Return the beginning of a text, safe for a terminal and for UTF-8."""
    shown = text[:N_CHARACTERS]
    return "".join(letter if letter.isprintable() else UNPRINTABLE for letter in shown)


@dataclass
class Tally:
    """Counts of one kind of thing: read, used, and left out by reason, with a few examples."""

    read: int = 0
    left_out: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def used(self) -> int:
        """Return how many are left."""
        return self.read - sum(self.left_out.values())

    def leave_out(self, reason: str, example: str) -> None:
        """Count one as left out for `reason`."""
        self.left_out[reason] += 1
        if len(self.examples[reason]) < N_EXAMPLES:
            self.examples[reason].append(printable(example))

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as plain data, most frequent reason first."""
        reasons = sorted(self.left_out, key=lambda reason: (-self.left_out[reason], reason))
        return {
            "read": self.read,
            "used": self.used,
            "left_out": {reason: self.left_out[reason] for reason in reasons},
            "examples": {reason: self.examples[reason] for reason in reasons},
        }


@dataclass
class ReadReport:
    """The reader's counts.

    Attributes:
        rows: the table's rows.
        posters: whatever lies in the poster folder.
        notes: things that were counted and kept, such as short overviews.
        remarks: what else was assumed, in words.
        layout: name of the layout.
        inputs: what of the films is used, "poster" and "overview".
        columns: names of the columns by what they are about, where the name does not say it.
    """

    rows: Tally = field(default_factory=Tally)
    posters: Tally = field(default_factory=Tally)
    notes: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    layout: str = ""
    inputs: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "layout": self.layout,
            "inputs": list(self.inputs),
            "columns": self.columns,
            "rows": self.rows.as_dict(),
            "posters": self.posters.as_dict(),
            "notes": {reason: count for reason, count in self.notes.items() if count},
            "remarks": self.remarks,
        }


def report_lines(report: Mapping[str, Any]) -> list[str]:
    """Return a reader's report in words: what was read, used, left out and why, and its notes.

    Args:
        report: what `ReadReport.as_dict` returned.
    """
    lines = [f"layout: {report['layout']}"] if report.get("layout") else []
    if columns := report.get("columns"):
        named = ", ".join(f"{role} from {printable(name)}" for role, name in columns.items())
        lines.append(f"columns: {named}")
    for kind in ("rows", "posters"):
        tally = report[kind]
        if kind == "posters" and not tally["read"]:
            continue
        lines.append(f"{kind}: {tally['read']} read, {tally['used']} used")
        lines += [
            f"  {count} left out: {reason} ({', '.join(tally['examples'][reason][:3])})"
            for reason, count in tally["left_out"].items()
        ]
    lines += [f"note: {count} {reason}" for reason, count in report.get("notes", {}).items()]
    return lines + [f"note: {remark}" for remark in report.get("remarks", [])]
