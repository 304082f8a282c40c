"""What is seen before anything is clicked or scrolled, in Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from benchmarks import chromium
from benchmarks.speed.figure import Figure

LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
DRAWN = 1500  # milliseconds; charts and posters are drawn after the script has run
CHART = ".js-plotly-plot .main-svg"
WORDS = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let count = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest('.js-plotly-plot, style, script, [data-testid=stIconMaterial]'))
      continue;
    for (const word of node.textContent.matchAll(/\\S+/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const box = range.getBoundingClientRect();
      count += /[\\p{L}\\p{N}]/u.test(word[0]) && box.width > 0 && box.top < innerHeight;
    }
  }
  return count;
}"""
COMPLETE_FILMS = """() => [...document.querySelectorAll('.film-wall li')]
  .filter(film => film.getBoundingClientRect().bottom <= innerHeight).length"""
FIRST_POSTER = "() => document.querySelector('.film-wall img').getBoundingClientRect().top"


def figures(browser: Any, address: str) -> Iterator[Figure]:
    """Yield what the landing page and the page of films show at first, and a first visit's time.

    Args:
        browser: of Playwright.
        address: of the dashboard.
    """
    page = browser.new_page(viewport=LAPTOP)
    words = _look(page, address, "[data-testid=stMetric]", WORDS)
    yield Figure("words above the fold on Summary", words, "", 90, at_least=False)
    films = _look(page, f"{address}/films", ".film-wall img", COMPLETE_FILMS)
    yield Figure("complete films above the fold", films, "", 10, at_least=True)
    page.close()
    page = browser.new_page(viewport=PHONE)
    top = _look(page, f"{address}/films", ".film-wall img", FIRST_POSTER)
    yield Figure("first poster on a phone", top, "px", 420, at_least=False)
    page.close()
    seconds = _first_visit(browser, address)
    yield Figure("first visit of a page with charts", seconds, "s", 2.5, at_least=False)


def _look(page: Any, address: str, selector: str, question: str) -> float:
    page.goto(address)
    page.wait_for_selector(chromium.HAS_RUN)
    page.wait_for_selector(selector)
    page.wait_for_timeout(DRAWN)
    return float(page.evaluate(question))


def _first_visit(browser: Any, address: str) -> float:
    """Return the seconds until a chart is drawn, with nothing in the browser's cache."""
    context = browser.new_context(viewport=LAPTOP)
    began = time.perf_counter()
    page = context.new_page()
    page.goto(f"{address}/training_curves")
    page.wait_for_selector(CHART)
    seconds = time.perf_counter() - began
    context.close()
    return seconds
