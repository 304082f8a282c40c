import pytest

from genre_core.artifacts import Artifacts


@pytest.fixture
def artifacts(tmp_path):
    return Artifacts(tmp_path / "artifacts")
