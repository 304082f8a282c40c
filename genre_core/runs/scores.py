"""Labels and scores of runs on a split, and the thresholds that decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from genre_core.data import store
from genre_core.data.films import Dataset
from genre_core.errors import RunError
from genre_core.evaluation import metrics
from genre_core.evaluation.decisions import macro_genres
from genre_core.runs import threshold_sets, thresholds
from genre_core.runs.folder import Run

LEAST_COMMON = 30  # test films that runs of different splits are compared on


@dataclass(frozen=True)
class SplitScores:
    """Labels and scores of one run on one split of its dataset.

    Attributes:
        ids: film ids, n_films of them.
        y_true: (n_films, n_genres) uint8.
        y_score: (n_films, n_genres) float32.
    """

    ids: tuple[str, ...]
    y_true: np.ndarray
    y_score: np.ndarray


def film_scores(run: Run, dataset: Dataset) -> np.ndarray:
    """Return a run's scores of all films of its dataset, (n_films, n_genres), memory-mapped.

    Raises:
        RunError: the run is not finished, or is about other films or another split of them: what
            is test here may have been its training.
    """
    scores = run.scores()
    if run.config["dataset"] != dataset.fingerprint:
        raise RunError(
            f"Run '{run.id}' is about dataset {run.config['dataset']}: other films than those of "
            f"{dataset.fingerprint}, or another split of them. Take a run on the same films and "
            "the same split."
        )
    if run.film_ids() != dataset.films.ids or scores.shape != dataset.labels.shape:
        raise RunError(
            f"Run '{run.id}' has scores for other films than its dataset "
            f"{dataset.fingerprint} holds. Train it again."
        )
    return scores


def split_scores(run: Run, split: str) -> SplitScores:
    """Return labels and scores of a finished run on one split.

    Raises:
        RunError: the run is not finished, or its film order is not that of its dataset.
        DataError: its dataset is gone.
    """
    run.marker()
    dataset = store.load_dataset(run.artifacts, run.config["dataset"])
    scores = film_scores(run, dataset)
    rows = dataset.rows(split)
    ids = tuple(dataset.films.ids[row] for row in rows)
    return SplitScores(ids, dataset.labels[rows], np.asarray(scores[rows]))


def fitted(run: Run) -> dict[str, Any]:
    """Return thresholds and calibration of a finished run, see `thresholds.fit`."""

    def held_out() -> tuple[np.ndarray, np.ndarray]:
        on = split_scores(run, "validation")
        return on.y_true, on.y_score

    return thresholds.kept(run, held_out)


def threshold_of(run: Run, threshold: float | str) -> float | np.ndarray:
    """Return a threshold as a number, or one for each genre.

    Args:
        run: a finished run.
        threshold: a number, a rule that is fitted on validation, or the name of saved thresholds.

    Raises:
        DataError: there are no such saved thresholds, or they are not for this run.
    """
    if not isinstance(threshold, str):
        return threshold
    if threshold in thresholds.RULES:
        return thresholds.limits_of(fitted(run), threshold, run.genres)
    return threshold_sets.find(run.artifacts, threshold).limits_of(run)


def figures(run: Run, *, split: str = "test", threshold: float | str = 0.5) -> dict[str, Any]:
    """Return metrics and genre rows of one finished run on one split, as plain data.

    Raises:
        RunError: the run is not finished, or the thresholds are fitted on the very films asked
            for, whose figures they would flatter.
    """
    if split == "validation" and threshold in thresholds.RULES:
        crossed = fitted(run)["cross_fitted"][threshold]
        raise RunError(
            f"The thresholds '{threshold}' are fitted on the validation films, so their figures "
            f"there would flatter. Cross-fitted, micro F1 is {crossed['f1_micro']:.3f} and macro "
            f"F1 {crossed['f1_macro']:.3f}. For all figures take --on test, or a number."
        )
    if split == "validation" and isinstance(threshold, str):
        how = str(threshold_sets.find(run.artifacts, threshold).how.get(run.id, ""))
        if how.startswith(threshold_sets.FITTED):
            raise RunError(
                f"The thresholds '{threshold}' were {how}, so their figures there would flatter. "
                "Take --on test, or a number."
            )
    on = split_scores(run, split)
    limit = threshold_of(run, threshold)
    macro = macro_genres(run.genres, run.config["train_support"])
    shown = metrics.figures(
        on.y_true,
        on.y_score,
        genres=run.genres,
        macro=macro,
        prior=run.config["prior"],
        threshold=limit,
    )
    return {"split": split, **shown}


def on_common_films(
    runs: Sequence[Run], tests: Sequence[SplitScores]
) -> tuple[tuple[str, ...], np.ndarray, list[np.ndarray]]:
    """Return ids, labels and each run's scores of the test films that all runs have.

    Columns are in the order of the first run's genres, also where another run has another order.

    Raises:
        RunError: they know different genres, have too few test films in common, or disagree on
            their labels.
    """
    for run in runs[1:]:
        if set(run.genres) != set(runs[0].genres):
            raise RunError(f"Runs '{runs[0].id}' and '{run.id}' know different genres.")
    common = set(tests[0].ids).intersection(*(test.ids for test in tests[1:]))
    _check_common(runs, tests, len(common))
    order = [film for film in tests[0].ids if film in common]
    y_true = _aligned(tests[0], tests[0].y_true, order)
    for run, test in zip(runs[1:], tests[1:], strict=True):
        labels = _aligned(test, test.y_true, order)[:, columns_of(run, runs[0].genres)]
        if not np.array_equal(labels, y_true):
            raise RunError(f"Runs '{runs[0].id}' and '{run.id}' have different labels for a film.")
    scores = [
        _aligned(test, test.y_score, order)[:, columns_of(run, runs[0].genres)]
        for run, test in zip(runs, tests, strict=True)
    ]
    return tuple(order), y_true, scores


def columns_of(run: Run, genres: Sequence[str]) -> list[int]:
    """Return where a run has its column of each of some genres."""
    return [run.genres.index(genre) for genre in genres]


def _check_common(runs: Sequence[Run], tests: Sequence[SplitScores], n_common: int) -> None:
    """Raise a RunError where runs of different splits share too few test films to be compared."""
    own = [len(test.ids) for test in tests]
    if n_common == max(own) or n_common >= LEAST_COMMON:
        return
    sizes = ", ".join(f"{n} of '{run.id}'" for run, n in zip(runs, own, strict=True))
    raise RunError(
        f"These runs have {n_common} test films in common ({sizes}), as they are about other films "
        f"or another split of them. Expected {LEAST_COMMON} or more. Train them on the same films "
        "with the same split."
    )


def _aligned(test: SplitScores, values: np.ndarray, order: list[str]) -> np.ndarray:
    places = {film: place for place, film in enumerate(test.ids)}
    return values[[places[film] for film in order]]
