"""Scoring the films of any folder with a finished run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from genre_core import catalogue
from genre_core.data import opening, store
from genre_core.data.films import Films
from genre_core.data.posters import POSTER_SIZE, Progress
from genre_core.data.readers import BY_THE_READER
from genre_core.data.readers.reading import Choices
from genre_core.errors import DataError, RunError
from genre_core.evaluation import figures as evaluation
from genre_core.models.base import Model, model_of
from genre_core.runs.folder import Run, find_run
from genre_core.runs.metrics import macro_of, prior_of


@dataclass(frozen=True)
class Scored:
    """Scores of some films by one run.

    Attributes:
        films: the films, with labels if their table has all genres of the run.
        y_score: (n_films, n_genres) float32, columns in the order of the run's genres.
        report: the report of the reader.
        n_seen: number of training films of the run among them; None if its dataset was removed.
    """

    films: Films
    y_score: np.ndarray
    report: dict[str, Any]
    n_seen: int | None


def load_model(run: Run) -> Model:
    """Return the model of a finished run with its saved weights.

    Raises:
        RunError: the run is not finished, or its weights cannot be loaded.
    """
    _entry(run)
    model = model_of(run.config)
    model.load(run.folder)
    return model


def score_folder(
    run: Run,
    folder: Path,
    progress: Progress | None = None,
    *,
    choices: Choices = BY_THE_READER,
) -> Scored:
    """Return the scores of a run for the films in `folder`.

    Raises:
        RunError: the run is not finished.
        DataError: the folder cannot be read.
    """
    needs = _entry(run).inputs
    if len(needs) == 1 and not choices.inputs:
        choices = replace(choices, inputs=needs[0])  # films may lack what the run does not look at
    films, report, y_score = _scored(run, folder, progress, choices)
    films = replace(films, genres=run.genres, y_true=_labels(films, run.genres))
    return Scored(films, y_score, report, _seen(run, films))


def _scored(
    run: Run, folder: Path, progress: Progress | None, choices: Choices
) -> tuple[Films, dict[str, Any], np.ndarray]:
    model = load_model(run)
    # The parents are scored first; each may need posters of another size, and all the same films.
    parents = [find_run(run.artifacts, parent) for parent in run.parents]
    given = tuple(_scored(one, folder, progress, choices)[2] for one in parents)
    size = model.poster_size or POSTER_SIZE
    read = opening.read_films(folder, run.artifacts, size, progress, choices=choices)
    lacking = [one for one in _entry(run).inputs if one not in read.inputs]
    if lacking:
        raise DataError(
            f"Run '{run.id}' needs {' and '.join(f'{one}s' for one in lacking)}, and the films in "
            f"'{folder}' have none. Name them with --posters FOLDER or --overview COLUMN."
        )
    y_score = model.predict_scores(replace(read.films, parent_scores=given))
    return read.films, read.report, y_score


def _entry(run: Run) -> catalogue.ModelEntry:
    run.marker()  # refuses a run that is not finished
    if catalogue.find(run.config["model"]) is None:
        raise RunError(
            f"Run '{run.id}' was not trained by Marquee, so it has no weights that could score "
            "other films. Choose a run that `train` made."
        )
    return catalogue.entry(run.config["model"])


def figures(run: Run, scored: Scored) -> dict[str, Any]:
    """Return the metrics of scored films with labels at the threshold 0.5, as plain data.

    Raises:
        DataError: labels are missing for a genre of the run, or the films have none of the genres
            in the macro average.
    """
    y_true = scored.films.y_true
    if y_true is None:
        raise DataError(
            "These films do not have labels for every genre of the run, so metrics cannot be "
            f"computed. Expected the columns {', '.join(run.genres)}."
        )
    return evaluation.figures(
        y_true,
        scored.y_score,
        genres=run.genres,
        macro=macro_of(run.config),
        prior=prior_of(run.config),
    )


def _labels(films: Films, genres: tuple[str, ...]) -> np.ndarray | None:
    """Return the labels with columns in the order of `genres`; None if one is missing."""
    if films.y_true is None or not set(genres) <= set(films.genres):
        return None
    return films.y_true[:, [films.genres.index(genre) for genre in genres]]


def _seen(run: Run, films: Films) -> int | None:
    """Return how many of the films were training films, by id and overview; None if unknown.

    Films that are read for a network of posters alone come without overviews: their id decides.
    """
    try:
        dataset = store.load_dataset(run.artifacts, run.dataset)
    except DataError:
        return None
    trained = dataset.films.take(dataset.rows("train"))
    overview_of = dict(zip(trained.ids, trained.overviews, strict=True))
    seen = zip(films.ids, films.overviews, strict=True)
    return sum(
        film in overview_of and overview in ("", overview_of[film]) for film, overview in seen
    )
