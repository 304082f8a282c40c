import functools
import gc
import shutil
from pathlib import Path

import pytest
import streamlit as st
from compared_runs import draw_less, make_compared
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from tiny_artifacts import make_dataset

from genre_core.artifacts import Artifacts
from genre_core.data import store

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"


@pytest.fixture(autouse=True, scope="session")
def _one_look_for_components():
    """Each AppTest looks through every installed package for components of its own."""
    with pytest.MonkeyPatch.context() as patch:
        found = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture(autouse=True, scope="module")
def _small_heap():
    """Streamlit collects garbage after each run of a page: of all TensorFlow, if it is loaded."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _fresh_caches():
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch):
    draw_less(monkeypatch)


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
        if page:
            app.switch_page(f"pages/{page}.py")
        app.run()
        assert not app.exception, app.exception
        return app

    return open_it


@pytest.fixture(scope="session")
def made_up(once):
    """An artifacts folder with 2,500 films and three runs."""
    return Artifacts(once("compared", make_compared) / "artifacts")


@pytest.fixture
def compared(made_up, artifacts):
    """A copy of it that the app reads."""
    shutil.copytree(made_up, artifacts, symlinks=True)
    return artifacts


@pytest.fixture
def films(compared):
    return store.load_dataset(compared, "0123456789abcdef")
