"""Owner of `artifacts/datasets/` and `artifacts/posters/`.

A dataset is kept as `dataset.json` and `films.parquet` under its fingerprint, its decoded posters
under the key of their content.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from genre_core import caches
from genre_core.artifacts import Artifacts
from genre_core.data.decoding import Size
from genre_core.data.films import INPUTS, Dataset, Films
from genre_core.data.posters import POSTER_SIZE, Progress, decode_all
from genre_core.data.readers import BY_THE_READER
from genre_core.data.readers.reading import Choices
from genre_core.errors import DataError, command, nearest
from genre_core.files import (
    atomic_write,
    keep,
    map_array,
    read_sealed,
    remove_leftovers,
    scratch_file,
    write_sealed,
)

FORMAT = 1
META = "dataset.json"
TABLE = "films.parquet"
META_KEYS = {
    "format",
    "fingerprint",
    "signature",
    "source",
    "generated",
    "genres",
    "posters_key",
    "report",
    "read_at",
}
FINGERPRINT = re.compile("[0-9a-f]{16}")
UNSEALED = "has no checksum and is made again"
CHANGED = "was changed after it was saved and is made again"

logger = logging.getLogger(__name__)


def load_dataset(artifacts: Artifacts, fingerprint: str) -> Dataset:
    """Return a dataset that was read before, from what was kept of it.

    Raises:
        DataError: it is not there, or its files are damaged.
    """
    folder = artifacts.datasets / fingerprint
    if not FINGERPRINT.fullmatch(fingerprint) or not folder.is_dir():
        known = [meta["fingerprint"] for meta in metas(artifacts)]
        raise DataError(
            f"There is no dataset '{fingerprint}' in '{artifacts.datasets}'."
            f"{nearest(fingerprint, known)} Read it again with: "
            + command("inspect", "DATA", artifacts=artifacts)
        )
    try:
        meta = _read_meta(folder / META)
        table = pd.read_parquet(folder / TABLE, page_checksum_verification=True)
        return _from_table(meta, table)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"The dataset '{folder}' is damaged ({error}). Make it again from the films that it "
            f"was read from: {command('inspect', 'DATA', artifacts=artifacts)}"
        ) from error


def list_datasets(artifacts: Artifacts) -> list[dict[str, Any]]:
    """Return fingerprint, source, report and time of reading of each dataset, newest first."""
    return sorted(metas(artifacts), key=lambda meta: meta["read_at"], reverse=True)


def posters(
    dataset: Dataset,
    artifacts: Artifacts,
    size: Size = POSTER_SIZE,
    progress: Progress | None = None,
) -> np.ndarray:
    """Return the dataset's posters, (n_films, height, width, 3) uint8, memory-mapped.

    They are decoded from the source if no copy of this size is kept, or if that copy is damaged.

    Raises:
        DataError: there are none, or they have to be decoded again and the source is not what it
            was.
    """
    if "poster" not in dataset.inputs:
        raise DataError(
            f"The films of '{dataset.source}' have no posters, which this model needs. Train a "
            "model of overviews, or name a folder of posters with --posters."
        )
    path = poster_path(artifacts, dataset.posters_key, size)
    array, is_sealed = _kept_posters(path, (len(dataset.films), *size, 3))
    if array is not None and is_sealed:
        return array
    try:
        return _decode_again(dataset, path, size, progress)
    except DataError:
        if array is None or is_sealed is not None:
            raise
        return array  # of a version without checksums, and the source is gone


def _kept_posters(path: Path, shape: tuple[int, ...]) -> tuple[np.ndarray | None, bool | None]:
    """Return the kept posters, None if they cannot be used, and whether their checksum matches.

    Args:
        path: where they are kept.
        shape: theirs.
    """
    try:
        array, is_sealed = map_array(path), caches.is_sealed(path)
        if array.shape != shape or array.dtype != np.uint8:
            raise ValueError(f"the array is {array.dtype} {array.shape}")
    except FileNotFoundError:
        return None, None
    except (OSError, ValueError) as error:
        logger.warning("'%s' does not match and is made again: %s", path, error)
        return None, None
    if not is_sealed:
        logger.warning("'%s' %s", path, UNSEALED if is_sealed is None else CHANGED)
    return (None if is_sealed is False else array), is_sealed


def _decode_again(
    dataset: Dataset, path: Path, size: Size, progress: Progress | None
) -> np.ndarray:
    """Decode the posters of a dataset from its source, and keep them.

    Raises:
        DataError: the source is not what it was.
    """
    if not dataset.source.exists():
        raise DataError(
            f"There is no folder or table '{dataset.source}' any more, from which the posters of "
            f"dataset {dataset.fingerprint} are read. Bring it back, or train on other films."
        )
    files = [dataset.poster_file(row) for row in range(len(dataset.films))]
    with scratch_file(path.parent) as file:
        outcomes = decode_all(files, size, Path(file.name), progress)
        if posters_key(outcomes) != dataset.posters_key:
            raise DataError(
                f"The posters in '{dataset.source}' are no longer those of dataset "
                f"{dataset.fingerprint}. Bring them back, or start a new training on what is there."
            )
        keep(file, path)
    caches.seal(path)
    return map_array(path)


def save_dataset(
    dataset: Dataset,
    artifacts: Artifacts,
    signature: str,
    split_file: Path | None = None,
    choices: Choices = BY_THE_READER,
) -> None:
    """Keep a dataset, so that `load_dataset` finds it; `signature` stands for its source files."""
    folder = artifacts.datasets / dataset.fingerprint
    films = dataset.films
    columns = {"id": films.ids, "overview": films.overviews, "split": dataset.split}
    further = {"title": films.titles, "year": films.years, "poster": films.poster_files}
    known = {name: values for name, values in further.items() if values}
    labels = pd.DataFrame(films.y_true, columns=[f"genre:{name}" for name in films.genres])
    facts = pd.DataFrame({**columns, **known})
    if films.years:
        facts["year"] = facts["year"].astype("Int16")
    table = pd.concat([facts, labels], axis=1)
    remove_leftovers(folder)
    with atomic_write(folder / TABLE) as file:
        table.to_parquet(file, write_page_checksum=True)
    meta = {
        "format": FORMAT,
        "fingerprint": dataset.fingerprint,
        "signature": signature,
        "source": str(dataset.source),
        "split_file": str(split_file.resolve()) if split_file else None,
        "choices": asdict(choices),
        "inputs": list(dataset.inputs),
        "generated": dataset.generated,
        "genres": list(films.genres),
        "posters_key": dataset.posters_key,
        "report": dataset.report,
        "read_at": pd.Timestamp.now("UTC").isoformat(timespec="seconds"),
    }
    write_sealed(folder / META, meta)


def _from_table(meta: dict[str, Any], table: pd.DataFrame) -> Dataset:
    genres = tuple(meta["genres"])
    years = (
        table["year"].astype(object).where(table["year"].notna(), None) if "year" in table else ()
    )
    films = Films(
        ids=tuple(table["id"]),
        overviews=tuple(table["overview"]),
        genres=genres,
        y_true=table[[f"genre:{name}" for name in genres]].to_numpy(np.uint8),
        titles=tuple(table.get("title", ())),
        years=tuple(years),
        poster_files=tuple(table.get("poster", ())),
    )
    return Dataset(
        fingerprint=meta["fingerprint"],
        films=films,
        split=table["split"].to_numpy("U10"),
        source=Path(meta["source"]),
        generated=meta["generated"],
        report=meta["report"],
        posters_key=meta["posters_key"],
        inputs=tuple(meta.get("inputs", INPUTS)),
    )


def choices_of(meta: Mapping[str, Any]) -> Choices:
    """Return what was decided when a dataset was read, by its metadata."""
    kept = meta.get("choices", {})  # not there in datasets of 0.1
    known = {name: kept[name] for name in asdict(BY_THE_READER) if name in kept}
    return Choices(**{**known, "genres": tuple(known.get("genres", ()))})


def metas(artifacts: Artifacts) -> list[dict[str, Any]]:
    """Return the metadata of every whole dataset.

    A damaged one is not offered: `load_dataset` names the damage when it is asked for, and
    `open_dataset` makes it again.
    """
    found = []
    for path in artifacts.datasets.glob(f"*/{META}"):
        with contextlib.suppress(OSError, ValueError):
            found.append(_read_meta(path))
    return found


def _read_meta(path: Path) -> dict[str, Any]:
    """Return the metadata of a dataset.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not what `save_dataset` writes.
    """
    meta = read_sealed(path)
    if not meta.keys() >= META_KEYS:
        raise ValueError(f"{META} lacks some of {', '.join(sorted(META_KEYS))}")
    if meta["format"] != FORMAT:
        raise ValueError(f"{META} is in format {meta['format']}; expected {FORMAT}")
    if meta["fingerprint"] != path.parent.name:
        raise ValueError(f"{META} is that of dataset {meta['fingerprint']}")
    return meta


def posters_key(hashes: Sequence[str]) -> str:
    """Return the key of decoded posters by the hashes of their content; empty for no poster."""
    if not hashes:
        return ""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:16]


def poster_path(artifacts: Artifacts, key: str, size: Size) -> Path:
    """Return where decoded posters of one size are kept."""
    return artifacts.posters / f"{key}-{size[0]}x{size[1]}.npy"
