"""Thresholds saved under a name: what is kept, what is refused, what a damaged file does."""

import hashlib
import json

import numpy as np
import pytest
from click.testing import CliRunner
from edit_json import edit_json
from tiny_artifacts import make_dataset, make_run

from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.errors import DataError
from genre_core.files import read_json
from genre_core.runs import threshold_origins, thresholds
from genre_core.runs.folder import find_run
from genre_core.runs.scores import threshold_of
from genre_core.runs.threshold_origins import Origin
from genre_core.runs.threshold_sets import ThresholdSet, find, names_for, remove, save, saved

KEYS = ("half", "top3", "validation", "genres", "saved:x", *thresholds.KEYS, *thresholds.RULES)
FILE_OF_TUNED = f"{hashlib.sha256(b'tuned').hexdigest()[:16]}.json"


@pytest.fixture
def artifacts(tmp_path):
    return Artifacts(tmp_path / "artifacts")


@pytest.fixture
def run(tmp_path, artifacts):
    dataset = make_dataset(tmp_path / "films", artifacts)
    return find_run(artifacts, make_run(artifacts, dataset, "prior").name)


def of(run, name="mine", limit=0.25):
    return ThresholdSet(
        name, {run.id: dict.fromkeys(run.genres, limit)}, {run.id: Origin("by_hand")}
    )


def test_what_is_saved_is_found_again_and_decides(artifacts, run):
    values = ThresholdSet(
        "Ünïcode / name",
        {run.id: {g: n / 10 for n, g in enumerate(run.genres)}},
        {run.id: Origin("tuned")},
    )
    save(artifacts, values)
    assert find(artifacts, "Ünïcode / name") == values
    assert names_for(artifacts, [run]) == ["Ünïcode / name"]
    limits = threshold_of(run, "Ünïcode / name")
    np.testing.assert_array_equal(limits, [0.0, 0.1, 0.2, 0.3])


@pytest.mark.parametrize("name", ["", "  ", " a", "a  b", "x" * 61, "0.5", "nan", *KEYS])
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
    save(artifacts, ThresholdSet("others", {"gone": {"Drama": 0.5}}, {"gone": Origin("tuned")}))
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


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("set by hand", "by_hand"),
        ("score of .5", "half"),
        ("one threshold, fitted", "tuned"),
        ("one a genre, fitted", "tuned_per_genre"),
        ("fitted on validation for F1, one for all genres", "tuned"),
        (
            "fitted on validation for recall of at least 0.8, one for each genre",
            "tuned_per_genre:recall:0.8",
        ),
        ("saved: another", "unknown"),
        ("tuned:precision:7", "unknown"),
        ("tuned:f2:0.5", "unknown"),
        ("half:precision:0.5:x", "unknown"),
    ],
)
def test_sets_saved_with_sentences_still_open(artifacts, run, sentence, key):
    save(artifacts, of(run, limit=0.4))
    (path,) = (artifacts.thresholds / "saved").iterdir()
    assert read_json(path)["how"] == {run.id: "by_hand"}
    edit_json(path, how={run.id: sentence})
    found = find(artifacts, "mine")
    assert str(found.how[run.id]) == key
    assert str(threshold_origins.parse(key)) == key
    assert found.thresholds_of(run)[0] == 0.4


def test_an_old_set_with_the_name_of_a_rule_is_asked_for_as_saved(artifacts, run):
    save(artifacts, of(run, limit=0.4))
    (path,) = (artifacts.thresholds / "saved").iterdir()
    path.rename(tuned := path.with_name(FILE_OF_TUNED))
    edit_json(tuned, name="tuned")
    assert set(threshold_of(run, "saved:tuned")) == {0.4}
    assert threshold_of(run, "tuned") != 0.4


@pytest.mark.parametrize(
    ("word", "key", "note"),
    [
        ("tuned", "tuned", ""),
        ("tuned-per-genre", "tuned_per_genre", ""),
        ("tuned_per_genre", "tuned_per_genre", ""),
        ("validation", "tuned", "'--threshold validation' is now '--threshold tuned'"),
        ("genres", "tuned_per_genre", "is now '--threshold tuned-per-genre'"),
    ],
)
def test_the_command_takes_words_of_today_and_before(artifacts, run, word, key, note):
    command = ["show", run.id, "--threshold", word, "--json", "--artifacts", str(artifacts)]
    result = CliRunner().invoke(cli, command)
    assert json.loads(result.stdout)["threshold"] == np.asarray(threshold_of(run, key)).tolist()
    assert note in " ".join(result.stderr.split())
    assert bool(result.stderr) == bool(note)
