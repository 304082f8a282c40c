"""What `compare` prints: JSON for scripts, and tables that fit a terminal of 80 columns."""

import json

import pytest
from click.testing import CliRunner

from genre_core.commands.main import cli
from genre_core.evaluation.metrics import METRICS

WIDTH = 80
LABELS = [metric.label for metric in METRICS]
NETWORKS = ("poster_cnn", "overview_lstm")


@pytest.fixture(autouse=True)
def _terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", str(WIDTH))


@pytest.fixture
def call(artifacts):
    def call_it(*runs, words=()):
        arguments = ["compare", *(run.id for run in runs), "--draws", "1000", *words]
        result = CliRunner().invoke(cli, [*arguments, "--artifacts", str(artifacts)])
        assert result.exit_code == 0, result.output
        return result.stdout

    return call_it


def tables(text):
    """The lines of each table under its heads."""
    found = []
    for line in map(str.strip, text.splitlines()):
        if line.split()[1:2] in (["first"], ["films"]):
            found.append([line])
        elif found:
            found[-1].append(line)
    return found


def test_tables_are_whole_in_a_terminal_of_80_columns(call, add_run):
    text = call(*map(add_run, NETWORKS))
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= WIDTH
    by_metric, by_genre = tables(text)
    heads = ["first", "second", "diff.", "95%", "interval", "p", "p", "Holm", "verdict"]
    assert by_metric[0].split() == ["metric", *heads]
    assert by_genre[0].split() == ["genre", "films", *heads]
    lines = {label: next(line for line in by_metric if line.startswith(label)) for label in LABELS}
    assert "Precision, weighted" in lines
    for name in ("mAP", "BCE "):
        (line,) = (line for line in by_metric if line.startswith(name) and "/" not in line[:5])
        cells = line.removeprefix(name).split()
        assert len(cells) == 8  # two of the interval
        assert cells[-1] == "ahead"
        assert all(p == "<0.001" or 0 <= float(p) <= 1 for p in cells[5:7])
    assert "AP by genre; no interval below 30 films" in text
    assert "Verdicts refer to the second run" in " ".join(text.split())


def test_the_widest_values_fit(call, add_run):
    """Far apart in BCE, and thresholds by genre in the title."""
    runs = [add_run("overview_lstm"), add_run("prior"), add_run("poster_cnn")]
    text = call(*runs, words=("--threshold", "tuned-per-genre"))
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.count("behind") > 1
    assert len(tables(text)) == 2 * 3


def test_compare_opens_with_thresholds_tuned_on_validation(call, add_run):
    runs = [add_run(model) for model in NETWORKS]
    told = json.loads(call(*runs, words=("--json",)))
    assert told["threshold"] == "tuned"
    assert all(0 < limit < 1 for limit in told["thresholds"].values())
    half = json.loads(call(*runs, words=("--json", "--threshold", "0.5")))
    assert set(half["thresholds"].values()) == {0.5}


@pytest.mark.thorough
def test_three_seeds_of_both_give_recipes(call, add_run):
    runs = [[add_run(model, seed) for seed in range(3)] for model in NETWORKS]
    (one,) = json.loads(call(runs[0][0], runs[1][0], words=("--json",)))["pairs"]
    found = one["recipes"]
    assert found["n_seeds"] == [3, 3]
    assert found["runs"] == [[run.id for run in seeds] for seeds in runs]
    assert set(found["metrics"]) == {"map", "bce", "bce_to_prior"}
    text = call(runs[0][0], runs[1][0])
    by_seeds, by_metric, _ = tables(text)
    assert "Mean over seeds" in " ".join(text.split())
    for line, label in zip(by_seeds[2:5], ("mAP ", "BCE ", "BCE / base rates "), strict=True):
        assert line.startswith(label)
    assert not by_seeds[5]
    assert [line for line in by_metric if line.startswith("LRAP")]
    assert max(map(len, text.splitlines())) <= WIDTH
    assert json.loads(call(*runs[0][:2], words=("--json",)))["pairs"][0]["recipes"] is None
