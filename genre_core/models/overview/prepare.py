"""Overviews as the input of an overview network, with NumPy and the standard library alone.

Exported networks take this file along.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.models.overview.terms import TERMS, TermWeights, dense
from genre_core.models.overview.tokens import Vocabulary, pad

ID, OVERVIEW = "Id", "Overview"

Overview = tuple[str, str]  # id and text


def read_films(paths: Sequence[Path]) -> list[Overview]:
    """Return id and overview of the films in CSV files, or in folders with one CSV file each.

    Raises:
        ValueError: a table cannot be read, with the reason and a way out.
    """
    return [film for path in paths for film in _read_table(_table(path))]


class Preparation:
    """Turns overviews into the network's inputs.

    Args:
        settings: vocabulary, `options.sequence_length`, and phrases if there is a linear path.
        arrays: not used, as everything learned from the overviews is in the settings.
    """

    def __init__(self, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        del arrays
        self.vocabulary = Vocabulary(settings["vocabulary"])
        self.length = int(settings["options"]["sequence_length"])
        phrases = settings.get("phrases")
        self.kinds = [TermWeights(kind, **phrases[kind]) for kind in TERMS] if phrases else []

    def inputs(self, films: Sequence[Overview]) -> dict[str, np.ndarray]:
        """Return the network's inputs by name.

        Returns:
            tokens: token ids (n_films, longest overview) int32.
            phrase_weights: (n_films, n_columns) float32, if the network was trained with them.
        """
        texts = [text for _, text in films]
        tokens = [self.vocabulary.encode(text, length=self.length) for text in texts]
        found = {"tokens": pad(tokens)}
        return {**found, "phrase_weights": dense(self.kinds, texts)} if self.kinds else found


def _table(path: Path) -> Path:
    if not path.is_dir():
        return path
    tables = sorted(path.glob("*.csv"))
    if len(tables) != 1:
        raise ValueError(f"'{path}' has {len(tables)} CSV files; expected 1. Name the file itself.")
    return tables[0]


def _read_table(path: Path) -> list[Overview]:
    csv.field_size_limit(sys.maxsize)  # a whole novel fits into a field
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"'{path}' is no CSV file in UTF-8 ({error}). Save it as one.") from error
    header = [name.strip() for name in rows[0]] if rows else []
    if not {ID, OVERVIEW} <= set(header):
        raise ValueError(
            f"'{path}' has the columns {', '.join(header) or 'none'}; expected {ID} and {OVERVIEW}."
        )
    columns = [header.index(name) for name in (ID, OVERVIEW)]
    films = []
    for number, row in enumerate(rows[1:], start=1):
        if len(row) <= max(columns):
            raise ValueError(f"Row {number} of '{path}' has {len(row)} fields, too few. Mend it.")
        film, overview = (row[column].strip() for column in columns)
        films.append((film, overview))
    return films
