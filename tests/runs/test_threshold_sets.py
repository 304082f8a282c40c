"""Thresholds saved under a name: what is kept, what is refused, what a damaged file does."""

import numpy as np
import pytest
from tiny_artifacts import make_dataset, make_run

from genre_core.artifacts import Artifacts
from genre_core.errors import DataError
from genre_core.runs import thresholds
from genre_core.runs.folder import find_run
from genre_core.runs.scores import threshold_of
from genre_core.runs.threshold_sets import ThresholdSet, find, names_for, remove, save, saved


@pytest.fixture
def artifacts(tmp_path):
    return Artifacts(tmp_path / "artifacts")


@pytest.fixture
def run(tmp_path, artifacts):
    dataset = make_dataset(tmp_path / "films", artifacts)
    return find_run(artifacts, make_run(artifacts, dataset, "prior").name)


def of(run, name="mine", limit=0.25):
    return ThresholdSet(name, {run.id: dict.fromkeys(run.genres, limit)}, {run.id: "set by hand"})


def test_what_is_saved_is_found_again_and_decides(artifacts, run):
    values = ThresholdSet(
        "Ünïcode / name", {run.id: {g: n / 10 for n, g in enumerate(run.genres)}}, {run.id: "how"}
    )
    save(artifacts, values)
    assert find(artifacts, "Ünïcode / name") == values
    assert names_for(artifacts, [run]) == ["Ünïcode / name"]
    limits = threshold_of(run, "Ünïcode / name")
    np.testing.assert_array_equal(limits, [0.0, 0.1, 0.2, 0.3])


@pytest.mark.parametrize(
    "name", ["", "  ", " a", "a  b", "x" * 61, "0.5", "nan", *thresholds.RULES]
)
def test_names_that_cannot_be_are_refused(artifacts, run, name):
    with pytest.raises(DataError, match=r"is not a valid name|is a value of --threshold already"):
        save(artifacts, of(run, name))
    assert saved(artifacts) == []


def test_a_name_that_is_taken_is_not_overwritten(artifacts, run):
    save(artifacts, of(run, limit=0.1))
    with pytest.raises(DataError, match="Choose another name"):
        save(artifacts, of(run, limit=0.9))
    assert find(artifacts, "mine").thresholds_of(run)[0] == 0.1
    remove(artifacts, "mine")
    remove(artifacts, "mine")
    assert saved(artifacts) == []


def test_an_unknown_name_names_the_nearest(artifacts, run):
    save(artifacts, of(run))
    with pytest.raises(DataError, match="'mine'"):
        threshold_of(run, "mien")


def test_thresholds_of_other_runs_are_refused_and_not_offered(artifacts, run):
    save(artifacts, ThresholdSet("others", {"gone": {"Drama": 0.5}}, {"gone": "how"}))
    assert names_for(artifacts, [run]) == []
    with pytest.raises(DataError, match="not for run"):
        threshold_of(run, "others")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x", "limits": {"r": {"g": 2}}}'])
def test_a_damaged_file_is_left_out_of_lists_and_named_when_asked_for(artifacts, run, text):
    save(artifacts, of(run))
    (path,) = (artifacts.thresholds / "saved").glob("*.json")
    path.write_text(text)
    assert saved(artifacts) == []
    with pytest.raises(DataError, match="is damaged"):
        find(artifacts, "mine")


def test_a_file_of_another_making_is_left_out_and_named(artifacts, run):
    save(artifacts, of(run))
    (path,) = (artifacts.thresholds / "saved").iterdir()
    path.write_text('{"name": "mine", "limits": [1, 2], "how": {}}')
    assert saved(artifacts) == []
    with pytest.raises(DataError, match="is damaged"):
        find(artifacts, "mine")
