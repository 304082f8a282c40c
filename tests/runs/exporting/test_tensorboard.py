"""Event files are what TensorFlow and TensorBoard read, though neither wrote them."""

import numpy as np
import pytest
from exported_runs import HISTORY, add_run

from genre_core.runs.exporting.files import write_files
from genre_core.runs.exporting.tensorboard import scalars_of, tensorboard_files

CREATED = "2026-11-27T03:00:00+00:00"
ODD = {"epoch": 300, "loss": 1e300, "val_loss": -0.0}
EXPECTED = {
    "train": {
        "epoch_loss": [(1, 0.7), (2, 1 / 3), (300, np.inf)],
        "epoch_learning_rate": [(1, 1e-5)],
        "epoch_seconds": [(1, 1.5)],
        "epoch_auc": [(2, 0.75)],
    },
    "validation": {"epoch_loss": [(1, 0.1 + 0.2), (2, 0.6), (300, 0.0)]},
}


@pytest.fixture
def written(tmp_path):
    """Export a run; return its event files by part of the films."""
    run = add_run(tmp_path / "artifacts", history=(*HISTORY, ODD), created=CREATED)
    paths = write_files(tensorboard_files, [run], tmp_path / "logs")
    return {path.parent.name: path for path in paths}


def as_stored(part):
    return {
        tag: [(step, float(np.float32(value))) for step, value in points]
        for tag, points in EXPECTED[part].items()
    }


@pytest.mark.slow  # imports TensorFlow
@pytest.mark.parametrize("part", EXPECTED)
def test_tensorflow_reads_every_value_at_its_epoch(written, part):
    import tensorflow as tf

    first, *events = tf.compat.v1.train.summary_iterator(str(written[part]))  # checks checksums
    assert first.file_version == "brain.Event:2"
    found = {}
    for event in events:
        (scalar,) = event.summary.value
        found.setdefault(scalar.tag, []).append((event.step, scalar.simple_value))
    assert found == as_stored(part)
    assert events[-1].wall_time - first.wall_time == 1.5


@pytest.mark.extra
@pytest.mark.parametrize("part", EXPECTED)
def test_tensorboard_shows_every_value_at_its_epoch(written, part):
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    read = accumulators.EventAccumulator(str(written[part].parent)).Reload()
    found = {
        tag: [(point.step, point.value) for point in read.Scalars(tag)]
        for tag in read.Tags()["scalars"]
    }
    assert found == as_stored(part)


def test_files_lie_as_keras_lays_them_out(written):
    assert {part: path.parts[-3] for part, path in written.items()} == {
        "train": "vit-1",
        "validation": "vit-1",
    }
    assert all("tfevents" in path.name for path in written.values())


def test_a_history_without_validation_has_one_file():
    found = scalars_of([{"epoch": 1, "loss": 0.5}], begin=10.0)
    assert found == {"train": [("epoch_loss", 0.5, 1, 10.0)], "validation": []}
