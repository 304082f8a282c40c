"""The commands `predict`, for one film, and `serve-scores`, the process behind *Your film*."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from genre_core.artifacts import Artifacts
from genre_core.commands import printing, tables
from genre_core.commands.options import artifacts_option, json_option, threshold_option
from genre_core.commands.printing import notes
from genre_core.errors import DataError
from genre_core.evaluation.decisions import decide
from genre_core.runs import scores as run_scores
from genre_core.runs.folder import Run, find_run
from genre_core.runs.thresholds import TUNED


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--poster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Image of the poster.",
)
@click.option("--overview", default="", help="Text of the overview.")
@threshold_option(TUNED)
@artifacts_option
@json_option
def predict(
    names: tuple[str, ...],
    poster: Path | None,
    overview: str,
    threshold: float | str,
    artifacts: Artifacts,
    as_json: bool,
) -> None:
    """Predict the genres of one film by each RUN, from its poster, its overview, or both."""
    found = [find_run(artifacts, name) for name in names]
    from genre_core.scoring.one_film import answer, film_of
    from genre_core.scoring.scorer import Scorer

    film, scorer = film_of(poster, overview), Scorer()
    answers = [answer(scorer, run, film) for run in found]
    if all(one.missing for one in answers):
        needed = " and ".join(sorted({lacks for one in answers for lacks in one.missing}))
        raise DataError(f"None of these runs can score the film without its {needed}. Add it.")
    printing.show(
        {
            "runs": [
                {
                    "run": one.run.id,
                    "label": one.run.label,
                    "missing": list(one.missing),
                    "genres": _genres(one.run, one.y_score, threshold),
                }
                for one in answers
            ]
        },
        as_json,
        tables.predictions,
    )


def _genres(
    run: Run, y_score: np.ndarray | None, threshold: float | str
) -> list[dict[str, Any]] | None:
    """Return each genre with its score, and whether it is predicted, highest first."""
    if y_score is None:
        return None
    y_pred = decide(y_score[np.newaxis], run_scores.threshold_of(run, threshold))[0]
    return [
        {
            "genre": run.genres[place],
            "score": float(y_score[place]),
            "predicted": bool(y_pred[place]),
        }
        for place in np.argsort(-y_score, kind="stable")
    ]


@click.command("serve-scores")
@click.option(
    "--idle",
    default=600.0,
    show_default=True,
    help="Seconds without a request after which it ends.",
)
@artifacts_option
def serve_scores(idle: float, artifacts: Artifacts) -> None:
    """Serve scores of single films to the dashboard; end when none is requested for a while."""
    from genre_core.scoring.service import serve

    if not serve(artifacts, idle):
        notes.print(f"The scores of '{artifacts}' are served already.", markup=False)
