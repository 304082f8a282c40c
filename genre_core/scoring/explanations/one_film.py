"""Why a run gives one film its scores, as plain data."""

from __future__ import annotations

from typing import Any

import numpy as np

from genre_core.errors import DataError
from genre_core.runs.folder import Run
from genre_core.scoring.asked_films import inputs_of
from genre_core.scoring.explanations import units
from genre_core.scoring.explanations.methods import Asked, contributions, methods_of
from genre_core.scoring.one_film import Film, missing_of, versions_of
from genre_core.scoring.scorer import Scorer


def explain(scorer: Scorer, run: Run, film: Film, method: str = "") -> dict[str, Any]:
    """Return what each word and each region adds to the log-odds of each genre.

    Args:
        scorer: scores.
        run: a finished run with weights.
        film: what is explained.
        method: one of `methods_of`; the most exact one by default, also for an input that the
            method does not fit.

    Returns:
        `run`; `scores` by genre; and for each input that the run reads, under its name: `method`,
        `methods`, the `grid` of regions or the `words` with their places, and `contributions` by
        genre, one for each unit.

    Raises:
        DataError: the film lacks what the run needs, or the run looks at nothing.
    """
    inputs, missing = inputs_of(run), missing_of(run, film)
    if missing:
        raise DataError(f"Run '{run.id}' needs the {' and the '.join(missing)} of the film.")
    y_score = scorer.scores(run, versions_of(film))[0]
    found: dict[str, Any] = {
        "run": run.id,
        "scores": dict(zip(run.genres, map(float, y_score), strict=True)),
    }
    for one in inputs:
        methods = methods_of(run, one)
        used = method if method in methods else methods[0]
        found[one] = {
            "method": used,
            "methods": list(methods),
            **_units(film, one),
            "contributions": _by_genre(run, contributions(Asked(scorer, run, one), film, used)),
        }
    return found


def _units(film: Film, of_input: str) -> dict[str, Any]:
    if of_input == "poster":
        return {"grid": list(units.GRID)}
    places = units.words_of(film.overview)
    return {"words": [[start, end, film.overview[start:end]] for start, end in places]}


def _by_genre(run: Run, values: np.ndarray) -> dict[str, list[float]]:
    columns = values.astype(float).T.tolist()
    return dict(zip(run.genres, columns, strict=True))
