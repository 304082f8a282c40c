"""Labels, scores and thresholds of runs on a split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from genre_core.data import store
from genre_core.data.films import SPLITS, Dataset
from genre_core.errors import RunError
from genre_core.runs import threshold_sets, thresholds
from genre_core.runs.folder import Run
from genre_core.runs.metrics import HALF, ScoredFilms, split_figures

LEAST_COMMON = 30  # common test films that runs with different splits need to be compared


def film_scores(run: Run, dataset: Dataset) -> np.ndarray:
    """Return the scores of a run for all films of its dataset, (n_films, n_genres) float32.

    The array is memory-mapped if the run has the films and genres in the order of the dataset, as a
    training writes them; else it is a copy in that order, with NaN for films without scores.

    Raises:
        RunError: the run is not finished, has no scores, or has other films, genres or another
            split, so that test films of the dataset may be its training films.
    """
    scores = run.scores()
    if run.dataset != dataset.fingerprint:
        raise RunError(
            f"Run '{run.id}' uses dataset {run.dataset or 'unknown'}, which has other films or "
            f"another split than {dataset.fingerprint}. Choose a run on the same films and split."
        )
    ids = run.film_ids()
    if (ids, run.genres, scores.shape) == (
        dataset.films.ids,
        dataset.genres,
        dataset.labels.shape,
    ):
        return scores
    return _in_order_of(dataset, run, ids, scores)


def _in_order_of(
    dataset: Dataset, run: Run, ids: tuple[str, ...], scores: np.ndarray
) -> np.ndarray:
    places = {film: place for place, film in enumerate(dataset.films.ids)}
    unknown = [film for film in ids if film not in places]
    if unknown or set(run.genres) != set(dataset.genres) or scores.shape[0] != len(ids):
        what = f"such as '{unknown[0]}'" if unknown else f"with the genres {', '.join(run.genres)}"
        raise RunError(
            f"Run '{run.id}' has scores for other films than its dataset {dataset.fingerprint} "
            f"has, {what}. Create the run again from these films, or correct its dataset."
        )
    whole = np.full(dataset.labels.shape, np.nan, dtype=np.float32)
    columns = [run.genres.index(genre) for genre in dataset.genres]
    whole[[places[film] for film in ids]] = np.asarray(scores)[:, columns]
    return whole


def split_scores(run: Run, split: str) -> ScoredFilms:
    """Return labels and scores of a finished run on one split, columns in the run's order.

    Raises:
        RunError: the run is not finished, has no scores for films of that split, or its files do
            not fit each other.
        DataError: it is of format 1 and its dataset was removed.
    """
    films = _films_of(run).of(split)
    if not films.ids:
        raise RunError(
            f"Run '{run.id}' has no scores for {split} films. Choose a run that has them, or "
            "another split."
        )
    return films


def splits_of(run: Run) -> tuple[str, ...]:
    """Return the splits that a finished run has scores for; none if it only has a history.

    Raises:
        RunError: its files do not fit each other.
    """
    if not run.has_scores:
        return ()
    own = run.films()
    if own is None:  # format 1 always had scores of all films
        return SPLITS
    there = set(own.splits)
    return tuple(split for split in SPLITS if split in there)


def _films_of(run: Run) -> ScoredFilms:
    own = run.films()
    if own is not None:
        return own
    dataset = store.load_dataset(run.artifacts, run.dataset)
    scores = film_scores(run, dataset)
    return ScoredFilms.of_dataset(dataset, scores)


def can_be_tuned(run: Run) -> bool:
    """Return whether thresholds can be tuned, which needs scores of validation films."""
    return not run.is_decided and "validation" in splits_of(run)


def fitted(run: Run) -> dict[str, Any]:
    """Return thresholds and calibration of a finished run, see `thresholds.fit`.

    Raises:
        RunError: it has no scores for validation films.
    """
    if run.is_decided:
        raise RunError(
            f"Run '{run.id}' has decisions instead of scores, so thresholds cannot be tuned. "
            "Choose a run with scores."
        )

    def held_out() -> tuple[np.ndarray, np.ndarray]:
        on = split_scores(run, "validation")
        return on.y_true, on.y_score

    return thresholds.kept(run, held_out)


def threshold_of(run: Run, threshold: float | str) -> float | np.ndarray:
    """Return a threshold as a number, or as one number per genre.

    Args:
        run: a finished run.
        threshold: a number, a rule that is fitted on validation, or the name of saved thresholds,
            with `threshold_sets.SAVED` before it where it may be that of a rule.
            Where nothing can be fitted, see `can_be_tuned`, a rule is the threshold 0.5.

    Raises:
        DataError: the saved thresholds do not exist, or are for other runs.
    """
    if run.is_decided:
        return HALF
    if not isinstance(threshold, str):
        return threshold
    if threshold in thresholds.RULES:
        if not can_be_tuned(run):
            return HALF
        return thresholds.thresholds_of(fitted(run), threshold, run.genres)
    return threshold_sets.find(run.artifacts, threshold).thresholds_of(run)


def figures(run: Run, *, split: str = "test", threshold: float | str = 0.5) -> dict[str, Any]:
    """Return metrics of a finished run on one split, overall and per genre, as plain data.

    Raises:
        RunError: the run is not finished, or the thresholds were fitted on the same films, so that
            the metrics would be optimistic.
    """
    if split == "validation" and threshold in thresholds.RULES:
        crossed = fitted(run)["cross_fitted"][threshold]
        raise RunError(
            f"The thresholds '{thresholds.word(threshold)}' are fitted on the validation films, so "
            "metrics on these films would be optimistic. Cross-fitted, micro F1 is "
            f"{crossed['f1_micro']:.3f} and macro F1 {crossed['f1_macro']:.3f}. For all metrics "
            "use --on test, or a number."
        )
    if split == "validation" and isinstance(threshold, str):
        saved = threshold_sets.find(run.artifacts, threshold)
        if saved.origin_of(run).is_tuned:
            raise RunError(
                f"The saved thresholds '{saved.name}' were tuned on the validation films, so "
                "metrics on these films would be optimistic. Use --on test, or a number."
            )
    on = split_scores(run, split)
    limit = threshold_of(run, threshold)
    return {"split": split, **split_figures(on, run.config, limit)}


def on_common_films(
    runs: Sequence[Run], tests: Sequence[ScoredFilms]
) -> tuple[tuple[str, ...], np.ndarray, list[np.ndarray]]:
    """Return ids, labels and each run's scores for the test films common to all runs.

    Columns are in the order of the first run's genres.

    Raises:
        RunError: the runs have different genres, too few common test films, or different labels.
    """
    for run in runs[1:]:
        if set(run.genres) != set(runs[0].genres):
            raise RunError(f"Runs '{runs[0].id}' and '{run.id}' have different genres.")
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
    """Return the column index of each of the given genres in a run."""
    return [run.genres.index(genre) for genre in genres]


def _check_common(runs: Sequence[Run], tests: Sequence[ScoredFilms], n_common: int) -> None:
    """Raise a RunError if runs with different splits have too few common test films."""
    own = [len(test.ids) for test in tests]
    if n_common == max(own) or n_common >= LEAST_COMMON:
        return
    sizes = ", ".join(f"{n} of '{run.id}'" for run, n in zip(runs, own, strict=True))
    raise RunError(
        f"These runs have {n_common} test films in common ({sizes}), because they use different "
        f"films or splits. Expected {LEAST_COMMON} or more. Train them on the same films with the "
        "same split."
    )


def _aligned(test: ScoredFilms, values: np.ndarray, order: list[str]) -> np.ndarray:
    places = {film: place for place, film in enumerate(test.ids)}
    return values[[places[film] for film in order]]
