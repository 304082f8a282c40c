"""Readers: from the files of one layout to rows of films that can be trusted.

Another layout is one more module here with a `Reader`, and its entry in `READERS`.
"""

from __future__ import annotations

from pathlib import Path

from genre_core.data.readers import hugging_face, mm_imdb, tables
from genre_core.data.readers.reading import Choices, Found, Missed, Reader, readable
from genre_core.data.report import printable
from genre_core.errors import DataError, command, nearest

READERS: tuple[Reader, ...] = (mm_imdb.READER, hugging_face.READER, tables.READER)
BY_THE_READER = Choices()
N_SHOWN = 5


def find_films(source: Path, choices: Choices = BY_THE_READER) -> Found:
    """Return the films in a folder, or of a table, by the first reader that knows the layout.

    Args:
        source: a folder, or the file of a table.
        choices: what is decided instead of by the reader.

    Raises:
        DataError: there is nothing, it cannot be read, or no reader knows its layout.
    """
    with readable(source):
        _check(source, choices)
        folder = _unwrapped(source)
        missed: list[tuple[Reader, Missed]] = []
        for reader in READERS:
            found = reader.find(folder, choices)
            if isinstance(found, Found):
                return found
            missed.append((reader, found))
        shown = sorted(printable(entry.name) for entry in folder.iterdir())[:N_SHOWN]
    tried = "; ".join(f"{reader.name} ({miss.reason})" for reader, miss in missed)
    raise DataError(
        f"The folder '{source}' has no layout that is known here. Found: "
        f"{', '.join(shown) or 'nothing'}. Tried: {tried}. Expected a table with a row for each "
        "film: its id, its overview or a poster beside it, and its genres."
    )


def _check(source: Path, choices: Choices) -> None:
    if not source.exists():
        beside = source.parent
        names = [entry.name for entry in beside.iterdir()] if beside.is_dir() else []
        raise DataError(
            f"There is no folder or table '{source}'.{nearest(source.name, names)} Expected a "
            "folder of films, such as a CSV file with the columns Id, Overview and Genre and "
            f"{tables.EXAMPLE}. Make one with: {command('sample', 'DIR')}"
        )
    if choices.posters and not Path(choices.posters).is_dir():
        posters = Path(choices.posters)
        beside = posters.parent
        names = [one.name for one in beside.iterdir() if one.is_dir()] if beside.is_dir() else []
        raise DataError(
            f"There is no folder '{posters}' for --posters.{nearest(posters.name, names)}"
        )


def _unwrapped(source: Path) -> Path:
    """Return the folder in a folder that has nothing else, as unpacked archives make it."""
    while source.is_dir():
        inside = [path for path in source.iterdir() if not path.name.startswith((".", "_"))]
        if len(inside) != 1 or not inside[0].is_dir() or inside[0].is_symlink():
            break
        source = inside[0]
    return source
