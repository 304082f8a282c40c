"""From the films that somebody has to a dataset: read once, split, and kept.

A later start only looks whether a file of the source has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from genre_core import caches
from genre_core.artifacts import Artifacts
from genre_core.data import store
from genre_core.data.dataset_split import Content, leave_out_unsplit, split_of
from genre_core.data.decoding import Size
from genre_core.data.films import Dataset, Films
from genre_core.data.posters import POSTER_SIZE, Progress, decode_all, is_readable
from genre_core.data.readers import BY_THE_READER, find_films
from genre_core.data.readers.reading import Choices, Found, Reading, readable
from genre_core.data.report import printable
from genre_core.data.splits import read_split_file
from genre_core.errors import DataError
from genre_core.files import keep, map_array, remove_leftovers, scratch_file

FORMAT = 1  # of fingerprints and signatures
READERS_VERSION = 4  # of what readers make of the same files: they are read again


def open_dataset(
    source: Path,
    artifacts: Artifacts,
    *,
    split_file: Path | None = None,
    choices: Choices = BY_THE_READER,
    progress: Progress | None = None,
) -> Dataset:
    """Return the dataset in `source`, read anew only if a file of it has changed.

    Args:
        source: the films, in a layout that a reader knows: a folder, or the file of a table.
        artifacts: where datasets and decoded posters are kept.
        split_file: CSV with `Id,split` to take instead of a split made here.
        choices: what is decided about the films instead of by the reader.
        progress: called with (posters done, posters in all) while decoding.

    Raises:
        DataError: the films or the split file cannot be used, or the artifacts lie among the films.
    """
    _refuse_inside(source, artifacts)
    found = find_films(source, choices)
    signature = _signature(found, source, split_file, choices)
    for meta in store.metas(artifacts):
        if meta["signature"] == signature:
            with contextlib.suppress(DataError):  # damaged: made again below from the same files
                return store.load_dataset(artifacts, meta["fingerprint"])
    dataset = _read_anew(found, source, artifacts, split_file, progress)
    store.save_dataset(dataset, artifacts, signature, split_file, choices)
    return dataset


def _refuse_inside(source: Path, artifacts: Artifacts) -> None:
    """Raise a DataError where the artifacts would be written among the films."""
    if source.is_dir() and artifacts.root.resolve().is_relative_to(source.resolve()):
        raise DataError(
            f"The artifacts folder '{artifacts}' lies in the folder of the films '{source}', where "
            "nothing is written. Expected one elsewhere: give it with --artifacts."
        )


def remembered_choices(source: Path, artifacts: Artifacts) -> Choices:
    """Return what was decided when films were last read; nothing if they never were."""
    read = [
        meta for meta in store.list_datasets(artifacts) if meta["source"] == str(source.resolve())
    ]
    return store.choices_of(read[0]) if read else BY_THE_READER


@dataclass(frozen=True)
class FolderFilms:
    """Films read for scoring, outside any dataset, the reader's counts, and what they have."""

    films: Films
    report: dict[str, Any]
    inputs: tuple[str, ...]


def read_films(
    source: Path,
    artifacts: Artifacts,
    size: Size = POSTER_SIZE,
    progress: Progress | None = None,
    *,
    choices: Choices = BY_THE_READER,
) -> FolderFilms:
    """Return films with their posters; labels are there if the table has them.

    Raises:
        DataError: the films cannot be used, or none is left.
    """
    reading = find_films(source, choices).read()
    if "poster" not in reading.inputs:
        reading.count_notes()
        return FolderFilms(_films(reading, source), reading.report.as_dict(), reading.inputs)
    with scratch_file(artifacts.posters) as file:
        _decode(reading, Path(file.name), size, progress)
        films = _films(reading, source)
        # The pixels stay mapped, and on disk, after the file has lost its name.
        pixels = map_array(Path(file.name))
    report = reading.report.as_dict()
    return FolderFilms(replace(films, posters=pixels), report, reading.inputs)


def _read_anew(
    found: Found,
    source: Path,
    artifacts: Artifacts,
    split_file: Path | None,
    progress: Progress | None,
) -> Dataset:
    """Return the dataset in `source`, and keep its decoded posters."""
    reading = found.read()
    if not reading.genres:
        others = printable(", ".join(reading.other_columns))
        raise DataError(
            f"The table in '{source}' has no labels: expected one column of 0 and 1 for each "
            f"genre, or a column Genre that lists them; its other columns are: {others or 'none'}. "
            "Name the column that lists genres with --genres. Without labels films can be scored, "
            "not trained on."
        )
    given = read_split_file(split_file) if split_file else None
    given = leave_out_unsplit(reading, given)
    remove_leftovers(artifacts.posters)
    hashes: list[str] = []
    with scratch_file(artifacts.posters) as file:
        if "poster" in reading.inputs:
            hashes = _decode(reading, Path(file.name), POSTER_SIZE, progress)
        else:
            reading.count_notes()
        films = _films(reading, source)
        key = store.posters_key(hashes)
        pixels = map_array(Path(file.name)) if hashes else None
        try:
            content = Content(films, hashes, pixels, key)
            split = split_of(content, given, reading, source, artifacts)
        except DataError as error:
            raise DataError(f"{error} The table: {_left_out(reading)}.") from error
        if hashes:
            keep(file, path := store.poster_path(artifacts, key, POSTER_SIZE))
    if hashes:
        caches.seal(path)
    return Dataset(
        fingerprint=_fingerprint(films, hashes, split),
        films=films,
        split=split,
        source=source.resolve(),
        generated=reading.generated,
        report=reading.report.as_dict(),
        posters_key=key,
        inputs=reading.inputs,
    )


def _decode(reading: Reading, target: Path, size: Size, progress: Progress | None) -> list[str]:
    """Decode the posters of a reading, leave out films with an unreadable one; return hashes."""
    posters = [row.poster for row in reading.rows if row.poster]
    outcomes = decode_all(posters, size, target, progress)
    by_film = zip(reading.rows, outcomes, strict=True)
    reading.leave_out({row.id: reason[1:] for row, reason in by_film if not is_readable(reason)})
    reading.count_notes()
    return [outcome for outcome in outcomes if is_readable(outcome)]


def _films(reading: Reading, source: Path) -> Films:
    """Return the films of a reading, without their posters."""
    rows = reading.rows
    if not rows:
        raise DataError(
            f"No film in '{source}' can be used: {_left_out(reading)}.{_beside(reading)}"
        )
    folder = source.parent if source.is_file() else source
    titles, years = [row.title for row in rows], [row.year for row in rows]
    posters = [row.poster.reference(folder) if row.poster else "" for row in rows]
    return Films(
        ids=tuple(row.id for row in rows),
        overviews=tuple(row.overview for row in rows),
        genres=reading.genres,
        y_true=reading.labels if reading.genres else None,
        titles=tuple(titles) if any(titles) else (),
        years=tuple(years) if any(years) else (),
        poster_files=tuple(posters) if any(posters) else (),
    )


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
    return (
        f" The first film is '{film}', the first poster file '{poster}'. Name the column that the "
        "posters are called by with --id, or the folder of posters with --posters; with --inputs "
        "overview posters are not needed."
    )


def _signature(found: Found, source: Path, split_file: Path | None, choices: Choices) -> str:
    """Return a hash over names, sizes and times of the source files; changes when one does.

    Also with what is chosen instead of by the reader, and with the readers themselves. Of the
    split file over what is in it: two splits of the same films may have the same size.
    """
    digest = hashlib.sha256(f"{FORMAT} ".encode() + os.fsencode(source.resolve()))
    chosen = {**asdict(choices), "genres": sorted(choices.genres)}
    digest.update(json.dumps([READERS_VERSION, chosen]).encode())
    with readable(source):
        for path in sorted(found.files, key=os.fspath):
            digest.update(_stamp(path, path.stat() if path.exists() else path.lstat()))
    if split_file:
        with readable(split_file):
            digest.update(split_file.read_bytes())
    digest.update(b"split file" if split_file else b"split made here")
    return digest.hexdigest()


def _stamp(path: Path, stat: os.stat_result) -> bytes:
    return os.fsencode(path.name) + f" {stat.st_size} {stat.st_mtime_ns}\n".encode()


def _fingerprint(films: Films, poster_hashes: Sequence[str], split: np.ndarray) -> str:
    digest = hashlib.sha256(json.dumps([FORMAT, films.genres]).encode())
    hashes = poster_hashes or [""] * len(films)
    if films.y_true is None:
        raise ValueError("labels are part of the fingerprint")
    columns = (films.ids, films.overviews, films.y_true.tolist(), hashes, split.tolist())
    for film in zip(*columns, strict=True):
        digest.update(json.dumps(film).encode())
    return digest.hexdigest()[:16]
