"""A notebook that was executed: its trainings as they were printed; nothing is executed again."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genre_core.catalogue import Modality
from genre_core.errors import DataError
from genre_core.runs.importing.progress_lines import COLOURS, PrintedFit, printed_fits

MOST_MEGABYTES = 200
TAGS = re.compile(r"<[^>]+>")
PARAMETERS = re.compile(r"(Total|Trainable) params:\s*([\d,]+)")
ENDING = ".ipynb"
LAYERS = re.compile(r"\(([A-Z]\w*)\)")
CALLED = re.compile(r"(\w+)\.(?:fit|summary)\(")
# Layers that tell what a model looks at.
SEES: dict[Modality, tuple[str, ...]] = {
    "poster": ("Conv2D", "SeparableConv2D", "MaxPooling2D"),
    "overview": ("Embedding", "LSTM", "GRU", "TextVectorization"),
}


@dataclass(frozen=True)
class ModelSummary:
    """What `model.summary()` printed.

    Attributes:
        model: name of the variable; empty if it is not known.
        layers: types of the layers, in their order.
        n_parameters: all parameters; None if they are not printed.
        n_trainable: those that are trained; None if they are not printed.
    """

    model: str
    layers: tuple[str, ...]
    n_parameters: int | None
    n_trainable: int | None

    @property
    def modality(self) -> Modality:
        """Return what the model looks at, where its layers leave no doubt."""
        seen = [name for name, layers in SEES.items() if set(layers) & set(self.layers)]
        return seen[0] if len(seen) == 1 else "unknown"


@dataclass(frozen=True)
class Fit:
    """One training of a notebook.

    Attributes:
        cell: number of the cell, from 1.
        model: name of the variable that was trained; empty if it is not known.
        source: code of the cell.
        printed: its epochs.
        summary: of the model; None if none was printed.
    """

    cell: int
    model: str
    source: str
    printed: PrintedFit
    summary: ModelSummary | None


@dataclass(frozen=True)
class Notebook:
    """What a notebook says of its trainings.

    Attributes:
        name: of the file, without its ending.
        fits: the trainings, in the order of the cells.
        code: syntax of all cells that are plain Python.
        n_silent: calls of `fit` that print no epoch.
    """

    name: str
    fits: tuple[Fit, ...]
    code: ast.Module
    n_silent: int


def read_notebook(path: Path) -> Notebook:
    """Return the trainings that an executed notebook shows.

    Raises:
        DataError: it is no notebook, is too large, or shows no training.
    """
    cells = _cells(path)
    summaries: list[ModelSummary] = []
    fits: list[Fit] = []
    n_silent = 0
    for number, cell in enumerate(cells, start=1):
        source, printed = _source(cell), _printed(cell)
        if "Total params" in printed:
            summaries.append(_summary(source, printed))
        found = printed_fits(printed)
        n_silent += max(0, len(calls_of(source)) - len(found))
        fits += [
            _fit(number, source, place, one, summaries)
            for place, one in enumerate(found)
            if one.rows
        ]
    if not fits:
        silent = f" {n_silent} calls of fit print nothing, as with verbose=0." if n_silent else ""
        raise DataError(
            f"'{path}' shows no training: none of its {len(cells)} code cells prints epochs."
            f"{silent} Expected lines such as 'Epoch 1/40'. Run the notebook, save it with its "
            "outputs, and import it again."
        )
    trees = [tree_of(_source(cell)) for cell in cells]
    code = ast.Module([node for tree in trees for node in tree.body], [])
    return Notebook(path.stem, tuple(fits), code, n_silent)


def _cells(path: Path) -> list[Mapping[str, Any]]:
    """Return the code cells, of formats 3 and 4."""
    if path.stat().st_size > MOST_MEGABYTES * 1e6:
        raise DataError(
            f"'{path}' has {path.stat().st_size / 1e6:,.0f} MB. Expected {MOST_MEGABYTES} MB at "
            "most. Clear the outputs of cells with pictures, and save it again."
        )
    try:
        whole = json.loads(path.read_bytes())
        sheets = whole.get("worksheets") or [whole]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        return [cell for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise DataError(
            f"'{path}' is no Jupyter notebook ({error!s:.100}). Expected a .ipynb file with "
            "cells. Save the notebook again with Jupyter or Colab."
        ) from error


def _source(cell: Mapping[str, Any]) -> str:
    return _text(cell.get("source", cell.get("input", "")))


def _printed(cell: Mapping[str, Any]) -> str:
    """Return all that a cell printed, as text."""
    parts = []
    for output in cell.get("outputs", []):
        data = output.get("data", output)
        parts.append(_text(output.get("text", "")))
        if "text/plain" in data:
            parts.append(_text(data["text/plain"]))
        elif "text/html" in data:
            parts.append(TAGS.sub("", _text(data["text/html"])))
    return COLOURS.sub("", "".join(parts))


def _text(lines: object) -> str:
    return "".join(map(str, lines)) if isinstance(lines, list) else str(lines or "")


def _summary(source: str, printed: str) -> ModelSummary:
    counts = {name: int(number.replace(",", "")) for name, number in PARAMETERS.findall(printed)}
    called = CALLED.search(source)
    return ModelSummary(
        called[1] if called else "",
        tuple(LAYERS.findall(printed)),
        counts.get("Total") or None,  # 0 before a model is built
        counts.get("Trainable") or None,
    )


def _fit(
    cell: int, source: str, place: int, printed: PrintedFit, summaries: Sequence[ModelSummary]
) -> Fit:
    """Return one of the trainings of a cell, with the summary of its model."""
    calls = calls_of(source)
    call = calls[min(place, len(calls) - 1)] if calls else None
    model = _name(call.func.value) if call and isinstance(call.func, ast.Attribute) else ""
    own = [one for one in summaries if model and one.model == model]
    last = next(reversed(own or summaries), None)
    return Fit(cell, model, ast.unparse(call) if call else source, printed, last)


def calls_of(source: str) -> list[ast.Call]:
    """Return the calls of `fit` in some code that train a network."""
    return [
        node
        for node in ast.walk(tree_of(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "fit"
        and any(
            keyword.arg in ("epochs", "validation_data", "verbose") for keyword in node.keywords
        )
    ]


def tree_of(source: str) -> ast.Module:
    """Return the syntax of a cell; empty where it is no plain Python."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""
