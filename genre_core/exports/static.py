"""Figures as files: HTML always, PNG and SVG by Kaleido where a Chrome is installed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

from genre_core.charts.colours import Theme

FORMATS = ("png", "svg")
WIDTH = 900  # pixels
LARGER = 2  # pixels of a PNG for one of the figure
MARGIN = 24  # pixels around it
FONT = "Source Sans Pro, Arial, sans-serif"
# Seconds for all figures, and for the exports before. A page has ten figures at most, which an idle
# computer draws in six; Streamlit waits for three minutes.
LIMIT = 60.0
CLOSING = 5.0  # seconds for the browser to end by itself
NOWHERE = "127.0.0.1:9"  # a proxy that does not exist, so that the browser reaches no network
NO_BROWSER = (
    "No Chrome, Chromium or Edge was found on the computer that runs Marquee. Install one of them, "
    "or set BROWSER_PATH to its program, and export again."
)
_one_browser = threading.Lock()  # several at once would take the memory of each other


def for_file(figure: go.Figure, theme: Theme) -> go.Figure:
    """Return a copy of a figure that does not need the page around it: background, font, margins.

    Args:
        figure: with title.
        theme: the colours that it was drawn in.
    """
    copied = go.Figure(figure)
    copied.update_layout(
        template="plotly_dark" if theme.is_dark else "plotly_white",
        paper_bgcolor=theme.paper,
        plot_bgcolor=theme.paper,
        font={"family": FONT, "color": theme.ink},
        margin={"l": MARGIN, "r": MARGIN, "b": MARGIN},
        title={"pad": {"l": MARGIN}},
    )
    return copied


def html(figure: go.Figure) -> str:
    """Return a page with an interactive figure; it needs `plotly.min.js` in its folder."""
    page: str = pio.to_html(
        figure, include_plotlyjs="directory", config={"displaylogo": False, "responsive": True}
    )
    return page


def images(figures: Mapping[str, go.Figure]) -> tuple[dict[str, bytes], str]:
    """Return PNG and SVG files of figures, and why some are missing; an empty text if none is.

    Args:
        figures: by name; the files are called after it.
    """
    made: dict[str, bytes] = {}
    if not figures:
        return made, ""
    if not _one_browser.acquire(timeout=LIMIT):
        return made, "Other exports took too long. Export again."
    try:
        # A thread of its own, as the one that asks may have an event loop.
        with ThreadPoolExecutor(max_workers=1) as thread:
            return made, thread.submit(asyncio.run, _draw_all(figures, made)).result()
    finally:
        _one_browser.release()


async def _draw_all(figures: Mapping[str, go.Figure], made: dict[str, bytes]) -> str:
    """Add the files that can be made to those made; return why the others are missing."""
    import kaleido  # only here: the pages do without it until somebody exports
    from kaleido import errors

    try:
        # Without `mathjax=False` its page loads a script from a network.
        browser = kaleido.Kaleido(mathjax=False, proxy_server=NOWHERE, timeout=LIMIT)
    except errors.ChromeNotFoundError:
        return NO_BROWSER
    failed = []
    limit = asyncio.timeout(LIMIT)
    try:
        async with limit:
            await browser.open()
            for file, figure, options in _orders(figures):
                try:
                    made[file] = await browser.calc_fig(figure, options)
                except (errors.KaleidoError, errors.JavascriptError) as error:
                    failed.append(f"{file}: {error}")
    except (TimeoutError, OSError, errors.BrowserClosedError, errors.BrowserFailedError) as error:
        if limit.expired():
            return f"The browser did not finish within {LIMIT:.0f} seconds. Export again."
        return f"The browser failed. Export again. {' '.join(map(str, error.args))}"
    finally:
        await _end(browser, hangs=limit.expired())
    return "; ".join(failed)


def _orders(
    figures: Mapping[str, go.Figure],
) -> Iterator[tuple[str, go.Figure, dict[str, Any]]]:
    """Yield file, figure and options of Kaleido for each image."""
    for name, figure in figures.items():
        for ending in FORMATS:
            size = {"width": WIDTH, "height": figure.layout.height}
            scale = LARGER if ending == "png" else 1
            yield f"{name}.{ending}", figure, {"format": ending, "scale": scale, **size}


async def _end(browser: Any, *, hangs: bool) -> None:
    """End a browser and every process of it; one that hangs is not asked to end by itself."""
    if hangs:
        _kill(browser)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSING):
            await browser.close()
    _kill(browser)


def _kill(browser: Any) -> None:
    process = getattr(browser, "subprocess", None)  # none, if it was not even started
    if process is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # it is the first of a group of its own
        process.wait()
