"""Which films an epoch sees."""

import numpy as np
import pytest

from genre_core.models.sampling import MOST_OFTEN, epoch_rows

# 60 films: 40 only Drama, 20 Drama and War in 3 of them, Western in one.
Y_TRUE = np.zeros((60, 3), dtype=np.uint8)
Y_TRUE[:, 0] = 1
Y_TRUE[:3, 1] = 1
Y_TRUE[3, 2] = 1


def rows(sampling: str, seed: int = 0) -> np.ndarray:
    return epoch_rows(Y_TRUE, sampling, np.random.default_rng(seed))


@pytest.mark.parametrize("sampling", ["all", "oversample_rare", "subsample_frequent"])
def test_the_same_generator_gives_the_same_epoch(sampling):
    np.testing.assert_array_equal(rows(sampling), rows(sampling))
    assert not np.array_equal(rows(sampling), rows(sampling, 1))


def test_all_films_are_seen_once():
    assert sorted(rows("all")) == list(range(60))


def test_films_of_rare_genres_are_seen_more_often_up_to_a_limit():
    times = np.mean(
        [np.bincount(rows("oversample_rare", seed), minlength=60) for seed in range(99)], 0
    )
    assert (times[4:] == 1).all()
    assert times[:3] == pytest.approx(np.sqrt(0.1 / 0.05), abs=0.15)
    assert times[3] == pytest.approx(np.sqrt(0.1 * 60), abs=0.15)
    assert times.max() <= MOST_OFTEN


def test_half_of_the_films_with_frequent_genres_only_are_left_out_anew_in_each_epoch():
    epochs = [set(rows("subsample_frequent", seed)) for seed in range(99)]
    assert all({0, 1, 2, 3} <= epoch for epoch in epochs)
    assert np.mean([len(epoch) for epoch in epochs]) == pytest.approx(4 + 28, abs=2)
    assert set.union(*epochs) == set(range(60))
