"""Which run is best: verdicts over all pairs, seeds of a recipe in one line."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from genre_core.comparison.standings import MOST, standings
from genre_core.evaluation.intervals import Interval
from genre_core.evaluation.results import RunDifference


@dataclass(frozen=True)
class Fake:
    """As much of a run as standings asks for."""

    id: str
    value: float
    seed: int = 0
    is_decided: bool = False
    dataset: str = "films"
    parents: tuple[str, ...] = ()
    config: dict = field(default_factory=dict, compare=False)

    def metrics(self):
        return {
            "splits": {"test": {"metrics": {"map": self.value, "bce_to_prior": 1 - self.value}}}
        }


def fake(name, value, **facts):
    config = {"model": name, "recipe": "improved", "changed": {}, "epochs": 3}
    return Fake(f"{name}-{facts.get('seed', 0)}", value, config=config, **facts)


def comparison(p_map, p_bce=1.0, *, bce_sign=-1):
    """Compare two runs with these p-values; the second one has the higher mAP."""

    def compare(pair):
        first, second = pair
        up = second.value - first.value
        metrics = {run.id: run.metrics()["splits"]["test"]["metrics"] for run in pair}
        tests = {
            "map": RunDifference(up, p_value=p_map),
            "bce": RunDifference(bce_sign * up, p_value=p_bce),
        }
        return SimpleNamespace(
            values={
                name: {run: found[name] for run, found in metrics.items()}
                for name in ("map", "bce_to_prior")
            },
            intervals={
                name: {run.id: Interval(0.0, 1.0) for run in pair}
                for name in ("map", "bce_to_prior")
            },
            pairs=[SimpleNamespace(headline=tests)],
        )

    return compare


def test_runs_are_ranked_and_seeds_of_a_recipe_share_a_line():
    runs = [fake("a", 0.2), fake("b", 0.4, seed=1), fake("b", 0.5, seed=0), fake("c", 0.3)]
    found = standings(runs, comparison(0.001))
    assert [row.run.id for row in found.rows] == ["b-1", "c-0", "a-0"]
    assert [run.id for run in found.rows[0].seeds] == ["b-0"]
    assert found.best.run.id == "b-1"
    assert not found.level
    assert found.rows[1].intervals["map"] == Interval(0.0, 1.0)


@pytest.mark.parametrize(("p_value", "n_level"), [(0.0124, 0), (0.0126, 2)])
def test_pairs_that_are_not_tested_count_too(p_value, n_level):
    """Of three runs there are three pairs, six tests: mAP and BCE of two pairs are known.

    The two tests of mAP are the smallest, so Holm's factors are 6 and 5.
    """
    runs = [fake("a", 0.2), fake("b", 0.4), fake("c", 0.3)]
    found = standings(runs, comparison(p_value * 4 / 6))
    assert len(found.level) == n_level


def test_a_lower_bce_decides_where_map_does_not():
    runs = [fake("a", 0.2), fake("b", 0.4)]
    assert not standings(runs, comparison(0.5, 0.001)).level
    found = standings(runs, comparison(0.001, 0.001, bce_sign=1))
    assert [row.run.id for row in found.level] == ["a-0"]  # better in one, worse in the other


def test_one_run_is_best_without_a_comparison_and_decisions_have_no_place():
    found = standings([fake("a", 0.2), fake("d", 0.9, is_decided=True)], comparison(0.001))
    assert [(row.run.id, bool(row.values)) for row in found.rows] == [("a-0", True), ("d-0", False)]
    assert not found.level
    assert standings([fake("d", 0.9, is_decided=True)], comparison(0.001)).best is None


def test_recipes_beyond_the_most_are_counted():
    runs = [fake(f"m{place}", place / 100) for place in range(MOST + 3)]
    found = standings(runs, comparison(0.001))
    assert (len(found.rows), found.n_left_out) == (MOST, 3)
