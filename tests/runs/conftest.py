import pytest
from tiny_artifacts import make_dataset

from genre_core.artifacts import Artifacts


@pytest.fixture
def artifacts(tmp_path):
    """The folder of datasets and runs; nothing is in it yet."""
    return Artifacts(tmp_path / "artifacts")


@pytest.fixture
def dataset(tmp_path, artifacts):
    return make_dataset(tmp_path / "films", artifacts)
