"""Speed and memory of the dashboard, of its scripts and in Chromium.

Scripts are run with Streamlit's AppTest, whose overhead is included. Chromium needs the packages
for tests; without them its measurements are skipped.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from benchmarks import chromium, newcomer
from benchmarks.speed import sight
from benchmarks.speed.figure import Figure
from benchmarks.speed.served import ROOT, START, server
from benchmarks.synthetic import EVERY, NETWORKS, make_films, make_runs
from genre_core.artifacts import Artifacts
from genre_core.data import opening
from genre_core.data.films import Dataset
from genre_core.evaluation.bootstrap import Scored
from genre_core.evaluation.paired import compare_runs
from genre_core.runs.folder import list_runs
from genre_core.ui.frame import shell
from genre_core.ui.parts import threshold_editor

MANY = 100_000  # films
COMPARED = (950, 25)  # films and genres
ROUNDS = 4
MOST_CLICKS = 3
MEGABYTE = 1e6
PAGES = {
    "training_curves": ".js-plotly-plot .main-svg",
    "class_imbalance": ".js-plotly-plot .main-svg",
    "head_to_head": ".js-plotly-plot .main-svg",
    "by_genre": ".js-plotly-plot .main-svg",
    "thresholds": ".js-plotly-plot .main-svg",
    "confusions": ".js-plotly-plot .main-svg",
    "agreement": ".js-plotly-plot .main-svg",
    "label_review": ".st-key-review_poster img",
    "films": ".film-wall img",
    "runs": "[data-testid=stDataFrame]",
    "summary": "[data-testid=stDataFrame]",
}
LINKS = "[data-testid=stTopNavLink], [data-testid=stTopNavDropdownLink]"
IS_DRAWN = """selector => {
  const app = document.querySelector('[data-testid=stApp]');
  const found = [...document.querySelectorAll(selector)];
  return app.dataset.testScriptState === 'notRunning' && found.length > 0
    && found.every(node => node.tagName !== 'IMG' || node.complete)
    && document.querySelectorAll('[data-stale=true]').length === 0;
}"""


def run(folder: Path, split_file: Path | None) -> Iterator[Figure]:
    """Yield the lines of the table, measured in temporary folders."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as scratch:
        artifacts = Artifacts(Path(scratch) / "artifacts")
        dataset = opening.open_dataset(folder, artifacts, split_file=split_file)
        make_runs(dataset, artifacts, EVERY)
        every = [*_page_switches(), *_film_choices(dataset.genres[0])]
        value = _script_time(artifacts, every)
        yield Figure("page switch or filter, script, p95", value, "ms", 150, at_least=False)
        value = _script_time(artifacts, _threshold_moves(artifacts, dataset))
        yield Figure("a threshold moved or fitted, script, p95", value, "ms", 120, at_least=False)
        if chromium.is_installed():
            yield from _in_chromium(artifacts, dataset)
        else:
            yield _unseen("cold start, page switches, first sight, memory of the server")
    yield Figure(
        f"comparing 2 runs in all metrics, {' x '.join(map(str, COMPARED))}, 10,000 draws",
        _comparison_time(),
        *("s", 8),
        at_least=False,
    )
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as scratch:
        artifacts = Artifacts(Path(scratch) / "artifacts")
        dataset = make_films(MANY, Path(scratch) / "films", artifacts)
        make_runs(dataset, artifacts, NETWORKS)
        value = _script_time(artifacts, _film_choices(dataset.genres[0]))
        name = f"films page with {MANY:,} films"
        yield Figure(f"{name}, script, p95", value, "ms", 300, at_least=False)
        if chromium.is_installed():
            yield Figure(f"{name}, memory", _memory_of_films(artifacts), "MB", 600, at_least=False)
        else:
            yield _unseen(f"{name}, memory")


def _unseen(name: str) -> Figure:
    return Figure(name, None, "", None, at_least=False, needs="Chromium and playwright")


def _comparison_time() -> float:
    """Return the seconds of a whole comparison, overall and by genre."""
    random = np.random.default_rng(0)
    y_true = (random.random(COMPARED) < 0.1).astype(np.uint8)
    runs = {name: Scored(random.random(COMPARED, dtype=np.float32)) for name in NETWORKS}
    n_genres = COMPARED[1]
    macro, prior = np.ones(n_genres, dtype=bool), np.full(n_genres, 0.1)
    began = time.perf_counter()
    genres = [f"genre {place}" for place in range(n_genres)]
    compare_runs(y_true, runs, genres=genres, macro=macro, prior=prior)
    return time.perf_counter() - began


Step = Callable[[AppTest], Any]


def _page_switches() -> list[Step]:
    def switch(name: str) -> Step:
        return lambda app: app.switch_page(f"pages/{name}.py").run()

    return [switch(name) for name in shell.HEADS if name not in ("summary", "thresholds")]


def _threshold_moves(artifacts: Artifacts, dataset: Dataset) -> list[Step]:
    """Return steps on the Thresholds page, with a global threshold and with one per genre."""
    run = next(run for run in list_runs(artifacts) if run.config["model"] == NETWORKS[0])

    def move(column: int | None, value: float) -> Step:
        return lambda app: app.slider(key=threshold_editor.key(run, column)).set_value(value).run()

    return [
        lambda app: app.switch_page("pages/thresholds.py").run(),
        lambda app: app.radio(key="each").set_value(threshold_editor.GLOBAL).run(),
        *(move(None, value) for value in (0.2, 0.4, 0.6)),
        lambda app: app.button(key="tune_global").click().run(),
        lambda app: app.radio(key="each").set_value(threshold_editor.PER_GENRE).run(),
        *(move(column, 0.3) for column in range(0, len(dataset.genres), 5)),
        lambda app: app.button(key="tune_per_genre").click().run(),
    ]


def _film_choices(genre: str) -> list[Step]:
    """Return consecutive steps on the Films page."""
    return [
        lambda app: app.switch_page("pages/films.py").run(),
        lambda app: app.selectbox(key="order").set_value("random").run(),
        lambda app: app.button(key="again").click().run(),
        lambda app: app.selectbox(key="who").set_value("only_poster_right").run(),
        lambda app: app.selectbox(key="order").set_value("overview_highest_loss").run(),
        lambda app: app.selectbox(key="order").set_value("largest_disagreement").run(),
        lambda app: app.selectbox(key="who").set_value("any").run(),
        lambda app: app.multiselect(key="genres").set_value([genre]).run(),
        lambda app: app.radio(key="split").set_value("all").run(),
        lambda app: app.text_input(key="search").set_value("a").run(),
        lambda app: app.text_input(key="search").set_value("").run(),
        lambda app: app.radio(key="split").set_value("test").run(),
        lambda app: app.multiselect(key="genres").set_value([]).run(),
    ]


def _script_time(artifacts: Artifacts, steps: list[Step]) -> float:
    """Return the 95th percentile of the steps' times in milliseconds, after a round to warm up."""
    with _environment(artifacts):
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=START).run()
        seconds = []
        for number in range(1 + ROUNDS):
            for step in steps:
                began = time.perf_counter()
                step(app)
                if app.exception:
                    raise RuntimeError(f"A page failed: {app.exception[0].value}")
                seconds += [time.perf_counter() - began] if number else []
    return 1000 * float(np.percentile(seconds, 95))


def _in_chromium(artifacts: Artifacts, dataset: Dataset) -> Iterator[Figure]:
    with chromium.browser() as browser:
        began = time.perf_counter()
        with server(artifacts) as (address, process):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            _wait(page, PAGES["summary"])
            cold = time.perf_counter() - began
            yield Figure("cold start to first page in Chromium", cold, "s", 5, at_least=False)
            seconds = [time for number in range(1 + ROUNDS) for time in _visits(page) if number]
            value = float(np.percentile(seconds, 95))
            yield Figure("page switch or filter in Chromium, p95", value, "s", 1, at_least=False)
            yield from sight.figures(browser, address)
            for done in newcomer.outcomes(browser, address, dataset):
                bound = MOST_CLICKS if done.task == newcomer.EXPORT else None
                yield Figure(f"clicks: {done.task}", done.clicks, "", bound, at_least=False)
            memory = _anonymous_memory(process.pid)
            yield Figure("memory of the server", memory, "MB", 350, at_least=False)


def _visits(page: Any) -> Iterator[float]:
    """Visit every page and shuffle the films; yield the seconds until each is drawn."""
    sections = {name: group for group, names in shell.GROUPS.items() for name in names}
    for name, selector in PAGES.items():
        if sections[name]:
            page.locator("[data-testid=stTopNavSection]", has_text=sections[name]).click()
        link = page.locator(LINKS, has_text=shell.HEADS[name]["title"])
        yield _timed(page, link.click, selector)
        if name == "films":
            shuffle = page.get_by_role("button", name="Shuffle", exact=True)
            yield _timed(page, shuffle.click, selector)


def _timed(page: Any, act: Callable[[], None], selector: str) -> float:
    began = time.perf_counter()
    act()
    page.wait_for_timeout(20)  # the page learns of the click
    _wait(page, selector)
    return time.perf_counter() - began


def _memory_of_films(artifacts: Artifacts) -> float:
    with chromium.browser() as browser, server(artifacts) as (address, process):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for query in ("", "?who=only_poster_right", "?order=largest_disagreement", "?search=word7"):
            page.goto(f"{address}/films{query}")
            _wait(page, PAGES["films"])
        return _anonymous_memory(process.pid)


def _wait(page: Any, selector: str) -> None:
    page.wait_for_selector(chromium.CONNECTED)
    page.wait_for_function(IS_DRAWN, arg=selector)


@contextlib.contextmanager
def _environment(artifacts: Artifacts) -> Iterator[None]:
    before = os.environ.get("MARQUEE_ARTIFACTS")
    os.environ["MARQUEE_ARTIFACTS"] = str(artifacts)
    try:
        yield
    finally:
        os.environ.pop("MARQUEE_ARTIFACTS")
        if before is not None:
            os.environ["MARQUEE_ARTIFACTS"] = before


def _anonymous_memory(pid: int) -> float:
    """Return the anonymous resident memory of a process in megabytes, without mapped files."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) * 1024 / MEGABYTE
