from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from tiny_artifacts import make_dataset

from genre_core.artifacts import Artifacts

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
