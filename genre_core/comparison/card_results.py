"""The results that a model card states: a run on its test films, and beside what is simpler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from genre_core.comparison.kept import kept_comparison
from genre_core.comparison.results import RunComparison
from genre_core.comparison.rivals import linear_rivals
from genre_core.errors import RunError
from genre_core.evaluation.base_rates import against_base_rates
from genre_core.evaluation.bootstrap import Scored
from genre_core.evaluation.decisions_only import without_score_metrics
from genre_core.evaluation.paired import compare_runs
from genre_core.evaluation.results import Comparison, RunDifference
from genre_core.runs.folder import Run, list_runs
from genre_core.runs.metrics import HALF, macro_of, prior_of
from genre_core.runs.scores import figures, split_scores, splits_of


@dataclass(frozen=True)
class CardResults:
    """The results of one run.

    Attributes:
        figures: its test metrics at the threshold 0.5, as `marquee show` prints them.
        intervals: the run alone on its test films, with the intervals of these metrics.
        base_rates: its BCE minus that of the base rates, in units of the latter; None for a run
            with decisions instead of scores.
        linear: the newest linear model of the same modality and dataset; None if there is none.
        beside_linear: the comparison of that model with the run; None where there is none.
        problem: why the two cannot be compared, else an empty string.
    """

    figures: dict[str, Any]
    intervals: Comparison
    base_rates: RunDifference | None
    linear: Run | None
    beside_linear: RunComparison | None
    problem: str


def card_results(run: Run) -> CardResults:
    """Return the results of a finished run.

    Raises:
        RunError: it is not finished, or has no scores for test films.
        DataError: there are too few test films for intervals.
    """
    on = split_scores(run, "test")
    prior = prior_of(run.config)
    alone = compare_runs(
        on.y_true,
        {run.id: Scored(on.y_score, HALF)},
        genres=run.genres,
        macro=macro_of(run.config),
        prior=prior,
    )
    n_draws, seed = alone.n_draws, alone.seed
    base_rates = (
        None
        if run.is_decided
        else against_base_rates(on.y_true, {run.id: on.y_score}, prior, n_draws=n_draws, seed=seed)[
            run.id
        ]
    )
    return CardResults(
        figures(run, split="test", threshold=HALF),
        without_score_metrics(alone, [run.id] if run.is_decided else []),
        base_rates,
        *_beside_linear(run),
    )


def _beside_linear(run: Run) -> tuple[Run | None, RunComparison | None, str]:
    """Return the linear model, the comparison with it, and why there is none."""
    finished = [other for other in list_runs(run.artifacts) if other.state == "finished"]
    here = [other for other in finished if run.dataset and other.dataset == run.dataset]
    scored = [other for other in here if "test" in splits_of(other)]
    linear = linear_rivals({"own": run}, scored).get("own")
    if linear is None:
        return None, None, ""
    try:
        return linear, kept_comparison([linear, run], others=scored), ""
    except RunError as error:  # other genres or labels, too few common films
        return linear, None, str(error)
