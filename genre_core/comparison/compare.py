"""Compare runs on disk on their common test films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Literal

import numpy as np

from genre_core.comparison.recipes import RecipeRuns, comparable, is_deterministic, lone_seeds
from genre_core.comparison.results import GenreChance, RunComparison, Threshold
from genre_core.errors import RunError
from genre_core.evaluation.base_rates import against_base_rates
from genre_core.evaluation.bootstrap import Scored
from genre_core.evaluation.chance import chance_p_values
from genre_core.evaluation.checks import Labels, Scores
from genre_core.evaluation.decisions_only import without_score_metrics
from genre_core.evaluation.draws import draws_for
from genre_core.evaluation.formulas import chance_average_precision
from genre_core.evaluation.intervals import SIGNIFICANT, Interval
from genre_core.evaluation.paired import compare_runs, corrected
from genre_core.evaluation.recipes import RecipePair, Seeds, compare_recipes
from genre_core.evaluation.results import Comparison, PairComparison, RecipeComparison
from genre_core.evaluation.verdicts import MARGINS, holm
from genre_core.runs.folder import Run
from genre_core.runs.metrics import macro_of, prior_of
from genre_core.runs.scores import columns_of, on_common_films, split_scores, threshold_of
from genre_core.runs.thresholds import TUNED

N_RECIPE_DRAWS = 2_000  # resamples for a standard error, which needs fewer than a percentile


def compare(
    runs: Sequence[Run],
    *,
    threshold: Threshold = TUNED,
    others: Sequence[Run] = (),
    n_draws: int | None = None,
    seed: int = 0,
) -> RunComparison:
    """Return every metric of two or more runs, and every difference with interval and verdict.

    Args:
        runs: Two or more finished runs; a difference is a later one minus an earlier one.
        threshold: A number, a rule that is fitted on validation for each run, or the name of saved
            thresholds.
        others: Finished runs of the dataset, newest first. If they include enough seeds of the
            compared recipes, mAP and BCE are compared between recipes.
        n_draws: Number of resamples and of swaps, 40 or more; as many as the largest family of
            tests needs if None.
        seed: Random seed of the draws.

    Raises:
        RunError: There are fewer than two runs, duplicates, or too few common test films.
    """
    if len(runs) < 2 or len({run.id for run in runs}) < len(runs):
        raise RunError("A comparison needs two or more different runs. Name each run once.")
    tests = [split_scores(run, "test") for run in runs]
    _, y_true, scores = on_common_films(runs, tests)
    first = runs[0]
    thresholds = [in_order(threshold_of(run, threshold), run, first) for run in runs]
    found = compare_runs(
        y_true,
        {
            run.id: Scored(score, own)
            for run, score, own in zip(runs, scores, thresholds, strict=True)
        },
        genres=first.genres,
        macro=macro_of(first.config),
        prior=prior_of(first.config),
        n_draws=n_draws,
        seed=seed,
    )
    decided = tuple(run.id for run in runs if run.is_decided)
    plain = {field.name: getattr(found, field.name) for field in fields(found)}
    plain["pairs"] = with_recipes(found.pairs, runs, others=others, seed=seed)
    by_id = {run.id: score for run, score in zip(runs, scores, strict=True)}
    with_scores = {run: score for run, score in by_id.items() if run not in decided}
    result = RunComparison(
        **plain,
        dataset=first.dataset,
        split="test",
        threshold=threshold,
        thresholds={
            run.id: np.asarray(own).tolist() for run, own in zip(runs, thresholds, strict=True)
        },
        chance=chance_of(y_true, with_scores, found, first.genres),
        datasets={run.id: run.dataset for run in runs},
        n_own_films={run.id: len(test.ids) for run, test in zip(runs, tests, strict=True)},
        base_rates=against_base_rates(
            y_true,
            with_scores,
            prior_of(first.config),
            n_draws=found.n_draws,
            seed=seed,
        ),
        lone_seeds=lone_seeds(runs, others),
        deterministic=tuple(run.id for run in runs if is_deterministic(run)),
        decided=decided,
    )
    return without_score_metrics(result, decided)


def in_order(threshold: float | np.ndarray, run: Run, first: Run) -> float | np.ndarray:
    """Return a run's thresholds in the order of another run's genres."""
    if np.ndim(threshold) == 0:
        return threshold
    return np.asarray(threshold)[columns_of(run, first.genres)]


def recipes_of(runs: Sequence[Run], others: Sequence[Run]) -> dict[tuple[str, str], RecipeRuns]:
    """Return the seeds of both recipes for each pair of runs that has enough of them.

    Args:
        runs: The runs that are compared.
        others: Finished runs of their dataset, newest first.
    """
    found = {}
    for place, first in enumerate(runs):
        for second in runs[place + 1 :]:
            if seeds := comparable(first, second, others):
                found[first.id, second.id] = seeds
    return found


def with_recipes(
    pairs: Sequence[PairComparison],
    runs: Sequence[Run],
    *,
    others: Sequence[Run],
    seed: int = 0,
) -> tuple[PairComparison, ...]:
    """Return pairs with a comparison of their recipes, if there are enough seeds.

    The tests of mAP and BCE of all pairs, of recipes or of runs, are one family.
    """
    seeds = recipes_of(runs, others)
    if not seeds:
        return tuple(pairs)
    found = dict(zip(seeds, _compared_recipes(seeds, seed), strict=True))
    return tuple(
        corrected([replace(pair, recipes=found.get((pair.first, pair.second))) for pair in pairs])
    )


def _compared_recipes(
    pairs: Mapping[tuple[str, str], RecipeRuns], seed: int
) -> list[RecipeComparison]:
    every = {run.id: run for pair in pairs.values() for run in (*pair.first, *pair.second)}
    _, y_true, scores = on_common_films(
        list(every.values()),
        [split_scores(run, "test") for run in every.values()],
    )
    scored = {name: Scored(score) for name, score in zip(every, scores, strict=True)}
    groups: dict[str, Seeds] = {}
    wanted = []
    for pair in pairs.values():
        names = [" ".join(run.id for run in side) for side in (pair.first, pair.second)]
        for name, side in zip(names, (pair.first, pair.second), strict=True):
            ids = tuple(run.id for run in side)
            groups[name] = Seeds(ids, tuple(scored[run] for run in ids))
        wanted.append(RecipePair(names[0], names[1], pair.is_paired))
    first = next(iter(every.values()))
    return compare_recipes(
        y_true,
        groups,
        wanted,
        macro=macro_of(first.config),
        prior=prior_of(first.config),
        n_draws=N_RECIPE_DRAWS,
        seed=seed,
    )


def chance_of(
    y_true: Labels, scores: Mapping[str, Scores], found: Comparison, genres: Sequence[str]
) -> dict[str, dict[str, GenreChance]]:
    """Return by genre and run whether average precision is better than random ranking.

    Args:
        y_true: uint8 (n_films, n_genres).
        scores: By run, in [0, 1], (n_films, n_genres).
        found: The comparison of the runs on these films.
        genres: Names of the columns.
    """
    columns = [genres.index(genre.genre) for genre in found.genres]
    n_permutations = max(found.n_draws, draws_for(len(columns) * len(scores)))
    p_values = [
        chance_p_values(y_true, score, n_permutations=n_permutations, seed=found.seed)[columns]
        for score in scores.values()
    ]
    # The ranking of a genre that every film has is undefined.
    table = np.nan_to_num(np.stack(p_values), nan=1.0)
    corrected = holm(table.ravel()).reshape(table.shape)
    chance: dict[str, dict[str, GenreChance]] = {}
    for place, genre in enumerate(found.genres):
        expected = chance_average_precision(found.n_films, genre.support)
        chance[genre.genre] = {}
        for row, run in enumerate(scores):
            value = genre.values["ap"][run] or 0.0
            chance[genre.genre][run] = GenreChance(
                value=value,
                expected=expected,
                p_value=float(table[row, place]),
                p_corrected=float(corrected[row, place]),
                verdict=_against_chance(
                    float(corrected[row, place]), genre.intervals["ap"][run], expected
                ),
            )
    return chance


def _against_chance(
    p_corrected: float, interval: Interval | None, expected: float
) -> Literal["better", "equivalent", "undecided"]:
    if p_corrected < SIGNIFICANT:
        return "better"
    if interval and interval.high < expected + MARGINS["map"]:
        return "equivalent"
    return "undecided"
