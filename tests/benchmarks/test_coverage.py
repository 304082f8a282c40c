"""Simulated worlds: what is true in them, that a run is taken up, and no false verdicts."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.coverage import simulation, studies, worlds
from benchmarks.coverage.studies import FALSE_VERDICTS, Rate
from genre_core.evaluation.metrics import METRICS


@pytest.fixture
def small(monkeypatch):
    """Few films in a small population."""
    monkeypatch.setattr(worlds, "N_POPULATION", 4000)
    monkeypatch.setattr(worlds, "N_FILMS", 300)
    worlds.population.cache_clear()
    yield
    worlds.population.cache_clear()


def test_the_genres_are_as_frequent_as_they_should_be(small):
    films = worlds.population(0)
    assert films.y_true.mean(axis=0) == pytest.approx(worlds.PREVALENCES, abs=0.03)


@pytest.mark.slow
def test_runs_of_other_shapes_have_equal_average_precision():
    row = [metric.name for metric in METRICS].index("map")
    random = np.random.default_rng(0)
    found = []
    for _ in range(60):
        world = worlds.shapes_pair(random)
        tables = worlds.tables_of(
            world.y_true, world.runs, macro=worlds.MACRO, prior=worlds.PREVALENCES, n_draws=40
        )
        values, _ = worlds.on_the_films(tables)
        found.append(values["second"][row] - values["first"][row])
    assert np.mean(found) == pytest.approx(0, abs=4 * np.std(found) / np.sqrt(60))


def test_runs_that_predict_unlike_numbers_have_equal_precision():
    world = worlds.unequal_numbers(np.random.default_rng(0), first=150, second=400)
    for run in world.runs.values():
        decided = run.y_score > 0.5
        assert world.y_true[decided].mean() == pytest.approx(0.5, abs=0.08)


@pytest.mark.slow
@pytest.mark.parametrize("name", [one.name for one in studies.STUDIES if "unequal" not in one.name])
def test_every_study_ends_in_rates(name, small, tmp_path, monkeypatch):
    monkeypatch.setattr(worlds, "N_PILOT", 2)
    found = [studies.study(name).look(0, number, 40) for number in range(2)]
    plain = json.loads(json.dumps(found, allow_nan=False))
    rates = studies.study(name).rows(name, plain)
    assert rates
    assert all(0 <= rate.interval.low <= rate.share <= rate.interval.high <= 1 for rate in rates)


def test_a_run_that_was_broken_off_is_taken_up(small, tmp_path, monkeypatch):
    ticks = []
    options = {"n_draws": 40, "seed": 0, "names": ("few 1", "unequal 3 6")}
    first = simulation.run(
        tmp_path, n_worlds=20, tick=lambda done, total: ticks.append((done, total)), **options
    )
    assert ticks[-1] == (22, 22)
    (folder,) = tmp_path.iterdir()
    with (folder / "unequal-3-6.jsonl").open("a") as file:
        file.write('{"number": 99, "fou')  # a kill in the middle of a line
    monkeypatch.setattr(simulation, "_made", lambda missing, *_: iter(()) if not missing else 1 / 0)
    assert simulation.run(tmp_path, n_worlds=20, **options) == first


def test_changed_code_begins_anew(monkeypatch):
    key = simulation._key()
    monkeypatch.setattr(simulation, "SOURCES", simulation.SOURCES[1:])
    assert simulation._key() != key


def test_a_rate_is_reached_inside_its_bounds():
    assert Rate("s", "e", 6, 100, (0.0, 0.065)).is_reached
    assert not Rate("s", "e", 7, 100, (0.0, 0.065)).is_reached
    assert Rate("s", "e", 7, 100).is_reached is None
    assert Rate("s", "e", 7, 100).as_dict()["low"] == pytest.approx(0.0286, abs=1e-4)


@pytest.mark.slow
def test_equally_good_runs_have_hardly_any_verdict(tmp_path):
    """200 null worlds, so that p-values that invent significance cannot come back unseen."""
    rates = simulation.run(tmp_path, n_worlds=200, n_draws=1000, seed=1, names=("null 0.3 0.5",))
    bound = [rate for rate in rates if rate.bounds]
    assert len(bound) == len(METRICS) - 1 + 6  # macro precision is never tested there
    for rate in bound:
        assert rate.k <= binom.ppf(0.9999, rate.n, FALSE_VERDICTS), (rate.event, rate.k, rate.n)
