"""McNemar's test and its correction are those of statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_of_statsmodels
from statsmodels.stats.multitest import multipletests

from genre_core.errors import DataError
from genre_core.evaluation.agreement import LEAST_DISCORDANT, mcnemar
from genre_core.evaluation.oracle import agreement_counts


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_exact_test_of_statsmodels_with_holms_correction(seed):
    random = np.random.default_rng(seed)
    first, second = random.integers(0, 30, size=(2, 12))
    is_tested = first + second >= LEAST_DISCORDANT
    found = mcnemar(first, second)
    expected = [
        mcnemar_of_statsmodels([[7, a], [b, 5]], exact=True).pvalue
        for a, b in zip(first[is_tested], second[is_tested], strict=True)
    ]
    assert found.p_values[is_tested] == pytest.approx(np.array(expected))
    assert found.p_holm[is_tested] == pytest.approx(multipletests(expected, method="holm")[1])
    assert np.isnan(found.p_values[~is_tested]).all()
    assert np.isnan(found.p_holm[~is_tested]).all()


def test_genres_that_are_not_tested_do_not_count_for_the_correction():
    found = mcnemar([20, 1, 4], [2, 0, 5])
    assert found.p_holm[0] == found.p_values[0] < 0.05
    assert np.isnan(found.p_holm[1:]).all()
    assert np.isnan(mcnemar([0, 3], [0, 2]).p_values).all()
    assert np.isnan(mcnemar([0], [0], least=0).p_values).all()


def test_it_takes_the_columns_of_agreement_counts(make_films):
    films = make_films(0, n_films=400)
    good = (films.y_score > 0.3).astype(np.uint8)
    found = agreement_counts(films.y_true, good, np.zeros_like(good))
    tested = mcnemar(found[:, 1], found[:, 2])
    assert tested.p_holm[0] < 0.001


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [([1, 2], [1], r"shapes \(2,\) and \(1,\)"), ([1, -2], [1, 3], "lowest count is -2")],
)
def test_counts_that_do_not_match_are_refused(first, second, message):
    with pytest.raises(DataError, match=message):
        mcnemar(first, second)
