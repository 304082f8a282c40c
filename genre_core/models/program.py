"""The program of an exported network: films in, a CSV file of scores out.

Exported networks take this file along. Beside NumPy it needs Keras or ONNX Runtime, whichever runs
the network that lies beside it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from genre_core.data.cells import scores_csv

KERAS, ONNX = "model.keras", "model.onnx"
SETTINGS, ARRAYS = "settings.json", "arrays.npz"
BATCH = 256  # films

Inputs = Mapping[str, np.ndarray]
Score = Callable[[Inputs], np.ndarray]


class Prepares(Protocol):
    """Turns films into the network's inputs by name."""

    def inputs(self, films: Sequence[tuple[str, Any]]) -> Inputs:
        """Return the inputs of some films, each id and poster file or text."""


Preparing = Callable[[Mapping[str, Any], Mapping[str, np.ndarray]], Prepares]
Reading = Callable[[Sequence[Path]], Sequence[tuple[str, Any]]]


def main(read_films: Reading, preparation: Preparing, what: str) -> None:
    """Score the films of the command line and write a CSV file.

    Args:
        read_films: returns the films in some files.
        preparation: makes the preparation from the settings and arrays of the network.
        what: files that `read_films` takes, for the help.
    """
    parser = argparse.ArgumentParser(description="Score films with the network in this folder.")
    parser.add_argument("films", nargs="+", type=Path, help=what)
    parser.add_argument("--out", type=Path, required=True, help="new CSV file of scores")
    options = parser.parse_args()
    try:
        _run(Path(__file__).parent, options, read_films, preparation)
    except ImportError as error:
        sys.exit(f"Error: {error}. Install the packages that README.md names.")
    except (OSError, ValueError) as error:
        sys.exit(f"Error: {error}")


def _scored(
    films: Sequence[tuple[str, Any]], preparation: Prepares, score: Score, *, n_genres: int
) -> np.ndarray:
    """Return the scores of films, (n_films, n_genres) float32, a batch at a time."""
    batches = [films[start : start + BATCH] for start in range(0, len(films), BATCH)]
    found = [score(preparation.inputs(batch)) for batch in batches]
    return np.concatenate([np.zeros((0, n_genres), np.float32), *found])


def _network(folder: Path) -> Score:
    """Return what scores inputs: `model.onnx` if it is there, else `model.keras`.

    Raises:
        ImportError: ONNX Runtime or Keras is not installed.
    """
    return _of_onnx(folder / ONNX) if (folder / ONNX).exists() else _of_keras(folder / KERAS)


def _run(
    folder: Path, options: argparse.Namespace, read_films: Reading, preparation: Preparing
) -> None:
    if options.out.exists():
        raise ValueError(f"'{options.out}' exists already and is not overwritten.")
    settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    with np.load(folder / ARRAYS, allow_pickle=False) as file:
        prepares = preparation(settings, {name: file[name] for name in file.files})
    films = read_films(options.films)
    ids = [film for film, _ in films]
    if len(set(ids)) < len(ids):
        twice = next(film for film, n_films in Counter(ids).items() if n_films > 1)
        raise ValueError(f"'{twice}' comes more than once. Expected one film for each id.")
    y_score = _scored(films, prepares, _network(folder), n_genres=len(settings["genres"]))
    with options.out.open("x", encoding="utf-8", newline="") as out:
        out.write(scores_csv(ids, settings["genres"], y_score))


def _of_keras(path: Path) -> Score:
    keras = importlib.import_module("keras")
    model = keras.models.load_model(path)
    names = [given.name for given in model.inputs]

    def score(inputs: Inputs) -> np.ndarray:
        result: np.ndarray = model.predict_on_batch([inputs[name] for name in names])
        return result

    return score


def _of_onnx(path: Path) -> Score:
    session = importlib.import_module("onnxruntime").InferenceSession(path)
    names = [given.name for given in session.get_inputs()]

    def score(inputs: Inputs) -> np.ndarray:
        result: np.ndarray = session.run(None, {name: inputs[name] for name in names})[0]
        return result

    return score
