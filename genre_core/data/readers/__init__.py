"""Readers: from the files of one folder layout to rows of films that can be trusted.

Another layout is one more module here that returns a `Reading`, and its entry in `READERS`.
"""

from __future__ import annotations

from pathlib import Path

from genre_core.data.readers import table_with_posters
from genre_core.data.readers.reading import Reader, readable
from genre_core.data.report import printable
from genre_core.errors import DataError, command

READERS: tuple[Reader, ...] = (table_with_posters.READER,)


def reader_for(folder: Path) -> Reader:
    """Return the first reader whose layout `folder` has.

    Raises:
        DataError: there is no such folder, it cannot be read, or no reader knows its layout.
    """
    images = table_with_posters.POSTER_FOLDER
    with readable(folder):
        if not folder.is_dir():
            raise DataError(
                f"There is no folder '{folder}'. Expected a folder of films: a CSV file with the "
                f"columns Id and Overview, and {images}/<Id>.jpg. "
                f"Make one with: {command('sample', 'DIR')}"
            )
        for reader in READERS:
            if reader.recognises(folder):
                return reader
        found = sorted(printable(entry.name) for entry in folder.iterdir())[:5]
    raise DataError(
        f"The folder '{folder}' has no layout that is known here. Expected one CSV file and a "
        f"folder {images}/ beside it; found: {', '.join(found) or 'nothing'}."
    )
