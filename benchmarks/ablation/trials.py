"""The trainings of the ablation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genre_core import catalogue

NETWORKS = ("poster_cnn", "overview_lstm")
FUSION = "fusion"
IMPROVED, REFERENCE = "improved", "reference"
SEEDS = tuple(range(5))  # of the improved recipes and of fusion
FEW_SEEDS = SEEDS[:3]  # of each option
REFERENCE_SEEDS = {"poster_cnn": FEW_SEEDS, "overview_lstm": SEEDS[:1]}
# Values that are left out, so that the ablation takes about three hours on two cores without a GPU.
LEFT_OUT = {
    ("loss", "focal"),
    ("augmentation", "shift_flip_colour"),
    ("word_dropout", 0.1),
    ("batch_size", 128),
    ("precision", "mixed_bfloat16"),
}


@dataclass(frozen=True)
class Trial:
    """One training.

    Attributes:
        model: name of the model.
        recipe: name of the recipe.
        seed: its seed.
        changed: the option in which it differs from the recipe, if any.
    """

    model: str
    recipe: str
    seed: int = 0
    changed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """Return the common name of all seeds of a recipe."""
        return "+".join([f"{self.model}-{self.recipe}", *option_words(self.changed)])

    @property
    def name(self) -> str:
        """Return the name of the trial and of its file."""
        return f"{self.group}-s{self.seed}"


def option_words(changed: Mapping[str, Any]) -> list[str]:
    """Return options as on the command line."""
    return [f"{name}={value}" for name, value in changed.items()]


def plan() -> list[Trial]:
    """Return all trials, the most important ones first.

    Options are ordered by seed, so that an interrupted ablation has covered all of them.
    """
    baselines = [
        Trial(entry.name, catalogue.ONLY_RECIPE)
        for entry in catalogue.MODELS
        if entry.kind in ("base_rates", "linear")
    ]
    improved = [
        trial
        for seed in SEEDS
        for trial in (
            *(Trial(model, IMPROVED, seed) for model in NETWORKS),
            Trial(FUSION, catalogue.ONLY_RECIPE, seed),
        )
    ]
    reference = [
        Trial(model, REFERENCE, seed) for model in NETWORKS for seed in REFERENCE_SEEDS[model]
    ]
    options = [
        Trial(model, IMPROVED, seed, changed)
        for seed in FEW_SEEDS
        for model in reversed(NETWORKS)
        for changed in changes(model)
    ]
    return [*baselines, *improved, *reference, *options]


def changes(model: str) -> list[dict[str, Any]]:
    """Return the changes to the improved recipe of a network, one option each.

    The first value of an option is the recipe's own.
    """
    return [
        {option.name: value}
        for option in catalogue.OPTIONS
        if option.is_for(model, IMPROVED)
        for value in option.values[1:]
        if (option.name, value) not in LEFT_OUT
    ]


def parents(trial: Trial) -> list[Trial]:
    """Return the trials whose scores a fusion combines."""
    return [Trial(model, IMPROVED, trial.seed) for model in catalogue.entry(trial.model).parents]
