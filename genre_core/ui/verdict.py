"""Which of the chosen runs to trust, in words and numbers, from kept comparisons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from genre_core.evaluation.metrics import METRICS
from genre_core.ui.text import literal

Pair = dict[str, Any]  # see `comparison.compare`


@dataclass(frozen=True)
class Standing:
    """How two runs stand to each other in one metric.

    Attributes:
        names: the run that is ahead and the other; where neither is, the second run first.
        is_told: whether the interval of the difference excludes 0.
        figures: both values in the order of the names, their difference and its interval.
    """

    names: tuple[str, str]
    is_told: bool
    figures: str

    @property
    def ahead(self) -> str | None:
        """Return the name of the run that is ahead; None where neither is."""
        return self.names[0] if self.is_told else None


def standing(pair: Pair, metric: Literal["map", "bce"], first: str, second: str) -> Standing:
    """Return how two runs stand in a metric.

    Args:
        pair: their comparison.
        metric: name of the metric.
        first: name of the reference of the comparison.
        second: name of the other run.
    """
    row = next(row for row in METRICS if row.name == metric)
    compared = pair["metrics"][metric]
    low, high = compared["interval"]
    is_told = not low <= 0 <= high
    names, values, sign = (second, first), compared["values"][::-1], 1
    if is_told and (low > 0) != row.higher_is_better:
        names, values, sign = (first, second), compared["values"], -1
    ends = sorted((sign * low, sign * high))
    return Standing(
        names=names,
        is_told=is_told,
        figures=f"{row.label} {values[0]:.3f} against {values[1]:.3f}, difference "
        f"{_signed(sign * compared['difference'])} \\[{_signed(ends[0])}, {_signed(ends[1])}\\]",
    )


def between(pair: Pair, first: str, second: str) -> str:
    """Return how two runs stand to each other, by ranking and by BCE."""
    by_map, by_bce = (standing(pair, metric, first, second) for metric in ("map", "bce"))
    ahead, other = (f"**{literal(name)}**" for name in by_map.names)
    if by_map.is_told:
        ranking = f"{ahead} ranks the {pair['n_macro_genres']} genres better than {other}"
    else:
        ranking = f"{ahead} and {other} cannot be told apart by how they rank the "
        ranking += f"{pair['n_macro_genres']} genres"
    loss = "neither is ahead by BCE"
    if by_bce.is_told:
        loss = f"by BCE **{literal(by_bce.names[0])}** is ahead"
    return (
        f"On {pair['n_films']:,} test films {ranking}: {by_map.figures}; {loss}: {by_bce.figures}."
    )


def advice(
    ahead: str | None,
    by_loss: str | None,
    worse: Collection[str],
    linear: Mapping[str, Standing],
) -> str:
    """Return in one sentence which of two runs to trust.

    Args:
        ahead: name of the run that ranks better; None where neither does.
        by_loss: name of the run with the lower BCE; None where neither has.
        worse: names of the runs with a higher BCE than the genre frequencies.
        linear: for each run by its name, how it ranks beside the linear model that looks at the
            same, as far as there is one.
    """
    lost = [name for name, held in linear.items() if held.is_told and held.ahead != name]
    if len(lost) == 2:
        return "Trust neither yet: each ranks worse than a linear model that looks at the same."
    if ahead is None:
        if by_loss is None:
            return "There is no reason to trust one of the two more than the other."
        return f"Neither ranks better; trust the scores of {literal(by_loss)} more."
    if ahead in worse or by_loss not in (None, ahead):
        return f"Trust {literal(ahead)} for its ranking only, not for its scores as probabilities."
    if ahead in lost:
        return f"Of the two trust {literal(ahead)}, but it ranks worse than a linear model."
    return f"Trust {literal(ahead)}."


def worse_than_frequencies(pair: Pair, names: tuple[str, str]) -> set[str]:
    """Return which of two runs, by name, have a higher BCE than the genre frequencies."""
    intervals = pair["metrics"]["bce_to_prior"]["intervals"]
    return {name for name, (low, _) in zip(names, intervals, strict=True) if round(low, 6) > 1}


def against_frequencies(pair: Pair, names: tuple[str, str]) -> str:
    """Return whether each of two runs beats always answering with the genre frequencies."""
    metric = pair["metrics"]["bce_to_prior"]
    stands = zip(names, metric["values"], metric["intervals"], strict=True)
    parts = [f"**{literal(name)}** {_stand(*figures)}" for name, *figures in stands]
    return (
        "Beside always answering with the genre frequencies (BCE / prior, below 1 is better): "
        f"{'; '.join(parts)}."
    )


def against_linear(held: Standing, network: str) -> str:
    """Return whether a run ranks better than the linear model that looks at the same."""
    (linear,) = set(held.names) - {network}
    word = "better than" if held.ahead == network else "worse than"
    if not held.is_told:
        word = "neither better nor worse than"
    order = "" if held.names[0] == network else f"{literal(linear)} has "
    return f"**{literal(network)}** ranks {word} **{literal(linear)}**: {order}{held.figures}."


def _stand(value: float, interval: list[float]) -> str:
    low, high = (round(end, 6) for end in interval)  # the frequencies themselves, but for rounding
    if high < 1:
        word = "beats them"
    elif low > 1:
        word = "does worse"
    else:
        word = "cannot be told from them"
    return f"{word}, {value:.3f} \\[{low:.3f}, {high:.3f}\\]"


def _signed(value: float) -> str:
    """Return a difference with its sign, and none for zero."""
    return f"{value:+.3f}".replace("-", "−") if abs(value) >= 5e-4 else "0"
