"""Recipes by the mean of their seeds: variance over films and seeds, and its degrees of freedom."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from genre_core.evaluation.bootstrap import Scored
from genre_core.evaluation.figures import evaluate
from genre_core.evaluation.recipes import RecipePair, Seeds, compare_recipes, corrected


def seeds_of(films, n_seeds, first_seed, noise=0.05):
    runs = []
    for place in range(n_seeds):
        random = np.random.default_rng(first_seed + place)
        score = films.y_score + random.normal(0, noise, films.y_score.shape)
        runs.append(Scored(np.clip(score, 0, 1).astype(np.float32)))
    return Seeds(tuple(f"{first_seed + place}" for place in range(n_seeds)), tuple(runs))


def compared(films, recipes, *pairs):
    return corrected(
        compare_recipes(films.y_true, recipes, list(pairs), n_draws=400, **films.facts)
    )


def figures(films, seeds, name):
    return np.array(
        [evaluate(films.y_true, run.y_score, **films.facts)[name] for run in seeds.runs]
    )


def test_the_difference_is_that_of_the_means_and_its_error_has_two_parts(make_films):
    films = make_films(0, 200)
    recipes = {"a": seeds_of(films, 4, 0), "b": seeds_of(films, 3, 10, noise=0.2)}
    (found,) = compared(films, recipes, RecipePair("a", "b"))
    for name in ("map", "bce", "bce_to_prior"):
        values = {recipe: figures(films, seeds, name) for recipe, seeds in recipes.items()}
        test = found.metrics[name]
        assert test.value == pytest.approx(values["b"].mean() - values["a"].mean())
        over_seeds = sum(one.var(ddof=1) / len(one) for one in values.values())
        assert test.standard_error**2 > over_seeds
        half = (test.interval.high - test.interval.low) / 2
        df = test.degrees_of_freedom
        assert half == pytest.approx(stats.t.ppf(0.975, df) * test.standard_error, rel=1e-6)
        assert found.spreads[name] == pytest.approx(
            (values["a"].std(ddof=1), values["b"].std(ddof=1))
        )
        assert 2 <= df <= 199 + 3 + 2


@pytest.mark.parametrize(("noise", "films_count"), [(0.005, True), (0.5, False)])
def test_degrees_of_freedom_are_satterthwaites(make_films, noise, films_count):
    """Of films and seeds, or of the seeds alone where they make up much of the variance."""
    films = make_films(0, 400)
    other = films._replace(y_score=make_films(0, 400, "ties").y_score[:, ::-1].copy())
    recipes = {"a": seeds_of(films, 5, 0, noise), "b": seeds_of(other, 3, 10, noise)}
    if not films_count:  # seeds of very different quality
        qualities = (0.05, 0.3, 0.9)
        seeds = [
            seeds_of(films, 1, place, noise=size).runs[0] for place, size in enumerate(qualities)
        ]
        recipes["b"] = Seeds(("0", "1", "2"), tuple(seeds))
    (found,) = compared(films, recipes, RecipePair("a", "b"))
    parts = [
        (figures(films, seeds, "map").var(ddof=1) / len(seeds.runs), len(seeds.runs) - 1)
        for seeds in recipes.values()
    ]
    over_seeds = sum(variance for variance, _ in parts)
    over_films = found.metrics["map"].standard_error ** 2 - over_seeds
    assert (max(variance for variance, _ in parts) <= over_films) == films_count
    if films_count:
        parts.append((over_films, 399))
    expected = sum(variance for variance, _ in parts) ** 2 / sum(
        variance**2 / df for variance, df in parts
    )
    assert found.metrics["map"].degrees_of_freedom == pytest.approx(expected)
    has_power = found.metrics["map"].detectable is not None
    assert has_power == (expected >= 20)


def test_a_deterministic_model_adds_no_variance_of_seeds(make_films):
    films = make_films(0, 200)
    single = Seeds(("only",), (Scored(films.y_score),))
    recipes = {"linear": single, "network": seeds_of(films, 3, 0)}
    (found,) = compared(films, recipes, RecipePair("linear", "network"))
    assert found.n_seeds == (1, 3)
    assert found.spreads["map"][0] is None


def test_paired_seeds_are_compared_seed_by_seed(make_films):
    """A quality that a seed gives to both runs cancels, as that of a parent does in its fusion."""
    films = make_films(0, 200)
    parents = seeds_of(films, 4, 0, noise=0.3)
    made = Seeds(
        parents.names,
        tuple(Scored((run.y_score * 0.98).astype(np.float32)) for run in parents.runs),
    )
    recipes = {"parents": parents, "made": made}
    apart, paired = compared(
        films,
        recipes,
        RecipePair("parents", "made"),
        RecipePair("parents", "made", is_paired=True),
    )
    assert paired.is_paired
    assert paired.metrics["bce"].standard_error < apart.metrics["bce"].standard_error


def test_recipes_that_differ_on_few_films_are_not_tested(make_films):
    films = make_films(0, 200)
    one = seeds_of(films, 3, 0)
    other = []
    for run in one.runs:
        score = run.y_score.copy()
        score[:9] = 1 - score[:9]
        other.append(Scored(score))
    recipes = {"a": one, "b": Seeds(one.names, tuple(other))}
    (found,) = compared(films, recipes, RecipePair("a", "b"))
    assert found.metrics["bce"].withheld == "few_different"
    assert found.metrics["bce"].p_value is None


def test_equal_recipes_are_no_difference_and_p_agrees_with_the_interval(make_films):
    films = make_films(0, 300)
    recipes = {"a": seeds_of(films, 3, 0), "b": seeds_of(films, 3, 10)}
    recipes["c"] = seeds_of(films, 3, 20, noise=0.4)
    found = compared(films, recipes, RecipePair("a", "b"), RecipePair("a", "c"))
    assert found[0].metrics["map"].verdict == "no_difference"
    assert found[1].metrics["bce"].verdict == "behind"
    for one in found:
        for test in one.metrics.values():
            assert (test.p_value < 0.05) == test.interval.excludes_zero
            assert test.p_corrected >= test.p_value
        assert one.metrics["bce"].p_value == one.metrics["bce_to_prior"].p_value
