"""Networks as folders that score raw films without Marquee."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import numpy as np

from genre_core import catalogue
from genre_core.errors import RunError
from genre_core.extras import require
from genre_core.files import save_arrays
from genre_core.models import base
from genre_core.models.program import ARRAYS, KERAS, ONNX, SETTINGS
from genre_core.runs.exporting.files import Files, Write, write_files
from genre_core.runs.folder import Run
from genre_core.runs.scores import threshold_of
from genre_core.runs.thresholds import KEYS
from genre_core.scoring.films import load_model

CONVERTER = ("tf2onnx", "onnx")
FLOAT32 = "float32"
# By what the network sees: its program, what that needs beside NumPy, and films for the README.
PROGRAMS = {
    "poster": "genre_core.models.poster.predict",
    "overview": "genre_core.models.overview.predict",
}
PACKAGES = {"poster": ("numpy", "pillow"), "overview": ("numpy",)}
EXAMPLES = {"poster": "path/to/posters", "overview": "path/to/films.csv"}
FILMS = {
    "poster": "poster files, a folder of `<Id>.jpg`, or a folder of films with `Images/<Id>.jpg`",
    "overview": "CSV files with the columns `Id` and `Overview`, or folders with one CSV file each",
}
OWN_IMPORT = re.compile(r"^from (genre_core(?:\.\w+)*\.(\w+)) import ", re.MULTILINE)
README = """# {label}

The network of the run `{run}`, exported from Marquee. It sees the {modality}
of a film and gives a score in [0, 1] for each of {n_genres} genres.

```
pip install {packages}
python predict.py {example} --out scores.csv
```

Films are {films}.
`scores.csv` has the column `Id` and one column of scores per genre; `marquee import scores.csv`
takes it as it is. Scores equal those of the run to 1e-4.

| file | what it is |
|---|---|
| `{network}` | the network, from prepared inputs to scores |
| `prepare.py` | turns raw films into the inputs of the network, by name |
| `predict.py` | the command above |
| `{settings}` | genres in column order, tuned thresholds, options, and what `prepare.py` needs |
| `{arrays}` | arrays that `prepare.py` needs, if any |

A score at or above its threshold is a prediction. The other Python files are imported by these two.
All of them are the code of Marquee itself. MIT licence.
"""


def has_network(run: Run) -> bool:
    """Return whether a finished run is a network that Marquee trained, with its weights."""
    entry = catalogue.find(run.model)
    is_network = entry is not None and entry.kind == "network"
    return is_network and (run.folder / base.ARRAYS).exists()


def write_keras(runs: Sequence[Run], folder: Path) -> list[Path]:
    """Write a folder `RUN/` for each run, with its network as `model.keras`, and return the paths.

    The network has layers of Keras alone, so that no other code is needed to load it.

    Args:
        runs: finished runs of networks, each once.
        folder: the destination, created if necessary.

    Raises:
        DataError: a file exists, or the destination is no folder.
        RunError: the weights of a run cannot be loaded.
    """
    return write_files(partial(_files, KERAS), runs, folder)


def write_onnx(runs: Sequence[Run], folder: Path) -> list[Path]:
    """Write a folder `RUN/` for each run, with its network as `model.onnx`, and return the paths.

    Args:
        runs: finished runs of networks, each once.
        folder: the destination, created if necessary.

    Raises:
        DataError: a file exists, or the destination is no folder.
        PackageError: the converter is not installed.
        RunError: the weights of a run cannot be loaded, or its arithmetic is not that of ONNX.
    """
    for run in runs:
        _check_precision(run)
    with base.muted():  # it imports TensorFlow
        require(CONVERTER, folder / runs[0].id / ONNX, extra="onnx")
    return write_files(partial(_files, ONNX), runs, folder)


def sources(program: str) -> dict[str, str]:
    """Return the source of a program and of all own modules that it needs, by file name.

    They will lie in one folder, so their imports of each other lose the names of packages.

    Args:
        program: name of its module.
    """
    found: dict[str, str] = {}
    pending = [program]
    while pending:
        module = pending.pop()
        source = _source(module)
        found[f"{module.rpartition('.')[2]}.py"] = OWN_IMPORT.sub(r"from \2 import ", source)
        pending += [name for name, _ in OWN_IMPORT.findall(source)]
    return found


def _source(module: str) -> str:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"there is no module '{module}'")
    return Path(spec.origin).read_text(encoding="utf-8")


def _check_precision(run: Run) -> None:
    """Raise a RunError if ONNX Runtime does not have the arithmetic of a network."""
    precision = run.config["options"].get("precision", FLOAT32)
    if precision != FLOAT32:
        raise RunError(
            f"Run '{run.id}' computes with precision={precision}, which ONNX Runtime does not have "
            f"for convolutions. Export it with --to keras, or train it with precision={FLOAT32}."
        )


def _files(name: str, run: Run) -> Files:
    model: Any = load_model(run)
    texts = {
        **sources(PROGRAMS[run.modality]),
        SETTINGS: json.dumps(_settings(run, model), allow_nan=False),
        "README.md": _readme(run, name),
    }
    # The network comes first: where it cannot be converted, nothing else is written.
    files: dict[str, Write] = {
        name: partial(SAVED[name], model),
        ARRAYS: partial(save_arrays, arrays=model.learned_arrays()),
        **{file: partial(_write_text, text) for file, text in texts.items()},
    }
    return {f"{run.id}/{file}": write for file, write in files.items()}


def _settings(run: Run, model: Any) -> dict[str, Any]:
    return {
        "run": run.id,
        "genres": list(run.genres),
        "thresholds": {
            word: np.asarray(threshold_of(run, key)).tolist() for word, key in KEYS.items()
        },
        "poster_size": model.poster_size,
        "options": model.options(),
        **model.preprocessing(),
    }


def _readme(run: Run, name: str) -> str:
    runner = f"keras=={version('keras')} tensorflow" if name == KERAS else "onnxruntime"
    return README.format(
        label=run.label,
        run=run.id,
        modality=run.modality,
        n_genres=len(run.genres),
        packages=" ".join((*PACKAGES[run.modality], runner)),
        example=EXAMPLES[run.modality],
        films=FILMS[run.modality],
        network=name,
        settings=SETTINGS,
        arrays=ARRAYS,
    )


def _write_text(text: str, file: IO[bytes]) -> None:
    file.write(text.encode())


def _write_keras(model: Any, file: IO[bytes]) -> None:
    _write_saved(lambda path: model.scoring_network().save(path), KERAS, file)


def _write_onnx(model: Any, file: IO[bytes]) -> None:
    network = model.scoring_network()
    example = model.example(1)
    # Keras exports only a network that was called.
    network(example if isinstance(example, list) else [example])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # Keras asks NumPy for a name it once had
        _write_saved(lambda path: network.export(path, format="onnx", verbose=False), ONNX, file)


def _write_saved(save: Callable[[Path], object], name: str, file: IO[bytes]) -> None:
    """Write what can only be saved under a name of its own."""
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder) / name)
        with (Path(folder) / name).open("rb") as saved:
            shutil.copyfileobj(saved, file)


SAVED: dict[str, Callable[[Any, IO[bytes]], None]] = {KERAS: _write_keras, ONNX: _write_onnx}
