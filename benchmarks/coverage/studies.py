"""Studies of false verdicts, power and coverage in simulated worlds.

A study simulates a world for each number and returns its result as plain data. `rows` aggregates
the results of many worlds to rates, with the bounds that they should lie in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from scipy.stats import binomtest

from benchmarks.coverage import worlds
from benchmarks.coverage.worlds import APART, GENRES, MACRO, PREVALENCES, TUNED, World
from genre_core.comparison.standings import against_best, is_behind
from genre_core.evaluation.calibration import is_within_band, most_outside
from genre_core.evaluation.formulas import mean_average_precision
from genre_core.evaluation.intervals import SIGNIFICANT, Interval
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.evaluation.paired import HEADLINE, LEAST_SUPPORT, compare_runs
from genre_core.evaluation.recipes import RecipePair, Seeds, compare_recipes, corrected
from genre_core.evaluation.results import Comparison, RunDifference
from genre_core.evaluation.verdicts import MARGINS, is_equivalent

Found = Mapping[str, Any]
FALSE_VERDICTS = 0.065  # at most, of any kind
COVERAGE = (0.93, 0.97)
POWER_LOSS, POWER_ERROR = 0.03, 0.05
SUPPORTS = (1, 10, 20, LEAST_SUPPORT, 50, 100, worlds.N_FILMS)
NOISE = 0.6  # of the pairs that power is measured with
TRUE_DIFFERENCE = 0.033  # in mAP


@dataclass(frozen=True)
class Rate:
    """How often something happened.

    Attributes:
        study: Name of the study.
        event: What happened.
        k: How often.
        n: Of how many.
        bounds: Required bounds of the share; None if there are none.
    """

    study: str
    event: str
    k: int
    n: int
    bounds: tuple[float, float] | None = None

    @property
    def share(self) -> float:
        """Return k / n."""
        return self.k / self.n

    @property
    def interval(self) -> Interval:
        """Return the 95% Clopper-Pearson interval of the share."""
        found = binomtest(self.k, self.n).proportion_ci(method="exact")
        return Interval(float(found.low), float(found.high))

    @property
    def is_reached(self) -> bool | None:
        """Return whether the share lies within its bounds; None if it has none."""
        return None if self.bounds is None else self.bounds[0] <= self.share <= self.bounds[1]

    def as_dict(self) -> dict[str, Any]:
        """Return the rate as plain data."""
        low, high = self.interval
        return {
            "study": self.study,
            "event": self.event,
            "k": self.k,
            "n": self.n,
            "share": self.share,
            "low": low,
            "high": high,
            "bounds": self.bounds,
            "is_reached": self.is_reached,
        }


@dataclass(frozen=True)
class Study:
    """One kind of world.

    Attributes:
        name: Name of the study and of its file.
        sentence: Description of the worlds.
        share: Number of worlds, relative to the requested number.
        look: (seed of the population, number of the world, draws) -> result.
        rows: Results of all worlds -> rates.
        prepare: Computes once what all worlds need.
    """

    name: str
    sentence: str
    share: float
    look: Callable[[int, int, int], Found]
    rows: Callable[[str, Sequence[Found]], list[Rate]]
    prepare: Callable[[], object] = lambda: None


def compared(world: World, n_draws: int, number: int) -> Comparison:
    """Return the comparison that Marquee would show of a world."""
    n_genres = world.y_true.shape[1]
    return compare_runs(
        world.y_true,
        world.runs,
        genres=GENRES[:n_genres],
        macro=MACRO[:n_genres],
        prior=PREVALENCES[:n_genres],
        n_draws=n_draws,
        seed=number,
    )


def false_verdicts(found: Comparison, metrics: Sequence[str]) -> dict[str, bool | None]:
    """Return by event whether there is a verdict on two runs that are equally good.

    Args:
        found: Their comparison.
        metrics: Overall metrics in which they are equally good.
    """
    (pair,) = found.pairs
    tests = {name: pair.metrics[name] for name in metrics}
    events: dict[str, bool | None] = {
        f"uncorrected: {name}": _is_below(test) for name, test in tests.items()
    }
    headline = [tests[name] for name in HEADLINE if name in tests]
    events["corrected: headline"] = any(test.is_significant for test in headline)
    events["corrected: any overall metric"] = any(test.is_significant for test in tests.values())
    for metric in GENRE_METRICS:
        genres = pair.genres[metric.name].values()
        events[f"corrected: any genre, {metric.label}"] = any(one.is_significant for one in genres)
    events["equivalent"] = pair.equivalence.is_shown
    return events


def _is_below(test: RunDifference) -> bool | None:
    return None if test.p_value is None else test.p_value < SIGNIFICANT


ALL_METRICS = tuple(metric.name for metric in METRICS)
# The second run's scores are cubed: with a threshold of its own it decides alike.
RANKED = tuple(name for name in ALL_METRICS if name not in ("bce", "bce_to_prior"))


def _null(
    seed: int, number: int, n_draws: int, *, noise: float, rule: worlds.Rule, cubed: bool
) -> Found:
    random = np.random.default_rng([seed, number])
    world = worlds.null_pair(random, seed, noise=noise, rule=rule, cubed=cubed)
    return false_verdicts(compared(world, n_draws, number), RANKED if cubed else ALL_METRICS)


def _shapes(seed: int, number: int, n_draws: int) -> Found:
    world = worlds.shapes_pair(np.random.default_rng([seed, number]))
    found = false_verdicts(compared(world, n_draws, number), ("map",))
    return {name: found[name] for name in ("uncorrected: map", "corrected: any genre, AP")}


def _unequal(seed: int, number: int, n_draws: int, *, first: int, second: int) -> Found:
    world = worlds.unequal_numbers(
        np.random.default_rng([seed, number]), first=first, second=second
    )
    (pair,) = compared(world, n_draws, number).pairs
    tests = pair.genres["precision"]
    return {
        **{f"uncorrected: precision, {genre}": _is_below(test) for genre, test in tests.items()},
        "corrected: any genre, precision": any(test.is_significant for test in tests.values()),
    }


def _recipes(
    seed: int, number: int, n_draws: int, *, n_seeds: tuple[int, int], spreads: tuple[float, float]
) -> Found:
    random = np.random.default_rng([seed, number])
    y_true, groups = worlds.seed_groups(random, seed, n_seeds=n_seeds, spreads=spreads)
    recipes = {
        name: Seeds(tuple(f"seed {place}" for place in range(len(runs))), tuple(runs))
        for name, runs in groups.items()
    }
    (found,) = corrected(
        compare_recipes(
            y_true,
            recipes,
            [RecipePair("first", "second")],
            macro=MACRO,
            prior=PREVALENCES,
            n_draws=n_draws,
            seed=number,
        )
    )
    tests = {name: found.metrics[name] for name in HEADLINE}
    return {
        **{f"uncorrected: {name}": _is_below(test) for name, test in tests.items()},
        "corrected: headline": any(test.is_significant for test in tests.values()),
    }


def _best(seed: int, number: int, n_draws: int, *, n_runs: int) -> Found:
    """Return whether Summary would call one of several equally good runs better than another."""
    world = worlds.null_runs(
        np.random.default_rng([seed, number]), seed, n_runs=n_runs, noise=NOISE
    )
    by_map = {
        name: mean_average_precision(world.y_true, np.asarray(run.y_score), macro=MACRO)
        for name, run in world.runs.items()
    }
    best = max(by_map, key=by_map.__getitem__)
    headlines = []
    for name in world.runs:
        if name != best:
            pair = {one: world.runs[one] for one in (name, best)}
            # With fewer draws the smallest p-value would not pass the correction for all pairs.
            (tested,) = compared(World(world.y_true, pair), n_runs * n_draws, number).pairs
            headlines.append(tested.headline)
    behind = [is_behind(verdicts) for verdicts in against_best(headlines, n_runs)]
    return {"a run is behind the best": any(behind), "one run is best": all(behind)}


def _calibrated(seed: int, number: int, n_draws: int) -> Found:
    """Return whether the checklist would cross out a perfectly calibrated run."""
    y_true, y_score = worlds.calibrated_run(np.random.default_rng([seed, number]))
    inside = [
        is_within_band(y_true[:, column], y_score[:, column])
        for column in np.flatnonzero(y_true.any(axis=0))
    ]
    return {"not calibrated": inside.count(False) > most_outside(len(inside))}


MARGIN_PAIRS: dict[str, Callable[..., World]] = {
    "map": worlds.blind_pair,
    "bce_to_prior": worlds.shy_pair,
}


@cache
def _margin(metric: str) -> float:
    """Return the parameter that makes the first run worse by exactly the margin of a metric."""
    sign = 1 if metric == "map" else -1

    def worse_by(by: float) -> float:
        make = partial(MARGIN_PAIRS[metric], seed=0, by=by)
        return sign * worlds.true_difference(make, metric, n_samples=3 * worlds.N_PILOT)

    # Far more exactly than a world's standard error, or the margin would not be met.
    return worlds.solve(worse_by, MARGINS[metric], 0.0, 0.05, n_steps=10)


def _at_margin(seed: int, number: int, n_draws: int, *, metric: str) -> Found:
    random = np.random.default_rng([seed, number])
    world = MARGIN_PAIRS[metric](random, seed, by=_margin(metric))
    (pair,) = compared(world, n_draws, number).pairs
    (other,) = set(MARGINS) - {metric}
    return {
        "equivalent": pair.equivalence.is_shown,
        "other inside": is_equivalent([pair.equivalence.intervals_90[other]], [MARGINS[other]]),
        "difference": pair.metrics[metric].value,
    }


def _few(seed: int, number: int, n_draws: int, *, n_different: int) -> Found:
    random = np.random.default_rng([seed, number])
    world = worlds.few_films_pair(random, seed, n_different=n_different)
    events = false_verdicts(compared(world, n_draws, number), ALL_METRICS)
    verdicts = [happened for name, happened in events.items() if name != "equivalent"]
    return {"any verdict": any(verdicts)}


def _powerful(seed: int, number: int, n_draws: int, *, worse_by: Callable[[], float]) -> Found:
    random = np.random.default_rng([seed, number])
    world = worlds.worse_pair(random, seed, worse_by=worse_by(), noise=NOISE)
    (pair,) = compared(world, n_draws, number).pairs
    test = pair.metrics["map"]
    centred = test.p_values.centred if test.p_values else 1.0
    return {
        "uncorrected: map": _is_below(test),
        "bootstrap alone: map": centred < SIGNIFICANT,
        "corrected: map": test.is_significant,
        "smallest of two: map": (test.p_value or 1.0) < SIGNIFICANT / 2,
        "detectable": test.detectable,
        "difference": test.value,
    }


@cache
def _for_true_difference() -> float:
    return worlds.solve(_worse_by_in_map, TRUE_DIFFERENCE, 0.0, 0.6)


def _worse_by_in_map(by: float) -> float:
    return worlds.true_difference(
        lambda random: worlds.worse_pair(random, 0, worse_by=by, noise=NOISE),
        "map",
        n_samples=3 * worlds.N_PILOT,
    )


@cache
def _for_detectable_difference() -> float:
    """Return the noise with which the true difference equals the detectable one."""
    detectable = []
    for number in range(max(4, worlds.N_PILOT // 4)):
        world = worlds.worse_pair(
            np.random.default_rng([99, number]), 0, worse_by=_for_true_difference(), noise=NOISE
        )
        (pair,) = compared(world, 400, number).pairs
        detectable.append(pair.metrics["map"].detectable or 0.0)
    return worlds.solve(_worse_by_in_map, float(np.mean(detectable)), 0.0, 0.6)


def _covered(seed: int, number: int, n_draws: int) -> Found:
    """Return value, low and high end of the second run and of its difference to the first."""
    random = np.random.default_rng([seed, number])
    films = worlds.sample(random, seed)
    runs = {
        name: worlds.scored(worlds.logits(films, random, sees=sees), 0.3)
        for name, sees in (("first", 0.5), ("second", 0.7))
    }
    found = compared(World(films.y_true, runs), n_draws, number)
    (pair,) = found.pairs
    triples: dict[str, list[float] | None] = {}
    for name in ALL_METRICS:
        ends = found.intervals[name]["second"]
        value = found.values[name]["second"]
        triples[f"value|{name}|"] = [value, *ends] if ends and value is not None else None
        triples[f"difference|{name}|"] = _triple(pair.metrics[name])
    for genre in found.genres:
        for metric in GENRE_METRICS:
            test = pair.genres[metric.name][genre.genre]
            triples[f"difference|{metric.name}|{genre.genre}"] = _triple(test)
    supports = {genre.genre: genre.support for genre in found.genres}
    return {"triples": triples, "supports": supports}


def _triple(test: RunDifference) -> list[float] | None:
    return None if test.value is None or test.interval is None else [test.value, *test.interval]


def _rates(
    study: str, found: Sequence[Found], bounds: tuple[float, float] | None = (0.0, FALSE_VERDICTS)
) -> list[Rate]:
    """Return the rate of each event, among the worlds in which it is defined."""
    rates = []
    for event in found[0]:
        seen = [one[event] for one in found if one[event] is not None]
        if seen:
            is_bound = event != "equivalent" and not (study == APART and "uncorrected" in event)
            rates.append(Rate(study, event, sum(seen), len(seen), bounds if is_bound else None))
    return rates


def _margin_rates(study: str, found: Sequence[Found]) -> list[Rate]:
    """Return how often runs are equivalent, and how often the other metric allows it."""
    event = f"equivalent, true difference {_mean(found, 'difference'):+.4f}"
    k, k_other = (sum(one[name] for one in found) for name in ("equivalent", "other inside"))
    return [
        Rate(study, event, k, len(found), (0.0, FALSE_VERDICTS)),
        Rate(study, "the other metric inside its margin", k_other, len(found), (0.9, 1.0)),
    ]


def _power_rates(study: str, found: Sequence[Found]) -> list[Rate]:
    """Return the power, which should be at most three points below that of the bootstrap."""
    n = len(found)
    alone, shipped = (
        sum(one[event] for one in found) for event in ("bootstrap alone: map", "uncorrected: map")
    )
    truth = f"true difference {_mean(found, 'difference'):+.4f}"
    return [
        Rate(study, f"bootstrap alone, {truth}", alone, n),
        Rate(study, f"as shown, {truth}", shipped, n, (alone / n - POWER_LOSS, 1.0)),
    ]


def _detected_rates(study: str, found: Sequence[Found]) -> list[Rate]:
    k = sum(one["smallest of two: map"] for one in found)
    event = (
        f"significant at 0.05 / 2, true difference {_mean(found, 'difference'):+.4f}, detectable "
        f"{_mean(found, 'detectable'):.4f}"
    )
    return [Rate(study, event, k, len(found), (0.8 - POWER_ERROR, 0.8 + POWER_ERROR))]


def _mean(found: Sequence[Found], name: str) -> float:
    return float(np.mean([one[name] for one in found]))


def _coverage_rates(study: str, found: Sequence[Found]) -> list[Rate]:
    """Return how often intervals contain the mean over all worlds."""
    rates = []
    by_support: dict[tuple[str, int], list[bool]] = {}
    for key in found[0]["triples"]:
        what, metric, genre = key.split("|")
        seen = [(one["supports"], one["triples"].get(key)) for one in found]
        shown = [(supports, triple) for supports, triple in seen if triple]
        if not shown:
            continue
        truth = float(np.mean([triple[0] for _, triple in shown]))
        covers = [low <= truth <= high for _, (_, low, high) in shown]
        if not genre:
            rates.append(Rate(study, f"{what}: {metric}", sum(covers), len(covers), COVERAGE))
            continue
        for (supports, _), is_covered in zip(shown, covers, strict=True):
            least = max(limit for limit in SUPPORTS if limit <= supports[genre])
            by_support.setdefault((metric, least), []).append(is_covered)
    for (metric, least), covers in sorted(by_support.items()):
        event = f"difference: {metric} of a genre, from {least} films"
        rates.append(Rate(study, event, sum(covers), len(covers)))
    return rates


def _nulls() -> list[Study]:
    return [
        Study(
            f"null {noise:g} {'tuned' if rule == TUNED else rule}",
            f"The same log-odds with noise of {noise:g} in each run; "
            f"{'tuned thresholds' if rule == TUNED else f'threshold {rule}'}",
            1.0,
            partial(_null, noise=noise, rule=rule, cubed=False),
            _rates,
        )
        for noise in (0.3, 1.0)
        for rule in (0.5, TUNED)
    ]


STUDIES: tuple[Study, ...] = (
    *_nulls(),
    Study(
        APART,
        "The same log-odds with noise of 0.3 in each run; a tuned threshold for each",
        0.25,
        partial(_null, noise=0.3, rule=APART, cubed=False),
        _rates,
    ),
    *(
        Study(
            f"unequal {first} {second}",
            f"Equal precision, predicted for {first} and {second} films",
            1.0,
            partial(_unequal, first=first, second=second),
            _rates,
        )
        for first, second in ((15, 150), (3, 6), (12, 24))
    ),
    *(
        Study(
            f"few {k}",
            f"Runs that differ on {k} films",
            0.1,
            partial(_few, n_different=k),
            partial(_rates, bounds=(0.0, 0.0)),
        )
        for k in range(1, 6)
    ),
    *(
        Study(
            f"recipes {name}",
            f"Equally good recipes, {sentence}",
            1.0,
            partial(_recipes, n_seeds=n_seeds, spreads=spreads),
            _rates,
        )
        for name, sentence, n_seeds, spreads in (
            ("3 3", "three seeds each", (3, 3), (0.05, 0.05)),
            ("1 3", "one deterministic, one with three seeds", (1, 3), (0.0, 0.05)),
            (
                "unequal",
                "three seeds that hardly differ against three that do",
                (3, 3),
                (0.01, 0.1),
            ),
        )
    ),
    *(
        Study(
            f"best of {n_runs}",
            f"{n_runs} equally good runs, of which the best is chosen by the same films",
            share,
            partial(_best, n_runs=n_runs),
            _rates,
        )
        for n_runs, share in ((3, 0.25), (6, 0.1))
    ),
    Study(
        "calibrated",
        "A perfectly calibrated run with correlated genres",
        1.0,
        _calibrated,
        _rates,
    ),
    Study(
        "calibration",
        "Equally good rankings, one with cubed scores; tuned thresholds",
        1.0,
        partial(_null, noise=1.0, rule=TUNED, cubed=True),
        _rates,
    ),
    Study(
        "shapes",
        "Equal average precision, curves of different shape",
        1.0,
        _shapes,
        _rates,
        worlds.sudden_shares,
    ),
    *(
        Study(
            f"margin {metric}",
            f"A true difference in {metric} exactly at the margin of equivalence",
            1.0,
            partial(_at_margin, metric=metric),
            _margin_rates,
            partial(_margin, metric),
        )
        for metric in ("map", "bce_to_prior")
    ),
    Study(
        "power",
        f"A true mAP difference of {TRUE_DIFFERENCE}",
        0.5,
        partial(_powerful, worse_by=_for_true_difference),
        _power_rates,
        _for_true_difference,
    ),
    Study(
        "detectable",
        "A true mAP difference as large as the detectable difference",
        0.5,
        partial(_powerful, worse_by=_for_detectable_difference),
        _detected_rates,
        _for_detectable_difference,
    ),
    Study("coverage", "Two runs of different quality", 0.5, _covered, _coverage_rates),
)


def study(name: str) -> Study:
    """Return the study with the given name."""
    return next(one for one in STUDIES if one.name == name)
