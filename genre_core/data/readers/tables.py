"""A table with a row for each film, and posters in `Images/` or elsewhere beside it.

So are the teaching dataset "Multimodal IMDB" (`Id`, `Genre`, a column of 0 and 1 for each genre,
`Overview`), the poster table of Kaggle (`imdbId`, `Title`, `Genre`), TMDB 5000 and The Movies
Dataset (`genres` as JSON, `overview`), `title.basics.tsv` of IMDb, and folders of images with a
table of their names, such as `metadata.csv` and `metadata.jsonl` of Hugging Face.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from genre_core.data.readers.columns import roles_of
from genre_core.data.readers.film_rows import films_of
from genre_core.data.readers.poster_index import PosterFolder, poster_folder, usable_posters
from genre_core.data.readers.reading import (
    Choices,
    Found,
    Missed,
    Reader,
    Reading,
    Table,
    readable,
)
from genre_core.data.readers.table_files import (
    ENDINGS,
    SPLIT_COLUMN,
    header_of,
    joined,
    read_table,
    tables_in,
)
from genre_core.data.readers.texts import part_of
from genre_core.data.report import ReadReport, printable
from genre_core.errors import DataError

GENERATED_LABEL = "GENERATED.json"
DEEPEST = 2  # levels of folders in which tables are looked for
EXAMPLE = "Images/<Id>.jpg"
N_NAMES = 5


def find(source: Path, choices: Choices) -> Found | Missed:
    """Look for tables in a folder, or take a file as one."""
    folder = source if source.is_dir() else source.parent
    tables = _nearest_tables(source) if source.is_dir() else [source]
    if not tables:
        return Missed(f"no table ({', '.join(ENDINGS)}){_nearly_a_table(folder)}")
    posters = poster_folder(tables[0].parent, choices.posters) or poster_folder(folder)
    label = folder / GENERATED_LABEL
    labels = (label,) if label.is_file() else ()
    beside = posters.files if posters else ()
    return Found(
        (*tables, *labels, *beside),
        lambda: _read(tables, posters, choices, is_generated=bool(labels)),
    )


def _nearest_tables(folder: Path) -> list[Path]:
    """Return the tables of a folder, or of the nearest folders below that have any."""
    level = [folder]
    for _ in range(DEEPEST + 1):
        if tables := [table for one in level for table in tables_in(one)]:
            return tables
        level = sorted(
            path
            for one in level
            for path in one.iterdir()
            if path.is_dir() and not _is_hidden(path)
        )
    return []


def _nearly_a_table(folder: Path) -> str:
    """Return a question about a file whose ending is nearly that of a table."""
    for path in sorted(folder.iterdir()):
        near = difflib.get_close_matches(path.suffix.casefold(), ENDINGS, n=1, cutoff=0.7)
        if path.suffix and near:
            return f"; is '{printable(path.name)}' meant to end in {near[0]}?"
    return ""


def _is_hidden(path: Path) -> bool:
    return path.name.startswith((".", "_")) or path.is_symlink()


def _read(
    tables: Sequence[Path], posters: PosterFolder | None, choices: Choices, *, is_generated: bool
) -> Reading:
    report = ReadReport(layout="a table" + (" and posters" if posters else ""))
    with readable(tables[0]):
        table = _table_of(tables, choices, report)
        found = usable_posters(posters, report) if posters else None
    is_sure = posters is not None and posters.is_sure
    # A folder of posters of which none can be used is an error, not a dataset without posters.
    usable = found if found or (is_sure and report.posters.read) else None
    reading = films_of(table, usable, choices, report, is_sure=is_sure)
    reading.generated = is_generated
    return reading


def _table_of(paths: Sequence[Path], choices: Choices, report: ReadReport) -> Table:
    """Return the table of films among some tables, or the one that is in several files by split."""
    if len(paths) == 1:
        return read_table(paths[0], report, choices.encoding)
    headers = {path: header_of(path, choices.encoding) for path in paths}
    by_split = {part_of(path.name.split(".")[0]): path for path in paths}
    if "" not in by_split and len(by_split) == len(paths) and _are_alike(list(headers.values())):
        parts = [
            (part, read_table(path, report, choices.encoding)) for part, path in by_split.items()
        ]
        return joined(parts, SPLIT_COLUMN)
    films = _of_films(headers, choices)
    others = ", ".join(printable(path.name) for path in paths if path != films)
    report.remarks.append(f"other tables beside '{printable(films.name)}', not read: {others}")
    return read_table(films, report, choices.encoding)


def _are_alike(headers: Sequence[Sequence[str]]) -> bool:
    return all(set(header) == set(headers[0]) and header for header in headers)


def _of_films(headers: dict[Path, list[str]], choices: Choices) -> Path:
    """Return the table that has what films have: overviews, else lists of genres.

    Raises:
        DataError: it is not the only one.
    """
    for wanted in (("ids", "overview"), ("overview",), ("ids", "genres"), ("genres",)):
        such = [path for path, header in headers.items() if _has_all(path, header, wanted, choices)]
        if len(such) == 1:
            return such[0]
        if such:
            break
    names = ", ".join(printable(path.name) for path in list(headers)[:N_NAMES])
    more = ", ..." if len(headers) > N_NAMES else ""
    folder = next(iter(headers)).parent
    raise DataError(
        f"The folder '{folder}' has {len(headers)} tables ({names}{more}), and which of them is "
        "that of the films is not clear. Expected one with a row for each film: give its path "
        f"instead of the folder, such as '{folder / next(iter(headers)).name}'. A split file is "
        "given with --split."
    )


def _has_all(path: Path, header: list[str], wanted: Sequence[str], choices: Choices) -> bool:
    named = {choices.id, choices.overview, choices.title} - {""}
    if not header or not named <= set(header):
        return False
    roles = roles_of(path.name, header, choices)
    return all(getattr(roles, role) for role in wanted)


READER = Reader("a table, with posters in Images/ or elsewhere beside it", find)
