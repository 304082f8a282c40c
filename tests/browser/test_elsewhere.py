"""Scores of scikit-learn and JAX against Marquee's own runs, on every page."""

import json
import os
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner
from served_app import serving

from benchmarks.synthetic import make_runs
from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.data.opening import open_dataset
from genre_core.runs.folder import list_runs
from genre_core.sample import generate_sample
from genre_core.ui.frame import shell

SCRIPT = Path(__file__).with_name("outside_models.py")
N_FILMS = 200
PARTS = ("train", "train", "train", "validation", "test")  # of the films, in turn
WORDS, PIXELS = "TF-IDF of scikit-learn", "Pixels in JAX"
OF_BOTH = ("summary", "head_to_head", "by_genre", "agreement")  # pages whose text names both runs
UNKNOWN = "not known"  # whether test films were used in training
DRAWN = 500  # milliseconds; charts are drawn after the script has run


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A folder of films with a split of their own, and Marquee's runs on them."""
    folder = tmp_path_factory.mktemp("elsewhere")
    generate_sample(folder / "films", n_films=N_FILMS)
    (table,) = (folder / "films").glob("*.csv")
    ids = pd.read_csv(table)["Id"].drop_duplicates()
    split = pd.DataFrame(zip(ids, cycle(PARTS), strict=False), columns=["Id", "split"])
    split.to_csv(folder / "split.csv", index=False)
    artifacts = Artifacts(folder / "artifacts")
    dataset = open_dataset(folder / "films", artifacts, split_file=folder / "split.csv")
    make_runs(dataset, artifacts, ("prior", "poster_cnn", "overview_lstm"))
    own = {run.model: run.id for run in list_runs(artifacts)}
    return SimpleNamespace(folder=folder, artifacts=artifacts, own=own)


def bring(here, model, *words):
    """Train a model by the script, which can import no module of Marquee; import its scores."""
    made = [model, here.folder / "films", here.folder / "split.csv", here.folder]
    command = [sys.executable, "-I", "-W", "ignore", SCRIPT, *made]
    quiet = {**os.environ, "JAX_PLATFORMS": "cpu"}
    subprocess.run(command, cwd=here.folder, check=True, env=quiet)
    words = ["import", here.folder / f"{model}.csv", "--artifacts", here.artifacts, *words]
    answer = CliRunner().invoke(cli, [str(word) for word in (*words, "--json")])
    assert answer.exit_code == 0, answer.output
    (made,) = json.loads(answer.stdout)["runs"]
    assert sum(made["films"].values()) == N_FILMS
    return made["run"]


@pytest.fixture(scope="module")
def words(here):
    return bring(here, "sklearn", "--name", WORDS, "--modality", "overview")


@pytest.fixture(scope="module")
def pixels(here):
    pytest.importorskip("jax", reason="make test-extras installs JAX")
    history = ("--history", here.folder / "jax_history.csv")
    return bring(here, "jax", "--name", PIXELS, "--modality", "poster", *history)


@pytest.fixture(scope="module")
def address(here, words):
    with serving(here.artifacts) as address:
        yield address


def label(model):
    return catalogue.entry(model).label


def look(visit, page, runs):
    """Open a page with two runs by slot; return its words and those of the sidebar."""
    query = "&".join(f"{slot}={run}" for slot, run in zip(shell.SLOTS, runs, strict=True))
    visit.open(f"{'' if page == shell.LANDING else page}?{query}")
    visit.page.get_by_role("heading", name=shell.HEADS[page]["title"], level=1).wait_for()
    if page != "your_film":  # which has nothing to export before something is asked
        visit.page.get_by_role("button", name="Export").wait_for()
    visit.settle()
    visit.page.wait_for_timeout(DRAWN)
    assert visit.errors == [], page
    assert visit.page.get_by_test_id("stException").count() == 0, page
    return [visit.page.get_by_test_id(place).inner_text() for place in ("stMain", "stSidebar")]


def compare_on_every_page(visit, runs, names):
    for page in shell.HEADS:
        main, sidebar = look(visit, page, runs)
        assert "was not found" not in sidebar, page
        for name in names:
            assert name in sidebar, page
            assert name in main or page not in OF_BOTH, page
        if page == shell.LANDING:
            assert UNKNOWN in main


def test_scikit_learn_against_marquee(here, words, address, tab):
    runs = (here.own["poster_cnn"], words)
    compare_on_every_page(tab(address), runs, (label("poster_cnn"), WORDS))


@pytest.mark.extra
def test_jax_against_scikit_learn(words, pixels, address, tab):
    compare_on_every_page(tab(address), (pixels, words), (PIXELS, WORDS))


@pytest.mark.extra
def test_jax_against_marquee(here, pixels, address, tab):
    runs = (pixels, here.own["overview_lstm"])
    compare_on_every_page(tab(address), runs, (PIXELS, label("overview_lstm")))
