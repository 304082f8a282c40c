"""One film that somebody brings is scored as `score` does it."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from genre_core.commands.main import cli
from genre_core.errors import DataError
from genre_core.scoring import one_film
from genre_core.scoring import scorer as scorers
from genre_core.scoring.one_film import Film, answer, film_of
from genre_core.scoring.scorer import Scorer

N_FILMS = 8


def film_at(trained, row):
    content = trained.dataset.poster_file(row).content()
    return Film(content, trained.dataset.films.overviews[row])


def test_scores_are_those_that_are_kept_of_the_run(trained):
    scorer = Scorer()
    rows = trained.dataset.rows("test")[:N_FILMS]  # fusion cross-fits the validation films
    for run in trained.runs.values():
        kept = np.asarray(run.scores())
        order = {film: place for place, film in enumerate(run.film_ids())}
        for row in rows:
            given = answer(scorer, run, film_at(trained, row))
            expected = kept[order[trained.dataset.films.ids[row]]]
            np.testing.assert_allclose(given.y_score, expected, atol=1e-6)


def test_what_a_run_needs_and_the_film_lacks_is_said(trained):
    scorer = Scorer()
    words = Film(None, "A ghost haunts the cellar.")
    assert answer(scorer, trained.runs["overview_tfidf"], words).missing == ()
    assert answer(scorer, trained.runs["poster_features"], words).missing == ("poster",)
    assert answer(scorer, trained.runs["fusion"], words).missing == ("poster",)
    assert answer(scorer, trained.runs["prior"], words).y_score is not None


def test_models_are_kept_and_the_oldest_given_up(trained, monkeypatch):
    monkeypatch.setattr(scorers, "MOST_MODELS", 1)
    scorer, film = Scorer(), Film(None, "A ghost.")
    for name in ("overview_tfidf", "prior", "overview_tfidf"):
        answer(scorer, trained.runs[name], film)
        assert list(scorer._models) == [str(trained.runs[name].folder)]


def test_what_is_too_large_or_nothing_is_refused(tmp_path):
    with pytest.raises(DataError, match="Nothing to score"):
        film_of(None, "  ")
    with pytest.raises(DataError, match="100,001 characters"):
        film_of(None, "a" * 100_001)
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(one_film.MOST_BYTES + 1)
    with pytest.raises(DataError, match="larger than 10 MB"):
        film_of(large, "")
    with pytest.raises(DataError, match="cannot be read"):
        film_of(tmp_path / "gone.jpg", "")


def test_the_command_answers_for_each_run(trained, tmp_path):
    names = [trained.runs[name].id for name in ("overview_tfidf", "poster_features")]
    words = ["predict", *names, "--artifacts", str(trained.artifacts)]
    asked = CliRunner().invoke(cli, [*words, "--overview", "A ghost in the cellar.", "--json"])
    first, second = json.loads(asked.stdout)["runs"]
    assert len(first["genres"]) == len(trained.dataset.genres)
    assert first["genres"][0]["score"] >= first["genres"][1]["score"]
    assert (second["genres"], second["missing"]) == (None, ["poster"])
    shown = CliRunner().invoke(cli, [*words, "--overview", "A ghost in the cellar."])
    assert f"{names[1]}: needs poster" in shown.stdout
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"<html>")
    failed = CliRunner().invoke(cli, [*words, "--poster", str(broken)])
    assert failed.exit_code == 1
    assert "not readable as an image" in failed.stderr
