"""Confusions against plain loops."""

import numpy as np
import pytest

from genre_core.errors import DataError
from genre_core.evaluation.confusions import occurring_together, predicted_instead


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
            said = [film for film in missed if y_pred[film, column] and not y_true[film, column]]
            assert confusion.counts[row, column] == len(said)
            if missed:
                assert confusion.shares[row, column] == len(said) / len(missed)


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
