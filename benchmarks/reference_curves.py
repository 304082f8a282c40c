"""The picture of the reference recipe: 80 epochs, and a notebook's 40 laid over the last of them.

The notebook of a published report shows 40 epochs that begin with a loss that no fresh network has.
Laid at the end of a longer training, they show how many epochs had come before.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from genre_core.charts.colours import LIGHT, styles
from genre_core.charts.curves import Curve, common_axes, learning_curves
from genre_core.charts.titles import add_title
from genre_core.errors import DataError
from genre_core.exports.static import for_file, images
from genre_core.runs.folder import Run
from genre_core.runs.history import HistoryRow
from genre_core.runs.importing.metric_names import Row
from genre_core.runs.importing.notebook import read_notebook

NAME = "reference-recipe"
WIDTH, HEIGHT = 1200, 370  # pixels: of the picture, and of its chart without title
COLOURS = 128  # of the picture; all that anti-aliasing needs
QUANTITIES = ("loss", "val_loss", "precision", "recall", "val_precision", "val_recall")


def notebook_rows(path: Path, run: Run) -> list[Row]:
    """Return the epochs of the first training in a notebook that is about the input of a run.

    Raises:
        DataError: there is none, or it has as many epochs as the run or more.
    """
    fits = [fit for fit in read_notebook(path).fits if fit.summary]
    same = [fit for fit in fits if fit.summary and fit.summary.modality == run.modality]
    if not same:
        raise DataError(
            f"'{path}' shows no training of a model that looks at the {run.modality}, as run "
            f"'{run.id}' does. Expected one. Choose another notebook or run."
        )
    rows, n_own = same[0].printed.rows, len(run.history())
    if len(rows) >= n_own:
        raise DataError(
            f"The notebook shows {len(rows)} epochs, run '{run.id}' has {n_own}. Expected a longer "
            "run, at whose end they are laid. Train it with --epochs."
        )
    return rows


def laid_at(rows: Sequence[Row], start: int) -> list[HistoryRow]:
    """Return epochs counted from a given one.

    >>> laid_at([{"epoch": 1, "loss": 0.2}], 80)
    [{'epoch': 80, 'loss': 0.2}]
    """
    return [{**row, "epoch": place} for place, row in enumerate(rows, start)]


def last_start(ours: Sequence[HistoryRow], rows: Sequence[Row]) -> int:
    """Return the epoch from which shorter rows end with the longer history."""
    return len(ours) - len(rows) + 1


def closest_start(ours: Sequence[HistoryRow], rows: Sequence[Row]) -> int:
    """Return the epoch from which the training losses of both differ least.

    >>> ours = [{"epoch": place, "loss": 1.0 / place} for place in (1, 2, 3, 4)]
    >>> closest_start(ours, [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.3}])
    2
    """
    starts = range(1, last_start(ours, rows) + 1)
    return min(starts, key=lambda start: differences(ours, laid_at(rows, start))["loss"])


def differences(
    ours: Sequence[Mapping[str, float]], theirs: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    """Return the mean absolute difference of each quantity that both have in the same epochs.

    Args:
        ours: the longer history.
        theirs: epochs as `laid_at` counts them.

    >>> ours = [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.4}]
    >>> differences(ours, [{"epoch": 2, "loss": 0.3}])
    {'loss': 0.1}
    """
    own = {row["epoch"]: row for row in ours}
    pairs = [(own[row["epoch"]], row) for row in theirs]
    return {
        name: round(float(np.mean([abs(one[name] - other[name]) for one, other in pairs])), 6)
        for name in QUANTITIES
        if all(name in one and name in other for one, other in pairs)
    }


def figure(
    run: Run, theirs: Sequence[HistoryRow], baseline: float, source: Sequence[str]
) -> go.Figure:
    """Return the losses of both trainings, by epoch of the longer one.

    Args:
        run: the longer training.
        theirs: the notebook's epochs as `laid_at` counts them.
        baseline: validation loss of the base rates.
        source: what the figure is about, in parts.
    """
    ours = run.history()
    looks = styles(["poster", "other"], LIGHT)
    first, last = theirs[0]["epoch"], theirs[-1]["epoch"]
    pair = [
        Curve(f"recipe, {len(ours)} epochs", looks[0], ours, run.marker()["kept_epoch"]),
        Curve(f"notebook, {len(theirs)} epochs", looks[1], theirs, None),
    ]
    axes = common_axes(pair, "loss", baseline)
    drawn = learning_curves(pair, "loss", axes, LIGHT, baseline=baseline)
    drawn.update_traces(showlegend=True)
    drawn.update_traces(marker_size=5, selector={"mode": "lines+markers"})
    drawn.update_layout(height=HEIGHT, showlegend=True)
    drawn.add_vline(
        x=first,
        line={"color": LIGHT.quiet, "width": 1.5, "dash": "dash"},
        annotation={"text": "start of the notebook's record", "font": {"color": LIGHT.quiet}},
        annotation_position="top right",
    )
    title = f"A notebook's {len(theirs)} epochs, laid at {first} to {last}"
    add_title(drawn, title, source, LIGHT)
    return for_file(drawn, LIGHT)


def write(drawn: go.Figure, out: Path) -> Path:
    """Write the picture into a folder, over the one before; return its path.

    Raises:
        DataError: no browser could draw it.
    """
    made, problem = images({NAME: drawn})
    if problem:
        raise DataError(problem)
    path = out / f"{NAME}.png"
    with Image.open(io.BytesIO(made[path.name])) as whole:
        size = (WIDTH, round(whole.height * WIDTH / whole.width))
        whole.convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(COLOURS).save(
            path, optimize=True
        )
    return path
