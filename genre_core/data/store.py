"""Owner of `artifacts/datasets/` and `artifacts/posters/`.

A dataset is read once: `dataset.json` and `films.parquet` under its fingerprint, the decoded
posters under the key of their content. A later start only looks whether a source file changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from genre_core.data.films import SPLITS, Dataset, Films
from genre_core.data.posters import POSTER_SIZE, Progress, Size, decode_all, keep_rows
from genre_core.data.readers import Reading, reader_for
from genre_core.data.splits import read_split_file, stratified_split
from genre_core.errors import DataError, nearest
from genre_core.files import atomic_write, read_json, write_json

FORMAT = 1
SPLIT_SEED = 0  # one split for all models and training seeds, or they could not be compared
META = "dataset.json"
TABLE = "films.parquet"


def open_dataset(
    folder: Path, artifacts: Path, *, split_file: Path | None = None, progress: Progress | None = None
) -> Dataset:
    """Return the dataset in `folder`, read anew only if a file of it has changed.

    Args:
        folder: the films, in a layout that a reader knows.
        artifacts: where datasets and decoded posters are kept.
        split_file: CSV with `Id,split` to take instead of a split made here.
        progress: called with (posters done, posters in all) while decoding.

    Raises:
        DataError: the folder, its table or the split file cannot be used.
    """
    signature = _signature(folder, split_file)
    for meta in _metas(artifacts):
        if meta["signature"] == signature:
            return load_dataset(artifacts, meta["fingerprint"])
    return _read_anew(folder, artifacts, split_file, signature, progress)


def load_dataset(artifacts: Path, fingerprint: str) -> Dataset:
    """Return a dataset that was read before, from what was kept of it.

    Raises:
        DataError: it is not there, or its files are damaged.
    """
    folder = artifacts / "datasets" / fingerprint
    try:
        meta = read_json(folder / META)
        table = pd.read_parquet(folder / TABLE)
        return _from_table(meta, table)
    except FileNotFoundError as error:
        known = [meta["fingerprint"] for meta in _metas(artifacts)]
        raise DataError(
            f"There is no dataset '{fingerprint}' in '{artifacts / 'datasets'}'."
            f"{nearest(fingerprint, known)} Read it again with: "
            "python -m genre_core inspect DATA"
        ) from error
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"The dataset '{folder}' is damaged ({error}). Remove that folder and read the films "
            "again with: python -m genre_core inspect DATA"
        ) from error


def list_datasets(artifacts: Path) -> list[dict[str, Any]]:
    """Return fingerprint, source, report and time of reading of each dataset, newest first."""
    return sorted(_metas(artifacts), key=lambda meta: meta["read_at"], reverse=True)


def posters(
    dataset: Dataset, artifacts: Path, size: Size = POSTER_SIZE, progress: Progress | None = None
) -> np.ndarray:
    """Return the dataset's posters, (n_films, height, width, 3) uint8, memory-mapped.

    They are decoded from the source if no copy of this size is kept, or if that copy is damaged.

    Raises:
        DataError: they have to be decoded again and the source is not what it was.
    """
    path = _poster_path(artifacts, dataset.posters_key, size)
    expected = (len(dataset.films), *size, 3)
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        if array.shape == expected and array.dtype == np.uint8:
            return array
    except (OSError, ValueError):
        pass  # not there, or cut short: made again below
    source = {path.stem: path for path in reader_for(dataset.source).files(dataset.source)}
    missing = [film for film in dataset.films.ids if film not in source]
    if missing:
        raise DataError(
            f"{len(missing)} posters of dataset {dataset.fingerprint} are gone from "
            f"'{dataset.source}' (first: {missing[0]}). Bring them back, or train on what is there."
        )
    outcomes = decode_all([source[film] for film in dataset.films.ids], size, path, progress)
    if _posters_key(outcomes) != dataset.posters_key:
        path.unlink()
        raise DataError(
            f"The posters in '{dataset.source}' are no longer those of dataset "
            f"{dataset.fingerprint}. Start a new training on what is there now."
        )
    return np.load(path, mmap_mode="r", allow_pickle=False)


@dataclass(frozen=True)
class FolderFilms:
    """Films read from a folder for scoring, outside any dataset, and the reader's counts."""

    films: Films
    report: dict[str, Any]


def read_films(
    folder: Path, artifacts: Path, size: Size = POSTER_SIZE, progress: Progress | None = None
) -> FolderFilms:
    """Return the films of a folder with their posters; labels are there if the table has them.

    Raises:
        DataError: the folder or its table cannot be used, or no film is left.
    """
    reading = reader_for(folder).read(folder)
    scratch = artifacts / "posters" / f".{os.getpid()}.npy"
    try:
        outcomes = _decode(reading, scratch, size, progress)
        kept = np.flatnonzero([not outcome.startswith("!") for outcome in outcomes])
        pixels = np.load(scratch)[kept] if len(kept) else None
    finally:
        scratch.unlink(missing_ok=True)
    films = _films(reading, kept)
    if not len(films):
        raise DataError(_nothing_left(folder, reading))
    with_posters = Films(films.ids, films.overviews, films.genres, films.y_true, pixels)
    return FolderFilms(with_posters, reading.report.as_dict())


def _read_anew(
    folder: Path,
    artifacts: Path,
    split_file: Path | None,
    signature: str,
    progress: Progress | None,
) -> Dataset:
    reading = reader_for(folder).read(folder)
    if not reading.genres:
        raise DataError(
            f"The table in '{folder}' has no labels: expected one column of 0 and 1 for each "
            "genre. Without labels films can be scored, not trained on."
        )
    given = read_split_file(split_file) if split_file else None
    if given is not None:
        _leave_out_unsplit(reading, given)
    scratch = artifacts / "posters" / f".{os.getpid()}.npy"
    outcomes = _decode(reading, scratch, POSTER_SIZE, progress)
    kept = np.flatnonzero([not outcome.startswith("!") for outcome in outcomes])
    try:
        films = _films(reading, kept)
        if not len(films) or films.y_true is None:
            raise DataError(_nothing_left(folder, reading))
        split = _split(films, given)
        hashes = [outcomes[row] for row in kept]
        key = _posters_key(hashes)
        keep_rows(scratch, kept, _poster_path(artifacts, key, POSTER_SIZE))
    finally:
        scratch.unlink(missing_ok=True)
    meta = {
        "format": FORMAT,
        "fingerprint": _fingerprint(films, hashes, split),
        "signature": signature,
        "source": str(folder.resolve()),
        "split_file": str(split_file.resolve()) if split_file else None,
        "generated": reading.generated,
        "genres": list(films.genres),
        "posters_key": key,
        "report": reading.report.as_dict(),
        "read_at": pd.Timestamp.now("UTC").isoformat(timespec="seconds"),
    }
    _save(artifacts, meta, films, split)
    return load_dataset(artifacts, meta["fingerprint"])


def _decode(reading: Reading, target: Path, size: Size, progress: Progress | None) -> list[str]:
    """Decode the posters of all rows; unreadable ones are counted in the reading's report."""
    outcomes = decode_all([row.poster for row in reading.rows], size, target, progress)
    for row, outcome in zip(reading.rows, outcomes, strict=True):
        if outcome.startswith("!"):
            reading.report.rows.leave_out(outcome[1:], row.id)
            reading.report.posters.leave_out(outcome[1:], row.poster.name)
    return outcomes


def _leave_out_unsplit(reading: Reading, given: dict[str, str]) -> None:
    """Leave out films that the split file does not name; count names without a film."""
    ids = {row.id for row in reading.rows}
    for row in reading.rows:
        if row.id not in given:
            reading.report.rows.leave_out("not in the split file", row.id)
            reading.report.posters.leave_out("its row was left out", row.poster.name)
    reading.rows = [row for row in reading.rows if row.id in given]
    reading.report.notes["films of the split file that are not here"] = len(given.keys() - ids)


def _films(reading: Reading, kept: np.ndarray) -> Films:
    rows = [reading.rows[row] for row in kept]
    labels = np.array([row.labels for row in rows], dtype=np.uint8)
    return Films(
        ids=tuple(row.id for row in rows),
        overviews=tuple(row.overview for row in rows),
        genres=reading.genres,
        y_true=labels.reshape(len(rows), len(reading.genres)) if reading.genres else None,
    )


def _split(films: Films, given: dict[str, str] | None) -> np.ndarray:
    if given is None:
        if films.y_true is None:
            raise ValueError("labels are needed to stratify")
        return stratified_split(films.y_true, films.overviews, seed=SPLIT_SEED)
    split = np.array([given[film_id] for film_id in films.ids], dtype="U10")
    for part in SPLITS:
        if part not in split:
            raise DataError(f"The split file leaves no {part} film among the films found here.")
    return split


def _nothing_left(folder: Path, reading: Reading) -> str:
    counts = reading.report.rows.as_dict()
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts["left_out"].items())
    return (
        f"No film in '{folder}' can be used: of {counts['read']} rows "
        f"{reasons or 'there is none to read'}."
    )


def _save(artifacts: Path, meta: dict[str, Any], films: Films, split: np.ndarray) -> None:
    folder = artifacts / "datasets" / meta["fingerprint"]
    columns = {"id": films.ids, "overview": films.overviews, "split": split}
    labels = pd.DataFrame(films.y_true, columns=[f"genre:{name}" for name in films.genres])
    table = pd.concat([pd.DataFrame(columns), labels], axis=1)
    with atomic_write(folder / TABLE) as file:
        table.to_parquet(file)
    write_json(folder / META, meta)


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


def _metas(artifacts: Path) -> list[dict[str, Any]]:
    """Return the metadata of every dataset that has some; damaged ones are passed over."""
    metas = []
    for path in (artifacts / "datasets").glob(f"*/{META}"):
        try:
            meta = read_json(path)
            if meta["format"] == FORMAT and meta["fingerprint"] == path.parent.name:
                metas.append(meta)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # load_dataset names the damage when this one is asked for
    return metas


def _signature(folder: Path, split_file: Path | None) -> str:
    """Return a hash over names, sizes and times of the source files; changes when one does."""
    digest = hashlib.sha256(f"{FORMAT} {folder.resolve()}".encode())
    files = sorted(reader_for(folder).files(folder))
    for path in [*files, *([split_file] if split_file else [])]:
        try:
            stat = path.stat()
        except OSError as error:
            raise DataError(f"The file '{path}' cannot be read: {error.strerror}.") from error
        digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    digest.update(b"split file" if split_file else b"split made here")
    return digest.hexdigest()


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


def _poster_path(artifacts: Path, key: str, size: Size) -> Path:
    return artifacts / "posters" / f"{key}-{size[0]}x{size[1]}.npy"
