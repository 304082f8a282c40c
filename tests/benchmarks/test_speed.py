"""The bench counts what it could not measure, and takes whole trainings of both recipes."""

import pytest

from benchmarks import printing
from benchmarks.speed import finished
from genre_core.artifacts import Artifacts
from genre_core.runs.writer import RunWriter

FILMS = "0123456789abcdef"


@pytest.fixture
def train(tmp_path):
    """Make a finished run whose epochs, of so many seconds, had these validation losses."""

    def make(recipe, seconds, losses, changed=None):
        config = {
            "model": "poster_cnn",
            "recipe": recipe,
            "seed": 0,
            "dataset": FILMS,
            "label": "Network",
            "modality": "poster",
            "kind": "network",
            "genres": ["Action"],
            "options": {},
            "prior": [0.5],
            "train_support": [10],
            "changed": changed or {},
        }
        writer = RunWriter.create(Artifacts(tmp_path), config)
        rows = [
            {"epoch": epoch, "val_loss": loss, "seconds": seconds}
            for epoch, loss in enumerate(losses, start=1)
        ]
        writer.add_history(rows)
        writer.finish(epochs_done=len(losses))

    return make


def test_time_to_the_loss_of_reference_is_taken_from_whole_trainings(train, tmp_path):
    train("reference", 10, [0.9, 0.5, 0.7])
    train("improved", 2, [0.6, 0.4, 0.3])
    train("reference", 10, [0.9])  # newer, and cut short
    train("improved", 2, [0.9, 0.9, 0.9, 0.9], changed={"loss": "focal"})
    poster, overview = finished.run(Artifacts(tmp_path), FILMS)
    assert poster.value == 20 / 4
    assert poster.reached
    assert overview.value is None


def test_a_loss_that_improved_never_reaches_is_not_reached(train, tmp_path):
    train("reference", 10, [0.5])
    train("improved", 2, [0.6])
    poster, _ = finished.run(Artifacts(tmp_path), FILMS)
    assert poster.value == 0
    assert not poster.reached


def test_what_was_not_measured_says_what_it_needs(train, tmp_path):
    train("reference", 10, [0.5])
    for line in finished.run(Artifacts(tmp_path), FILMS):
        assert line.reached is None
        told = printing.measured(line.as_dict())
        assert told == f"not measured, needs {line.needs}"
        assert "reference and improved" in told
