"""What can be trained: a literal table that the command line and the pages read without keras.

A recipe names the class that builds the model and the values that differ from the defaults of its
config class; the reasons stand beside those defaults, in that class's file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from genre_core.errors import TrainingError, nearest

Modality = Literal["poster", "overview", "both", "none", "unknown"]
Kind = Literal["base_rates", "linear", "network", "fusion", "pretrained", "imported"]

DEFAULT_RECIPE = "improved"
ONLY_RECIPE = "default"  # of models that are fitted at once
RECIPES_HELP = (
    "Of the networks: 'improved' has two paths and is the better one; 'reference' is that of two "
    "student reports, layer by layer."
)


@dataclass(frozen=True)
class Recipe:
    """One way to make a model.

    Attributes:
        implementation: "module:Class", imported only by a training.
        options: config values that differ from the defaults of the class's config.
    """

    implementation: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """A setting that can be combined with any recipe that has it.

    Attributes:
        name: name in commands and in the config of a run.
        label: name for people.
        models: models that have it.
        values: what it can be.
        sentence: what it does, in one sentence.
        recipes: recipes that have it; without any, all of them.
    """

    name: str
    label: str
    models: tuple[str, ...]
    values: tuple[str | float, ...]
    sentence: str
    recipes: tuple[str, ...] = ()

    def is_for(self, model: str, recipe: str) -> bool:
        """Return whether a recipe of a model has it."""
        return model in self.models and (not self.recipes or recipe in self.recipes)


@dataclass(frozen=True)
class ModelEntry:
    """One model that can be trained.

    Attributes:
        name: name in commands and run ids.
        label: name for people.
        modality: what it looks at.
        kind: what it is; this decides its place in tables, its colour and its rivals.
        recipes: the ways to make it, by name.
        sentence: what it is, in one sentence.
        in_epochs: whether it is trained in epochs, or fitted at once.
        parents: the models on whose runs it builds.
    """

    name: str
    label: str
    modality: Modality
    kind: Kind
    recipes: Mapping[str, Recipe]
    sentence: str
    in_epochs: bool = False
    parents: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """Return what a run of this model says of itself in its config."""
        return {
            "label": self.label,
            "modality": self.modality,
            "kind": self.kind,
            "in_epochs": self.in_epochs,
        }

    def recipe(self, name: str) -> Recipe:
        """Return the recipe `name`.

        Raises:
            TrainingError: this model has none of that name.
        """
        if name not in self.recipes:
            raise TrainingError(
                f"The model '{self.name}' has no recipe '{name}'.{nearest(name, self.recipes)} "
                f"It has: {', '.join(self.recipes)}."
            )
        return self.recipes[name]

    def recipe_for(self, asked: str) -> str:
        """Return `asked` where this model has that recipe, else its first one.

        Raises:
            TrainingError: no model has a recipe of that name.
        """
        if asked in self.recipes:
            return asked
        if not any(asked in model.recipes for model in MODELS):
            self.recipe(asked)
        return next(iter(self.recipes))


OPTIONS: tuple[Option, ...] = (
    Option(
        name="loss",
        label="Loss",
        models=("poster_cnn", "overview_lstm"),
        values=("bce", "weighted", "class_balanced", "focal", "asymmetric"),
        sentence="What is minimised: all but plain binary cross-entropy give rare genres more.",
    ),
    Option(
        name="sampling",
        label="Films of an epoch",
        models=("poster_cnn", "overview_lstm"),
        values=("all", "oversample_rare", "subsample_frequent"),
        sentence="All films once, films of rare genres more often, or half of those that have "
        "only the most frequent genres, such as Drama and Comedy.",
    ),
    Option(
        name="augmentation",
        label="Poster augmentation",
        models=("poster_cnn",),
        recipes=("improved",),
        values=("shift_flip", "shift_flip_colour", "shift", "none"),
        sentence="How training posters are varied at random, after they were decoded.",
    ),
    Option(
        name="linear_path",
        label="Linear path",
        models=("poster_cnn", "overview_lstm"),
        recipes=("improved",),
        values=("on", "off"),
        sentence="Beside the CNN one on colours, edges and patches, beside the LSTM one on words "
        "and letters.",
    ),
    Option(
        name="word_dropout",
        label="Word dropout",
        models=("overview_lstm",),
        recipes=("improved",),
        values=(0.3, 0.0, 0.1, 0.5),
        sentence="Share of the words that training replaces by the unknown word.",
    ),
    Option(
        name="batch_size",
        label="Batch size",
        models=("poster_cnn", "overview_lstm"),
        recipes=("improved",),
        values=(64, 128, 256),
        sentence="Films a step; larger steps suit a GPU. Learning rate and averaging follow it.",
    ),
    Option(
        name="precision",
        label="Number format",
        models=("poster_cnn",),
        recipes=("improved",),
        values=("float32", "mixed_bfloat16"),
        sentence="Numbers that the CNN computes with: mixed ones are for a GPU that has them.",
    ),
)

POSTER_CNN = "genre_core.models.poster.cnn:PosterCNN"
POSTER_TWO_PATHS = "genre_core.models.poster.two_paths:PosterTwoPaths"
OVERVIEW_LSTM = "genre_core.models.overview.lstm:OverviewLSTM"
OVERVIEW_TWO_PATHS = "genre_core.models.overview.two_paths:OverviewTwoPaths"

MODELS: tuple[ModelEntry, ...] = (
    ModelEntry(
        name="prior",
        label="Base rates",
        modality="none",
        kind="base_rates",
        recipes={ONLY_RECIPE: Recipe("genre_core.models.prior:Prior")},
        sentence="Gives every film the share of the training films that have each genre.",
    ),
    ModelEntry(
        name="poster_features",
        label="Poster colours and edges, linear",
        modality="poster",
        kind="linear",
        recipes={ONLY_RECIPE: Recipe("genre_core.models.poster.features:PosterFeatures")},
        sentence="Colour and edge statistics of the poster, one logistic regression a genre.",
    ),
    ModelEntry(
        name="overview_tfidf",
        label="Overview TF-IDF, linear",
        modality="overview",
        kind="linear",
        recipes={ONLY_RECIPE: Recipe("genre_core.models.overview.tfidf:OverviewTfidf")},
        sentence="Words and word pairs of the overview, one logistic regression a genre.",
    ),
    ModelEntry(
        name="poster_cnn",
        label="Poster network (CNN)",
        modality="poster",
        kind="network",
        in_epochs=True,
        recipes={
            "improved": Recipe(POSTER_TWO_PATHS),
            "reference": Recipe(POSTER_CNN),
        },
        sentence="Convolutional network on the poster.",
    ),
    ModelEntry(
        name="overview_lstm",
        label="Overview network (BiLSTM)",
        modality="overview",
        kind="network",
        in_epochs=True,
        recipes={
            "improved": Recipe(OVERVIEW_TWO_PATHS),
            "reference": Recipe(OVERVIEW_LSTM),
        },
        sentence="Bidirectional LSTM on the words of the overview.",
    ),
    ModelEntry(
        name="fusion",
        label="Fusion of both networks",
        modality="both",
        kind="fusion",
        recipes={ONLY_RECIPE: Recipe("genre_core.models.fusion:Fusion")},
        sentence="Weighted sum of what both networks say beyond the genre's frequency, in "
        "log-odds, fitted on validation films.",
        parents=("poster_cnn", "overview_lstm"),
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


def chosen_options(words: Sequence[str], model: str, recipe: str) -> dict[str, Any]:
    """Return the options that a recipe of a model has, of those asked for.

    Args:
        words: "name=value" each; the last one of a name counts.
        model: name of the model.
        recipe: name of its recipe.

    Raises:
        TrainingError: there is no such option, or it has no such value.
    """
    chosen: dict[str, Any] = {}
    for word in words:
        name, _, text = word.partition("=")
        option = next((option for option in OPTIONS if option.name == name), None)
        if option is None:
            names = [option.name for option in OPTIONS]
            raise TrainingError(
                f"There is no option '{name}'.{nearest(name, names)} Options: {', '.join(names)}; "
                "expected NAME=VALUE."
            )
        value = next((value for value in option.values if str(value) == text), None)
        if value is None:
            values = [str(value) for value in option.values]
            raise TrainingError(
                f"The option '{name}' has no value '{text}'.{nearest(text, values)} "
                f"It has: {', '.join(values)}."
            )
        if option.is_for(model, recipe):
            chosen[name] = value
    return chosen
