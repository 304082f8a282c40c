"""A Chromium that reaches nothing but the app, and an artifacts folder for the app to show."""

import os
import shutil
from pathlib import Path

import pytest
from compared_runs import make_compared
from served_app import Visit
from tiny_artifacts import make_dataset, make_run

from genre_core.artifacts import Artifacts
from genre_core.data.store import load_dataset

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # One foreign name leads to this machine, as after DNS rebinding; no other name leads anywhere.
    "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        missing = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """An artifacts folder with a baseline and both networks, and its dataset."""
    folder = tmp_path_factory.mktemp("browser")
    artifacts = Artifacts(folder / "artifacts")
    dataset = make_dataset(folder / "films", artifacts)
    for model in ("prior", "poster_cnn", "overview_lstm"):
        make_run(artifacts, dataset, model)
    return artifacts, dataset


@pytest.fixture(scope="session")
def compared(once, tmp_path_factory):
    """An artifacts folder with films enough for intervals, two networks and their fusion."""
    folder = tmp_path_factory.mktemp("compared") / "artifacts"
    shutil.copytree(once("compared", make_compared) / "artifacts", folder, symlinks=True)
    return Artifacts(folder), load_dataset(Artifacts(folder), "0123456789abcdef")


@pytest.fixture
def tab(chromium):
    """Open a tab on an address."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield lambda address: Visit(context.new_page(), address)
    context.close()
