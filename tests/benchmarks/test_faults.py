"""The campaign of attempts: each kind that takes no training, and what is kept of it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from benchmarks import faults
from benchmarks.__main__ import cli
from benchmarks.faults import damage, disk, hostile
from benchmarks.faults.ground import make_ground, random_of
from genre_core.artifacts import Artifacts
from genre_core.files import write_json


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    return make_ground(tmp_path_factory.mktemp("ground"))


@pytest.mark.parametrize("name", ["disk", "tables", "posters", "queries", "deletions", "damage"])
@pytest.mark.parametrize("seed", range(4))
def test_nothing_breaks(ground, name, seed):
    (fault,) = (fault for fault in faults.FAULTS if fault.name == name)
    assert fault.attempt(ground, seed) == ""


@pytest.mark.parametrize("kind", damage.KINDS)
def test_every_kind_of_damage_changes_a_file(tmp_path, kind):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789" * 10)
    kind(path, random_of(1))
    assert not path.is_file() or path.read_bytes() != b"0123456789" * 10


def test_an_attempt_is_what_its_seed_makes_it():
    first, second, other = (
        hostile.mutated(b"x" * 500, random_of(seed), hostile.PIECES) for seed in (3, 3, 4)
    )
    assert first == second != other


def test_a_disk_is_full_for_one_thread_alone(tmp_path):
    def write():
        write_json(tmp_path / "value.json", 1)

    with ThreadPoolExecutor(1) as pool, disk.full_from(0):
        pool.submit(write).result()
        with pytest.raises(OSError, match="No space left"):
            write()


def fault(name, outcome, *, elsewhere=False):
    def attempt(_ground, number):
        return outcome(number)

    return faults.Fault(name, f"about {name}", 4, attempt, elsewhere)


def crash(number):
    raise KeyError(number)


def test_results_are_kept_and_failures_named(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "make_ground", lambda folder: None)
    kinds = (fault("fine", lambda _: "", elsewhere=True), fault("odd", lambda n: "odd" * (n % 2)))
    monkeypatch.setattr(faults, "FAULTS", (*kinds, fault("crash", crash)))
    results = tmp_path / "faults.jsonl"
    fine, odd, crashing = faults.run(results)
    assert (fine["attempts"], fine["failures"]) == (4, 0)
    assert (odd["attempts"], odd["failures"]) == (4, 2)
    assert odd["problems"][0] == {"number": 1, "problem": "odd"}
    assert crashing["failures"] == 4
    assert "KeyError: 0 (test_faults.py" in crashing["problems"][0]["problem"]
    n_lines = len(results.read_text().splitlines())
    with results.open("a") as file:
        file.write('{"code": 2, "torn')
    assert faults.run(results) == [fine, odd, crashing]
    assert len(results.read_text().splitlines()) == n_lines + 1
    assert faults.run(results, names=["fine"], seed=1, minutes=0)[0]["attempts"] == 0


def test_the_command_prints_a_table_and_fails_with_the_campaign(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "make_ground", lambda folder: None)
    monkeypatch.setattr(faults, "FAULTS", (fault("odd", lambda n: "wrong" * (n % 2)),))
    words = ["faults", "--artifacts", str(Artifacts(tmp_path))]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 1
    assert "about odd" in done.output
    assert "odd 1: wrong" in done.output
    plain = json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)
    assert plain[0]["failures"] == 2
    assert "expected some of odd" in CliRunner().invoke(cli, [*words, "--fault", "x"]).output
