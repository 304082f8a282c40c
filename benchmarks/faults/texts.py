"""Texts of strangers on every page in Chromium: nothing is executed, nothing becomes a link."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import chromium, synthetic
from benchmarks.faults.ground import PAGES, Ground, random_of
from benchmarks.speed.served import server
from genre_core.artifacts import Artifacts
from genre_core.data import opening
from genre_core.runs.folder import list_runs
from genre_core.runs.notes import Note, write_note

SCRIPT = "window.hit=1"
TEXTS = (
    f"<script>{SCRIPT}</script>",
    f"<img src=x onerror='{SCRIPT}'>",
    f"<svg onload='{SCRIPT}'>",
    f"<iframe srcdoc='<script>parent.{SCRIPT}</script>'></iframe>",
    f"<a href='javascript:{SCRIPT}'>link</a>",
    f"<a href='http://x.invalid' onmouseover='{SCRIPT}'>link</a>",
    f"</script><script>{SCRIPT}</script>",
    f"'\"><details open ontoggle='{SCRIPT}'>",
    f"{{{{constructor.constructor('{SCRIPT}')()}}}}",
    f"javascript:{SCRIPT}",
    f"data:text/html,<script>{SCRIPT}</script>",
    f"[link](javascript:{SCRIPT})",
    "[link](http://x.invalid)",
    "[link][1]\n\n[1]: http://x.invalid",
    "![image](http://x.invalid/image.png)",
    "<http://x.invalid>",
    "http://x.invalid/path?query=1#part",
    "https://user:word@x.invalid:8080",
    "www.x.invalid",
    "someone@x.invalid",
    "mailto:someone@x.invalid",
    "ftp://x.invalid and //x.invalid",
    ":red[red] :material/home: :streamlit:",
    "$\\href{http://x.invalid}{x}$",
    "<form action='http://x.invalid'><button>send</button></form>",
    "<meta http-equiv=refresh content='0;url=http://x.invalid'>",
    "%{x} %{customdata[0]} <b>bold</b> <br> &lt;i&gt;",
    '=HYPERLINK("http://x.invalid")',
    "\u202egnp.x.invalid\u202c \u200bwww.x.invalid",
    "**bold** `code` | a | b |\n|---|---|",
)
N_FILMS = 40
LINKS = """() => [...document.querySelectorAll('a, [*|href]')]
  .map(node => node.getAttribute('href') || node.getAttribute('xlink:href') || '')
  .filter(address => !address.startsWith('data:image/'))
  .filter(address => new URL(address, location.href).host !== location.host)"""
DRAWN = 400  # milliseconds; charts are drawn after the script has run


def attempt(ground: Ground, seed: int) -> str:
    """Show one text as genre, title, id, overview, name and note, on every page."""
    if not chromium.is_installed():
        return "Chromium and Playwright are needed"
    text = TEXTS[seed % len(TEXTS)]
    random = random_of(seed)
    with TemporaryDirectory(dir=ground.folder) as scratch:
        artifacts = Artifacts(Path(scratch) / "artifacts")
        dataset = opening.open_dataset(
            _films(ground, Path(scratch) / "films", text, random), artifacts
        )
        synthetic.make_runs(dataset, artifacts, ("prior", "poster_cnn", "overview_lstm"))
        for run in list_runs(artifacts):
            write_note(artifacts, run.id, Note(f"{run.modality} {text}", text))
        with server(artifacts) as (address, _):
            problems = _problems(address, run.id)
    return f"{text!r}: {'; '.join(problems)}" if problems else ""


def _films(ground: Ground, folder: Path, text: str, random: np.random.Generator) -> Path:
    """Write films that bear a text wherever films have texts; return their folder."""
    images = folder / "Images"
    images.mkdir(parents=True)
    posters = sorted((ground.few / "Images").iterdir())
    # A header with a character that is not printed is refused.
    line = "".join(character if character.isprintable() else " " for character in text)
    genres = (line, f"Drama {line}", "Comedy")
    with (folder / "films.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("Id", "Title", "Overview", *genres))
        for number in range(N_FILMS):
            film = f"tt{number:07d}"
            marks = [int(number % 2 == 0), int(number % 3 == 0), int(random.integers(2))]
            table.writerow(
                (film, text, f"Someone meets {text} and leaves for place {number}", *marks)
            )
            shutil.copy(posters[number % len(posters)], images / f"{film}.jpg")
    return folder


def _problems(address: str, run: str) -> list[str]:
    found = []
    with chromium.browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in PAGES:
            query = {"runs": f"?runs={run}", "films": "?split=all"}.get(name, "")
            page.goto(f"{address}/{'' if name == 'summary' else name}{query}")
            page.wait_for_selector(chromium.HAS_RUN)
            page.wait_for_selector("h1")
            page.wait_for_timeout(DRAWN)
            if page.evaluate("window.hit") is not None:
                found.append(f"{name} executed it")
            if links := page.evaluate(LINKS):
                found.append(f"{name} links to {links}")
            if page.locator("[data-testid=stException]").count():
                found.append(f"{name} ended in an exception")
        own = (address, "data:", "blob:", "about:")
        if strangers := [url for url in asked if not url.startswith(own)]:
            found.append(f"asked {strangers}")
    return found
