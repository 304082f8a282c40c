"""The trainings behind the curves: history, kept epoch, and losses without dropout."""

from __future__ import annotations

from dataclasses import dataclass

from genre_core.charts.curves import Curve, Quantity
from genre_core.data.films import Dataset
from genre_core.runs import Run
from genre_core.ui import loaders, models
from genre_core.ui.text import count

CAPTIONS: dict[Quantity, str] = {
    "loss": "Mean binary cross-entropy over all {genres} columns, in nats; lower is better.",
    "precision": "Of all genres predicted at .5, the share that is true (micro); higher is better.",
    "recall": "Of all true genres, the share that is predicted at .5 (micro); higher is better.",
}


@dataclass(frozen=True)
class Trained:
    """What the page of curves needs of one run.

    Attributes:
        label: name of the model for people.
        curve: its history.
        trivial: BCE of the training split's genre frequencies on the validation films.
        bce: BCE of the kept weights by split, without dropout.
        n_films: number of films by split.
    """

    label: str
    curve: Curve
    trivial: float
    bce: dict[str, float]
    n_films: dict[str, int]


def trained(run: Run) -> Trained:
    """Return what the page of curves needs of a finished run."""
    splits = loaders.metrics(run)["splits"]
    held_out = splits["validation"]["metrics"]
    return Trained(
        label=models.label(run),
        curve=Curve(models.role(run), run.history(), loaders.marker(run).get("kept_epoch")),
        # By definition of the ratio this is the BCE of the `prior` model on the same films.
        trivial=held_out["bce"] / held_out["bce_to_prior"],
        bce={split: values["metrics"]["bce"] for split, values in splits.items()},
        n_films={split: values["n_films"] for split, values in splits.items()},
    )


def without_dropout(run: Trained) -> str:
    """Return the training and validation loss of the kept weights in words."""
    kept = run.curve.kept_epoch
    what = f"Kept weights (epoch {kept}), scored without dropout:" if kept else "This model has"
    return (
        f"{what} BCE {run.bce['train']:.4f} on {count(run.n_films['train'], 'training film')} and "
        f"{run.bce['validation']:.4f} on {count(run.n_films['validation'], 'validation film')}; "
        f"the genre frequencies have {run.trivial:.4f} there."
    )


def caption(quantity: Quantity, dataset: Dataset) -> str:
    """Return what a quantity is and which films it is about."""
    films = (
        f"{count(len(dataset.rows('train')), 'training film')}, "
        f"{count(len(dataset.rows('validation')), 'validation film')}"
    )
    return f"{CAPTIONS[quantity].format(genres=len(dataset.genres))} {films}."
