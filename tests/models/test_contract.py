"""Every model of the catalogue keeps the contract of `models/base.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genre_core.catalogue import MODELS, OPTIONS, ModelEntry, Recipe
from genre_core.catalogue import entry as entry_of
from genre_core.data.decoding import Size
from genre_core.data.films import Films
from genre_core.errors import TrainingError
from genre_core.models.base import Model, NullMonitor, make_model

pytestmark = pytest.mark.training
GENRES = ("Comedy", "Drama", "War")
WORDS = ("laugh", "tears", "soldier", "town", "friend", "night")


# One recipe stands for all that build the same class.
KINDS = {
    recipe.implementation: (entry, name, recipe)
    for entry in MODELS
    for name, recipe in reversed(entry.recipes.items())
}


def some_films(n_films: int, seed: int, size: Size = (64, 64)) -> Films:
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 2, size=(n_films, len(GENRES)), dtype=np.uint8)
    overviews = tuple(
        " ".join(rng.choice(WORDS, size=rng.integers(1, 9))) + f" {WORDS[row.argmax()]}"
        for row in y_true
    )
    posters = rng.integers(0, 256, size=(n_films, *size, 3), dtype=np.uint8)
    noise = [rng.random(y_true.shape, dtype=np.float32) for _ in range(2)]
    return Films(
        tuple(f"f{i}" for i in range(n_films)),
        overviews,
        GENRES,
        y_true,
        posters,
        tuple((0.5 * part + 0.5 * y_true).astype(np.float32) for part in noise),
    )


class Kind:
    """One class of models: a recipe that builds it, and films as it wants them."""

    def __init__(self, entry: ModelEntry, recipe: Recipe) -> None:
        self.recipe = recipe
        self.options = {"epochs": 1, "batch_size": 16} if entry.in_epochs else {}
        size = self.make().poster_size or (64, 64)
        self.films = {name: some_films(n, seed, size) for name, n, seed in PARTS}
        self.model = self.fitted()

    def make(self, seed: int = 5) -> Model:
        return make_model(self.recipe, GENRES, self.options, seed=seed)

    def fitted(self) -> Model:
        model = self.make()
        model.fit(self.films["train"], self.films["validation"], NullMonitor())
        return model


PARTS = (("train", 40, 1), ("validation", 12, 2), ("others", 9, 3))


@pytest.fixture(
    scope="module", params=KINDS.values(), ids=[f"{e.name}-{name}" for e, name, _ in KINDS.values()]
)
def kind(request: pytest.FixtureRequest) -> Kind:
    entry, _, recipe = request.param
    return Kind(entry, recipe)


def test_one_score_in_0_to_1_for_each_film_and_genre(kind):
    scores = kind.model.predict_scores(kind.films["others"])
    assert scores.shape == (9, 3)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    assert scores.min() >= 0
    assert scores.max() <= 1


def test_saved_and_loaded_gives_the_same_scores(kind, tmp_path: Path):
    kind.model.save(tmp_path)
    again = kind.make(seed=0)
    again.load(tmp_path)
    others = kind.films["others"]
    np.testing.assert_array_equal(again.predict_scores(others), kind.model.predict_scores(others))


def test_same_seed_same_scores(kind):
    others = kind.films["others"]
    again = kind.fitted()
    np.testing.assert_array_equal(again.predict_scores(others), kind.model.predict_scores(others))


def test_scores_do_not_depend_on_the_order_of_films(kind):
    others = kind.films["others"]
    order = np.random.default_rng(0).permutation(len(others))
    scores = kind.model.predict_scores(others)
    shuffled = kind.model.predict_scores(others.take(order))
    np.testing.assert_allclose(shuffled, scores[order], atol=1e-6)


def test_an_unknown_option_is_refused_with_the_known_ones(kind):
    with pytest.raises(TrainingError, match="has no option layers"):
        make_model(kind.recipe, GENRES, {"layers": 3}, seed=0)


@pytest.mark.parametrize("model", ["poster_cnn", "overview_lstm"])
def test_a_network_without_a_linear_path_learns_and_comes_back(model, tmp_path: Path):
    recipe = entry_of(model).recipe("improved")
    options = {"epochs": 1, "batch_size": 16, "linear_path": "off"}
    made, again = (make_model(recipe, GENRES, options, seed=0) for _ in range(2))
    films = {name: some_films(n, seed, (96, 64)) for name, n, seed in PARTS}
    made.fit(films["train"], films["validation"], NullMonitor())
    made.save(tmp_path)
    again.load(tmp_path)
    others = films["others"]
    np.testing.assert_array_equal(again.predict_scores(others), made.predict_scores(others))


@pytest.mark.parametrize("entry", MODELS, ids=lambda entry: entry.name)
def test_every_recipe_makes_a_model(entry):
    for recipe in entry.recipes.values():
        make_model(recipe, GENRES, seed=0)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_is_one_that_its_models_have(option):
    for entry in MODELS:
        for name, recipe in entry.recipes.items():
            if option.is_for(entry.name, name):
                for value in option.values:
                    make_model(recipe, GENRES, {option.name: value}, seed=0)
