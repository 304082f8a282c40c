"""A model card states what the run's own figures say, in a form that the Hub reads."""

import pytest
import yaml
from exported_runs import GENRES, add_run

from genre_core.comparison.card_results import card_results
from genre_core.comparison.front_matter import yaml_of
from genre_core.comparison.model_card import card_files, model_card
from genre_core.errors import RunError
from genre_core.runs.scores import figures

NASTY = 'a: "b"\n---\n| <b>c</b> \x85 \U0001f600 # - *d*'
FILMS = "0123456789abcdef"


def card_of(run):
    """Return front matter and text of a run's card."""
    start, front, text = model_card(run, card_results(run)).split("---\n", 2)
    assert start == ""
    return yaml.safe_load(front), text


def test_the_index_has_the_metrics_of_the_run_with_their_intervals(tmp_path):
    run = add_run(tmp_path, label=NASTY, dataset_name="films")
    front, _ = card_of(run)
    (model,) = front["model-index"]
    assert model["name"] == NASTY
    (result,) = model["results"]
    assert result["dataset"]["name"] == "films"
    assert result["dataset"]["args"] == {"n_films": 40, "n_genres": 3}
    metrics = figures(run, split="test", threshold=0.5)["metrics"]
    assert {metric["type"]: metric["value"] for metric in result["metrics"]} == metrics
    for metric in result["metrics"]:
        low, high = metric["args"]["confidence_interval"]
        assert low < metric["value"] < high
    assert {m["args"].get("threshold") for m in result["metrics"]} == {None, 0.5}
    assert front["pipeline_tag"] == "image-classification"


def test_the_text_names_base_rates_genres_and_limits(tmp_path):
    _, text = card_of(add_run(tmp_path, label=NASTY))
    assert '# a: "b" --- \\| \\<b\\>c\\</b\\> \U0001f600 \\# - \\*d\\*\n' in text
    assert "40 test films, threshold 0.5" in text
    assert all(genre.replace("_", "\\_") in text for genre in GENRES)
    assert "than that of predicting the share of training films" in text
    assert "There is no linear model of the same input" in text
    assert "Whether it has seen test films is unknown" in text
    trained_on = {"films": 9, "test_films": 2}
    _, text = card_of(add_run(tmp_path, "seen", label="Seen", trained_on=trained_on))
    assert "Test films that it was trained on are left out: 2." in text


def test_the_linear_model_of_the_same_films_is_compared(tmp_path):
    add_run(tmp_path, "linear-1", seed=9, kind="linear", label="Linear", dataset=FILMS)
    _, text = card_of(add_run(tmp_path, dataset=FILMS))
    assert "This run minus Linear (run linear-1) on 40 common test films:" in text
    assert "| mAP | " in text.split("This run minus")[1]


def test_a_linear_model_that_cannot_be_compared_is_named_with_the_reason(tmp_path):
    genres = ("Action", "Comedy", "War")
    add_run(tmp_path, "linear-1", genres=genres, kind="linear", label="Linear", dataset=FILMS)
    _, text = card_of(add_run(tmp_path, dataset=FILMS))
    assert "Linear (run linear-1) could not be compared" in text
    assert "have different genres" in text


def test_decisions_have_no_metrics_of_scores(tmp_path):
    run = add_run(tmp_path, outputs="decisions")
    front, text = card_of(run)
    names = {metric["type"] for metric in front["model-index"][0]["results"][0]["metrics"]}
    assert "f1_micro" in names
    assert not {"map", "bce"} & names
    assert "BCE is undefined for decisions" in text


def test_a_run_without_test_films_has_no_card(tmp_path):
    run = add_run(tmp_path, splits=("train",) * 50 + ("validation",) * 40)
    with pytest.raises(RunError, match="has no scores for test films"):
        card_files(run)


def test_yaml_is_read_back_as_it_was():
    value = {
        "texts": ["yes", "1", "", "a\n\x00\ud83d", "é 日本"],
        "numbers": [1e-7, -2e300, 0.1, 3, True],
        "nested": [{"a": 1, "b": {"c": [{"d": "e"}, {"f": None}]}}, {"g": 1e-05}],
    }
    assert yaml.safe_load(yaml_of(value)) == value
