"""Metrics of the trials: means, standard deviations and differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.ablation import kept
from benchmarks.ablation.trials import Trial, plan
from genre_core.data.films import Dataset
from genre_core.evaluation.bootstrap import Scored
from genre_core.evaluation.calibration import expected_calibration_error
from genre_core.evaluation.decisions import macro_genres
from genre_core.evaluation.figures import evaluate
from genre_core.evaluation.formulas import bce
from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.means import mean_figures
from genre_core.evaluation.recipes import RecipePair, Seeds, compare_recipes, corrected
from genre_core.evaluation.results import RecipeComparison
from genre_core.runs import thresholds


@dataclass(frozen=True)
class Group:
    """All seeds of one recipe that have an outcome.

    Attributes:
        trial: the first of them.
        by_seed: the outcome of each seed.
    """

    trial: Trial
    by_seed: Mapping[int, kept.Outcome]

    @property
    def outcomes(self) -> list[kept.Outcome]:
        """Return the outcome of each seed, in the order of the seeds."""
        return [self.by_seed[seed] for seed in sorted(self.by_seed)]

    @property
    def seconds(self) -> float:
        """Return the mean duration of a training in seconds."""
        return float(np.mean([outcome.facts["seconds"] for outcome in self.outcomes]))

    def of(self, seeds: Iterable[int]) -> Group:
        """Return the group restricted to the given seeds."""
        return Group(self.trial, {s: self.by_seed[s] for s in seeds if s in self.by_seed})


class Evidence:
    """The outcomes of the trials on one dataset, and their metrics.

    Args:
        folder: folder of the outcomes.
        dataset: the films.
    """

    def __init__(self, folder: Path, dataset: Dataset) -> None:
        self.dataset = dataset
        self.macro = macro_genres(dataset.genres, dataset.train_support)
        self.groups: dict[str, Group] = {}
        self._cross_fitted: dict[tuple[object, ...], dict[str, float]] = {}
        self.n_missing = 0
        for trial in plan():
            outcome = kept.read(folder, trial, dataset)
            if outcome is None:
                self.n_missing += 1
                continue
            before = self.groups.get(trial.group, Group(trial, {}))
            found = {**before.by_seed, trial.seed: outcome}
            self.groups[trial.group] = Group(before.trial, found)

    def labels(self, split: str) -> np.ndarray:
        """Return the labels of a split, (n_films, n_genres) uint8."""
        result: np.ndarray = self.dataset.labels[self.dataset.rows(split)]
        return result

    def scored(self, group: Group, split: str) -> list[Scored]:
        """Return the scores of each seed on a split."""
        return [Scored(outcome.scores[split]) for outcome in group.outcomes]

    def figures(
        self, groups: Mapping[str, Group], split: str, n_draws: int
    ) -> dict[str, dict[str, tuple[float, Interval]]]:
        """Return by group and metric the mean over seeds with its interval over films."""
        return mean_figures(
            self.labels(split),
            {name: self.scored(group, split) for name, group in groups.items()},
            macro=self.macro,
            prior=self.dataset.prior,
            n_draws=n_draws,
        )

    def differences(
        self, groups: Mapping[str, Group], pairs: Sequence[RecipePair], split: str, n_draws: int
    ) -> list[RecipeComparison]:
        """Return comparisons of groups over films and seeds, corrected over all pairs."""
        recipes: dict[str, Seeds] = {}
        wanted = []
        for pair in pairs:
            sides = {name: groups[name] for name in (pair.first, pair.second)}
            if pair.is_paired:  # only the seeds that both have
                common = set.intersection(*(set(group.by_seed) for group in sides.values()))
                sides = {name: group.of(sorted(common)) for name, group in sides.items()}
            keys = {name: f"{name} {sorted(group.by_seed)}" for name, group in sides.items()}
            for name, group in sides.items():
                ids = tuple(f"{name}-s{seed}" for seed in sorted(group.by_seed))
                recipes[keys[name]] = Seeds(ids, tuple(self.scored(group, split)))
            wanted.append(RecipePair(keys[pair.first], keys[pair.second], pair.is_paired))
        if not wanted:
            return []
        return corrected(
            compare_recipes(
                self.labels(split),
                recipes,
                wanted,
                macro=self.macro,
                prior=self.dataset.prior,
                n_draws=n_draws,
            )
        )

    def spread(self, group: Group, split: str, metric: str) -> float | None:
        """Return the standard deviation of a metric over the seeds; None for a single one."""
        if len(group.outcomes) < 2:
            return None
        figures = [
            evaluate(self.labels(split), run.y_score, macro=self.macro, prior=self.dataset.prior)
            for run in self.scored(group, split)
        ]
        return float(np.std([one[metric] for one in figures], ddof=1))

    def decided(self, group: Group) -> dict[str, float]:
        """Return test metrics with tuned thresholds and calibration, averaged over seeds."""
        rows = []
        held_out, y_true = self.labels("validation"), self.labels("test")
        for outcome in group.outcomes:
            fitted = thresholds.fit(
                held_out, outcome.scores["validation"], self.dataset.genres, self.macro
            )
            score = outcome.scores["test"]
            calibrated = thresholds.calibration_of(fitted).apply(score)
            row = {
                "ece": expected_calibration_error(y_true, score),
                "ece, calibrated": expected_calibration_error(y_true, calibrated),
                "bce, calibrated": bce(y_true, calibrated),
            }
            for rule in thresholds.RULES:
                tuned = thresholds.thresholds_of(fitted, rule, self.dataset.genres)
                figures = evaluate(
                    y_true, score, macro=self.macro, prior=self.dataset.prior, threshold=tuned
                )
                row |= {f"{name}, {rule}": figures[name] for name in ("f1_micro", "f1_macro")}
            rows.append(row)
        return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}

    def cross_fitted(self, group: Group) -> dict[str, float]:
        """Return cross-fitted F1 and ECE on validation, averaged over seeds."""
        key = (group.trial.group, *group.by_seed)
        if key not in self._cross_fitted:  # the recipe's own is needed for every option
            self._cross_fitted[key] = self._fit_crossed(group)
        return self._cross_fitted[key]

    def _fit_crossed(self, group: Group) -> dict[str, float]:
        y_true, rows = self.labels("validation"), []
        for outcome in group.outcomes:
            fitted = thresholds.fit(
                y_true, outcome.scores["validation"], self.dataset.genres, self.macro
            )["cross_fitted"]
            rows.append(
                {
                    "micro": fitted[thresholds.TUNED]["f1_micro"],
                    "macro": fitted[thresholds.TUNED_PER_GENRE]["f1_macro"],
                    "ece": fitted["calibration"]["ece"][0],
                }
            )
        return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
