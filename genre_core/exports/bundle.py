"""One ZIP of figures and tables, with a `source.json` that says how to make them again."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

import genre_core
from genre_core.charts.colours import Theme
from genre_core.data import cells
from genre_core.exports import static

FORMAT = 1  # of source.json
FIGURES, TABLES = "figures", "tables"
SCRIPT = f"{FIGURES}/plotly.min.js"
About = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """A figure to export.

    Attributes:
        name: of its files, without ending.
        title: what it shows.
        figure: with title and source line.
        about: what it is about, as plain data.
    """

    name: str
    title: str
    figure: go.Figure
    about: About


@dataclass(frozen=True)
class Table:
    """A table to export.

    Attributes:
        name: of its file, without ending.
        title: what it shows.
        frame: the table.
        about: what it is about, as plain data.
        columns: values that every line of the file has beside those of the table, by column.
    """

    name: str
    title: str
    frame: pd.DataFrame
    about: About
    columns: Mapping[str, Any] = field(default_factory=dict)

    def csv(self) -> str:
        """Return it as CSV, with what it is about in every line."""
        return cells.csv_of(self.frame.assign(**self.columns))


def zip_of(
    figures: Sequence[Figure], tables: Sequence[Table], source: About, theme: Theme
) -> bytes:
    """Return a ZIP with every figure as PNG, SVG and HTML, every table as CSV, and the sources.

    Without a browser it has no PNG and SVG, and says so.

    Args:
        figures: their names differ.
        tables: their names differ.
        source: what all of them come from, as plain data.
        theme: the colours that the figures were drawn in.
    """
    files, problem = _figure_files(figures, theme)
    files |= {f"{TABLES}/{table.name}.csv": table.csv().encode() for table in tables}
    images = [f"{FIGURES}/{one.name}.{ending}" for one in figures for ending in static.FORMATS]
    missing = [file for file in images if file not in files]
    facts = {
        "format": FORMAT,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {
            "marquee": genre_core.__version__,
            **{package: version(package) for package in ("plotly", "kaleido")},
        },
        **source,
        FIGURES: [_facts(one, files) for one in figures],
        TABLES: [_facts(one, files) for one in tables],
        "missing": {"files": missing, "reason": problem} if missing else None,
    }
    files["source.json"] = json.dumps(facts, indent=2, ensure_ascii=False).encode()
    if missing:
        files["MISSING.txt"] = "\n".join([problem, "", "Missing:", *missing, ""]).encode()
    return _zipped(files)


def _figure_files(figures: Sequence[Figure], theme: Theme) -> tuple[dict[str, bytes], str]:
    """Return the files of figures, and why some are missing."""
    if not figures:
        return {}, ""
    alone = {one.name: static.for_file(one.figure, theme) for one in figures}
    images, problem = static.images(alone)
    pages = {f"{name}.html": static.html(figure).encode() for name, figure in alone.items()}
    files = {f"{FIGURES}/{name}": content for name, content in {**pages, **images}.items()}
    return {**files, SCRIPT: get_plotlyjs().encode()}, problem


def _facts(one: Figure | Table, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what source.json says of a figure or table."""
    folder = FIGURES if isinstance(one, Figure) else TABLES
    mine = sorted(file for file in files if file.rsplit(".", 1)[0] == f"{folder}/{one.name}")
    return {"name": one.name, "shows": one.title, "files": mine, **one.about}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
    return content.getvalue()
