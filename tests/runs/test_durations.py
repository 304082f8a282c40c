"""How long a training will take, from those before it."""

import numpy as np
import pytest
from edit_json import edit_json
from write_run import write_run

from genre_core.artifacts import Artifacts
from genre_core.runs.durations import PER_FILM, START, estimate
from genre_core.runs.folder import list_runs

N_FILMS = 40


@pytest.fixture
def runs(tmp_path):
    labels = np.ones((N_FILMS, 1), int)
    config = {"model": "poster_cnn", "recipe": "improved", "epochs": 10}
    splits = ["train"] * N_FILMS
    ids = [f"tt{number}" for number in range(N_FILMS)]
    folder = write_run(tmp_path, "a", ids, splits, labels, labels / 2, ["Drama"], **config)
    edit_json(folder / "run.json", seconds={"training": 90.0, "closing": 10.0})
    return list_runs(Artifacts(tmp_path))


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ((["poster_cnn"], "improved", N_FILMS), 100),
        ((["poster_cnn"], "improved", 2 * N_FILMS), 200),
        ((["poster_cnn"], "reference", N_FILMS), 100),
        ((["overview_lstm"], "improved", 1000), 1000 * PER_FILM["overview_lstm"]),
        (([], "improved", 1000), 0),
    ],
)
def test_a_model_takes_as_long_as_before_or_as_its_films(runs, asked, seconds):
    *rest, n_films = asked
    assert estimate(*rest, n_films, runs) == pytest.approx(START + seconds)


def test_epochs_count(runs):
    assert estimate(["poster_cnn"], "improved", N_FILMS, runs, epochs=20) == START + 200


def test_without_a_duration_the_number_of_films_decides(runs):
    edit_json(runs[0].folder / "run.json", seconds={})
    expected = START + PER_FILM["poster_cnn"] * 1000
    assert estimate(["poster_cnn"], "improved", 1000, runs) == pytest.approx(expected)
