"""Changes of films: seeded, counted by run, kept, and gone on with."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from genre_core.commands.main import cli
from genre_core.comparison import robustness as results
from genre_core.scoring import transformations
from genre_core.scoring.robustness import robustness
from genre_core.scoring.scorer import Scorer

TRAINING = [
    "A man meets John in Paris. He leaves the town.",
    "The man leaves his wife in the town.",
]


@pytest.mark.parametrize("change", transformations.posters(), ids=lambda change: change.key)
def test_a_poster_is_changed_the_same_way_each_time(change):
    pixels = np.random.default_rng(0).integers(0, 256, (60, 40, 3), dtype=np.uint8)
    first, second = (
        np.asarray(change.of_poster(Image.fromarray(pixels), np.random.default_rng(1)))
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert first.shape[2] == 3
    assert first.shape != pixels.shape or (first != pixels).any()


def test_overviews_are_changed_as_their_names_say():
    text = "John meets his wife in Paris. She leaves."
    changes = {change.key: change for change in transformations.overviews(TRAINING)}
    changed = {
        key: change.of_overview(text, np.random.default_rng(3)) for key, change in changes.items()
    }
    assert changed["first_sentence"] == "John meets his wife in Paris."
    assert changed["gender"] == "John meets her husband in Paris. He leaves."
    assert changed["names"] == "Xyzzy meets his wife in Xyzzy. She leaves."
    assert sorted(changed["shuffled"].split()) == sorted(text.split())
    assert len(changed["deleted_50"].split()) < len(text.split())
    assert "John" in changed["typos_10"] or len(changed["typos_10"]) == len(text)


def test_each_change_is_measured_on_the_test_films(trained):
    run = trained.runs["overview_tfidf"]
    kept = [one.key for one in robustness(run, trained.dataset, Scorer(), lambda *_: None)]
    assert kept == [change.key for change in transformations.overviews([])]
    found = {one.key: one for one in results.found(run)}
    assert found["shuffled"].n_films == len(trained.dataset.rows("test"))
    assert found["deleted_50"].changes["bce"].value > 0
    low, high = found["deleted_50"].changes["bce"].interval
    assert low <= found["deleted_50"].changes["bce"].value <= high


def test_what_was_measured_is_not_measured_again(trained, monkeypatch):
    run = trained.runs["overview_tfidf"]
    first = [one.to_json() for one in robustness(run, trained.dataset, Scorer(), lambda *_: None)]
    monkeypatch.setattr(Scorer, "scores", lambda *_: pytest.fail("scored again"))
    words = ["robustness", run.id, "--artifacts", str(trained.artifacts)]
    again = CliRunner().invoke(cli, [*words, "--json"])
    assert json.loads(again.stdout) == json.loads(json.dumps(first))
    assert "Word order" in CliRunner().invoke(cli, words).stdout
