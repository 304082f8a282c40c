"""Films drawn for one test, a sample trained once a session, and the real films where they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from genre_core import catalogue
from genre_core.artifacts import Artifacts
from genre_core.data.films import Dataset
from genre_core.data.store import open_dataset
from genre_core.jobs.lock import training_lock
from genre_core.runs.folder import Run
from genre_core.sample import generate_sample
from genre_core.training import train

GENRES = ("Action", "Comedy", "Drama")
REAL_FILMS = Path(__file__).parents[2] / "shared" / "data" / "imdb"

FilmsFolder = Callable[..., Path]


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
    """Return the folder of the real films; where CI says so, they have to be there."""
    if not REAL_FILMS.is_dir():
        if os.environ.get("CI") == "true":
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
def trained(
    context: train.TrainingContext, tmp_path_factory: pytest.TempPathFactory
) -> TrainedSample:
    folder = tmp_path_factory.mktemp("sample") / "films"
    generate_sample(folder)
    dataset = open_dataset(folder, context.artifacts)
    runs = {
        entry.name: train.start(
            train.TrainingRequest(entry.name, entry.recipe_for("improved"), seed=1),
            dataset,
            context,
        )
        for entry in catalogue.MODELS
    }
    return TrainedSample(folder, context.artifacts, dataset, runs)


@pytest.hookimpl(tryfirst=True)  # or pytest-xdist has looked for groups before they are there
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file together, and those on runs that are made once.

    Slow ones stand alone and come first, then those on shared runs, so that no process is left
    with much to do at the end.
    """
    turn = {}
    for item in items:
        shared = {"trained", "compared"}.intersection(getattr(item, "fixturenames", ()))
        if shared:
            turn[item], together = 1, shared.pop()
        elif item.get_closest_marker("slow"):
            turn[item], together = 0, item.nodeid
        else:
            turn[item], together = 2, str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))
    items.sort(key=lambda item: turn[item])
