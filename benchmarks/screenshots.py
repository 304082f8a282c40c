"""The pictures of README: pages of the dashboard in Chromium, on the synthetic films."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

from benchmarks import chromium
from benchmarks.speed.served import ROOT, server
from genre_core.artifacts import Artifacts

SIZE = {"width": 1440, "height": 900}
DRAWN = 1500  # milliseconds; charts and posters are drawn after the script has run
PICTURES = {"films": "films", "summary": ""}  # path of a page by name


def train(artifacts: Artifacts) -> None:
    """Train the models that are missing on the synthetic films.

    Raises:
        subprocess.CalledProcessError: a training failed; it has said why.
    """
    words = ["train", "all", "--resume", "--artifacts", str(artifacts)]
    subprocess.run([sys.executable, "-m", "genre_core", *words], cwd=ROOT, check=True)


def take(artifacts: Artifacts, out: Path) -> list[Path]:
    """Write a picture of each page into a folder; return their files.

    Args:
        artifacts: with runs.
        out: the folder; pictures there are replaced.
    """
    found = []
    with server(artifacts) as (address, _), chromium.browser() as browser:
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        for name, path in PICTURES.items():
            page.goto(f"{address}/{path}")
            page.wait_for_selector(chromium.HAS_RUN)
            page.wait_for_selector("h1")
            page.wait_for_timeout(DRAWN)
            found.append(out / f"{name}.png")
            page.screenshot(path=found[-1])
            with Image.open(found[-1]) as whole:  # 256 colours are a third of the bytes
                whole.convert("RGB").quantize(256).save(found[-1], optimize=True)
    return found
