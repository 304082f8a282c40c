"""What can be trained: a literal table that the command line and the pages read without keras.

A recipe is a set of values that differ from the defaults of a model's config class; the reasons
stand beside those defaults, in the model's file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genre_core.errors import TrainingError, nearest

DEFAULT_RECIPE = "reference"
BASELINE_RECIPES: Mapping[str, Mapping[str, Any]] = {"default": {}}


@dataclass(frozen=True)
class ModelEntry:
    """One model that can be trained.

    Attributes:
        name: name in commands and run ids.
        label: name for people.
        modality: what it looks at: "poster", "overview" or "nothing".
        is_network: whether it trains in epochs; baselines are fitted at once.
        implementation: "module:Class", imported only by a training.
        recipes: recipe name to config values that differ from the defaults.
        sentence: what it is, in one sentence.
    """

    name: str
    label: str
    modality: str
    is_network: bool
    implementation: str
    recipes: Mapping[str, Mapping[str, Any]]
    sentence: str

    def recipe_for(self, asked: str) -> str:
        """Return `asked` where this model has that recipe; for a baseline its only one.

        Raises:
            TrainingError: a network has no recipe of that name, or no model has.
        """
        if not self.is_network and any(asked in model.recipes for model in MODELS):
            return next(iter(self.recipes))
        if asked not in self.recipes:
            raise TrainingError(
                f"The model '{self.name}' has no recipe '{asked}'.{nearest(asked, self.recipes)} "
                f"It has: {', '.join(self.recipes)}."
            )
        return asked


MODELS: tuple[ModelEntry, ...] = (
    ModelEntry(
        name="prior",
        label="Genre frequencies",
        modality="nothing",
        is_network=False,
        implementation="genre_core.models.prior:Prior",
        recipes=BASELINE_RECIPES,
        sentence="Gives every film the share of the training films that have each genre.",
    ),
    ModelEntry(
        name="poster_features",
        label="Poster colours and edges, linear",
        modality="poster",
        is_network=False,
        implementation="genre_core.models.poster_features:PosterFeatures",
        recipes=BASELINE_RECIPES,
        sentence="Colour and edge statistics of the poster, one logistic regression a genre.",
    ),
    ModelEntry(
        name="overview_tfidf",
        label="Overview TF-IDF, linear",
        modality="overview",
        is_network=False,
        implementation="genre_core.models.overview_tfidf:OverviewTfidf",
        recipes=BASELINE_RECIPES,
        sentence="Words and word pairs of the overview, one logistic regression a genre.",
    ),
    ModelEntry(
        name="poster_cnn",
        label="Poster network (CNN)",
        modality="poster",
        is_network=True,
        implementation="genre_core.models.poster_cnn:PosterCNN",
        recipes={
            "reference": {},
            "quick": {"epochs": 16, "learning_rate": 1e-3},
        },
        sentence="Seven convolutions and two dense layers on the poster at 64 x 64 pixels.",
    ),
    ModelEntry(
        name="overview_lstm",
        label="Overview network (BiLSTM)",
        modality="overview",
        is_network=True,
        implementation="genre_core.models.overview_lstm:OverviewLSTM",
        recipes={
            "reference": {},
            "quick": {"epochs": 9, "learning_rate": 3e-3},
        },
        sentence="Two bidirectional LSTM layers on the words of the overview.",
    ),
)


def find(name: str) -> ModelEntry | None:
    """Return the catalogue entry of the model `name`; None for one that this version lacks."""
    return next((model for model in MODELS if model.name == name), None)


def entry(name: str) -> ModelEntry:
    """Return the catalogue entry of the model `name`.

    Raises:
        TrainingError: there is no such model.
    """
    found = find(name)
    if found is not None:
        return found
    names = [model.name for model in MODELS]
    raise TrainingError(
        f"There is no model '{name}'.{nearest(name, names)} Models: {', '.join(names)}; "
        "'all' is every one of them."
    )
