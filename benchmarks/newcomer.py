"""Nine tasks of a newcomer, done in Chromium with a mouse; the clicks of each are counted.

Each begins on the landing page of a new session. Reading and typing cost nothing; a click into a
field that is typed into counts.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import chromium
from genre_core.data.films import Dataset
from genre_core.ui.frame import shell

LAPTOP = {"width": 1440, "height": 900}
LINKS = "[data-testid=stTopNavLink], [data-testid=stTopNavDropdownLink]"
SECTION = "[data-testid=stTopNavSection]"
HORROR = "Horror"
PATIENCE = 30_000  # milliseconds


@dataclass(frozen=True)
class Outcome:
    """How a task went.

    Attributes:
        task: what was to be done.
        clicks: how many it took.
        found: what was read or made.
    """

    task: str
    clicks: int
    found: str


class Visitor:
    """A tab in which clicks are counted."""

    def __init__(self, page: Any, address: str, dataset: Dataset) -> None:
        """Open the landing page.

        Args:
            page: of Playwright.
            address: of the dashboard.
            dataset: the films that it shows.
        """
        self.page, self.dataset, self.clicks = page, dataset, 0
        page.goto(address)
        page.wait_for_selector("[data-testid=stMetric]")
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run."""
        self.page.wait_for_selector(chromium.HAS_RUN)

    def click(self, target: Any) -> None:
        """Click on an element."""
        target.click()
        self.clicks += 1

    def open(self, name: str) -> None:
        """Choose a page in the navigation."""
        section = next(group for group, names in shell.GROUPS.items() if name in names)
        if section:
            self.click(self.page.locator(SECTION, has_text=section))
        title = shell.HEADS[name]["title"]
        self.click(self.page.locator(LINKS, has_text=title))
        self.page.wait_for_selector(f"h1:has-text('{title}')")
        self.settle()

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a menu."""
        self.click(self.page.get_by_label(label, exact=True))
        self.click(self.page.get_by_role("option", name=option, exact=True))
        self.settle()

    def button(self, name: str) -> None:
        """Click on a button."""
        self.click(self.page.get_by_role("button", name=name))
        self.settle()

    def text(self, words: str) -> str:
        """Return the text of the first element that contains some words, once it is there."""
        found = self.page.get_by_text(words).first
        found.wait_for()
        return str(found.inner_text())

    def ids(self) -> list[str]:
        """Return the films on the wall, once they are drawn."""
        self.page.wait_for_selector(".film-wall button")
        self.settle()
        return list(
            self.page.eval_on_selector_all(
                ".film-wall button", "all => all.map(film => film.dataset.film)"
            )
        )


def better(visitor: Visitor) -> str:
    """Read which run is better and by how much."""
    headline = visitor.page.locator(".st-key-headline h2").first.inner_text()
    lead = visitor.page.get_by_test_id("stMetric").last.inner_text()
    return f"{headline} {' '.join(lead.split())}"


def overfitting(visitor: Visitor) -> str:
    """Read whether the networks overfit."""
    visitor.open("training_curves")
    return visitor.text("Overfitting:")


def random_films(visitor: Visitor) -> str:
    """Look at random films twice."""
    visitor.open("films")
    first = visitor.ids()
    visitor.button("Shuffle")
    visitor.page.wait_for_function(
        "first => document.querySelector('.film-wall button').dataset.film !== first", arg=first[0]
    )
    return f"{len(visitor.ids())} other films"


def share(visitor: Visitor) -> str:
    """Copy the URL of a film."""
    visitor.click(visitor.page.locator(".film-wall button").first)
    visitor.page.wait_for_url("**/films?*film=*")
    visitor.settle()
    visitor.button("Share")
    return visitor.text("/films?")


def only_poster_right(visitor: Visitor) -> str:
    """Find the films with a genre that only the poster network predicts."""
    visitor.open("films")
    genres = visitor.dataset.genres
    visitor.choose("Genre", HORROR if HORROR in genres else genres[0])
    label = visitor.page.get_by_label("Prediction", exact=True)
    visitor.click(label)
    visitor.click(visitor.page.get_by_role("option", name="Only").first)
    visitor.settle()
    return visitor.text("✓ hit").split(".")[0]


def search(visitor: Visitor) -> str:
    """Find a film by its overview."""
    visitor.open("films")
    box = visitor.page.get_by_label("Search", exact=True)
    visitor.click(box)
    film = int(visitor.dataset.rows("test")[0])
    box.fill(visitor.dataset.films.ids[film])
    box.press("Enter")
    visitor.page.wait_for_function("document.querySelectorAll('.film-wall li').length === 1")
    return visitor.text("✓ hit").split(".")[0]


def share_of_genre(visitor: Visitor) -> str:
    """Read how many films have the most frequent genre."""
    visitor.open("class_imbalance")
    return visitor.text("labels,").split(".")[0]


def tune_and_apply(visitor: Visitor) -> str:
    """Tune thresholds for each genre, save them and apply them on every page."""
    visitor.open("thresholds")
    visitor.button("Tune per genre")
    name = visitor.page.get_by_label("Name of these thresholds", exact=True)
    visitor.click(name)
    name.fill("mine")
    visitor.button("Save")
    visitor.button("Apply on all pages")
    visitor.page.wait_for_url("**by=saved*")
    return "saved and applied"


def export(visitor: Visitor) -> str:
    """Take the figures and tables of a page away."""
    with visitor.page.expect_download() as download:
        visitor.click(visitor.page.get_by_role("button", name="Export"))
    content = Path(download.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        n_files = len(whole.namelist())
        json.loads(whole.read("source.json"))
    return f"{n_files} files"


EXPORT = "figures and tables for a report"
TASKS: dict[str, Callable[[Visitor], str]] = {
    "which run is better, and by how much": better,
    "are the networks overfitting": overfitting,
    "random films": random_films,
    "share a film": share,
    "films whose genre only the poster network predicts": only_poster_right,
    "search for a film": search,
    "share of a genre": share_of_genre,
    "tune, save and apply thresholds": tune_and_apply,
    EXPORT: export,
}


def outcomes(browser: Any, address: str, dataset: Dataset) -> Iterator[Outcome]:
    """Do every task in a session of its own.

    Args:
        browser: of Playwright.
        address: of the dashboard, with two networks on the dataset.
        dataset: the films that it shows.
    """
    for task, do in TASKS.items():
        context = browser.new_context(viewport=LAPTOP, accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(context.new_page(), address, dataset)
        found = do(visitor)
        yield Outcome(task, visitor.clicks, found)
        context.close()
