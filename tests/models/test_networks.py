"""The two networks are those of the reports, and they can learn."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from genre_core.artifacts import Artifacts
from genre_core.catalogue import entry
from genre_core.data.films import Films
from genre_core.data.opening import read_films
from genre_core.evaluation.formulas import bce
from genre_core.models.base import NullMonitor, make_model
from genre_core.models.network import Network
from genre_core.models.overview.tokens import FIRST_WORD, Vocabulary, pad
from genre_core.sample import generate_sample

GENRES_25 = tuple(f"genre {number}" for number in range(25))


def network(name: str, genres: tuple[str, ...] = GENRES_25, **config: object) -> Network:
    model = make_model(entry(name).recipe("reference"), genres, config, seed=0)
    assert isinstance(model, Network)
    return model


def lstm_with_full_vocabulary() -> Network:
    model = network("overview_lstm")
    model.set_preprocessing({"vocabulary": [f"word{i}" for i in range(10_000 - FIRST_WORD)]})
    return model


def test_the_poster_network_has_the_parameters_of_the_reports():
    assert network("poster_cnn").build().count_params() == 3_464_601


def test_the_overview_network_has_the_parameters_of_the_reports():
    assert lstm_with_full_vocabulary().build().count_params() == 4_303_129


def test_the_poster_network_is_layer_by_layer_that_of_the_reports():
    built = network("poster_cnn").build()
    shapes = [
        (tuple(layer.output.shape[1:]), layer.count_params())
        for layer in built.layers
        if isinstance(layer, layers.Conv2D | layers.Dense)
    ]
    assert shapes == [
        ((32, 32, 16), 448),
        ((32, 32, 32), 4_640),
        ((32, 32, 32), 9_248),
        ((16, 16, 64), 18_496),
        ((16, 16, 64), 36_928),
        ((8, 8, 128), 73_856),
        ((8, 8, 128), 147_584),
        ((1024,), 2_098_176),
        ((1024,), 1_049_600),
        ((25,), 25_625),
    ]
    rates = [layer.rate for layer in built.layers if isinstance(layer, layers.Dropout)]
    assert rates == [0.2, 0.2, 0.2, 0.2, 0.5, 0.5]


@pytest.mark.parametrize("name", ["poster_cnn", "overview_lstm"])
def test_the_learning_rate_is_constant_for_ten_epochs_and_then_falls_by_a_hundredth(name):
    rates = [network(name).learning_rate(epoch) for epoch in (1, 10, 11, 20)]
    np.testing.assert_allclose(rates, 1e-4 * np.exp([0, 0, -0.01, -0.1]))


@pytest.mark.parametrize(("name", "epochs"), [("poster_cnn", 40), ("overview_lstm", 20)])
def test_the_reference_recipe_has_the_settings_of_the_reports(name, epochs):
    options = network(name).options()
    assert options["epochs"] == epochs
    assert options["batch_size"] == 64
    assert options["learning_rate"] == 1e-4


def test_cutting_a_batch_to_its_longest_overview_changes_no_output():
    built = lstm_with_full_vocabulary().build()
    rng = np.random.default_rng(0)
    sequences = [rng.integers(1, 10_000, size=length, dtype=np.int32) for length in (1, 5, 23)]
    cut = pad(sequences)
    padded = np.pad(cut, ((0, 0), (0, 200 - cut.shape[1])))
    np.testing.assert_allclose(
        built.predict_on_batch(cut)["scores"],
        built.predict_on_batch(padded)["scores"],
        atol=1e-6,
    )


def test_an_overview_without_a_known_word_gets_a_score():
    model = lstm_with_full_vocabulary()
    model.set_arrays({f"weight_{i:03d}": w for i, w in enumerate(model.build().get_weights())})
    films = Films(("a", "b"), ("?!", "zzz"), GENRES_25)
    assert np.isfinite(model.predict_scores(films)).all()


def test_a_vocabulary_ranks_by_frequency_and_then_by_letter():
    vocabulary = Vocabulary.of(["b a b", "c a b"], size=4)
    assert vocabulary.known == ["b", "a"]
    assert vocabulary.encode("A, c b!", length=200).tolist() == [3, 1, 2]
    assert vocabulary.encode("a b a", length=2).tolist() == [3, 2]


class Learned(Exception):  # noqa: N818
    """Raised to stop a training that has got there."""


class UntilLearned(NullMonitor):
    def epoch_done(self, history, state):
        if history[-1]["val_loss"] < 0.05:
            raise Learned


@pytest.fixture(scope="module")
def films_64(tmp_path_factory: pytest.TempPathFactory) -> Films:
    folder = tmp_path_factory.mktemp("memorising")
    generate_sample(folder / "films", n_films=64, seed=1)
    return read_films(folder / "films", Artifacts(folder / "artifacts")).films


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "learning_rate", "batch_size"), [("poster_cnn", 1e-3, 16), ("overview_lstm", 1e-2, 32)]
)
def test_each_network_brings_64_films_to_a_training_bce_below_a_twentieth(
    name, learning_rate, batch_size, films_64
):
    model = network(
        name, films_64.genres, epochs=120, learning_rate=learning_rate, batch_size=batch_size
    )
    with pytest.raises(Learned):
        model.fit(films_64, films_64, UntilLearned())
    assert bce(films_64.y_true, model.predict_scores(films_64)) < 0.05


@pytest.mark.training
def test_precision_and_recall_of_a_training_epoch_are_over_all_its_batches():
    """Without dropout and with a rate of 0 the running means are those of the whole set."""
    rng = np.random.default_rng(0)
    y_true = (rng.random((50, 4)) < 0.5).astype(np.uint8)
    posters = rng.integers(0, 256, size=(50, 64, 64, 3), dtype=np.uint8)
    films = Films(tuple(map(str, range(50))), ("",) * 50, tuple("ABCD"), y_true, posters)
    model = network("poster_cnn", films.genres, epochs=1, learning_rate=0.0, batch_size=16)
    built = model.build

    def without_dropout() -> keras.Model:
        network = built()
        for layer in network.layers:
            if isinstance(layer, layers.Dropout):
                layer.rate = 0.0
        return network

    model.build = without_dropout  # type: ignore[method-assign]
    row = model.fit(films, films, NullMonitor())[0]
    assert row["loss"] == pytest.approx(row["val_loss"], rel=1e-5)
    assert row["precision"] == pytest.approx(row["val_precision"])
    assert row["recall"] == pytest.approx(row["val_recall"])
