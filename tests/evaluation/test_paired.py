"""Comparisons of runs: guards, families, verdicts, and what holds for any scores at all."""

from __future__ import annotations

import json

import numpy as np
import pytest

from genre_core.evaluation.bootstrap import Scored
from genre_core.evaluation.figures import evaluate
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.evaluation.paired import HEADLINE, OTHERS, compare_runs
from genre_core.evaluation.results import Comparison
from genre_core.evaluation.verdicts import holm

GENRES = ("A", "B", "C", "D", "E")


def compared(films, runs, **options):
    options = {"n_draws": 200, **options}
    return compare_runs(films.y_true, runs, genres=GENRES, **films.facts, **options)


def every_test(found):
    for pair in found.pairs:
        yield from pair.metrics.items()
        for tests in pair.genres.values():
            yield from tests.items()


def pair_of(films, second, threshold=0.5):
    return {"a": Scored(films.y_score, threshold), "b": Scored(second, threshold)}


def test_two_identical_runs_do_not_differ(make_films):
    films = make_films(0, 200)
    found = compared(films, pair_of(films, films.y_score.copy()))
    for _, test in every_test(found):
        assert test.value in (0, None)
        assert test.verdict in ("no_difference", "withheld")
        assert test.p_value in (1, None)
        assert test.interval in ((0, 0), None)
    assert found.pairs[0].equivalence.is_shown


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(4))
def test_runs_that_differ_on_few_films_have_no_verdict(make_films, k, seed):
    films = make_films(seed, 300)
    other = films.y_score.copy()
    rows = np.random.default_rng(seed).choice(300, k, replace=False)
    other[rows] = films.y_true[rows] * 0.98 + 0.01
    found = compared(films, pair_of(films, other), n_draws=1000)
    for name, test in every_test(found):
        assert not test.is_significant, name
        assert test.p_value is None or test.p_value >= 0.05


@pytest.mark.parametrize("seed", range(8))
def test_no_interval_leaves_what_there_can_be_and_p_agrees_with_it(make_films, seed):
    """Whatever the scores: random, tied, constant, in any mixture and at any threshold."""
    random = np.random.default_rng(seed)
    films = make_films(seed, n_films=int(random.integers(40, 200)))
    others = [
        make_films(seed + 10, len(films.y_true), kind).y_score
        for kind in random.choice(["continuous", "ties", "constant"], 2)
    ]
    runs = {
        "a": Scored(others[0], float(random.random())),
        "b": Scored(np.where(random.random() < 0.5, films.y_true, others[1]), random.random(5)),
    }
    found = compared(films, runs, n_draws=int(random.integers(40, 120)))
    highest = {metric.name: metric.highest for metric in METRICS}
    for name, test in every_test(found):
        limit = highest.get(name, 1.0)
        if test.interval is not None:
            assert -limit <= test.interval.low <= test.interval.high <= limit
            assert (test.p_value < 0.05) == test.interval.excludes_zero
        if test.p_value is None:
            assert test.verdict == "withheld"
        if test.p_corrected is not None:
            assert test.p_corrected >= test.p_value
    for name, by_run in found.intervals.items():
        for ends in by_run.values():
            assert ends is None or 0 <= ends.low <= ends.high <= highest[name]


def test_values_are_those_of_evaluate_and_differences_second_minus_first(make_films):
    films, other = make_films(0, 120), make_films(3, 120)
    runs = {"a": Scored(films.y_score, 0.4), "b": Scored(other.y_score, 0.3)}
    found = compared(films, runs)
    values = {
        name: evaluate(films.y_true, run.y_score, threshold=run.threshold, **films.facts)
        for name, run in runs.items()
    }
    for name, test in found.pairs[0].metrics.items():
        assert found.values[name] == pytest.approx({run: values[run][name] for run in runs})
        assert test.value == pytest.approx(values["b"][name] - values["a"][name])


def test_exchanging_two_runs_mirrors_their_difference(make_films):
    films, other = make_films(0, 120), make_films(3, 120)
    runs = {"a": Scored(films.y_score, 0.4), "b": Scored(other.y_score, 0.4)}
    there = compared(films, runs, seed=3).pairs[0].metrics
    back = compared(films, dict(reversed(runs.items())), seed=3).pairs[0].metrics
    opposite = {"ahead": "behind", "behind": "ahead"}
    for name, one in there.items():
        two = back[name]
        assert one.verdict == opposite.get(two.verdict, two.verdict)
        if one.interval is not None:
            assert one.interval == pytest.approx((-two.interval.high, -two.interval.low))
            assert one.p_value == pytest.approx(two.p_value)


def test_metrics_that_say_the_same_are_counted_once_and_agree(make_films):
    films, other = make_films(0, 200), make_films(3, 200)
    tests = compared(films, pair_of(films, other.y_score, 0.3)).pairs[0].metrics
    assert len(HEADLINE) + len(OTHERS) == len(METRICS) - 2
    for name, alias in (("bce_to_prior", "bce"), ("recall_weighted", "recall_micro")):
        for field in ("p_value", "p_corrected", "verdict", "withheld"):
            assert getattr(tests[name], field) == getattr(tests[alias], field)


def test_families_are_corrected_by_holm_over_all_pairs(make_films):
    films = make_films(0, 200)
    others = {name: make_films(seed, 200).y_score for name, seed in (("b", 3), ("c", 4))}
    runs = {"a": Scored(films.y_score, 0.3)} | {n: Scored(s, 0.3) for n, s in others.items()}
    found = compared(films, runs)
    assert [(pair.first, pair.second) for pair in found.pairs] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]
    families = [
        [pair.metrics[name] for pair in found.pairs for name in HEADLINE],
        [pair.metrics[name] for pair in found.pairs for name in OTHERS],
        *(
            [test for pair in found.pairs for test in pair.genres[metric.name].values()]
            for metric in GENRE_METRICS
        ),
    ]
    for family in families:
        tested = [test for test in family if test.p_value is not None]
        expected = holm([test.p_value for test in tested])
        assert [test.p_corrected for test in tested] == pytest.approx(list(expected))


def test_other_metrics_have_no_verdict_without_a_headline(make_films):
    films = make_films(0, 300)
    noisy = np.clip(films.y_score + np.random.default_rng(1).normal(0, 0.02, (300, 5)), 0, 1)
    found = compared(films, pair_of(films, noisy.astype(np.float32), 0.3))
    (pair,) = found.pairs
    assert not any(pair.metrics[name].is_significant for name in HEADLINE)
    for name in OTHERS:
        test = pair.metrics[name]
        assert test.verdict == "withheld"
        assert test.withheld == ("no_headline" if test.p_value is not None else "few_predicted")


def test_a_genre_is_tested_where_enough_films_are_decided_differently(make_films):
    films = make_films(0, 400)
    better = (0.7 * films.y_true + 0.3 * films.y_score).astype(np.float32)
    found = compared(films, pair_of(films, better, 0.45))
    (pair,) = found.pairs
    decided = {name: run >= 0.45 for name, run in (("a", films.y_score), ("b", better))}
    for column, genre in enumerate(GENRES[:4]):
        differs = decided["a"][:, column] != decided["b"][:, column]
        positives = films.y_true[:, column] == 1
        counts = {"f1": differs.sum(), "recall": (differs & positives).sum()}
        for name, n in counts.items():
            test = pair.genres[name][genre]
            assert test.n_different == n
            assert (test.p_value is None) == (n < 10)
        n_predicted = min(one[:, column].sum() for one in decided.values())
        test = pair.genres["precision"][genre]
        assert (test.p_value is None) == (n_predicted < 10 or differs.sum() < 10)
        assert pair.genres["ap"][genre].p_value is not None
        has_interval = pair.genres["ap"][genre].interval is not None
        assert has_interval == (positives.sum() >= 30)


def test_precision_of_a_genre_that_is_not_predicted_is_undefined(make_films):
    films = make_films(0, 300)
    second = films.y_score.copy()
    second[:, 1] = 0.1
    found = compared(films, pair_of(films, second, 0.45))
    (pair,) = found.pairs
    test = pair.genres["precision"]["B"]
    assert (test.value, test.p_value, test.withheld) == (None, None, "few_predicted")
    assert found.genres[1].values["precision"]["b"] is None
    assert found.genres[1].n_predicted["b"] == 0
    macro = pair.metrics["precision_macro"]
    assert (macro.interval, macro.verdict, macro.withheld) == (None, "withheld", "few_predicted")
    assert found.intervals["precision_macro"]["b"] is None


def test_with_thresholds_of_their_own_genres_need_a_headline(make_films):
    """Two runs that rank alike, one with a lower threshold: its recall is higher by that alone."""
    films = make_films(0, 400)
    runs = {"a": Scored(films.y_score, 0.5), "b": Scored(films.y_score.copy(), 0.3)}
    found = compared(films, runs)
    (pair,) = found.pairs
    assert pair.has_own_thresholds
    recall = pair.genres["recall"]["A"]
    assert recall.p_corrected < 0.05
    assert (recall.verdict, recall.withheld) == ("withheld", "no_headline")
    assert pair.genres["ap"]["A"].verdict == "no_difference"


def test_a_clearly_better_run_is_ahead(make_films):
    films = make_films(0, n_films=300)
    noise = np.random.default_rng(0).random(films.y_score.shape).astype(np.float32)
    found = compared(
        films, {"noise": Scored(noise, 0.4), "model": Scored(films.y_score, 0.4)}, n_draws=1000
    )
    tests = found.pairs[0].metrics
    for name in ("map", "lrap", "f1_micro", "hamming_loss", "top1_hit", "bce"):
        assert tests[name].verdict == "ahead"
        assert tests[name].detectable > 0


def test_as_many_draws_as_the_largest_family_needs(make_films):
    films = make_films(0, 40)
    runs = {"a": Scored(films.y_score), "b": Scored(films.y_score.copy(), 0.3)}
    assert compared(films, runs, n_draws=None).n_draws == 10_000


def test_a_comparison_goes_to_json_and_comes_back(make_films):
    films = make_films(0, 100)
    found = compared(films, {"a": Scored(films.y_score), "b": Scored(films.y_score, 0.3)})
    text = json.dumps(found.to_json(), allow_nan=False)
    assert Comparison.from_json(json.loads(text)) == found


def test_same_seed_same_comparison_and_another_seed_another_one(make_films):
    films, other = make_films(0), make_films(3)
    runs = pair_of(films, other.y_score)
    one, same, another = (compared(films, runs, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.intervals["map"] != another.intervals["map"]
