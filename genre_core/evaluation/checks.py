"""Input validation for the functions of this package."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from genre_core.errors import DataError

Labels = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.floating[Any]]
Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]
Threshold = float | npt.NDArray[np.floating[Any]]


def checked_labels(y_true: npt.ArrayLike) -> Labels:
    """Return `y_true` as an indicator matrix.

    Args:
        y_true: 0 or 1, numbers or bools, (n_films, n_genres).

    Returns:
        The same labels, uint8 (n_films, n_genres).

    Raises:
        DataError: There is no film, fewer than two genres, or another value than 0 and 1.
    """
    labels = np.asarray(y_true)
    if labels.ndim != 2 or labels.shape[0] < 1 or labels.shape[1] < 2:
        raise DataError(
            f"y_true has the shape {labels.shape}. Expected (n_films, n_genres) with at least one "
            "film and two genres. Choose films of a split that is not empty."
        )
    if not np.isin(labels, (0, 1)).all():
        raise DataError(
            f"y_true contains {_first(labels, ~np.isin(labels, (0, 1)))}. Expected 0 or 1 for "
            "every film and genre. Pass the indicator matrix of the dataset, not scores."
        )
    return labels.astype(np.uint8)


def checked_scores(y_score: npt.ArrayLike, y_true: Labels, name: str = "y_score") -> Scores:
    """Return `y_score` as a float matrix that fits `y_true`.

    Args:
        y_score: Scores in [0, 1], (n_films, n_genres).
        y_true: uint8 (n_films, n_genres).
        name: Name of the argument in error messages.

    Returns:
        The same scores; floats keep their precision, other numbers become float32.

    Raises:
        DataError: The shape differs from that of `y_true`, or a score is outside [0, 1] or NaN.
    """
    scores = _as_float(y_score, name, np.dtype(np.float32))
    if scores.shape != y_true.shape:
        raise DataError(
            f"{name} has the shape {scores.shape}, y_true {y_true.shape}. Expected the same films "
            "and genres in both. Select the rows of the scores by the film ids of the labels."
        )
    _check_range(scores, name, "Train the run again if its scores.npy contains this value.")
    return scores


def checked_macro(macro: npt.ArrayLike, n_genres: int) -> Mask:
    """Return `macro` as a bool mask (n_genres,).

    Raises:
        DataError: It is not a bool array (n_genres,).
    """
    mask = np.asarray(macro)
    if mask.dtype != np.bool_ or mask.shape != (n_genres,):
        raise DataError(
            f"macro is {mask.dtype} {mask.shape}. Expected bool ({n_genres},), one per genre. "
            "Make it with macro_genres(genres, train_support)."
        )
    return mask


def checked_prior(prior: npt.ArrayLike, n_genres: int) -> Values:
    """Return `prior`, the training prevalences, as float64 (n_genres,) in [0, 1].

    Raises:
        DataError: The shape is another one, or a prevalence is outside [0, 1] or NaN.
    """
    prevalences = _as_float(prior, "prior", np.dtype(np.float64)).astype(np.float64)
    if prevalences.shape != (n_genres,):
        raise DataError(
            f"prior has the shape {prevalences.shape}. Expected ({n_genres},), one per genre. "
            "Pass the mean of y_true over the training films."
        )
    _check_range(prevalences, "prior", "Pass the mean of y_true over the training films.")
    return prevalences


def checked_threshold(threshold: npt.ArrayLike, n_genres: int) -> Scores:
    """Return `threshold` as an array of the shape () or (n_genres,), in [0, 1].

    Raises:
        DataError: The shape is another one, or a threshold is outside [0, 1] or NaN.
    """
    limits = _as_float(threshold, "threshold", np.dtype(np.float64))
    if limits.shape not in ((), (n_genres,)):
        raise DataError(
            f"threshold has the shape {limits.shape}. Expected one number, or ({n_genres},) with "
            "one number per genre. Save the thresholds again for the genres of this dataset."
        )
    _check_range(limits, "threshold", "Thresholds are compared with scores: pass 0.5 for 50 %.")
    return limits


def check_average(defined: Mask) -> None:
    """Raise a DataError if no genre is `defined`, bool (n_genres,), to average over."""
    if not defined.any():
        raise DataError(
            "No genre of the macro average has a positive film here, so mAP and the macro averages "
            "are undefined. Expected at least one. Evaluate on more films. See macro_genres for "
            "which genres are included."
        )


def _as_float(array: npt.ArrayLike, name: str, default: np.dtype[Any]) -> Scores:
    numbers = np.asarray(array)
    if numbers.dtype.kind not in "fiub":
        raise DataError(f"{name} is of type {numbers.dtype}. Expected numbers in [0, 1].")
    return numbers if numbers.dtype.kind == "f" else numbers.astype(default)


def _check_range(numbers: Scores, name: str, remedy: str) -> None:
    # Written so that NaN, which compares false with everything, is outside.
    outside = ~((numbers >= 0) & (numbers <= 1))
    if outside.any():
        raise DataError(
            f"{name} contains {_first(numbers, outside)}. Expected values in [0, 1]. {remedy}"
        )


def _first(array: npt.NDArray[Any], wrong: Mask) -> str:
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{array[place]} at index {place} ({np.count_nonzero(wrong)} such values)"
