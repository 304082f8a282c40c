"""How long a training takes here, from earlier ones or from the number of films."""

from __future__ import annotations

from collections.abc import Sequence

from genre_core.errors import RunError
from genre_core.runs.folder import Run

START = 8.0  # seconds until the first model begins: keras is imported, films are read
# Seconds of a training on two cores for each film, of which 70% are trained on; the networks with
# the recipe `improved`.
PER_FILM = {"poster_cnn": 0.04, "overview_lstm": 0.01, "poster_features": 0.001}
OTHER_PER_FILM = 0.0005


def estimate(
    models: Sequence[str], recipe: str, n_films: int, runs: Sequence[Run], epochs: int | None = None
) -> float:
    """Return about how many seconds a training of some models takes.

    A model that was trained here takes as long as its newest run, per film and epoch.

    Args:
        models: names of the models.
        recipe: of the networks.
        n_films: films of the dataset.
        runs: all runs, newest first.
        epochs: number of epochs, if not the recipe's.
    """
    return START + sum(_of_model(model, recipe, n_films, runs, epochs) for model in models)


def _of_model(
    model: str, recipe: str, n_films: int, runs: Sequence[Run], epochs: int | None
) -> float:
    made = [run for run in runs if run.model == model and run.state == "finished"]
    alike = [run for run in made if run.config["recipe"] == recipe] or made
    for run in alike:
        seconds, n_before = _seconds(run), _n_films(run)
        if seconds and n_before:
            planned = run.config["epochs"]
            factor = epochs / planned if epochs and planned else 1.0
            return seconds * factor * n_films / n_before
    return PER_FILM.get(model, OTHER_PER_FILM) * n_films


def _seconds(run: Run) -> float:
    try:
        return float(sum(run.marker()["seconds"].values()))
    except (RunError, TypeError):  # deleted meanwhile; a duration that is not known
        return 0.0


def _n_films(run: Run) -> int:
    return len(run.scores()) if run.has_scores else 0


def words(seconds: float) -> str:
    """Return a duration for people.

    >>> words(20), words(90), words(460), words(7300)
    ('under a minute', 'about 2 min', 'about 8 min', 'about 2 h')
    """
    if seconds < 60:
        return "under a minute"
    minutes = round(seconds / 60)
    return f"about {minutes} min" if minutes < 90 else f"about {round(seconds / 3600)} h"
