"""What is particular to the baselines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genre_core.catalogue import entry
from genre_core.data.films import Films
from genre_core.errors import TrainingError
from genre_core.models.base import NullMonitor, make_model
from genre_core.models.linear import fit_linear
from genre_core.models.poster.poster_statistics import poster_features


def films(*overviews: str) -> Films:
    y_true = np.eye(len(overviews), 2, dtype=np.uint8)
    return Films(tuple(map(str, range(len(overviews)))), overviews, ("A", "B"), y_true)


def test_the_prior_is_the_share_of_the_training_films():
    train = replace(films("a", "b", "c", "d"), y_true=np.array([[1, 0]] * 3 + [[0, 0]], np.uint8))
    model = make_model(entry("prior").recipe("default"), ("A", "B"), seed=0)
    model.fit(train, train, NullMonitor())
    assert model.predict_scores(films("e")).tolist() == [[0.75, 0.0]]


def test_overviews_without_a_common_word_are_refused_with_the_reason():
    model = make_model(entry("overview_tfidf").recipe("default"), ("A", "B"), seed=0)
    train = films("one", "two", "three")
    with pytest.raises(TrainingError, match="No word occurs in two training overviews"):
        model.fit(train, train, NullMonitor())


def test_document_frequencies_come_from_the_training_films_alone():
    model = make_model(entry("overview_tfidf").recipe("default"), ("A", "B"), seed=0)
    train = films("dog runs", "dog sleeps", "cat runs", "cat sleeps")
    model.fit(train, films("zebra zebra", "zebra runs"), NullMonitor())
    assert "zebra" not in model.preprocessing()["phrases"]


def test_a_genre_without_a_film_gets_a_score_near_0_and_the_others_are_fitted():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, 3))
    y_true = np.stack([features[:, 0] > 0, np.zeros(60), np.ones(60)], axis=1).astype(np.uint8)
    scores = fit_linear(features, y_true, (features, y_true)).scores(features)
    assert scores[:, 1].max() < 1e-6
    assert scores[:, 2].min() > 1 - 1e-6
    assert ((scores[:, 0] > 0.5) == y_true[:, 0]).mean() > 0.9


def test_the_strength_is_that_of_the_lowest_validation_loss():
    rng = np.random.default_rng(0)
    features, noise = rng.normal(size=(40, 30)), rng.integers(0, 2, size=(40, 1)).astype(np.uint8)
    held_out = rng.normal(size=(40, 30)), rng.integers(0, 2, size=(40, 1)).astype(np.uint8)
    assert fit_linear(features, noise, held_out, (0.001, 100.0)).strength == 0.001


def test_poster_features_tell_colours_places_and_directions_apart():
    red, stripes = np.zeros((2, 64, 64, 3), np.uint8)
    red[..., 0] = 255
    stripes[::4] = 255
    features = poster_features(np.stack([red, stripes, stripes.swapaxes(0, 1)]))
    assert features.shape[0] == 3
    assert np.isfinite(features).all()
    assert len(np.unique(features.round(6), axis=0)) == 3
