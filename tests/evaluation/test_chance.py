"""p-values against chance are those of a permutation test of scikit-learn's average precision."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import permutation_test
from sklearn.metrics import average_precision_score

from genre_core.errors import DataError
from genre_core.evaluation import chance
from genre_core.evaluation.chance import chance_p_values
from genre_core.evaluation.formulas import average_precision

N_PERMUTATIONS = 20_000


def of_parts(positive, negative):
    """The average precision of films by the scores of those with and without the genre."""
    is_true = np.repeat([1, 0], [len(positive), len(negative)])
    return average_precision_score(is_true, np.concatenate([positive, negative]))


def exact_p_value(is_true, score):
    """The share of all ways to choose the positive films that reach the value observed."""
    return permutation_test(
        (score[is_true == 1], score[is_true == 0]),
        of_parts,
        vectorized=False,
        alternative="greater",
        n_resamples=np.inf,
    ).pvalue


def two_columns(column):
    """The functions take two genres at least."""
    return np.stack([column, column], axis=1)


@pytest.mark.parametrize("decimals", [6, 1, 0])  # without ties, with some, with many
@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_permutation_test_of_scipy(seed, decimals):
    random = np.random.default_rng(seed)
    is_true = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=np.uint8)
    score = np.clip(0.4 + 0.2 * is_true + random.normal(0, 0.3, 9), 0, 1).round(decimals)
    expected = exact_p_value(is_true, score)
    found = chance_p_values(two_columns(is_true), two_columns(score), n_permutations=N_PERMUTATIONS)
    standard_error = np.sqrt(expected * (1 - expected) / N_PERMUTATIONS)
    assert found == pytest.approx(np.full(2, expected), abs=4 * standard_error + 1e-4)


@pytest.mark.parametrize("kind", ["continuous", "ties", "constant"])
def test_the_observed_value_is_the_average_precision(make_films, kind):
    films = make_films(0, kind=kind)
    for is_true, score in zip(films.y_true.T, films.y_score.T, strict=True):
        expected = average_precision(is_true, score)
        assert chance._Ranking(is_true, score).observed == pytest.approx(expected)


def test_each_permutation_has_its_average_precision():
    is_true, score = np.array([1, 0, 1, 0, 1]), np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    ranking = chance._Ranking(is_true, score)
    orders = np.array(list(permutations(range(5))))
    found = ranking._average_precision(np.sort(orders[:, ranking.positive], axis=1))
    for order, value in zip(orders, found, strict=True):
        permuted = np.zeros(5)
        permuted[order[is_true == 1]] = 1  # scores descend, so positions are columns
        assert value == pytest.approx(average_precision_score(permuted, score))


def test_a_genre_of_one_class_has_no_p_value():
    y_true = np.array([[0, 1, 1], [0, 1, 0], [0, 1, 0]])
    y_score = np.array([[0.1, 0.2, 0.9], [0.3, 0.4, 0.1], [0.5, 0.6, 0.2]])
    found = chance_p_values(y_true, y_score, n_permutations=100)
    assert np.isnan(found[:2]).all()
    assert 0 < found[2] < 1
    assert np.isnan(chance_p_values(y_true[:, :2], y_score[:, :2])).all()


def test_constant_scores_are_no_better_than_chance(make_films):
    films = make_films(0, kind="constant")
    assert (chance_p_values(films.y_true, films.y_score, n_permutations=100) == 1).all()


def test_a_perfect_ranking_has_the_lowest_p_value(make_films):
    films = make_films(1)
    found = chance_p_values(films.y_true[:, :3], films.y_true[:, :3] * 0.5, n_permutations=999)
    assert found == pytest.approx(np.full(3, 1 / 1000))


def test_chunks_do_not_change_the_result(make_films, monkeypatch):
    films = make_films(2)
    whole = chance_p_values(films.y_true, films.y_score, n_permutations=500, seed=3)
    monkeypatch.setattr(chance, "CHUNK_CELLS", 7 * len(films.y_true))
    assert (chance_p_values(films.y_true, films.y_score, n_permutations=500, seed=3) == whole).all()


def test_p_values_of_random_scores_are_uniform():
    random = np.random.default_rng(0)
    y_true = (random.random((100, 200)) < 0.1).astype(np.uint8)
    found = chance_p_values(y_true, random.random(y_true.shape), n_permutations=500)
    assert np.mean(found <= 0.05) == pytest.approx(0.05, abs=0.04)
    assert np.median(found) == pytest.approx(0.5, abs=0.12)


def test_no_permutations_are_refused():
    with pytest.raises(DataError, match=r"n_permutations is 0. Expected 1 or more"):
        chance_p_values([[1, 0], [0, 1]], [[0.1, 0.2], [0.3, 0.4]], n_permutations=0)
