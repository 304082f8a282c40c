"""The checklist of Summary: what speaks for and against trusting each of the two chosen runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from genre_core import catalogue
from genre_core.charts.colours import Theme
from genre_core.comparison.results import RunComparison
from genre_core.comparison.standings import Standings
from genre_core.data.films import Dataset
from genre_core.evaluation.calibration import most_outside
from genre_core.evaluation.recipes import LEAST_SEEDS
from genre_core.evaluation.results import PairComparison
from genre_core.runs.folder import Run
from genre_core.ui.parts import loaders, run_names, verdict
from genre_core.ui.parts.text import count, signed

State = Literal["yes", "no", "unknown"]
SIGNS: dict[State, str] = {
    "yes": ":green[:material/check_circle:]",
    "no": ":red[:material/cancel:]",
    "unknown": ":gray[:material/help:]",
}
STATES: dict[str, State] = {"ahead": "yes", "behind": "no"}  # by verdict on the run
METHOD = """
- **Better than the base rates**: BCE on the test films, compared with predicting for every film how
  often each genre occurs in training. A tick or a cross is a significant difference.
- **Better than a linear model**: mAP, compared with a linear model of the same input. A tick or a
  cross is a significant difference.
- **Seeds**: a tick from three seeds of the recipe; with fewer, another seed can give another
  result.
- **Test films**: a tick if both runs are evaluated on the same test films.
- **Test films unseen in training**: a tick if the films that the model was trained on are known and
  no test film is among those that figures are about.
- **Calibrated genres**: genres whose expected calibration error lies within the 95% band of a
  perfectly calibrated model. A cross if more lie outside than in 95% of such models.
"""


@dataclass(frozen=True)
class Check:
    """One line of the checklist.

    Attributes:
        label: what is checked.
        cells: for each run, the outcome and its figure in words.
    """

    label: str
    cells: tuple[tuple[State, str], ...]


def checks(
    between: RunComparison,
    linear: Mapping[str, PairComparison],
    found: Standings,
    runs: Sequence[Run],
    dataset: Dataset,
) -> list[Check]:
    """Return the checklist of two runs.

    Args:
        between: their comparison.
        linear: by run that has one, its comparison with the linear model of its input.
        found: the runs of each recipe.
        runs: the two runs.
        dataset: their films.
    """
    n_seeds = {row.run.id: 1 + len(row.seeds) for row in found.rows}
    return [
        Check("Better than the base rates", tuple(_base_rates(between, run) for run in runs)),
        Check("Better than a linear model", tuple(_linear(linear.get(run.id)) for run in runs)),
        Check("Seeds", tuple(_seeds(between, run, n_seeds.get(run.id, 1)) for run in runs)),
        Check("Test films", tuple(_films(between, run) for run in runs)),
        Check("Test films unseen in training", tuple(_unseen(run) for run in runs)),
        Check("Calibrated genres", tuple(_calibration(run, dataset) for run in runs)),
    ]


def as_markdown(
    found: Sequence[Check], runs: Sequence[Run], names: Mapping[str, str], theme: Theme
) -> str:
    """Return the checklist as a table."""
    heads = [signed(run_names.role(run), names[run.id], theme) for run in runs]
    lines = [f"| Check | {' | '.join(heads)} |", f"|---|{'---|' * len(runs)}"]
    for check in found:
        cells = [f"{SIGNS[state]} {words}" for state, words in check.cells]
        lines.append(f"| {check.label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _base_rates(between: RunComparison, run: Run) -> tuple[State, str]:
    if run.id in between.decided:
        return "unknown", "no scores"
    ratio = between.values["bce_to_prior"][run.id]
    test = between.base_rates[run.id]
    return STATES.get(test.verdict, "unknown"), f"{ratio:.2f} of their BCE"


def _linear(pair: PairComparison | None) -> tuple[State, str]:
    if pair is None:
        return "unknown", "not compared"
    test = pair.headline["map"]
    if test.value is None:
        return "unknown", "no scores"
    return STATES.get(test.verdict, "unknown"), f"{verdict.signed(test.value)} mAP"


def _seeds(between: RunComparison, run: Run, n_seeds: int) -> tuple[State, str]:
    if run.id in between.deterministic:
        return "yes", "no randomness"
    is_enough = n_seeds >= LEAST_SEEDS and run.id not in between.lone_seeds
    return "yes" if is_enough else "unknown", count(n_seeds, "seed")


def _films(between: RunComparison, run: Run) -> tuple[State, str]:
    n_own = between.n_own_films[run.id]
    is_shared = n_own == between.n_films and len(set(between.datasets.values())) == 1
    return "yes" if is_shared else "no", f"{between.n_films:,} of {n_own:,}"


def _unseen(run: Run) -> tuple[State, str]:
    if catalogue.find(run.model):
        return "yes", "by the split"
    known = run.config["trained_on"]
    if not known:
        return "unknown", "not known"
    n_gone = known.get("test_films", 0)
    return "yes", f"{n_gone:,} left out" if n_gone else "none seen"


def _calibration(run: Run, dataset: Dataset) -> tuple[State, str]:
    if run.is_decided:
        return "unknown", "no scores"
    n_inside, n_genres = loaders.calibrated_genres(run, dataset)
    is_calibrated = n_genres - n_inside <= most_outside(n_genres)
    return "yes" if is_calibrated else "no", f"{n_inside} of {n_genres}"
