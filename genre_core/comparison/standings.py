"""Which run is best: the latest run of each recipe, and each of them compared with the best one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from genre_core.comparison.recipes import recipe_of, unique
from genre_core.comparison.results import RunComparison
from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.results import RunDifference
from genre_core.evaluation.verdicts import Verdict, holm, verdict
from genre_core.runs.folder import Run

MOST = 12  # recipes; with more, the draws of a comparison are too few for the correction
SHOWN = ("map", "bce_to_prior")
OPPOSITE: dict[Verdict, Verdict] = {"ahead": "behind", "behind": "ahead"}

Compare = Callable[[Sequence[Run]], RunComparison]


@dataclass(frozen=True)
class Standing:
    """The latest run of a recipe.

    Attributes:
        run: The run.
        seeds: Other runs of the recipe.
        values: By metric of `SHOWN`; empty for a run with decisions instead of scores.
        intervals: By metric of `SHOWN`; None where they are withheld.
        verdicts: By headline metric, the verdict on this run compared with the best one; empty
            for that run and for one without scores.
    """

    run: Run
    seeds: tuple[Run, ...]
    values: dict[str, float]
    intervals: dict[str, Interval | None]
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def is_behind(self) -> bool:
        """Return whether the best run is significantly better in mAP or BCE, and worse in none."""
        return is_behind(self.verdicts)


@dataclass(frozen=True)
class Standings:
    """Runs by mAP on the test films, highest first; runs without scores last.

    Attributes:
        rows: One for each recipe, twelve at most.
        n_left_out: Recipes with older runs, which are not among them.
    """

    rows: tuple[Standing, ...]
    n_left_out: int

    @property
    def best(self) -> Standing | None:
        """Return the run with the highest mAP; None where no run has scores."""
        return next((row for row in self.rows if row.values), None)

    @property
    def level(self) -> list[Standing]:
        """Return the runs that the best one is not significantly better than."""
        return [row for row in self.rows if row.values and row != self.best and not row.is_behind]


def is_behind(verdicts: Mapping[str, Verdict]) -> bool:
    """Return whether verdicts on a run say that another is better in one metric, worse in none."""
    return "behind" in verdicts.values() and "ahead" not in verdicts.values()


def standings(runs: Sequence[Run], compare: Compare) -> Standings:
    """Return the latest run of each recipe, compared with the one that has the highest mAP.

    The best run is chosen by the test films that it is then judged by, so the family of its tests
    are mAP and BCE of all pairs, not only of those that are tested.

    Args:
        runs: Finished runs of one dataset, newest first.
        compare: Compares two runs, see `compare.compare`.
    """
    groups = _by_recipe(runs)
    shown = groups[:MOST]
    scored = [group for group in shown if not group[0].is_decided]
    scored.sort(key=lambda group: -_figure(group[0], "map"))
    without = [_standing(group, None, {}) for group in shown if group[0].is_decided]
    rows = (
        _compared(scored, compare) if len(scored) > 1 else [_standing(g, None, {}) for g in scored]
    )
    return Standings((*rows, *without), len(groups) - len(shown))


def _by_recipe(runs: Sequence[Run]) -> list[list[Run]]:
    by_id = {run.id: run for run in runs}
    groups: dict[object, list[Run]] = {}
    for run in unique(runs):
        groups.setdefault(recipe_of(run, by_id), []).append(run)
    return list(groups.values())


def _compared(groups: Sequence[Sequence[Run]], compare: Compare) -> list[Standing]:
    (best, *_), *_ = groups
    found = [compare([run, best]) for run, *_ in groups[1:]]
    verdicts = against_best([result.pairs[0].headline for result in found], len(groups))
    others = [
        _standing(group, result, judged)
        for group, result, judged in zip(groups[1:], found, verdicts, strict=True)
    ]
    return [_standing(groups[0], found[0], {}), *others]


def against_best(
    headlines: Sequence[Mapping[str, RunDifference]], n_runs: int
) -> list[dict[str, Verdict]]:
    """Return the verdicts on each run compared with the best one, by headline metric.

    Pairs without the best run count as tests with p = 1.

    Args:
        headlines: For each other run, the tests of mAP and BCE of the best run minus this one.
        n_runs: Runs, the best one included.
    """
    known = [
        (place, name, test)
        for place, tests in enumerate(headlines)
        for name, test in tests.items()
        if test.p_value is not None
    ]
    n_tests = n_runs * (n_runs - 1)  # two of each pair
    p_values = [test.p_value or 0.0 for *_, test in known]
    corrected = holm([*p_values, *[1.0] * (n_tests - len(p_values))])
    verdicts: list[dict[str, Verdict]] = [{} for _ in headlines]
    for (place, name, test), p_value in zip(known, corrected.tolist(), strict=False):
        is_up = name == "map"
        of_best = verdict(test.value or 0.0, p_value, higher_is_better=is_up)
        verdicts[place][name] = OPPOSITE.get(of_best, of_best)
    return verdicts


def _standing(
    group: Sequence[Run], result: RunComparison | None, verdicts: Mapping[str, Verdict]
) -> Standing:
    run, *seeds = group
    if result is None:
        values = {} if run.is_decided else {name: _figure(run, name) for name in SHOWN}
        return Standing(run, tuple(seeds), values, dict.fromkeys(SHOWN))
    values = {name: float(result.values[name][run.id] or 0.0) for name in SHOWN}
    intervals = {name: result.intervals[name][run.id] for name in SHOWN}
    return Standing(run, tuple(seeds), values, intervals, verdicts)


def _figure(run: Run, name: str) -> float:
    return float(run.metrics()["splits"]["test"]["metrics"][name])
