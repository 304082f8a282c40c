"""The models that can be trained, as a table that can be read without importing keras.

A recipe names the class that builds the model and the values that differ from the defaults of its
config class. The reasons for these defaults are documented in the file of that class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from genre_core.errors import TrainingError, nearest

Modality = Literal["poster", "overview", "both", "none", "unknown"]
INPUTS_OF: dict[Modality, tuple[str, ...]] = {
    "poster": ("poster",),
    "overview": ("overview",),
    "both": ("poster", "overview"),
    "none": (),
    "unknown": (),
}
Kind = Literal["base_rates", "linear", "network", "fusion", "pretrained", "imported"]

DEFAULT_RECIPE = "improved"
ONLY_RECIPE = "default"  # of models that are not trained in epochs
RECIPES_HELP = (
    "Recipe of the networks: 'improved' has two paths and better metrics; 'reference' reproduces "
    "two student reports layer by layer."
)


@dataclass(frozen=True)
class Recipe:
    """One way to build and train a model.

    Attributes:
        implementation: "module:Class", imported only for training.
        options: config values that differ from the defaults of the class's config.
    """

    implementation: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """A training option that can be combined with any recipe that supports it.

    Attributes:
        name: key in commands and in the config of a run.
        label: name shown to users.
        models: models that support it.
        values: allowed values, the recipe's own value first.
        sentence: its effect, in one sentence.
        recipes: recipes that support it; if empty, all of them.
    """

    name: str
    label: str
    models: tuple[str, ...]
    values: tuple[str | float, ...]
    sentence: str
    recipes: tuple[str, ...] = ()

    def is_for(self, model: str, recipe: str) -> bool:
        """Return whether a recipe of a model supports the option."""
        return model in self.models and (not self.recipes or recipe in self.recipes)


@dataclass(frozen=True)
class ModelEntry:
    """One model that can be trained.

    Attributes:
        name: key in commands and run ids.
        label: name shown to users.
        modality: input of the model.
        kind: type of the model, which determines its place in tables, its colour and the models
            that it is compared with.
        recipes: recipes by name.
        sentence: description in one sentence.
        in_epochs: whether it is trained in epochs.
        parents: models whose runs it combines.
    """

    name: str
    label: str
    modality: Modality
    kind: Kind
    recipes: Mapping[str, Recipe]
    sentence: str
    in_epochs: bool = False
    parents: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return what the model cannot do without: "poster", "overview", both or neither."""
        return INPUTS_OF[self.modality]

    def describe(self) -> dict[str, Any]:
        """Return the description of the model that each of its runs stores in its config."""
        return {
            "label": self.label,
            "modality": self.modality,
            "kind": self.kind,
            "in_epochs": self.in_epochs,
        }

    def recipe(self, name: str) -> Recipe:
        """Return the recipe `name`.

        Raises:
            TrainingError: the model has no such recipe.
        """
        if name not in self.recipes:
            raise TrainingError(
                f"The model '{self.name}' has no recipe '{name}'.{nearest(name, self.recipes)} "
                f"Recipes: {', '.join(self.recipes)}."
            )
        return self.recipes[name]

    def recipe_for(self, asked: str) -> str:
        """Return `asked` if this model has that recipe, else its first recipe.

        Raises:
            TrainingError: no model has a recipe of that name.
        """
        if asked in self.recipes:
            return asked
        known = recipe_names()
        if asked not in (*known, DEFAULT_RECIPE):
            raise TrainingError(
                f"No model has a recipe '{asked}'.{nearest(asked, known)} "
                f"Recipes: {', '.join(known)}."
            )
        return next(iter(self.recipes))


def recipe_names() -> list[str]:
    """Return the names of all recipes, each once."""
    return list(dict.fromkeys(name for model in reversed(MODELS) for name in model.recipes))


OPTIONS: tuple[Option, ...] = (
    Option(
        name="loss",
        label="Loss",
        models=("poster_cnn", "overview_lstm"),
        values=("bce", "weighted", "class_balanced", "focal", "asymmetric"),
        sentence="Training loss; all but binary cross-entropy (bce) put more weight on rare "
        "genres.",
    ),
    Option(
        name="sampling",
        label="Sampling",
        models=("poster_cnn", "overview_lstm"),
        values=("all", "oversample_rare", "subsample_frequent"),
        sentence="Films per epoch: every film once, films of rare genres more often, or only half "
        "of the films whose genres are all frequent, such as Drama and Comedy.",
    ),
    Option(
        name="augmentation",
        label="Poster augmentation",
        models=("poster_cnn",),
        recipes=("improved",),
        values=("shift_flip", "shift_flip_colour", "shift", "none"),
        sentence="Random changes to the training posters: shift, horizontal flip, colour.",
    ),
    Option(
        name="linear_path",
        label="Linear path",
        models=("poster_cnn", "overview_lstm"),
        recipes=("improved",),
        values=("on", "off"),
        sentence="Linear path beside the deep one: colours, edges and patches for posters, words "
        "and character n-grams for overviews.",
    ),
    Option(
        name="word_dropout",
        label="Word dropout",
        models=("overview_lstm",),
        recipes=("improved",),
        values=(0.3, 0.0, 0.1, 0.5),
        sentence="Share of the words that are replaced by the unknown word during training.",
    ),
    Option(
        name="batch_size",
        label="Batch size",
        models=("poster_cnn", "overview_lstm"),
        recipes=("improved",),
        values=(64, 128, 256),
        sentence="Films per step; larger batches suit a GPU. Learning rate and weight averaging "
        "are scaled accordingly.",
    ),
    Option(
        name="precision",
        label="Precision of the arithmetic",
        models=("poster_cnn",),
        recipes=("improved",),
        values=("float32", "mixed_bfloat16"),
        sentence="Number format of the CNN: mixed_bfloat16 is for GPUs that support it.",
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
        sentence="Predicts for every film the share of training films with each genre.",
    ),
    ModelEntry(
        name="poster_features",
        label="Poster colours and edges, linear",
        modality="poster",
        kind="linear",
        recipes={ONLY_RECIPE: Recipe("genre_core.models.poster.features:PosterFeatures")},
        sentence="Logistic regression per genre on colour and edge statistics of the poster.",
    ),
    ModelEntry(
        name="overview_tfidf",
        label="Overview TF-IDF, linear",
        modality="overview",
        kind="linear",
        recipes={ONLY_RECIPE: Recipe("genre_core.models.overview.tfidf:OverviewTfidf")},
        sentence="Logistic regression per genre on words and word pairs of the overview.",
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
        sentence="Weighted sum of both networks' log-odds relative to the base rates, fitted on "
        "validation films.",
        parents=("poster_cnn", "overview_lstm"),
    ),
)


def find(name: str) -> ModelEntry | None:
    """Return the catalogue entry of the model `name`; None if this version does not have it."""
    return next((model for model in MODELS if model.name == name), None)


def entry(name: str) -> ModelEntry:
    """Return the catalogue entry of the model `name`.

    Raises:
        TrainingError: the model does not exist.
    """
    found = find(name)
    if found is not None:
        return found
    names = [model.name for model in MODELS]
    raise TrainingError(
        f"There is no model '{name}'.{nearest(name, names)} Models: {', '.join(names)}, "
        "or 'all' for all of them."
    )


def chosen_options(words: Sequence[str], model: str, recipe: str) -> dict[str, Any]:
    """Return the requested options that a recipe of a model supports.

    Args:
        words: "name=value" each; the last value of a name is used.
        model: name of the model.
        recipe: name of its recipe.

    Raises:
        TrainingError: an option or value does not exist.
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
                f"Values: {', '.join(values)}."
            )
        if option.is_for(model, recipe):
            chosen[name] = value
    return chosen
