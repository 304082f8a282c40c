"""Runs compared on the films that all of them have in their test split."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genre_core import catalogue
from genre_core.errors import GenreCoreError, RunError
from genre_core.evaluation.bootstrap import (
    LEAST_SUPPORT,
    GenreCompared,
    PairedBootstrap,
    Scored,
    paired_bootstrap,
)
from genre_core.evaluation.decisions import decide, macro_genres
from genre_core.evaluation.intervals import Compared, holm
from genre_core.evaluation.metrics import GENRE_METRICS, METRICS
from genre_core.evaluation.oracle import oracle_scores, share_of_oracle
from genre_core.evaluation.permutation import sign_flip
from genre_core.evaluation.totals import film_values
from genre_core.files import read_json, sha256_cached, write_json
from genre_core.run_scores import fitted, on_common_films, split_scores, threshold_of
from genre_core.runs import MARKER, Run, list_runs
from genre_core.thresholds import COMMON

FORMAT = 2  # of kept comparisons; another way to compute them is another format
AHEAD, BEHIND, UNTOLD = "ahead", "behind", "not distinguishable"
SIGNIFICANT = 0.05
MODALITIES = ("poster", "overview")
ORACLE = "oracle"  # stands for the better run of each film where runs are named by their id

FilmValues = Mapping[str, np.ndarray]


def kept_comparison(
    runs: Sequence[Run], artifacts: Path, *, threshold: float | str = 0.5
) -> dict[str, Any]:
    """Return what `compare` returns, made once for finished runs and kept on disk.

    Raises:
        RunError: see `compare`.
    """
    limits = [
        np.asarray(threshold_of(run, artifacts, threshold)).tolist()
        for run in runs
        if run.state == "finished"
    ]
    return _kept(
        "comparison",
        runs,
        artifacts,
        [threshold, limits],
        lambda: compare(runs, artifacts, threshold=threshold),
    )


def kept_oracle(first: Run, second: Run, fusion: Run | None, artifacts: Path) -> dict[str, Any]:
    """Return what `with_oracle` returns, made once for finished runs and kept on disk."""
    runs = [run for run in (first, second, fusion) if run]
    return _kept(
        "oracle", runs, artifacts, [], lambda: with_oracle(first, second, fusion, artifacts)
    )


def _kept(
    what: str,
    runs: Sequence[Run],
    artifacts: Path,
    facts: Sequence[Any],
    make: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    markers = [sha256_cached(run.folder / MARKER) for run in runs if run.state == "finished"]
    whole = [FORMAT, what, [run.id for run in runs], markers, *facts]
    key = hashlib.sha256(json.dumps(whole).encode())
    path = artifacts / "comparisons" / f"{key.hexdigest()[:16]}.json"
    with contextlib.suppress(OSError, ValueError):  # not made yet, or damaged: made again below
        kept = read_json(path)
        if isinstance(kept, dict):
            return kept
    result = make()
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
    looks = {slot: catalogue.modality(run.config["model"]) for slot, run in slots.items() if run}
    found = {
        slot: newest(runs, modality, is_network=False)
        for slot, modality in looks.items()
        if modality in MODALITIES  # fusion and the genre frequencies have no rival
    }
    return {slot: run for slot, run in found.items() if run and run != slots[slot]}


def prepare(artifacts: Path, fingerprint: str) -> None:
    """Make what pages open with, so that nobody waits for it: comparisons, and what is fitted."""
    here = [run for run in list_runs(artifacts) if run.state == "finished"]
    here = [run for run in here if run.config["dataset"] == fingerprint]
    slots = {slot: newest(here, slot, is_network=True) for slot in MODALITIES}
    chosen = {slot: run for slot, run in slots.items() if run}
    pairs = [[rival, chosen[slot]] for slot, rival in linear_rivals(slots, here).items()]
    between = list(chosen.values()) if len(chosen) == 2 else []
    pairs += [between] if between else []
    for run in here:
        with contextlib.suppress(GenreCoreError):  # no validation film with a genre
            fitted(run, artifacts)
    with contextlib.suppress(GenreCoreError):  # too few films; the page says so
        for pair in pairs:
            kept_comparison(pair, artifacts)
        if between:
            kept_comparison(between, artifacts, threshold=COMMON)
            kept_oracle(between[0], between[1], fusion_of(here, between), artifacts)


def fusion_of(runs: Sequence[Run], pair: Sequence[Run]) -> Run | None:
    """Return the fusion of two runs, else the newest of any; None if there is none.

    Args:
        runs: finished runs of their dataset, newest first.
        pair: the two runs.
    """
    known = [(run, catalogue.find(str(run.config["model"]))) for run in runs]
    fused = [run for run, entry in known if entry and entry.parents]
    own = [run for run in fused if set(run.parents) == {parent.id for parent in pair}]
    return next(iter([*own, *fused]), None)


def compare(
    runs: Sequence[Run],
    artifacts: Path,
    *,
    threshold: float | str = 0.5,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> dict[str, Any]:
    """Return every metric of two or more runs with paired intervals, as plain data.

    The first run is the reference: a difference is another run minus the first. `metrics` and
    `genres` hold the comparison of the first two; `others` those of any further run with the
    first. Every difference has a verdict on the second run, by its interval; that on a genre is
    by the p-value that Holm's correction makes over the genres of one metric and one pair.

    Raises:
        RunError: fewer than two runs, a run twice, or runs without a common test film.
    """
    if len(runs) < 2 or len({run.id for run in runs}) < len(runs):
        raise RunError("A comparison needs two or more different runs.")
    tests = [split_scores(run, artifacts, "test") for run in runs]
    _, y_true, scores = on_common_films(runs, tests)
    limits = [threshold_of(run, artifacts, threshold) for run in runs]
    macro = macro_genres(runs[0].genres, runs[0].config["train_support"])
    scored = {
        run.id: Scored(score, limit) for run, score, limit in zip(runs, scores, limits, strict=True)
    }
    found = paired_bootstrap(
        y_true,
        scored,
        macro=macro,
        prior=runs[0].config["prior"],
        n_resamples=n_resamples,
        seed=seed,
    )
    by_film = {
        name: film_values(y_true, run.y_score, decide(run.y_score, run.threshold))
        for name, run in scored.items()
    }
    pairs = [_pair(found, runs[0], run, by_film) for run in runs[1:]]
    return {
        "runs": [run.id for run in runs],
        "dataset": runs[0].config["dataset"],
        "split": "test",
        "n_films": found.n_films,
        "n_macro_genres": int(macro.sum()) - found.n_undefined_genres,
        "macro_genres": [runs[0].genres[genre.column] for genre in found.genres],
        "least_support": LEAST_SUPPORT,
        "n_resamples": n_resamples,
        "seed": seed,
        "n_resamples_with_missing_genre": found.n_resamples_with_missing_genre,
        "threshold": threshold,
        "thresholds": {
            run.id: np.asarray(limit).tolist() for run, limit in zip(runs, limits, strict=True)
        },
        "metrics": pairs[0]["metrics"],
        "genres": pairs[0]["genres"],
        "others": pairs[1:],
    }


def with_oracle(
    first: Run,
    second: Run,
    fusion: Run | None,
    artifacts: Path,
    *,
    n_resamples: int = 10_000,
    seed: int = 0,
) -> dict[str, Any]:
    """Return two runs beside an oracle that asks the better one film by film, as plain data.

    Args:
        first: a finished run.
        second: another one.
        fusion: a run that is held against the oracle; None if there is none.
        artifacts: folder of the runs.
        n_resamples: resamples of the test films.
        seed: of the resamples.

    Raises:
        RunError: see `compare`.
    """
    runs = [run for run in (first, second, fusion) if run]
    _, y_true, scores = on_common_films(
        runs, [split_scores(run, artifacts, "test") for run in runs]
    )
    by_id = {run.id: score for run, score in zip(runs, scores, strict=True)}
    oracle = oracle_scores(y_true, scores[0], scores[1])
    found = paired_bootstrap(
        y_true,
        {name: Scored(score) for name, score in {**by_id, ORACLE: oracle}.items()},
        macro=macro_genres(first.genres, first.config["train_support"]),
        prior=first.config["prior"],
        n_resamples=n_resamples,
        seed=seed,
    )
    pair = {run.id: by_id[run.id] for run in (first, second)}
    share = share_of_oracle(
        y_true, pair, scores[-1] if fusion else oracle, n_resamples=n_resamples, seed=seed
    )
    return {
        "runs": [*by_id, ORACLE],
        "fusion": fusion.id if fusion else None,
        "n_films": found.n_films,
        "metrics": {
            name: {
                "values": row.values,
                "intervals": {run: list(ends) for run, ends in row.intervals.items()},
            }
            for name, row in found.metrics.items()
        },
        "share": share._asdict(),
    }


def pairs_of(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the comparisons with the first run that `compare` made, one for each other run."""
    first, second, *_ = result["runs"]
    head = {name: result[name] for name in ("metrics", "genres")}
    return [{"first": first, "second": second, **head}, *result["others"]]


def _pair(
    found: PairedBootstrap, first: Run, second: Run, by_film: Mapping[str, FilmValues]
) -> dict[str, Any]:
    names = (first.id, second.id)
    values, others = by_film[first.id], by_film[second.id]
    checks = sign_flip({name: others[name].astype(float) - values[name] for name in values})
    return {
        "first": first.id,
        "second": second.id,
        "metrics": {
            metric.name: {
                **_row(found.metrics[metric.name], names, found.n_films, metric.higher_is_better),
                "permutation_p": checks.get(metric.name),
            }
            for metric in METRICS
        },
        "genres": _genre_rows(found, names, first.genres),
    }


def _row(
    compared: Compared, names: tuple[str, str], n_films: int, higher_is_better: bool
) -> dict[str, Any]:
    difference = compared.differences[names[1]]
    return {
        "values": [compared.values[name] for name in names],
        "intervals": [list(compared.intervals[name]) for name in names],
        "difference": difference.value,
        "interval": list(difference.interval),
        "p_value": difference.p_value,
        "verdict": verdict(difference.value, difference.p_value, higher_is_better),
        "n_films": n_films,
        "n_films_needed": difference.n_films_needed(n_films),
    }


def _genre_rows(
    found: PairedBootstrap, names: tuple[str, str], genres: Sequence[str]
) -> list[dict[str, Any]]:
    rows = [_genre_row(genre, names, genres, found) for genre in found.genres]
    for metric in GENRE_METRICS:
        tested = [row["metrics"][metric.name] for row in rows if not row["is_withheld"]]
        for figure, p in zip(
            tested, holm([figure["p_value"] for figure in tested]).tolist(), strict=True
        ):
            figure["p_holm"] = p
            figure["verdict"] = verdict(figure["difference"], p, True)
    return rows


def _genre_row(
    genre: GenreCompared, names: tuple[str, str], genres: Sequence[str], found: PairedBootstrap
) -> dict[str, Any]:
    """Return one genre; only its values where its intervals are withheld."""
    metrics: dict[str, Any] = {}
    for metric, values in genre.values.items():
        metrics[metric] = {"values": [values[name] for name in names]}
        if metric in genre.metrics:
            metrics[metric] = _row(genre.metrics[metric], names, found.n_films, True)
    return {
        "genre": genres[genre.column],
        "support": genre.support,
        "is_withheld": not genre.metrics,
        "n_resamples_missing": found.n_resamples_missing[genre.column],
        "metrics": metrics,
    }


def verdict(difference: float, p_value: float, higher_is_better: bool) -> str:
    """Return whether the second of two runs is ahead, behind, or neither."""
    if p_value >= SIGNIFICANT:
        return UNTOLD
    return AHEAD if (difference > 0) == higher_is_better else BEHIND
