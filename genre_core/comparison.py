"""Runs looked at side by side, on the films that all of them have in their test split."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genre_core import catalogue, thresholds
from genre_core.data import store
from genre_core.data.films import Dataset
from genre_core.errors import GenreCoreError, RunError
from genre_core.evaluation import metrics
from genre_core.evaluation.decisions import macro_genres
from genre_core.evaluation.intervals import Scored, paired_bootstrap
from genre_core.files import read_json, sha256_cached, write_json
from genre_core.runs import MARKER, Run, list_runs

FORMAT = 1  # of kept comparisons; another way to compute them is another format


@dataclass(frozen=True)
class SplitScores:
    """Labels and scores of one run on one split of its dataset.

    Attributes:
        ids: film ids, n_films of them.
        y_true: (n_films, n_genres) uint8.
        y_score: (n_films, n_genres) float32.
    """

    ids: tuple[str, ...]
    y_true: np.ndarray
    y_score: np.ndarray


def film_scores(run: Run, dataset: Dataset) -> np.ndarray:
    """Return a run's scores of all films of its dataset, (n_films, n_genres), memory-mapped.

    Raises:
        RunError: the run is not finished, or its film order is not that of the dataset.
    """
    scores = run.scores()
    if run.film_ids() != dataset.films.ids or scores.shape != dataset.labels.shape:
        raise RunError(
            f"Run '{run.id}' has scores for other films than its dataset "
            f"{dataset.fingerprint} holds. Train it again."
        )
    return scores


def split_scores(run: Run, artifacts: Path, split: str) -> SplitScores:
    """Return labels and scores of a finished run on one split.

    Raises:
        RunError: the run is not finished, or its film order is not that of its dataset.
        DataError: its dataset is gone.
    """
    run.marker()
    dataset = store.load_dataset(artifacts, run.config["dataset"])
    scores = film_scores(run, dataset)
    rows = dataset.rows(split)
    ids = tuple(dataset.films.ids[row] for row in rows)
    return SplitScores(ids, dataset.labels[rows], np.asarray(scores[rows]))


def fitted(run: Run, artifacts: Path) -> dict[str, Any]:
    """Return thresholds and calibration of a finished run, see `thresholds.fit`."""

    def held_out() -> tuple[np.ndarray, np.ndarray]:
        on = split_scores(run, artifacts, "validation")
        return on.y_true, on.y_score

    return thresholds.kept(run, artifacts, held_out)


def threshold_of(run: Run, artifacts: Path, threshold: float | str) -> float | np.ndarray:
    """Return a threshold as a number, or one for each genre; a rule's is fitted on validation."""
    if isinstance(threshold, str):
        return thresholds.limits_of(fitted(run, artifacts), threshold, run.genres)
    return threshold


def figures(
    run: Run, artifacts: Path, *, split: str = "test", threshold: float | str = 0.5
) -> dict[str, Any]:
    """Return metrics and genre rows of one finished run on one split, as plain data."""
    on = split_scores(run, artifacts, split)
    limit = threshold_of(run, artifacts, threshold)
    macro = macro_genres(run.genres, run.config["train_support"])
    shown = metrics.figures(
        on.y_true,
        on.y_score,
        genres=run.genres,
        macro=macro,
        prior=run.config["prior"],
        threshold=limit,
    )
    return {"split": split, **shown}


def kept_comparison(runs: list[Run], artifacts: Path) -> dict[str, Any]:
    """Return what `compare` returns, made once for finished runs and kept on disk.

    Raises:
        RunError: see `compare`.
    """
    markers = [sha256_cached(run.folder / MARKER) for run in runs if run.state == "finished"]
    key = hashlib.sha256(json.dumps([FORMAT, [run.id for run in runs], markers]).encode())
    path = artifacts / "comparisons" / f"{key.hexdigest()[:16]}.json"
    with contextlib.suppress(OSError, ValueError):  # not made yet, or damaged: made again below
        kept: dict[str, Any] = read_json(path)
        return kept
    result = compare(runs, artifacts)
    write_json(path, result)
    return result


def newest(runs: Sequence[Run], modality: str, *, is_network: bool) -> Run | None:
    """Return the first of the runs that is a network, or a baseline, of a modality."""
    for run in runs:
        entry = catalogue.find(str(run.config["model"]))
        if entry and (entry.modality, entry.is_network) == (modality, is_network):
            return run
    return None


def linear_rivals(slots: Mapping[str, Run | None], runs: Sequence[Run]) -> dict[str, Run]:
    """Return for each slot's run, by its slot, the newest linear model that looks at the same.

    Args:
        slots: the run chosen for each modality.
        runs: finished runs of their dataset, newest first.
    """
    found = {slot: newest(runs, slot, is_network=False) for slot, run in slots.items() if run}
    return {slot: run for slot, run in found.items() if run and run != slots[slot]}


def prepare(artifacts: Path, fingerprint: str) -> None:
    """Make what pages open with, so that nobody waits for it: comparisons, and what is fitted."""
    here = [run for run in list_runs(artifacts) if run.state == "finished"]
    here = [run for run in here if run.config["dataset"] == fingerprint]
    slots = {slot: newest(here, slot, is_network=True) for slot in ("poster", "overview")}
    chosen = {slot: run for slot, run in slots.items() if run}
    pairs = [[rival, chosen[slot]] for slot, rival in linear_rivals(slots, here).items()]
    pairs += [list(chosen.values())] if len(chosen) == 2 else []
    for run in here:
        with contextlib.suppress(GenreCoreError):  # no validation film with a genre
            fitted(run, artifacts)
    for pair in pairs:
        with contextlib.suppress(GenreCoreError):  # too few films; the page says so
            kept_comparison(pair, artifacts)


def compare(
    runs: list[Run],
    artifacts: Path,
    *,
    threshold: float | str = 0.5,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> dict[str, Any]:
    """Return every metric of two or more runs with paired intervals, as plain data.

    The first run is the reference: a difference is another run minus the first. `metrics` holds
    the comparison of the first two; `others` those of any further run with the first.

    Raises:
        RunError: fewer than two runs, a run twice, or runs without a common test film.
    """
    if len(runs) < 2 or len({run.id for run in runs}) < len(runs):
        raise RunError("A comparison needs two or more different runs.")
    tests = [split_scores(run, artifacts, "test") for run in runs]
    y_true, scores = _on_common_films(runs, tests)
    limits = [threshold_of(run, artifacts, threshold) for run in runs]
    macro = macro_genres(runs[0].genres, runs[0].config["train_support"])
    result = paired_bootstrap(
        y_true,
        {
            run.id: Scored(score, limit)
            for run, score, limit in zip(runs, scores, limits, strict=True)
        },
        macro=macro,
        prior=runs[0].config["prior"],
        n_resamples=n_resamples,
        seed=seed,
    )
    plain = asdict(result)
    pairs = [_pair(plain, runs[0].id, run.id) for run in runs[1:]]
    return {
        "runs": [run.id for run in runs],
        "split": "test",
        "n_films": result.n_films,
        "n_macro_genres": int(macro.sum()) - result.n_undefined_genres,
        "n_resamples": n_resamples,
        "n_resamples_with_missing_genre": result.n_resamples_with_missing_genre,
        "thresholds": {
            run.id: np.asarray(limit).tolist() for run, limit in zip(runs, limits, strict=True)
        },
        "metrics": pairs[0]["metrics"],
        "others": pairs[1:],
    }


def _pair(result: dict[str, Any], first: str, second: str) -> dict[str, Any]:
    compared_metrics = {
        name: {
            "values": [compared["values"][first], compared["values"][second]],
            "intervals": [list(compared["intervals"][run]) for run in (first, second)],
            "difference": compared["differences"][second]["value"],
            "interval": list(compared["differences"][second]["interval"]),
            "p_value": compared["differences"][second]["p_value"],
            "n_films": result["n_films"],
        }
        for name, compared in result["metrics"].items()
    }
    return {"first": first, "second": second, "metrics": compared_metrics}


def _on_common_films(
    runs: list[Run], tests: list[SplitScores]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return labels and each run's scores on the test films that all runs have."""
    for run in runs[1:]:
        if run.genres != runs[0].genres:
            raise RunError(f"Runs '{runs[0].id}' and '{run.id}' know different genres.")
    common = set(tests[0].ids).intersection(*(test.ids for test in tests[1:]))
    if not common:
        raise RunError("These runs have no test film in common, so they cannot be compared.")
    order = [film for film in tests[0].ids if film in common]
    y_true = _aligned(tests[0], tests[0].y_true, order)
    for run, test in zip(runs[1:], tests[1:], strict=True):
        if not np.array_equal(_aligned(test, test.y_true, order), y_true):
            raise RunError(f"Runs '{runs[0].id}' and '{run.id}' have different labels for a film.")
    return y_true, [_aligned(test, test.y_score, order) for test in tests]


def _aligned(test: SplitScores, values: np.ndarray, order: list[str]) -> np.ndarray:
    places = {film: place for place, film in enumerate(test.ids)}
    return values[[places[film] for film in order]]
