"""The effect of flagged films on mAP, held against scikit-learn and against plain loops."""

import numpy as np
import pytest

from genre_core.errors import DataError
from genre_core.evaluation.formulas import mean_average_precision
from genre_core.evaluation.leakage_effect import effect_of_removing


def flags(n_films, n_flagged):
    flagged = np.zeros(n_films, dtype=bool)
    flagged[:n_flagged] = True
    return flagged


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
def test_map_is_that_of_the_formula(make_films, kind):
    films = make_films(1, kind=kind)
    flagged = flags(60, 12)
    effect = effect_of_removing(films.y_true, films.y_score, flagged, macro=films.macro)
    for value, rows in ((effect.map_all, flagged | True), (effect.map_without, ~flagged)):
        expected = mean_average_precision(
            films.y_true[rows], films.y_score[rows], macro=films.macro
        )
        assert value == pytest.approx(expected)


def test_random_films_are_those_of_the_seed(make_films):
    films, flagged = make_films(2), flags(60, 12)
    effect = effect_of_removing(
        films.y_true, films.y_score, flagged, macro=films.macro, n_draws=60, seed=3
    )
    random, values = np.random.default_rng(3), []
    for _ in range(60):
        rows = np.ones(60, dtype=bool)
        rows[random.choice(60, 12, replace=False)] = False
        values.append(
            mean_average_precision(films.y_true[rows], films.y_score[rows], macro=films.macro)
        )
    assert effect.map_random == pytest.approx(np.mean(values))
    assert effect.map_random_sd == pytest.approx(np.std(values, ddof=1))
    assert (effect.n_films, effect.n_flagged, effect.n_draws) == (60, 12, 60)


def test_films_that_a_run_knows_by_heart_lower_map_when_they_are_left_out(make_films):
    films, flagged = make_films(4, n_films=200), flags(200, 60)
    y_score = np.random.default_rng(0).random((200, 5))
    y_score[:60] = films.y_true[:60]
    effect = effect_of_removing(films.y_true, y_score, flagged, macro=films.macro)
    assert effect.map_without < effect.map_random - 3 * effect.map_random_sd


def test_without_flagged_films_nothing_changes(make_films):
    films = make_films(5)
    effect = effect_of_removing(films.y_true, films.y_score, flags(60, 0), macro=films.macro)
    assert effect.map_without == effect.map_all
    assert effect.map_random == pytest.approx(effect.map_all)
    assert effect.map_random_sd == pytest.approx(0)


def test_a_genre_that_only_flagged_films_have_is_left_out_of_the_mean():
    y_true = np.array([[1, 0], [0, 1], [0, 1], [0, 0]])
    y_score = np.array([[0.9, 0.1], [0.1, 0.9], [0.2, 0.3], [0.3, 0.5]])
    effect = effect_of_removing(y_true, y_score, flags(4, 1), macro=[True, True])
    assert effect.map_without == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"is_flagged": np.ones(60, dtype=bool)}, "All 60 films are flagged"),
        ({"is_flagged": np.ones(60)}, r"is_flagged is float64 \(60,\). Expected bool \(60,\)"),
        ({"is_flagged": flags(59, 3)}, r"Expected bool \(60,\)"),
        ({"n_draws": 1}, "n_draws is 1. Expected 2 or more"),
        ({"macro": np.zeros(5, dtype=bool)}, "No genre of the macro average"),
        ({"y_score": np.full((60, 5), 2.0)}, "y_score contains 2.0"),
    ],
)
def test_what_does_not_fit_is_named(make_films, changed, message):
    films = make_films(6)
    arguments = {
        **{"y_true": films.y_true, "y_score": films.y_score, "is_flagged": flags(60, 3)},
        **{"macro": films.macro, **changed},
    }
    positional = [arguments.pop(name) for name in ("y_true", "y_score", "is_flagged")]
    with pytest.raises(DataError, match=message):
        effect_of_removing(*positional, **arguments)
