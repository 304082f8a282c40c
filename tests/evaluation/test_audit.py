"""The label review finds flipped labels, and leaves out the others."""

import numpy as np
import pytest

from genre_core.evaluation.audit import audited_genres, suspects


def world(seed):
    """400 films, 3 genres, two runs that know something of the truth, each in its own way."""
    random = np.random.default_rng(seed)
    truth = (random.random((400, 3)) < [0.5, 0.3, 0.15]).astype(np.uint8)
    runs = [
        np.clip(0.25 + 0.5 * truth + random.normal(0, 0.15, truth.shape), 0.01, 0.99).astype(
            np.float32
        )
        for _ in range(2)
    ]
    is_wrong = random.random(truth.shape) < 0.03
    return np.where(is_wrong, 1 - truth, truth).astype(np.uint8), runs, is_wrong


@pytest.mark.parametrize("seed", range(4))
def test_flipped_labels_come_first(seed):
    labels, runs, is_wrong = world(seed)
    found = suspects(labels, *runs)
    first = is_wrong[found.films, found.genres][: int(is_wrong.sum() * 0.7)]
    assert first.mean() > 0.9
    assert (np.diff(found.strength) <= 0).all()
    assert len(set(found.strength.round(2).tolist()[:20])) >= 10  # not 1.00 in every line
    assert (found.is_labelled == (labels[found.films, found.genres] == 1)).all()


def test_the_strength_is_the_joint_log_odds_of_the_opposite_label():
    labels, (first, second), _ = world(0)
    found = suspects(labels, first, second)
    film, genre = found.films[0], found.genres[0]
    odds = [p / (1 - p) for p in (float(first[film, genre]), float(second[film, genre]))]
    share = labels[:, genre].mean()
    joint = np.log(odds[0] * odds[1] / (share / (1 - share)))
    assert found.strength[0] == pytest.approx(-joint if found.is_labelled[0] else joint, rel=1e-6)


def test_one_run_alone_is_not_enough():
    labels, (first, _), _ = world(0)
    agrees = np.where(labels == 1, 0.9, 0.1).astype(np.float32)
    assert suspects(labels, first, agrees).films.size == 0


def test_the_order_of_the_runs_does_not_matter():
    labels, runs, _ = world(1)
    one, other = suspects(labels, *runs), suspects(labels, *runs[::-1])
    assert set(zip(one.films, one.genres, strict=True)) == set(
        zip(other.films, other.genres, strict=True)
    )


def test_genres_with_few_films_are_left_out():
    labels, runs, _ = world(2)
    labels[:, 2] = 0
    labels[:19, 2] = 1
    assert audited_genres(labels).tolist() == [True, True, False]
    assert 2 not in suspects(labels, *runs).genres


def test_constant_scores_have_a_finite_strength():
    labels, _, _ = world(3)
    flat = np.full(labels.shape, 0.5, dtype=np.float32)
    found = suspects(labels, flat, flat)
    assert np.isfinite(found.strength).all()


def test_a_run_with_constant_scores_contradicts_nothing():
    labels, (first, _), _ = world(0)
    constant = np.full(labels.shape, 0.3, np.float32)
    assert suspects(labels, first, constant).films.size == 0
