"""Which films are drawn, and what is said of runs and trainings."""

import numpy as np
import pytest
from tiny_artifacts import make_run, start_run

from genre_core.runs import find_run
from genre_core.ui import films, history, live, loaders, models


def test_a_draw_is_repeatable_and_never_doubles():
    rows = np.arange(100)
    assert np.array_equal(films.draw(rows, 12, 3), films.draw(rows, 12, 3))
    assert not np.array_equal(films.draw(rows, 12, 3), films.draw(rows, 12, 4))
    assert len(set(films.draw(rows, 12, 3))) == 12
    assert len(films.draw(rows[:2], 12, 3)) == 2


def test_search_does_not_mind_case_or_spaces(dataset):
    assert len(films.matching_rows(dataset, "test", "")) == 5
    assert len(films.matching_rows(dataset, "test", "  NUMBER 20   is ")) == 1
    assert len(films.matching_rows(dataset, "train", "number 20")) == 0


def test_a_card_parts_hits_extras_and_misses(artifacts, dataset):
    run = find_run(artifacts, make_run(artifacts, dataset, "prior").name)
    row = int(dataset.rows("test")[0])
    card = films.cards(dataset, [row], [run], artifacts)[0]
    (guess,) = card.guesses
    top = [genre for genre, _ in guess.top]
    assert top == ["Drama", "Action", "Comedy"]
    assert [score for _, score in guess.top] == sorted((s for _, s in guess.top), reverse=True)
    assert {genre for genre, _ in guess.missed} == set(card.genres) - set(top)
    assert guess.top[0][1] == pytest.approx(dataset.prior[2])


def test_the_trivial_loss_is_that_of_the_prior_run(artifacts, dataset):
    prior = find_run(artifacts, make_run(artifacts, dataset, "prior").name)
    expected = prior.metrics()["splits"]["validation"]["metrics"]["bce"]
    assert history.trivial_loss(dataset) == pytest.approx(expected, abs=1e-6)


def test_roles_of_models(artifacts, dataset):
    names = ("prior", "poster_features", "overview_tfidf", "poster_cnn", "overview_lstm", "newer")
    roles = [
        models.role(find_run(artifacts, start_run(artifacts, dataset, name).folder.name))
        for name in names
    ]
    assert roles == ["trivial", "linear", "linear", "poster", "overview", "linear"]


def test_a_run_that_is_written_again_is_read_again(artifacts, dataset):
    folder = make_run(artifacts, dataset, "prior")
    first = loaders.marker(find_run(artifacts, folder.name))
    marker = folder / "run.json"
    marker.write_text(marker.read_text().replace('"epochs_done": 0', '"epochs_done": 7'))
    assert first["epochs_done"] == 0
    assert loaders.marker(find_run(artifacts, folder.name))["epochs_done"] == 7


def test_finished_names_are_those_with_a_marker(artifacts, dataset):
    assert live.finished_names(artifacts) == frozenset()
    start_run(artifacts, dataset, "poster_cnn")
    done = make_run(artifacts, dataset, "prior")
    assert live.finished_names(artifacts) == {done.name}
