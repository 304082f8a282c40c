"""Every model of the catalogue keeps the contract of `models/base.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genre_core.catalogue import MODELS, ModelEntry
from genre_core.data.films import Films
from genre_core.errors import TrainingError
from genre_core.models.base import Model, Silent, make_model

GENRES = ("Comedy", "Drama", "War")
WORDS = ("laugh", "tears", "soldier", "town", "friend", "night")


def some_films(n_films: int, seed: int) -> Films:
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 2, size=(n_films, len(GENRES)), dtype=np.uint8)
    overviews = tuple(
        " ".join(rng.choice(WORDS, size=rng.integers(1, 9))) + f" {WORDS[row.argmax()]}"
        for row in y_true
    )
    posters = rng.integers(0, 256, size=(n_films, 64, 64, 3), dtype=np.uint8)
    return Films(tuple(f"f{i}" for i in range(n_films)), overviews, GENRES, y_true, posters)


TRAIN, VALIDATION, OTHERS = some_films(40, 1), some_films(12, 2), some_films(9, 3)


def fitted(entry: ModelEntry, seed: int = 5) -> Model:
    config = {"epochs": 1, "batch_size": 16} if entry.is_network else {}
    model = make_model(entry, GENRES, config, seed=seed)
    model.fit(TRAIN, VALIDATION, Silent())
    return model


@pytest.fixture(scope="module")
def models() -> dict[str, Model]:
    return {entry.name: fitted(entry) for entry in MODELS}


@pytest.mark.parametrize("entry", MODELS, ids=lambda entry: entry.name)
class TestContract:
    def test_one_score_in_0_to_1_for_each_film_and_genre(self, entry, models):
        scores = models[entry.name].predict_scores(OTHERS)
        assert scores.shape == (9, 3)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()
        assert scores.min() >= 0
        assert scores.max() <= 1

    def test_saved_and_loaded_gives_the_same_scores(self, entry, models, tmp_path: Path):
        models[entry.name].save(tmp_path)
        config = {"epochs": 1, "batch_size": 16} if entry.is_network else {}
        again = make_model(entry, GENRES, config, seed=0)
        again.load(tmp_path)
        np.testing.assert_array_equal(
            again.predict_scores(OTHERS), models[entry.name].predict_scores(OTHERS)
        )

    def test_same_seed_same_scores(self, entry, models):
        np.testing.assert_array_equal(
            fitted(entry).predict_scores(OTHERS), models[entry.name].predict_scores(OTHERS)
        )

    def test_scores_do_not_depend_on_the_order_of_films(self, entry, models):
        order = np.random.default_rng(0).permutation(len(OTHERS))
        scores = models[entry.name].predict_scores(OTHERS)
        shuffled = models[entry.name].predict_scores(OTHERS.take(order))
        np.testing.assert_allclose(shuffled, scores[order], atol=1e-6)

    def test_an_unknown_option_is_refused_with_the_known_ones(self, entry, models):
        with pytest.raises(TrainingError, match="has no option layers"):
            make_model(entry, GENRES, {"layers": 3}, seed=0)

    def test_every_recipe_makes_a_model(self, entry, models):
        for options in entry.recipes.values():
            make_model(entry, GENRES, options, seed=0)
