"""Cells of CSV files that spreadsheets would take for formulas.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe before it,
as OWASP advises ("CSV Injection"), and so does a cell that begins like one that got it, so that
`restored` gives back what was there. Numbers are left alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:  # exported networks take this file along, and need no pandas
    import pandas as pd

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MARK = "'"


def neutral(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    >>> neutral("=1+1"), neutral("'=1+1"), neutral("Drama"), neutral("'tis")
    ("'=1+1", "''=1+1", 'Drama', "'tis")
    """
    return MARK + text if text.lstrip(MARK).startswith(STARTS) else text


def restored(text: str) -> str:
    """Return what a cell was before `neutral`.

    >>> [restored(neutral(text)) for text in ("=1+1", "'=1+1", "Drama", "'tis")]
    ['=1+1', "'=1+1", 'Drama', "'tis"]
    """
    marked = text.startswith(MARK) and text.lstrip(MARK).startswith(STARTS)
    return text.removeprefix(MARK) if marked else text


def csv_of(table: pd.DataFrame) -> str:
    """Return a table as CSV, its texts and column names neutral."""
    whole = table.rename(columns=lambda name: neutral(str(name)))
    return whole.map(lambda cell: neutral(cell) if isinstance(cell, str) else cell).to_csv(
        index=False
    )


def scores_csv(
    ids: Sequence[str],
    genres: Sequence[str],
    y_score: np.ndarray,
    *,
    split: Sequence[str] | np.ndarray | None = None,
) -> str:
    """Return scores as CSV: `Id`, `split` if it is given, and one column per genre.

    Args:
        ids: ids of the films, n_films of them.
        genres: names of the genres, n_genres of them.
        y_score: float (n_films, n_genres); written with six digits, and nothing for NaN.
        split: split of each film, n_films of them.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Id", *(["split"] if split is not None else []), *map(neutral, genres)])
    for place, film in enumerate(ids):
        figures = ("" if value != value else f"{value:.6g}" for value in y_score[place].tolist())
        writer.writerow([neutral(film), *([split[place]] if split is not None else []), *figures])
    return text.getvalue()
