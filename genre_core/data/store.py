"""Owner of `artifacts/datasets/` and `artifacts/posters/`.

A dataset is read once: `dataset.json` and `films.parquet` under its fingerprint, the decoded
posters under the key of their content. A later start only looks whether a source file changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from genre_core import caches
from genre_core.artifacts import Artifacts
from genre_core.data.decoding import Size
from genre_core.data.films import SPLITS, Dataset, Films
from genre_core.data.posters import POSTER_SIZE, Progress, decode_all, is_readable
from genre_core.data.readers import reader_for
from genre_core.data.readers.reading import ROW_LEFT_OUT, Choices, Reading, readable
from genre_core.data.report import printable
from genre_core.data.splits import read_split_file, stratified_split
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
READERS_VERSION = 3  # of what readers make of the same files: they are read again
BY_THE_READER = Choices()
SPLIT_SEED = 0  # one split for all models and training seeds, or they could not be compared
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


def open_dataset(
    folder: Path,
    artifacts: Artifacts,
    *,
    split_file: Path | None = None,
    choices: Choices = BY_THE_READER,
    progress: Progress | None = None,
) -> Dataset:
    """Return the dataset in `folder`, read anew only if a file of it has changed.

    Args:
        folder: the films, in a layout that a reader knows.
        artifacts: where datasets and decoded posters are kept.
        split_file: CSV with `Id,split` to take instead of a split made here.
        choices: what is decided about the table instead of by the reader.
        progress: called with (posters done, posters in all) while decoding.

    Raises:
        DataError: the folder, its table or the split file cannot be used, or the artifacts lie in
            the folder.
    """
    _refuse_inside(folder, artifacts)
    signature = _signature(folder, split_file, choices)
    for meta in _metas(artifacts):
        if meta["signature"] == signature:
            with contextlib.suppress(DataError):  # damaged: made again below from the same files
                return load_dataset(artifacts, meta["fingerprint"])
    dataset = _read_anew(folder, artifacts, split_file, choices, progress)
    save_dataset(dataset, artifacts, signature, split_file, choices)
    return dataset


def _refuse_inside(folder: Path, artifacts: Artifacts) -> None:
    """Raise a DataError where the artifacts would be written among the films."""
    if artifacts.root.resolve().is_relative_to(folder.resolve()):
        raise DataError(
            f"The artifacts folder '{artifacts}' lies in the folder of the films '{folder}', where "
            "nothing is written. Expected one elsewhere: give it with --artifacts."
        )


def load_dataset(artifacts: Artifacts, fingerprint: str) -> Dataset:
    """Return a dataset that was read before, from what was kept of it.

    Raises:
        DataError: it is not there, or its files are damaged.
    """
    folder = artifacts.datasets / fingerprint
    if not FINGERPRINT.fullmatch(fingerprint) or not folder.is_dir():
        known = [meta["fingerprint"] for meta in _metas(artifacts)]
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
    return sorted(_metas(artifacts), key=lambda meta: meta["read_at"], reverse=True)


def posters(
    dataset: Dataset,
    artifacts: Artifacts,
    size: Size = POSTER_SIZE,
    progress: Progress | None = None,
) -> np.ndarray:
    """Return the dataset's posters, (n_films, height, width, 3) uint8, memory-mapped.

    They are decoded from the source if no copy of this size is kept, or if that copy is damaged.

    Raises:
        DataError: they have to be decoded again and the source is not what it was.
    """
    path = _poster_path(artifacts, dataset.posters_key, size)
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
    reader = reader_for(dataset.source)
    files = [reader.poster(dataset.source, film) for film in dataset.films.ids]
    with scratch_file(path.parent) as file:
        outcomes = decode_all(files, size, Path(file.name), progress)
        if _posters_key(outcomes) != dataset.posters_key:
            raise DataError(
                f"The posters in '{dataset.source}' are no longer those of dataset "
                f"{dataset.fingerprint}. Bring them back, or start a new training on what is there."
            )
        keep(file, path)
    caches.seal(path)
    return map_array(path)


@dataclass(frozen=True)
class FolderFilms:
    """Films read from a folder for scoring, outside any dataset, and the reader's counts."""

    films: Films
    report: dict[str, Any]


def read_films(
    folder: Path,
    artifacts: Artifacts,
    size: Size = POSTER_SIZE,
    progress: Progress | None = None,
    *,
    choices: Choices = BY_THE_READER,
) -> FolderFilms:
    """Return the films of a folder with their posters; labels are there if the table has them.

    Raises:
        DataError: the folder or its table cannot be used, or no film is left.
    """
    reading = reader_for(folder).read(folder, choices)
    with scratch_file(artifacts.posters) as file:
        _decode(reading, Path(file.name), size, progress)
        films = _films(reading, folder)
        # The pixels stay mapped, and on disk, after the file has lost its name.
        pixels = map_array(Path(file.name))
    return FolderFilms(replace(films, posters=pixels), reading.report.as_dict())


def _read_anew(
    folder: Path,
    artifacts: Artifacts,
    split_file: Path | None,
    choices: Choices,
    progress: Progress | None,
) -> Dataset:
    """Return the dataset in `folder` from its source, and keep its decoded posters."""
    reading = reader_for(folder).read(folder, choices)
    if not reading.genres:
        others = printable(", ".join(reading.other_columns))
        raise DataError(
            f"The table in '{folder}' has no labels: expected one column of 0 and 1 for each "
            f"genre, or a column Genre that lists them; its columns are: {others or 'none'}. "
            "Without labels films can be scored, not trained on."
        )
    given = read_split_file(split_file) if split_file else None
    if given is not None:
        _leave_out_unsplit(reading, given)
    remove_leftovers(artifacts.posters)
    with scratch_file(artifacts.posters) as file:
        hashes = _decode(reading, Path(file.name), POSTER_SIZE, progress)
        films = _films(reading, folder)
        split = _split(films, given, reading)
        key = _posters_key(hashes)
        keep(file, path := _poster_path(artifacts, key, POSTER_SIZE))
    caches.seal(path)
    return Dataset(
        fingerprint=_fingerprint(films, hashes, split),
        films=films,
        split=split,
        source=folder.resolve(),
        generated=reading.generated,
        report=reading.report.as_dict(),
        posters_key=key,
    )


def _decode(reading: Reading, target: Path, size: Size, progress: Progress | None) -> list[str]:
    """Decode the posters of a reading, leave out films with an unreadable one; return hashes."""
    outcomes = decode_all([row.poster for row in reading.rows], size, target, progress)
    by_film = zip(reading.rows, outcomes, strict=True)
    reading.leave_out({row.id: reason[1:] for row, reason in by_film if not is_readable(reason)})
    reading.count_notes()
    return [outcome for outcome in outcomes if is_readable(outcome)]


def _leave_out_unsplit(reading: Reading, given: dict[str, str]) -> None:
    """Leave out films that the split file does not name; count names without a film."""
    ids = {row.id for row in reading.rows}
    reading.leave_out(dict.fromkeys(ids - given.keys(), "not in the split file"), ROW_LEFT_OUT)
    reading.report.notes["films of the split file that are not here"] = len(given.keys() - ids)


def _films(reading: Reading, folder: Path) -> Films:
    """Return the films of a reading, without their posters."""
    rows = reading.rows
    if not rows:
        raise DataError(
            f"No film in '{folder}' can be used: {_left_out(reading)}.{_beside(reading)}"
        )
    labels = np.array([row.labels for row in rows], dtype=np.uint8)
    return Films(
        ids=tuple(row.id for row in rows),
        overviews=tuple(row.overview for row in rows),
        genres=reading.genres,
        y_true=labels if reading.genres else None,
    )


def _split(films: Films, given: dict[str, str] | None, reading: Reading) -> np.ndarray:
    if given is None:
        if films.y_true is None:
            raise ValueError("labels are needed to stratify")
        try:
            return stratified_split(films.y_true, films.overviews, seed=SPLIT_SEED)
        except DataError as error:
            raise DataError(f"{error} The table: {_left_out(reading)}.") from error
    split = np.array([given[film_id] for film_id in films.ids], dtype="U10")
    for part in SPLITS:
        if part not in split:
            raise DataError(
                f"The split file leaves no {part} film among the {len(films)} films found here. "
                f"Expected some of each of {', '.join(SPLITS)}. The table: {_left_out(reading)}."
            )
    return split


def _left_out(reading: Reading) -> str:
    parts = []
    for what, tally in (("rows", reading.report.rows), ("posters", reading.report.posters)):
        counts = tally.as_dict()
        reasons = ", ".join(f"{count} {reason}" for reason, count in counts["left_out"].items())
        parts.append(f"{counts['read']} {what}, of which {reasons or 'none'} were left out")
    return "; ".join(parts)


def _beside(reading: Reading) -> str:
    """Return an id beside a poster's file name: often the two show what is wrong."""
    film, poster = (
        next((examples[0] for examples in tally.examples.values() if examples), None)
        for tally in (reading.report.rows, reading.report.posters)
    )
    if film is None or poster is None:
        return ""
    return f" The first film is '{film}', the first poster file '{poster}'."


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
    labels = pd.DataFrame(films.y_true, columns=[f"genre:{name}" for name in films.genres])
    table = pd.concat([pd.DataFrame(columns), labels], axis=1)
    remove_leftovers(folder)
    with atomic_write(folder / TABLE) as file:
        table.to_parquet(file, write_page_checksum=True)
    meta = {
        "format": FORMAT,
        "fingerprint": dataset.fingerprint,
        "signature": signature,
        "source": str(dataset.source),
        "split_file": str(split_file.resolve()) if split_file else None,
        "choices": {"genres": list(choices.genres), "encoding": choices.encoding},
        "generated": dataset.generated,
        "genres": list(films.genres),
        "posters_key": dataset.posters_key,
        "report": dataset.report,
        "read_at": pd.Timestamp.now("UTC").isoformat(timespec="seconds"),
    }
    write_sealed(folder / META, meta)


def _from_table(meta: dict[str, Any], table: pd.DataFrame) -> Dataset:
    genres = tuple(meta["genres"])
    films = Films(
        ids=tuple(table["id"]),
        overviews=tuple(table["overview"]),
        genres=genres,
        y_true=table[[f"genre:{name}" for name in genres]].to_numpy(np.uint8),
    )
    return Dataset(
        fingerprint=meta["fingerprint"],
        films=films,
        split=table["split"].to_numpy("U10"),
        source=Path(meta["source"]),
        generated=meta["generated"],
        report=meta["report"],
        posters_key=meta["posters_key"],
    )


def _metas(artifacts: Artifacts) -> list[dict[str, Any]]:
    """Return the metadata of every whole dataset.

    A damaged one is not offered: `load_dataset` names the damage when it is asked for, and
    `open_dataset` makes it again.
    """
    metas = []
    for path in (artifacts.datasets).glob(f"*/{META}"):
        with contextlib.suppress(OSError, ValueError):
            metas.append(_read_meta(path))
    return metas


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


def _signature(folder: Path, split_file: Path | None, choices: Choices) -> str:
    """Return a hash over names, sizes and times of the source files; changes when one does.

    Also with what is chosen instead of by the reader, and with the readers themselves. Of the
    split file over what is in it: two splits of the same films may have the same size.
    """
    reader = reader_for(folder)
    digest = hashlib.sha256(f"{FORMAT} ".encode() + os.fsencode(folder.resolve()))
    digest.update(json.dumps([READERS_VERSION, sorted(choices.genres), choices.encoding]).encode())
    with readable(folder):
        for path in sorted(reader.files(folder)):
            digest.update(_stamp(path, path.stat() if path.exists() else path.lstat()))
    if split_file:
        with readable(split_file):
            digest.update(split_file.read_bytes())
    digest.update(b"split file" if split_file else b"split made here")
    return digest.hexdigest()


def _stamp(path: Path, stat: os.stat_result) -> bytes:
    return os.fsencode(path.name) + f" {stat.st_size} {stat.st_mtime_ns}\n".encode()


def _fingerprint(films: Films, poster_hashes: list[str], split: np.ndarray) -> str:
    if films.y_true is None:
        raise ValueError("labels are part of the fingerprint")
    digest = hashlib.sha256(json.dumps([FORMAT, films.genres]).encode())
    columns = (films.ids, films.overviews, films.y_true.tolist(), poster_hashes, split.tolist())
    for film in zip(*columns, strict=True):
        digest.update(json.dumps(film).encode())
    return digest.hexdigest()[:16]


def _posters_key(hashes: list[str]) -> str:
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:16]


def _poster_path(artifacts: Artifacts, key: str, size: Size) -> Path:
    return artifacts.posters / f"{key}-{size[0]}x{size[1]}.npy"
