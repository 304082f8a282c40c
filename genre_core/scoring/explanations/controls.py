"""What explanations are held against: models that have learned nothing, maps that need no model."""

from __future__ import annotations

import numpy as np

from genre_core import catalogue
from genre_core.data.posters import POSTER_SIZE
from genre_core.models.base import WEIGHT, Model, model_of
from genre_core.runs.folder import Run
from genre_core.scoring.explanations import units
from genre_core.scoring.explanations.methods import n_units
from genre_core.scoring.one_film import Film, versions_of
from genre_core.scoring.scorer import Scorer

LEARNED = ("coefficients",)  # of linear models; other arrays say how features are scaled


class Randomised(Scorer):
    """Scores by models whose weights are shuffled, each array within itself.

    The combination of a fusion stays; its parents are shuffled.

    Args:
        seed: of the shuffling.

    Source: Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018.
    """

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self._seed = seed

    def load(self, run: Run) -> Model:
        """Return the model of a run with shuffled weights."""
        trained = super().load(run)
        model = model_of(run.config)
        model.set_preprocessing(trained.preprocessing())
        random = np.random.default_rng(self._seed)
        is_network = catalogue.entry(run.config["model"]).kind == "network"
        model.set_arrays(
            {
                name: _shuffled(array, random)
                if (name.startswith(WEIGHT) if is_network else name in LEARNED)
                else array
                for name, array in trained.arrays().items()
            }
        )
        return model


def random_map(film: Film, of_input: str, random: np.random.Generator) -> np.ndarray:
    """Return random contributions, (n_units,): they know nothing of film or model."""
    return random.random(n_units(film, of_input))


def model_free_map(film: Film, of_input: str) -> np.ndarray:
    """Return how much there is to see in each unit, (n_units,): edges, or letters of a word.

    Such a map looks plausible, and knows nothing of the model.
    """
    if of_input == "overview":
        return np.array([end - start for start, end in units.words_of(film.overview)], dtype=float)
    posters = versions_of(film).posters
    if posters is None:
        raise ValueError("the film has no poster")
    grey = posters(POSTER_SIZE)[0].mean(axis=2)
    strength = np.hypot(*np.gradient(grey))
    region = units.region_of_pixels(*POSTER_SIZE)
    return np.bincount(region.ravel(), strength.ravel(), units.N_REGIONS)


def _shuffled(array: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return random.permutation(array.ravel()).reshape(array.shape)
