import shutil
from pathlib import Path

import pytest
import streamlit as st
from compared_runs import MODELS
from streamlit.testing.v1 import AppTest
from tiny_artifacts import make_dataset

from benchmarks.speed.made_up import make_films, make_runs
from genre_core.artifacts import Artifacts
from genre_core.data import store

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"


@pytest.fixture(autouse=True)
def _fresh_caches():
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def artifacts(tmp_path, monkeypatch):
    """The folder that the app reads; nothing is in it yet."""
    folder = Artifacts(tmp_path / "artifacts")
    monkeypatch.setenv("MARQUEE_ARTIFACTS", str(folder))
    return folder


@pytest.fixture
def dataset(tmp_path, artifacts):
    return make_dataset(tmp_path / "films", artifacts)


@pytest.fixture
def open_page():
    """Open a page of the app; the first run takes the imports."""

    def open_it(page: str = "", /, **query: str) -> AppTest:
        app = AppTest.from_file(str(DASHBOARD), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page:
            app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, app.exception
        return app

    return open_it


@pytest.fixture(scope="session")
def made_up(tmp_path_factory):
    """An artifacts folder with 2,500 films and three runs."""
    folder = tmp_path_factory.mktemp("comparing")
    artifacts = Artifacts(folder / "artifacts")
    dataset = make_films(2500, folder / "films", artifacts)
    make_runs(dataset, artifacts, MODELS)
    return artifacts


@pytest.fixture
def compared(made_up, artifacts):
    """A copy of it that the app reads."""
    shutil.copytree(made_up, artifacts, symlinks=True)
    return artifacts


@pytest.fixture
def films(compared):
    return store.load_dataset(compared, "0123456789abcdef")
