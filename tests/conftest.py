"""Films drawn for one test, a sample trained once a session, and the real films where they are."""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from threadpoolctl import ThreadpoolController

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.data.opening import open_dataset
from genre_core.jobs.lock import training_lock
from genre_core.runs.folder import Run, find_run, list_runs
from genre_core.sample import generate_sample
from genre_core.training import train

GENRES = ("Action", "Comedy", "Drama")
REAL_FILMS = Path(__file__).parents[2] / "shared" / "data" / "imdb"

FilmsFolder = Callable[..., Path]
Once = Callable[[str, Callable[[Path], None]], Path]


def table_row(number: int) -> str:
    """A film with one of the genres in turn and an overview that no other film has."""
    labels = ",".join(str(int(number % len(GENRES) == place)) for place in range(len(GENRES)))
    genre = GENRES[number % len(GENRES)]
    return f"tt{number:02d},['{genre}'],{labels},Film {number} tells of a stranger in town.\n"


def draw_poster(path: Path, number: int) -> None:
    """A poster of 30 x 45 pixels in a colour of its own."""
    red, green, blue = np.random.default_rng(number).integers(0, 256, 3).tolist()
    Image.new("RGB", (30, 45), (red, green, blue)).save(path, "JPEG")


@pytest.fixture
def films_folder(tmp_path: Path) -> FilmsFolder:
    """Return a function that writes `films.csv` and `Images/tt00.jpg` and so on, all fine."""

    def make(n_films: int = 24, name: str = "films") -> Path:
        folder = tmp_path / name
        (folder / "Images").mkdir(parents=True)
        header = f"Id,Genre,{','.join(GENRES)},Overview\n"
        (folder / "films.csv").write_text(header + "".join(map(table_row, range(n_films))))
        for number in range(n_films):
            draw_poster(folder / "Images" / f"tt{number:02d}.jpg", number)
        return folder

    return make


@pytest.fixture(scope="session")
def real_films() -> Path:
    """Return the folder of the real films; they have to be there in CI, but for GitHub."""
    if not REAL_FILMS.is_dir():
        if os.environ.get("CI") == "true" and "GITHUB_ACTIONS" not in os.environ:
            pytest.fail(f"CI needs the real films in {REAL_FILMS}")
        pytest.skip(f"the real films are not in {REAL_FILMS}")
    return REAL_FILMS


@dataclass(frozen=True)
class TrainedSample:
    folder: Path
    artifacts: Artifacts
    dataset: Dataset
    runs: dict[str, Run]


@pytest.fixture(scope="session")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[train.TrainingContext]:
    artifacts = Artifacts(tmp_path_factory.mktemp("artifacts"))
    with training_lock(artifacts) as lock:
        yield train.TrainingContext(artifacts, Console(stderr=True, quiet=True), lock)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return a function that makes a folder once for all processes of this test run.

    The first process that asks makes it, and the others wait. None may write into it later.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = shared / f"shared-{name}", shared / f"shared-{name}.done"
        with (shared / f"shared-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of a process that failed
                make(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def sample_films(once: Once) -> Path:
    """Return a folder of 600 synthetic films, in which nothing may be changed."""
    return once("sample", generate_sample)


@pytest.fixture(scope="session")
def trained(context: train.TrainingContext, sample_films: Path, once: Once) -> TrainedSample:
    made = Artifacts(once("trained", lambda folder: train_every_model(folder, sample_films)))
    lock = shutil.ignore_patterns("training.*")
    shutil.copytree(made, context.artifacts, dirs_exist_ok=True, ignore=lock)
    dataset = open_dataset(sample_films, context.artifacts)
    runs = {run.model: find_run(context.artifacts, run.id) for run in list_runs(made)}
    return TrainedSample(sample_films, context.artifacts, dataset, runs)


def train_every_model(folder: Path, films: Path) -> None:
    artifacts = Artifacts(folder)
    dataset = open_dataset(films, artifacts)
    with training_lock(artifacts) as lock:
        context = train.TrainingContext(artifacts, Console(stderr=True, quiet=True), lock)
        for entry in catalogue.MODELS:
            request = train.TrainingRequest(entry.name, entry.recipe_for("improved"), seed=1)
            train.start(request, dataset, context)


HEAVY = ("slow", "browser", "training")  # marks
TRAINING = {"trained", "context", "sample_films"}  # fixtures of those who train whole runs
ABOUT_BITS = tuple(Path(__file__).with_name(name) for name in ("models", "training"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that train, and take the files that need most time first.

    The tests of a file stay together (pytest-xdist's "loadfile"), so that what a file makes for
    its tests is made once, and no process is left with much to do at the end.
    """
    first: dict[Path, int] = {}
    for item in items:
        if TRAINING & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.training)
        weights = [place for place, mark in enumerate(HEAVY) if item.get_closest_marker(mark)]
        first[item.path] = min(first.get(item.path, len(HEAVY)), *weights, len(HEAVY))
    items.sort(key=lambda item: first[item.path])


@functools.cache
def libraries() -> ThreadpoolController:
    return ThreadpoolController()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Give linear algebra one thread, as several test processes would only wait for each other.

    Networks and whatever a test starts keep theirs: threads can change last bits, which have to be
    the same all the same.
    """
    if any(item.path.is_relative_to(folder) for folder in ABOUT_BITS):
        return (yield)
    with libraries().limit(limits=1, user_api="blas"):
        return (yield)
