"""What attempts are made on: films, runs and everything that is kept of them, made once."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from benchmarks import synthetic
from benchmarks.layouts import LAYOUTS, films_in
from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.data import opening
from genre_core.data.films import Dataset
from genre_core.runs.folder import Run, list_runs
from genre_core.runs.notes import Note, write_note
from genre_core.runs.threshold_origins import Origin
from genre_core.runs.threshold_sets import ThresholdSet, save
from genre_core.sample import generate_sample
from genre_core.ui.frame import shell

ROOT = Path(__file__).parents[2]
N_FILMS = 240  # 36 of them test films: enough for a comparison
FEW = 60  # films of a training
N_WRITTEN = 24  # films in each layout
MODELS = ("prior", "poster_cnn", "overview_lstm", "fusion")


@dataclass(frozen=True)
class Ground:
    """Films, and an artifacts folder with runs of them, in which no attempt may write.

    Attributes:
        folder: a scratch folder for anything else.
        films: the folder of the films.
        few: the folder of the films of trainings.
        layouts: a folder with the films of trainings in each layout.
        artifacts: dataset, runs, comparisons, thresholds and notes.
    """

    folder: Path
    films: Path
    few: Path
    layouts: Path
    artifacts: Artifacts

    @cached_property
    def dataset(self) -> Dataset:
        """Return the films, read."""
        return opening.open_dataset(self.films, self.artifacts)

    @cached_property
    def runs(self) -> list[Run]:
        """Return the runs, newest first."""
        return list_runs(self.artifacts)

    @contextlib.contextmanager
    def copy(self) -> Iterator[Artifacts]:
        """Yield a copy of the artifacts folder, which may be broken."""
        with TemporaryDirectory(dir=self.folder) as scratch:
            artifacts = Artifacts(Path(scratch) / "artifacts")
            shutil.copytree(self.artifacts, artifacts)
            yield artifacts


def make_ground(folder: Path) -> Ground:
    """Make films, synthetic runs, comparisons, thresholds and notes in a folder."""
    films, few, artifacts = folder / "films", folder / "few", Artifacts(folder / "artifacts")
    generate_sample(films, n_films=N_FILMS)
    generate_sample(few, n_films=FEW)
    layouts = folder / "layouts"
    for name, layout in LAYOUTS.items():
        layout.write(films_in(few)[:N_WRITTEN], layouts / name)
    ground = Ground(folder, films, few, layouts, artifacts)
    synthetic.make_runs(ground.dataset, artifacts, MODELS)
    first = ground.runs[0]
    write_note(artifacts, first.id, Note("a name", "a note"))
    thresholds = {first.id: dict.fromkeys(first.genres, 0.4)}
    save(artifacts, ThresholdSet("mine", thresholds, {first.id: Origin("by_hand")}))
    return ground


def command(*words: str, artifacts: Artifacts) -> tuple[int, str]:
    """Run a command in this process; return its exit status and what it printed.

    Raises:
        AssertionError: it ended in an exception that is no message for people.
    """
    done = CliRunner().invoke(cli, [*words, "--artifacts", str(artifacts)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise AssertionError(f"{words[0]} ended in {done.exception!r}") from done.exception
    return done.exit_code, done.output


def page(name: str, artifacts: Artifacts, **query: Any) -> AppTest:
    """Open a page of the dashboard.

    Raises:
        AssertionError: it ended in an exception.
    """
    os.environ["MARQUEE_ARTIFACTS"] = str(artifacts)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    if name != "summary":
        app.switch_page(f"pages/{name}.py")
    with contextlib.redirect_stderr(io.StringIO()):
        app.run()
    if app.exception:
        raise AssertionError(f"page {name}: {app.exception[0].message}")
    return app


def random_of(seed: int) -> np.random.Generator:
    """Return the random numbers of an attempt."""
    return np.random.default_rng(seed)


PAGES = tuple(shell.HEADS)
