"""Confusions against plain loops."""

import numpy as np
import pytest

from genre_core.errors import DataError
from genre_core.evaluation.confusions import FEW, occurring_together, predicted_instead


@pytest.fixture
def labels():
    random = np.random.default_rng(1)
    y_true, y_pred = ((random.random((50, 5)) < 0.4).astype(np.uint8) for _ in range(2))
    y_true[:, 4] = 0
    return y_true, y_pred


def test_each_cell_counts_the_films_that_it_names(labels):
    y_true, y_pred = labels
    confusion = predicted_instead(y_true, y_pred)
    for row in range(5):
        missed = [film for film in range(50) if y_true[film, row] and not y_pred[film, row]]
        assert confusion.n_missed[row] == len(missed)
        assert confusion.support[row] == y_true[:, row].sum()
        for column in range(5):
            lacking = [film for film in missed if not y_true[film, column]]
            predicted = [film for film in lacking if y_pred[film, column]]
            assert confusion.counts[row, column] == len(predicted)
            assert confusion.n_lacking[row, column] == len(lacking)
            if lacking:
                assert confusion.shares[row, column] == len(predicted) / len(lacking)


def test_the_reference_is_all_films_that_lack_the_predicted_genre(labels):
    y_true, y_pred = labels
    confusion = predicted_instead(y_true, y_pred)
    for column in range(5):
        assert confusion.base_shares[column] == y_pred[y_true[:, column] == 0, column].mean()
    expected = confusion.shares / confusion.base_shares
    np.testing.assert_allclose(confusion.lift, expected)
    assert np.isnan(confusion.lift.diagonal()).all()


def test_predictions_that_ignore_the_film_have_a_lift_of_about_1():
    random = np.random.default_rng(0)
    y_true = (random.random((5000, 4)) < [0.5, 0.4, 0.3, 0.2]).astype(np.uint8)
    y_pred = (random.random(y_true.shape) < [0.9, 0.1, 0.5, 0.3]).astype(np.uint8)
    off_diagonal = ~np.eye(4, dtype=bool)
    for confusion in (predicted_instead(y_true, y_pred), predicted_instead(y_pred, y_true)):
        assert confusion.lift[off_diagonal] == pytest.approx(np.ones(12), abs=0.3)


def test_a_genre_never_predicted_or_true_for_all_has_no_lift(labels):
    y_true, y_pred = labels
    y_true[:, 0], y_pred[:, 1] = 1, 0
    confusion = predicted_instead(y_true, y_pred)
    assert np.isnan(confusion.base_shares[0])
    assert np.isnan(confusion.lift[:, :2]).all()


def test_shares_of_few_films_are_marked(labels):
    confusion = predicted_instead(*labels)
    assert (confusion.is_few == (confusion.n_lacking < FEW)).all()
    assert confusion.is_few.any()
    assert not confusion.is_few.all()


def test_a_genre_without_a_miss_has_no_shares(labels):
    y_true, y_pred = labels
    assert np.isnan(predicted_instead(y_true, y_pred).shares[4]).all()
    perfect = predicted_instead(y_true, y_true)
    assert perfect.counts.sum() == perfect.n_missed.sum() == 0


def test_other_shapes_are_refused(labels):
    y_true, y_pred = labels
    with pytest.raises(DataError, match="Expected that of y_true"):
        predicted_instead(y_true, y_pred[:, :4])


def test_genres_that_occur_together(labels):
    y_true, _ = labels
    shares = occurring_together(y_true)
    with_first = y_true[y_true[:, 0] == 1]
    assert shares[0, 1] == with_first[:, 1].mean()
    assert np.isnan(shares.diagonal()).all()
    assert np.isnan(shares[4]).all()
    assert (shares[:4, 4] == 0).all()
