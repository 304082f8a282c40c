"""The headline on two runs in words, from a comparison; what is significant is decided there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from genre_core.comparison.results import RunComparison
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.results import PairComparison, RunDifference
from genre_core.ui.parts.text import count, literal

Names = Mapping[str, str]  # of runs, by id
HeadlineMetric = Literal["map", "bce"]
HEADLINE: tuple[HeadlineMetric, ...] = ("map", "bce")
LABELS = {metric.name: metric.label for metric in METRICS}
DECIDING = "f1_micro"  # the headline of runs that have decisions
POWER = "80%"


def ahead(pair: PairComparison, metric: HeadlineMetric) -> str | None:
    """Return the id of the run that is significantly better by a headline metric, if one is."""
    return {"ahead": pair.second, "behind": pair.first}.get(pair.headline[metric].verdict)


def headline(pair: PairComparison, names: Names) -> str:
    """Return which of two runs is better, in one sentence."""
    if _by_decisions(pair):
        return _headline_of_decisions(pair, names)
    first, second = (f"**{literal(names[run])}**" for run in (pair.first, pair.second))
    by_map, by_bce = ahead(pair, "map"), ahead(pair, "bce")
    is_small = pair.headline_equivalence.is_shown
    if by_map is None and by_bce is None:
        if is_small:
            return f"{second} and {first} are equivalent: {margins(pair)}."
        return f"No significant difference between {second} and {first}."
    better = by_map or by_bce
    winner, loser = (first, second) if better == pair.first else (second, first)
    if by_map and by_bce and by_map != by_bce:
        return f"{winner} ranks genres better, {loser} has the lower BCE."
    small = f", by less than the equivalence margin ({margins(pair)})" if is_small else ""
    if by_map and by_bce:
        return f"{winner} is better than {loser}{small}."
    if by_map:
        return (
            f"{winner} ranks genres better than {loser}{small}; no significant difference in BCE."
        )
    return f"{winner} has a lower BCE than {loser}{small}; no significant difference in mAP."


def _by_decisions(pair: PairComparison) -> bool:
    """Return whether one of two runs has decisions instead of scores."""
    return all(test.withheld == "decisions" for test in pair.headline.values())


def _headline_of_decisions(pair: PairComparison, names: Names) -> str:
    first, second = (f"**{literal(names[run])}**" for run in (pair.first, pair.second))
    test = pair.metrics[DECIDING]
    label = LABELS[DECIDING]
    if not test.is_significant:
        return f"No significant difference in {label} between {second} and {first}."
    winner, loser = (second, first) if test.verdict == "ahead" else (first, second)
    return f"{winner} has the higher {label}, {loser} the lower one."


def margins(pair: PairComparison) -> str:
    """Return the differences that do not matter."""
    found = pair.headline_equivalence.margins
    return (
        f"within ±{found['map']:g} mAP and ±{found['bce_to_prior']:g} BCE relative to the base "
        "rates"
    )


def evidence(pair: PairComparison, result: RunComparison) -> str:
    """Return the headline figures: values, differences, intervals and corrected p-values."""
    if _by_decisions(pair):
        values = [result.values[DECIDING][run] for run in (pair.first, pair.second)]
        figures = _figures(pair.metrics[DECIDING], values, LABELS[DECIDING], is_turned=True)
        return f"{figures}. Without scores of both runs mAP and BCE are undefined."
    named_first = ahead(pair, "map") or ahead(pair, "bce") or pair.second
    parts = [
        _headline_figures(pair, result, metric, ahead(pair, metric) or named_first)
        for metric in HEADLINE
    ]
    return f"{'; '.join(parts)}."


def about(pair: PairComparison, result: RunComparison, names: Names) -> str:
    """Return the films, and whether the headline is about recipes or about these runs."""
    films = f"{count(result.n_films, 'test film')}, {count(result.n_macro_genres, 'genre')}."
    return f"{films} {_about(pair, result, names)}"


def _about(pair: PairComparison, result: RunComparison, names: Names) -> str:
    if pair.recipes:
        second, first = (literal(names[run]) for run in (pair.second, pair.first))
        n_first, n_second = pair.recipes.n_seeds
        paired = ", paired by seed" if pair.recipes.is_paired else ""
        return (
            f"About the recipes: means over {count(n_second, 'seed')} of {second} and "
            f"{count(n_first, 'seed')} of {first}{paired}; intervals over test films and seeds."
        )
    both = (pair.first, pair.second)
    alone = [literal(names[run]) for run in both if run in result.lone_seeds]
    if set(both) <= set(result.deterministic):
        return "About these runs, which no seed changes."
    if not alone:
        return "About these runs, two seeds of one recipe."
    return (
        "About these runs, not their recipes: fewer than three complete seeds of "
        f"{' and '.join(alone)}. Another seed can give another verdict."
    )


def detectable(pair: PairComparison) -> str:
    """Return which true differences would have been detected; an empty string for none."""
    parts = [
        f"{found:.3f} in {LABELS[metric]}"
        for metric in HEADLINE
        if (found := pair.headline[metric].detectable)
    ]
    if not parts:
        return ""
    return f"Detectable with {POWER} power: a true difference of {' or '.join(parts)}."


def against_base_rates(result: RunComparison, run: str, names: Names) -> str:
    """Return whether a run has a lower BCE than predicting the genre base rates."""
    if run in result.decided:
        return f"**{literal(names[run])}** has decisions instead of scores, so it has no BCE."
    test = result.base_rates[run]
    words = {
        "ahead": "has a lower BCE than the base rates",
        "behind": "has a **higher** BCE than the base rates",
        "no_difference": "has no significantly different BCE from the base rates",
    }
    alike = (
        "differs from the base rates on too few test films"
        if test.n_different
        else ("predicts the base rates")
    )
    ratio = result.values["bce_to_prior"][run]
    interval = ""
    if test.interval:
        low, high = (1 + end for end in test.interval)
        interval = f" [{low:.3f}, {high:.3f}]".replace("[", "\\[").replace("]", "\\]")
    said = words.get(test.verdict, alike)
    return f"**{literal(names[run])}** {said}: {ratio:.3f} of their BCE{interval}."


def against_linear(pair: PairComparison, result: RunComparison, names: Names) -> str:
    """Return whether the second run ranks genres better than the first, a linear model."""
    word = {
        "ahead": "ranks genres better than",
        "behind": "ranks genres **worse** than",
        "no_difference": "does not rank genres significantly better or worse than",
    }.get(pair.headline["map"].verdict, "cannot be compared with")
    second, first = (f"**{literal(names[run])}**" for run in (pair.second, pair.first))
    if _by_decisions(pair):
        return f"{second} {word} {first} by mAP, as one of them has decisions instead of scores."
    return f"{second} {word} {first}: {_headline_figures(pair, result, 'map', pair.second)}."


def warning(
    pair: PairComparison, result: RunComparison, linear: Sequence[PairComparison], names: Names
) -> str:
    """Return what speaks against trusting the better run; an empty string for nothing.

    Args:
        pair: The two runs.
        result: Their comparison.
        linear: Each run compared with the linear model of its modality, that model first.
        names: Of the runs.
    """
    lost = [one.second for one in linear if one.headline["map"].verdict == "behind"]
    worse = [run for run, test in result.base_rates.items() if test.verdict == "behind"]
    if len(lost) == 2:
        return "Neither run is reliable: each ranks genres worse than a linear model of its input."
    better = ahead(pair, "map") or ahead(pair, "bce")
    if better is None:
        return ""
    name = literal(names[better])
    if better in worse and better in lost:
        return (
            f"{name} ranks genres worse than a linear model, and its scores are worse than the "
            "base rates."
        )
    if better in worse and better == ahead(pair, "map"):
        return f"Only the ranking of {name} is usable: its scores are worse than the base rates."
    if better in worse:
        return f"The scores of {name} are worse than the base rates."
    if better in lost:
        return f"{name} ranks genres worse than a linear model."
    return ""


def _headline_figures(
    pair: PairComparison, result: RunComparison, metric: HeadlineMetric, named_first: str
) -> str:
    """Return a headline metric of two runs, or of their recipes, in the order of their names."""
    values = (
        pair.recipes.values[metric]
        if pair.recipes
        else tuple(result.values[metric][run] for run in (pair.first, pair.second))
    )
    label = LABELS[metric]
    return _figures(pair.headline[metric], values, label, is_turned=named_first != pair.first)


def _figures(
    test: RunDifference, values: Sequence[float | None], label: str, *, is_turned: bool
) -> str:
    """Return one metric of two runs.

    Args:
        test: The second run minus the first one.
        values: Of the first and of the second run.
        label: Of the metric.
        is_turned: Whether the second run is named first.
    """
    sign = 1 if is_turned else -1
    first, second = values[::-sign]
    words = f"{label} {first:.3f} vs {second:.3f}"
    return f"{words}, difference {difference(test, sign=sign)}{_p(test)}"


def difference(test: RunDifference, *, sign: int = 1) -> str:
    """Return a difference with its interval, as Markdown.

    >>> difference(RunDifference(0.1, None))
    '+0.100'
    """
    value = signed(sign * (test.value or 0.0))
    if test.interval is None:
        return value
    low, high = sorted(sign * end for end in test.interval)
    return f"{value} \\[{signed(low)}, {signed(high)}\\]"


def signed(value: float) -> str:
    """Return a difference with its sign, and none for zero; only zero is shown as zero.

    >>> signed(0.0312), signed(-0.0004), signed(0.0)
    ('+0.031', '−0.0004', '0')
    """
    if value == 0:
        return "0"
    digits = "+.3f" if abs(value) >= 5e-4 else "+.1g"
    return f"{value:{digits}}".replace("-", "−")


def p_text(p_value: float | None) -> str:
    """Return a p-value in words.

    >>> p_text(0.0301), p_text(0.0499), p_text(0.0002), p_text(None)
    ('p = 0.030', 'p = 0.0499', 'p < 0.001', 'not tested')
    """
    if p_value is None:
        return "not tested"
    if p_value < 0.001:
        return "p < 0.001"
    return f"p = {p_value:.4f}" if 0.0495 <= p_value < 0.05 else f"p = {p_value:.3f}"


def _p(test: RunDifference) -> str:
    return f", corrected {p_text(test.p_corrected)}" if test.p_corrected is not None else ""
