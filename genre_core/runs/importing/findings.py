"""What the author of a notebook could not see: checks of a training, each as a question."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from genre_core.evaluation.base_rates import BaseRateLoss
from genre_core.runs.importing.examples import examples_of_training, owner_of
from genre_core.runs.importing.notebook import Fit, Notebook, calls_of

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


Check = Callable[[Fit, Notebook, BaseRateLoss | None], str]


def findings(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> list[Finding]:
    """Return what is to be asked about a training.

    Args:
        fit: the training.
        notebook: where it is from.
        baseline: loss of predicting the genre base rates; None if the films are not known. The
            notebook may have other validation films, so questions give its range too.
    """
    found = {key: check(fit, notebook, baseline) for key, check in CHECKS.items()}
    return [Finding(key, question) for key, question in found.items() if question]


def _stale_start(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> str:
    first = fit.printed.rows[0]
    loss = first.get("loss")
    if baseline is None or loss is None or first["epoch"] != 1 or loss > baseline.value:
        return ""
    return (
        f"Were the weights fresh? Epoch 1 has a training loss of {loss:.4f}, not above that "
        f"of the base rates: {_said(baseline)}."
    )


def _never_better(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> str:
    losses = _validation(fit)
    if baseline is None or not losses or min(losses) < baseline.value:
        return ""
    return (
        f"Did it learn more than the base rates? Validation loss is {min(losses):.4f} at best. "
        f"That of the base rates: {_said(baseline)}."
    )


def _best_epoch(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> str:
    losses = _validation(fit)
    if not losses or min(losses) == losses[-1]:
        return ""
    reloads = _is_set(notebook, "save_best_only") and _loads_weights(notebook, fit.model)
    if reloads or _is_set(notebook, "restore_best_weights"):
        return ""
    best = losses.index(min(losses))
    return (
        f"Was the best epoch kept? Validation loss is lowest in epoch "
        f"{int(fit.printed.rows[best]['epoch'])} ({losses[best]:.4f}) and ends at "
        f"{losses[-1]:.4f}; no code loads the best weights."
    )


def _is_set(notebook: Notebook, option: str) -> bool:
    """Return whether an option of a callback is True somewhere."""
    return any(
        node.arg == option and isinstance(node.value, ast.Constant) and node.value.value is True
        for node in ast.walk(notebook.code)
        if isinstance(node, ast.keyword)
    )


def _loads_weights(notebook: Notebook, model: str) -> bool:
    """Return whether a model gets weights of a file, or some model is read from one."""
    for node in ast.walk(notebook.code):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name == "load_model" or (name == "load_weights" and owner_of(node) in (model, "")):
            return True
    return False


def _same_data(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> str:
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


def _accuracy(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> str:
    names = [name for name in ACCURACY if name in fit.printed.rows[-1]]
    if not names:
        return ""
    return (
        f"What does an accuracy of {fit.printed.rows[-1][names[0]]:.3f} mean with several genres "
        "per film? Predicting no genre at all is right for most pairs of film and genre."
    )


def _training_examples(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> str:
    part = examples_of_training(notebook.code, fit.model) if fit.model else ""
    if not part:
        return ""
    return f"Are the example films from the training part? They are taken from {part}."


def _diverged(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> str:
    epochs = fit.printed.not_finite
    if not epochs:
        return ""
    return (
        f"Did the training diverge? Metrics are not finite in {len(epochs)} of "
        f"{len(fit.printed.rows)} epochs, first in epoch {epochs[0]}; these values are left out."
    )


def _incomplete(fit: Fit, notebook: Notebook, baseline: BaseRateLoss | None) -> str:
    n_read, n_planned = len(fit.printed.rows), fit.printed.n_planned
    if n_read == n_planned:
        return ""
    cut = f" Cut short: {fit.printed.n_cut}." if fit.printed.n_cut else ""
    return (
        f"Was the training stopped early? The notebook shows {n_read} of {n_planned} epochs.{cut}"
    )


def _said(baseline: BaseRateLoss) -> str:
    low, high = baseline.interval
    return (
        f"{baseline.value:.4f} on these validation films, {low:.4f} to {high:.4f} on 95% of "
        "samples of as many"
    )


CHECKS: dict[str, Check] = {
    "stale_start": _stale_start,
    "never_below_base_rates": _never_better,
    "best_epoch_not_kept": _best_epoch,
    "validation_is_training": _same_data,
    "accuracy": _accuracy,
    "training_examples": _training_examples,
    "diverged": _diverged,
    "incomplete": _incomplete,
}


def _validation(fit: Fit) -> Sequence[float]:
    """Return the validation loss of each epoch; none if an epoch has none."""
    rows = fit.printed.rows
    losses = [row["val_loss"] for row in rows if "val_loss" in row]
    return losses if len(losses) == len(rows) else []
