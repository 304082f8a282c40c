"""An oracle that chooses the better of two runs for each film, using the labels."""

from __future__ import annotations

from typing import Any

from genre_core.evaluation.bootstrap import Scored
from genre_core.evaluation.draws import N_DRAWS
from genre_core.evaluation.means import mean_figures
from genre_core.evaluation.metrics import METRICS
from genre_core.evaluation.oracle import oracle_scores, share_of_oracle
from genre_core.runs.folder import Run
from genre_core.runs.metrics import macro_of, prior_of
from genre_core.runs.scores import on_common_films, split_scores
from genre_core.schemas import COUNT, NUMBER, TEXT, list_of, map_of, object_of, optional

ORACLE = "oracle"  # key of the oracle among run ids
INTERVAL = list_of(optional(NUMBER), minItems=2, maxItems=2)
SCHEMA = object_of(
    {
        "runs": list_of(TEXT),
        "fusion": optional(TEXT),
        "n_films": COUNT,
        "metrics": object_of(
            {
                metric.name: object_of(
                    {
                        "values": map_of(optional(NUMBER)),
                        "intervals": map_of(INTERVAL),
                    }
                )
                for metric in METRICS
            }
        ),
        "share": object_of(
            {
                "better": TEXT,
                "bce": list_of(NUMBER, minItems=3, maxItems=3),
                "share": optional(NUMBER),
                "interval": optional(INTERVAL),
            }
        ),
    }
)


def with_oracle(
    first: Run,
    second: Run,
    fusion: Run | None,
    *,
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> dict[str, Any]:
    """Return the metrics of two runs and of an oracle that chooses between them, as plain data.

    Args:
        first: A finished run.
        second: Another one.
        fusion: A run to compare with the oracle; None if there is none.
        n_draws: Resamples of the test films.
        seed: Of the resamples.

    Raises:
        RunError: The runs have no test film in common.
    """
    runs = [run for run in (first, second, fusion) if run]
    _, y_true, scores = on_common_films(runs, [split_scores(run, "test") for run in runs])
    by_id = {run.id: score for run, score in zip(runs, scores, strict=True)}
    oracle = oracle_scores(y_true, scores[0], scores[1])
    figures = mean_figures(
        y_true,
        {name: [Scored(score)] for name, score in {**by_id, ORACLE: oracle}.items()},
        macro=macro_of(first.config),
        prior=prior_of(first.config),
        n_draws=n_draws,
        seed=seed,
    )
    pair = {run.id: by_id[run.id] for run in (first, second)}
    share = share_of_oracle(
        y_true, pair, scores[-1] if fusion else oracle, n_resamples=n_draws, seed=seed
    )
    return {
        "runs": [*by_id, ORACLE],
        "fusion": fusion.id if fusion else None,
        "n_films": len(y_true),
        "metrics": {
            metric.name: {
                "values": {run: found[metric.name][0] for run, found in figures.items()},
                "intervals": {run: list(found[metric.name][1]) for run, found in figures.items()},
            }
            for metric in METRICS
        },
        "share": share._asdict(),
    }
