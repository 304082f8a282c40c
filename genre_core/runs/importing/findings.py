"""What the author of a notebook could not see: checks of a training, each as a question."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from genre_core.runs.importing.examples import examples_of_training
from genre_core.runs.importing.notebook import Fit, Notebook, calls_of, tree_of

ACCURACY = ("accuracy", "binary_accuracy", "categorical_accuracy", "acc")


@dataclass(frozen=True)
class Finding:
    """Something about a training to look at.

    Attributes:
        key: what it is, a stable key.
        question: one sentence with the numbers.
    """

    key: str
    question: str


Check = Callable[[Fit, Notebook, float | None], str]


def findings(fit: Fit, notebook: Notebook, baseline: float | None) -> list[Finding]:
    """Return what is to be asked about a training.

    Args:
        fit: the training.
        notebook: where it is from.
        baseline: loss of predicting the genre base rates; None if the films are not known.
    """
    found = {key: check(fit, notebook, baseline) for key, check in CHECKS.items()}
    return [Finding(key, question) for key, question in found.items() if question]


def _stale_start(fit: Fit, notebook: Notebook, baseline: float | None) -> str:
    first = fit.printed.rows[0]
    loss = first.get("loss")
    if baseline is None or loss is None or first["epoch"] != 1 or loss > baseline:
        return ""
    return (
        f"Were the weights fresh? Epoch 1 begins at a training loss of {loss:.4f}, already below "
        f"the base rates ({baseline:.4f})."
    )


def _never_better(fit: Fit, notebook: Notebook, baseline: float | None) -> str:
    losses = _validation(fit)
    if baseline is None or not losses or min(losses) < baseline:
        return ""
    return (
        f"Did it learn more than the base rates? Validation loss is {min(losses):.4f} at best, "
        f"that of the base rates {baseline:.4f}."
    )


def _best_epoch(fit: Fit, notebook: Notebook, baseline: float | None) -> str:
    losses = _validation(fit)
    if not losses or min(losses) == losses[-1]:
        return ""
    restores = "restore_best_weights=True" in _packed(notebook.code)
    reloads = "save_best_only=True" in _packed(notebook.code) and ".load_weights(" in notebook.code
    if restores or reloads:
        return ""
    best = losses.index(min(losses))
    return (
        f"Was the best epoch kept? Validation loss is lowest in epoch "
        f"{int(fit.printed.rows[best]['epoch'])} ({losses[best]:.4f}) and ends at "
        f"{losses[-1]:.4f}; no code loads the best weights."
    )


def _same_data(fit: Fit, notebook: Notebook, baseline: float | None) -> str:
    for call in calls_of(fit.source):
        given = [ast.dump(one) for one in call.args]
        given += [ast.dump(one.value) for one in call.keywords if one.arg in ("x", "y")]
        for keyword in call.keywords:
            if keyword.arg != "validation_data":
                continue
            parts = keyword.value.elts if isinstance(keyword.value, ast.Tuple) else [keyword.value]
            if given and [ast.dump(part) for part in parts] == given[: len(parts)]:
                return (
                    "Is the validation data other than the training data? fit is given the same "
                    f"for both: {ast.unparse(keyword.value)}."
                )
    return ""


def _accuracy(fit: Fit, notebook: Notebook, baseline: float | None) -> str:
    names = [name for name in ACCURACY if name in fit.printed.rows[-1]]
    if not names:
        return ""
    return (
        f"What does an accuracy of {fit.printed.rows[-1][names[0]]:.3f} mean with several genres "
        "per film? Predicting no genre at all is right for most pairs of film and genre."
    )


def _training_examples(fit: Fit, notebook: Notebook, baseline: float | None) -> str:
    part = examples_of_training(tree_of(notebook.code), fit.model) if fit.model else ""
    return f"Are the example films from the training part? They are taken from {part}." * bool(part)


CHECKS: dict[str, Check] = {
    "stale_start": _stale_start,
    "never_below_base_rates": _never_better,
    "best_epoch_not_kept": _best_epoch,
    "validation_is_training": _same_data,
    "accuracy": _accuracy,
    "training_examples": _training_examples,
}


def _validation(fit: Fit) -> Sequence[float]:
    """Return the validation losses; an epoch that was cut short at the end has none."""
    rows = fit.printed.rows
    rows = rows if "val_loss" in rows[-1] else rows[:-1]
    losses = [row["val_loss"] for row in rows if "val_loss" in row]
    return losses if len(losses) == len(rows) else []


def _packed(code: str) -> str:
    return "".join(code.split())
