"""Explanations: what they sum to, that they are tested, and that controls fail the test."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from genre_core.commands.main import cli
from genre_core.comparison import explanations
from genre_core.data.films import Films
from genre_core.evaluation.calibration import log_odds
from genre_core.scoring.asked_films import film_at
from genre_core.scoring.explanations import checks, methods, units
from genre_core.scoring.explanations import summary as summaries
from genre_core.scoring.explanations.controls import Randomised
from genre_core.scoring.explanations.one_film import explain
from genre_core.scoring.one_film import Film, versions_of
from genre_core.scoring.scorer import Scorer, Versions


@pytest.fixture(scope="module")
def scorer():
    return Scorer()


@pytest.fixture
def film(trained):
    return film_at(trained.dataset, int(trained.dataset.rows("test")[0]))


def still(*_):
    """Take note of no progress."""


def test_exact_weights_and_intercepts_sum_to_the_log_odds(trained, scorer, film):
    run = trained.runs["overview_tfidf"]
    asked = methods.Asked(scorer, run, "overview")
    parts = methods.contributions(asked, film, methods.WEIGHTS)
    whole = log_odds(asked.scores(versions_of(film)))[0]
    intercepts = scorer.model(run).linear.intercepts
    sums = log_odds(1 / (1 + np.exp(-(parts.sum(axis=0) + intercepts))))  # clipped as well
    np.testing.assert_allclose(sums, whole, atol=1e-4)


def test_a_word_counts_what_the_score_loses_without_it(trained, scorer):
    run = trained.runs["overview_tfidf"]
    asked = methods.Asked(scorer, run, "overview")
    found = methods.contributions(asked, Film(None, "A ghost haunts the town"))
    with_it, without = (
        log_odds(asked.scores(Versions([text])))[0]
        for text in ("A ghost haunts the town", "A haunts the town")
    )
    np.testing.assert_allclose(found[1], with_it - without, atol=1e-5)


def test_a_covered_region_is_in_the_mean_colour_and_the_rest_as_it_was(rng_poster):
    hidden = units.one_at_a_time(units.N_REGIONS)
    versions = units.without_regions(rng_poster, hidden)
    region = units.region_of_pixels(*rng_poster.shape[:2])
    assert len(versions) == units.N_REGIONS >= 80
    colour = rng_poster.reshape(-1, 3).mean(axis=0).round()
    assert (versions[17][region == 17] == colour).all()
    assert (versions[17][region != 17] == rng_poster[region != 17]).all()


@pytest.fixture
def rng_poster():
    return np.random.default_rng(0).integers(0, 256, (96, 64, 3), dtype=np.uint8)


def test_gradients_sum_to_what_the_poster_adds_to_its_mean_colour(trained, scorer, film):
    run = trained.runs["poster_cnn"]
    found = methods.contributions(
        methods.Asked(scorer, run, "poster"), film, methods.GRADIENTS, [0, 3]
    )
    model = scorer.model(run)
    posters = versions_of(film).posters(model.poster_size)
    encoded = model.encode(Films(("film",), ("",), run.genres, posters=posters))
    pixels, statistics = model.batch(encoded, np.zeros(1, dtype=np.int64))
    mean = np.broadcast_to(pixels.mean(axis=(1, 2), keepdims=True), pixels.shape)
    whole, start = (
        log_odds(model.network.predict_on_batch([one, statistics])["scores"])[0, [0, 3]]
        for one in (pixels, mean)
    )
    assert found.shape == (units.N_REGIONS, 2)
    np.testing.assert_allclose(found.sum(axis=0), whole - start, atol=0.05)


def test_shuffled_weights_give_other_scores_and_leave_the_run_alone(trained, scorer, film):
    for name in ("overview_tfidf", "poster_cnn", "fusion"):
        run = trained.runs[name]
        before = scorer.scores(run, versions_of(film))
        shuffled = Randomised().scores(run, versions_of(film))
        assert np.abs(before - shuffled).max() > 1e-3
        np.testing.assert_array_equal(scorer.scores(run, versions_of(film)), before)


def test_weights_pass_the_checks_and_the_controls_do_not(trained, scorer):
    found = checks.check(trained.runs["overview_tfidf"], trained.dataset, scorer, still)
    by_method = {one.method: one for one in found}
    assert by_method["weights"].passed
    assert by_method["occlusion"].agreement > 0.5
    for control in ("random", "model_free"):
        assert not by_method[control].passed
    assert by_method["model_free"].randomised_correlation == pytest.approx(1)
    assert explanations.Check.from_json(json.loads(json.dumps(found[0].to_json()))) == found[0]


def test_the_summary_names_words_that_speak_for_a_genre(trained, scorer):
    found = summaries.summary(trained.runs["overview_tfidf"], trained.dataset, scorer, still)
    assert any(found.words.values())
    assert all(one.interval.excludes_zero for words in found.words.values() for one in words)
    assert explanations.Summary.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("skewed", [False, True])
def test_words_that_count_nothing_are_rarely_called_significant(trained, skewed):
    """A null simulation: 300 words, 10 to 40 films each, one genre at a time."""
    random = np.random.default_rng(0)
    run = trained.runs["overview_tfidf"]
    n_worlds = found = 0
    for _ in range(4):
        words = {}
        for number in range(300):
            shape = (int(random.integers(10, 41)), len(run.genres))
            values = random.standard_t(4, shape)
            if skewed:  # one side counts more, neither more often
                values = np.where(values > 0, 5 * values, values)
            words[str(number)] = list(values)
        by_genre = summaries._words(run, words)
        n_worlds += len(by_genre)
        found += sum(bool(significant) for significant in by_genre.values())
    assert n_worlds == 4 * len(run.genres)
    assert found / n_worlds <= 0.08


def test_the_summary_divides_the_poster_into_zones(trained, scorer, monkeypatch):
    monkeypatch.setattr(summaries, "MOST_FILMS", 12)
    monkeypatch.setattr(summaries, "FEWEST_POSTERS", 2)
    found = summaries.summary(trained.runs["poster_features"], trained.dataset, scorer, still)
    assert found.zones
    for zones in found.zones.values():
        assert sum(zone.area for zone in zones) == pytest.approx(1)
        assert sum(zone.share for zone in zones) == pytest.approx(1)
    assert explanations.Summary.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_fusion_is_explained_by_both_inputs(trained, scorer, film):
    found = explain(scorer, trained.runs["fusion"], film)
    genre = trained.runs["fusion"].genres[0]
    assert len(found["poster"]["contributions"][genre]) == units.N_REGIONS
    assert len(found["overview"]["contributions"][genre]) == len(found["overview"]["words"])
    json.dumps(found)


def test_the_command_explains_a_film_and_keeps_its_checks(trained):
    run, film = trained.runs["overview_tfidf"], trained.dataset.films.ids[0]
    words = ["explain", run.id, "--artifacts", str(trained.artifacts)]
    one = CliRunner().invoke(cli, [*words, "--film", film, "--json"])
    assert set(json.loads(one.stdout)["overview"]) >= {"words", "contributions", "method"}
    assert "exact weights" in CliRunner().invoke(cli, [*words, "--film", film]).stdout
    assert CliRunner().invoke(cli, words).exit_code == 1
    wrong = CliRunner().invoke(cli, [*words, "--film", film, "--genre", "Dramma"])
    assert "no genre 'Dramma'" in wrong.stderr
    assert "control:" in CliRunner().invoke(cli, [*words, "--check"]).stdout
    assert explanations.found_checks(run)
    prior = ["explain", trained.runs["prior"].id, "--check", "--artifacts", str(trained.artifacts)]
    assert "reads neither posters nor overviews" in CliRunner().invoke(cli, prior).stderr
