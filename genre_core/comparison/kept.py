"""Owner of `artifacts/comparisons/`: a cache of comparisons of finished runs."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from genre_core import caches
from genre_core.artifacts import Artifacts
from genre_core.comparison.compare import compare, recipes_of
from genre_core.comparison.oracle import SCHEMA as ORACLE_SCHEMA
from genre_core.comparison.oracle import with_oracle
from genre_core.comparison.recipes import lone_seeds
from genre_core.comparison.results import RunComparison, Threshold
from genre_core.comparison.rivals import fusion_of, linear_rivals, shown_first
from genre_core.comparison.standings import standings
from genre_core.data.films import INPUTS
from genre_core.data.leakage import leakage_of
from genre_core.data.leakage_groups import QUICK
from genre_core.data.store import load_dataset
from genre_core.errors import GenreCoreError
from genre_core.files import sha256_cached
from genre_core.runs.content import MARKER
from genre_core.runs.folder import Run, list_runs
from genre_core.runs.scores import fitted, splits_of, threshold_of
from genre_core.runs.thresholds import TUNED
from genre_core.schemas import valid

FORMAT = 6  # increased whenever comparisons are computed differently


def kept_comparison(
    runs: Sequence[Run],
    *,
    threshold: Threshold = TUNED,
    others: Sequence[Run] = (),
) -> RunComparison:
    """Return the result of `compare`, cached on disk for finished runs.

    Args:
        runs: See `compare`.
        threshold: See `compare`.
        others: See `compare`.

    Raises:
        RunError: See `compare`.
    """
    finished = [run for run in runs if run.state == "finished"]
    thresholds = [np.asarray(threshold_of(run, threshold)).tolist() for run in finished]
    seeds = [
        _marker(run)
        for pair in recipes_of(finished, others).values()
        for run in (*pair.first, *pair.second)
    ]
    facts = [threshold, thresholds, seeds, lone_seeds(finished, others)]
    return caches.remembered(
        _path("comparison", runs, facts),
        f"comparison {FORMAT}",
        lambda: compare(runs, threshold=threshold, others=others),
        to_json=RunComparison.to_json,
        from_json=RunComparison.from_json,
    )


def kept_oracle(first: Run, second: Run, fusion: Run | None) -> dict[str, Any]:
    """Return the result of `with_oracle`, cached on disk for finished runs."""
    runs = [run for run in (first, second, fusion) if run]
    return caches.remembered(
        _path("oracle", runs, []),
        f"oracle {FORMAT}",
        lambda: with_oracle(first, second, fusion),
        to_json=dict,
        from_json=partial(valid, schema=ORACLE_SCHEMA),
    )


def prepare(artifacts: Artifacts, fingerprint: str) -> None:
    """Compute leakage, comparisons and thresholds that pages need, so that they open quickly."""
    inputs = INPUTS
    with contextlib.suppress(GenreCoreError):  # the dataset was removed
        dataset = load_dataset(artifacts, fingerprint)
        inputs = dataset.inputs
        if len(dataset.films) <= QUICK:
            leakage_of(dataset, artifacts)
    here = [run for run in list_runs(artifacts) if run.state == "finished"]
    here = [run for run in here if run.dataset == fingerprint and "test" in splits_of(run)]
    slots = shown_first(here, inputs)
    chosen = {slot: run for slot, run in slots.items() if run}
    pairs = [[rival, chosen[slot]] for slot, rival in linear_rivals(slots, here).items()]
    between = list(chosen.values()) if len(chosen) == 2 else []
    pairs += [between] if between else []
    for run in here:
        with contextlib.suppress(GenreCoreError):  # no validation film with a genre
            fitted(run)
    with contextlib.suppress(GenreCoreError):  # too few films; the page says so
        standings(here, partial(kept_comparison, others=here))
        for pair in pairs:
            kept_comparison(pair, others=here)
        if between:
            kept_oracle(between[0], between[1], fusion_of(here, between))


def _path(what: str, runs: Sequence[Run], facts: Sequence[Any]) -> Path:
    markers = [_marker(run) for run in runs if run.state == "finished"]
    whole = [FORMAT, what, [run.id for run in runs], markers, *facts]
    key = hashlib.sha256(json.dumps(whole).encode())
    return runs[0].artifacts.comparisons / f"{key.hexdigest()[:16]}.json"


def _marker(run: Run) -> str:
    return sha256_cached(run.folder / MARKER)
